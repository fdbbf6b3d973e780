# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2153
#
# The series on its base, by git am. Sourced by make-tree after common.bash;
# PATCHES is the series' directory, TREE the repository, STATE its file of what was
# applied, WORK a work tree to make, LAB_SCRATCH must be there.

# series: names of the patches in order, comments and empty lines dropped.
series()
{
	[[ -e $PATCHES/series ]] || return 0
	sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$PATCHES/series"
}

# apply_series BASE: HEAD of the scratch work tree $WORK becomes BASE and the
# series; what an earlier run applied is taken over. Writes the new state:
# one line "commit hash-of-patch name" each, the base first.
apply_series()
{
	local base=$1 name sum at=$1 keep=1 line=1 old why total patches=()

	mapfile -t patches < <(series)
	total=${#patches[@]}
	printf '%s base\n' "$base" >"$LAB_SCRATCH/state"
	[[ -e $STATE && $(head -n 1 "$STATE") == "$base base" ]] || keep=0
	for name in "${patches[@]}"; do
		[[ -f $PATCHES/$name ]] ||
			die "$PATCHES/series: expected a file $name beside it"
		sum=$(sha256sum <"$PATCHES/$name" | cut -c1-64)
		line=$((line + 1))
		if ((keep)); then
			old=$(sed -n "${line}p" "$STATE")
			if [[ ${old#* } == "$sum $name" ]]; then
				at=${old%% *}
				printf '%s\n' "$old" >>"$LAB_SCRATCH/state"
				continue
			fi
			keep=0
		fi
		if [[ ! -d $WORK ]]; then
			# No files: git am checks out what it needs.
			git -C "$TREE" worktree prune
			git -C "$TREE" worktree add -q --no-checkout --detach "$WORK" "$at"
			git -C "$WORK" read-tree HEAD
		fi
		if ! git -C "$WORK" am --quiet --no-gpg-sign "$PATCHES/$name" \
		     >"$LAB_SCRATCH/am.log" 2>&1; then
			why=$(grep -m 1 -E '^error: (patch failed|.*: )' "$LAB_SCRATCH/am.log" || :)
			die "patch $((line - 1)) of $total, $name, does not apply: ${why#error: }"
		fi
		at=$(git -C "$WORK" rev-parse HEAD)
		printf '%s %s %s\n' "$at" "$sum" "$name" >>"$LAB_SCRATCH/state"
	done
	printf '%s\n' "$at" >"$LAB_SCRATCH/head"
}
