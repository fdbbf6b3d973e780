# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Git trees with a kernel checked out, made and moved. Sourced by make-tree after
# common.bash; TREE and VANILLA are where they are, STORE is the object store,
# LAB_SCRATCH must be there.

SPACE_TREE=2200

# init_tree BASE: a repository that borrows the store's objects, with BASE checked
# out. It gets its name when it is complete.
init_tree()
{
	local new=$LAB_SCRATCH/linux

	need_space "$LAB_BUILD" "$SPACE_TREE" "$TREE"
	git init -q -b lab "$new"
	printf '%s\n' "$STORE/objects" >"$new/.git/objects/info/alternates"
	git -C "$new" config gc.auto 0
	git -C "$new" config core.autocrlf false
	checkout "$new" "$1" -B lab
	age_files "$new"
	printf '%s base\n' "$1" >"$new/.git/lab-state"
	rm -rf -- "$TREE"
	mv -T -- "$new" "$TREE"
}

# age_files DIR: a fresh checkout is older than any object built from it, so
# that a build taken from the cache is up to date.
age_files()
{
	(cd "$1" && git ls-files -z |
	 xargs -0 touch --no-create --no-dereference -d '2024-01-01 00:00:00')
}

# checkout DIR COMMIT ARGUMENTS...
checkout()
{
	local force=()

	[[ ! ${FORCE:-} ]] || force=(--force)
	git -C "$1" -c advice.detachedHead=false checkout -q "${force[@]}" "${@:3}" "$2" \
		2>"$LAB_SCRATCH/checkout.log" ||
		die "$1 cannot be moved to $2: $(head -n 1 "$LAB_SCRATCH/checkout.log")"
}

# update_vanilla BASE: a second work tree with the base alone, new if need be.
update_vanilla()
{
	local done=$TREE/.git/lab-vanilla

	[[ ! -e $VANILLA/Makefile || ! -e $done || $(<"$done") != "$1" ]] || return 0
	rm -rf -- "$done" "$VANILLA"
	need_space "$LAB_BUILD" "$SPACE_TREE" "$VANILLA"
	git -C "$TREE" worktree prune
	git -C "$TREE" worktree add -q --no-checkout --detach "$VANILLA" "$1"
	FORCE=1 checkout "$VANILLA" "$1" --detach
	age_files "$VANILLA"
	printf '%s\n' "$1" | write_file "$done"
}
