# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2153
#
# Somebody's patches on top of a commit, as a reviewer has them: a mailbox of a thread
# (what b4 am writes, or saved from a mail reader), one patch, or a directory of
# patches. Sourced by mirror-tree after common.bash; MIRROR and NAME are its
# arguments, LAB_SCRATCH must be there.

# split_mails PATCHES: one mail a file into $LAB_SCRATCH/mails. A directory's are those that
# its file "series" names, in that order, else all of them by name.
split_mails()
{
	local mails=$LAB_SCRATCH/mails file line n=0 files=()

	mkdir "$mails"
	if [[ ! -d $1 ]]; then
		files=("$1")
	elif [[ -e $1/series ]]; then
		while read -r line; do
			[[ -f $1/$line ]] || die "$1/series: expected a file $line beside it"
			files+=("$1/$line")
		done < <(sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$1/series")
	else
		mapfile -d '' -t files < <(find "$1" -maxdepth 1 -type f -regextype posix-extended \
			-regex '.*\.(patch|diff|eml|mbox|mbx)' -print0 | sort -z)
	fi
	for file in "${files[@]}"; do
		n=$((n + 1))
		mkdir "$mails/$n"
		git mailsplit -b -d4 -o"$mails/$n" -- "$file" >"$LAB_SCRATCH/split.log" 2>&1 ||
			die "$file: expected mails: $(head -n 1 "$LAB_SCRATCH/split.log")"
	done
}

# list_patches: "NUMBER FILE SUBJECT" of the mails that are patches, tab-separated. What
# has no diff (a cover letter) and answers are none. NUMBER is that of [PATCH n/m],
# else the one before it plus 1.
list_patches()
{
	local mail subject number=0

	while read -r mail; do
		git mailinfo -k -b "$LAB_SCRATCH/body" "$LAB_SCRATCH/diff" <"$mail" \
			>"$LAB_SCRATCH/mail" 2>/dev/null || continue
		subject=$(sed -n 's/^Subject: //p' "$LAB_SCRATCH/mail")
		[[ -s $LAB_SCRATCH/diff && ${subject,,} != re:* ]] || continue
		if [[ $subject =~ \[[^]]*[^0-9]([0-9]+)/[0-9]+[^]]*\] ]]; then
			number=$((10#${BASH_REMATCH[1]}))
		else
			number=$((number + 1))
		fi
		printf '%d\t%s\t%s\n' "$number" "$mail" "$subject"
	done < <(find "$LAB_SCRATCH/mails" -type f | sort -V)
}

# apply_patches COMMIT PATCHES: set PATCHED to a commit with them on top of COMMIT.
apply_patches()
{
	local work=$LAB_SCRATCH/patched number mail subject count=0 twice why

	split_mails "$2"
	# The numbers count in one mailbox; files of a directory are in order.
	list_patches >"$LAB_SCRATCH/listed"
	[[ -d $2 ]] || sort -s -n -k1,1 -o "$LAB_SCRATCH/listed" "$LAB_SCRATCH/listed"
	[[ -s $LAB_SCRATCH/listed ]] || die "$2: no patch in it"
	if [[ ! -d $2 ]]; then
		twice=$(cut -f1 "$LAB_SCRATCH/listed" | uniq -d | head -n 1)
		[[ ! $twice ]] || die "$2: two mails are patch $twice; expected one version of one series"
	fi
	export GIT_DIR=$MIRROR/.git
	git worktree prune
	git worktree add -q --no-checkout --detach "$work" "$1"
	unset GIT_DIR
	git -C "$work" read-tree HEAD
	while IFS=$'\t' read -r number mail subject; do
		count=$((count + 1))
		if ! git -C "$work" am --quiet --no-gpg-sign "$mail" \
		     >"$LAB_SCRATCH/am.log" 2>&1 </dev/null; then
			why=$(grep -m 1 -E '^error: (patch failed|.*: )|^fatal: ' "$LAB_SCRATCH/am.log" || :)
			die "$2: patch $count of $(wc -l <"$LAB_SCRATCH/listed"), '$subject', does not apply to $NAME: ${why#*: }"
		fi
	done <"$LAB_SCRATCH/listed"
	PATCHED=$(git -C "$work" rev-parse HEAD)
	rm -rf -- "$work"
	GIT_DIR=$MIRROR/.git git worktree prune
	note "$NAME: $count patches from $2"
}
