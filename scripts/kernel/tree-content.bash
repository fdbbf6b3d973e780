# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2153
#
# What is in a tree of kernel source now, as a tree of git's. Sourced by mirror-tree,
# whose SRC, SRC_HEAD, MIRROR, borrow, of_mirror and git_only_read it uses.

# copy_index: what SRC's own index knows of its files need not be read again. Not
# with entries that hide changes or are in conflict. git tells by the index's date
# which files may have changed unseen.
copy_index()
{
	local index

	[[ $SRC_HEAD ]] || return 1
	index=$(git_only_read -C "$SRC" rev-parse --git-path index) &&
		(cd "$SRC" && cp -p -- "$index" "$GIT_INDEX_FILE") &&
		of_mirror ls-files -t -v >"$LAB_SCRATCH/entries" &&
		! grep -qv '^H ' "$LAB_SCRATCH/entries" && return
	rm -f -- "$GIT_INDEX_FILE"
	return 1
}

# tree_of_files: git's hash of what is in SRC now. The index is kept: the next
# time only files whose date or size changed are read.
tree_of_files()
{
	local start work=(--work-tree="$SRC")

	export GIT_INDEX_FILE=$MIRROR/.git/lab-index
	# Files that are ignored, and part of the source all the same.
	start=$SRC_HEAD
	[[ $start || ! -d $LAB_BUILD/linux-vanilla ]] ||
		start=$(git -C "$LAB_BUILD/linux-vanilla" rev-parse 'HEAD^{tree}')
	if [[ ! -e $GIT_INDEX_FILE || "$(cat "$MIRROR/.git/lab-start" 2>/dev/null)" != "$start" ]]; then
		rm -f -- "$GIT_INDEX_FILE"
		copy_index 2>/dev/null || [[ ! $start ]] || of_mirror read-tree "$start" || return 1
		printf '%s\n' "$start" >"$MIRROR/.git/lab-start"
	fi
	# Those that are as they were are known as that, and not written again.
	of_mirror "${work[@]}" -C "$SRC" update-index -q --refresh >/dev/null || :
	borrow but-src
	if grep -qx '/\*' "$SRC/.gitignore" 2>/dev/null; then
		# Debian's packaging ignores everything; then it is known by its name.
		of_mirror "${work[@]}" -C "$SRC" add --update . &&
			of_mirror "${work[@]}" -C "$SRC" ls-files --others -z >"$LAB_SCRATCH/others" &&
			{ grep -zE '(\.[chS]|(^|/)(Kconfig|Makefile|Kbuild)[^/]*)$' "$LAB_SCRATCH/others" || :; } |
			of_mirror "${work[@]}" -C "$SRC" update-index --add -z --stdin
	else
		of_mirror "${work[@]}" -C "$SRC" add --all .
	fi || return 1
	of_mirror write-tree --missing-ok || return 1
	borrow
	unset GIT_INDEX_FILE
}
