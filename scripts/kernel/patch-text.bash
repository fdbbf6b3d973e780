# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What a person wrote in the patches of a series: the cover letter's text and the
# notes under a "---", which git format-patch does not know of. Sourced by
# write-series after common.bash; PATCHES is the series' directory, LAB_SCRATCH
# must be there.

# old_cover: the cover letter of the series as it is on disk, if any.
old_cover()
{
	find -H "$PATCHES" -maxdepth 1 -name '*0000-cover-letter.patch' 2>/dev/null |
		sort -V | tail -n 1
}

# header FILE NAME: value of a mail header, unfolded.
header()
{
	awk -v name="$2: " '
		/^$/ { exit }
		index($0, name) == 1 { value = substr($0, length(name) + 1); on = 1; next }
		on && /^[ \t]/ { sub(/^[ \t]+/, " "); value = value $0; next }
		{ on = 0 }
		END { print value }' "$1"
}

# cover_subject FILE: the header as it stands, folded or not.
cover_subject()
{
	awk '/^$/ { exit }
	     /^Subject: / { on = 1; print; next }
	     on && /^[ \t]/ { print; next }
	     { on = 0 }' "$1"
}

# cover_split FILE text|rest: what a person wrote, from after the headers, or
# what git made: everything from the shortlog on, which stands right above the
# diffstat.
cover_split()
{
	awk -v part="$2" '
		{ line[NR] = $0 }
		!body && /^$/ { body = NR + 1 }
		END {
			for (i = NR; i > body; i--)
				if (line[i] ~ /^ [0-9]+ files? changed/)
					break
			while (i > body && line[i] != "")
				i--
			start = 0
			for (; i >= body; i--) {
				if (line[i] ~ /^[^ ].* \([0-9]+\):$/)
					start = i
				else if (line[i] != "" && line[i] !~ /^  /)
					break
			}
			if (!start)
				exit 1
			if (part == "text")
				for (i = body; i < start; i++)
					print line[i]
			else
				for (i = start; i <= NR; i++)
					print line[i]
		}' "$1"
}

# notes FILE: the text between "---" and the diffstat, which git am drops.
notes()
{
	awk '/^---$/ && !on { on = 1; next }
	     /^diff --git / { exit }
	     on && /^ [^ ].* \| +([0-9]+|Bin)/ { exit }
	     on { print }' "$1"
}

# with_notes FILE NOTES: FILE with NOTES put under its "---".
with_notes()
{
	awk -v notes="$2" '{ print }
		/^---$/ && !done {
			done = 1
			while ((getline line < notes) > 0)
				print line
		}' "$1"
}

# keep_notes NEW: take notes over from the old patch with NEW's subject.
keep_notes()
{
	local new=$1 old subject

	subject=$(header "$new" Subject | sed 's/^\[[^]]*\] *//')
	for old in "$PATCHES"/*.patch; do
		[[ -e $old && $old != *0000-cover-letter.patch ]] || continue
		[[ $(header "$old" Subject | sed 's/^\[[^]]*\] *//') == "$subject" ]] || continue
		notes "$old" >"$LAB_SCRATCH/notes"
		[[ -s $LAB_SCRATCH/notes ]] || return 0
		with_notes "$new" "$LAB_SCRATCH/notes" >"$LAB_SCRATCH/patch"
		mv -- "$LAB_SCRATCH/patch" "$new"
		return 0
	done
}
