# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2153
#
# A new mirror begins with the objects of that kernel of the lab that has the fewest
# other files. Sourced by mirror-tree after common.bash; MIRROR and NAME are its
# arguments, of_mirror is git in the mirror's repository.

# nearest TREE: the lab's kernel that is built and differs in the fewest files.
nearest()
{
	local name tree count best='' least=20000

	for name in linux-vanilla:vanilla linux:patched; do
		tree=$LAB_BUILD/${name%:*}
		[[ -e $tree/.build-${name#*:}/.lab-key ]] || continue
		count=$(of_mirror diff-tree -r --name-only "$(git -C "$tree" rev-parse 'HEAD^{tree}')" \
			"$1" 2>/dev/null | wc -l) || continue
		((count < least)) || continue
		least=$count
		best=$tree:${name#*:}
	done
	[[ $best ]] && printf '%s\n' "$best"
}

# borrow_build TREE: the objects of the nearest kernel. All of them get the
# date of now, which for make is as good as in order, and what differs in TREE
# a later one.
borrow_build()
{
	local from tree new=$MIRROR/.build-$NAME.new

	from=$(nearest "$1") || return 0
	tree=${from%:*}
	# A shortcut: not on a disk that is nearly full.
	(($(df -Pm -- "$MIRROR" | awk 'NR == 2 { print $4 }') >
	  $(du -sm -- "$tree/.build-${from##*:}" | cut -f1))) || return 0
	rm -rf -- "$new"
	cp -a --reflink=auto -- "$tree/.build-${from##*:}" "$new"
	rm -f -- "$new/.lab-key" "$new/Makefile"
	rename_objtool "$new" "$MIRROR/.build-$NAME"
	touch_all "$new"
	of_mirror diff-tree -r -z --name-only --diff-filter=d "$(git -C "$tree" rev-parse 'HEAD^{tree}')" "$1" |
		(cd "$MIRROR" && xargs -0 --no-run-if-empty touch --no-create --)
	mv -T -- "$new" "$MIRROR/.build-$NAME"
}
