# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The base of a series: whether the source at hand is the one it was made for, and
# that source as a commit. Sourced by make-tree after common.bash; PATCHES is the
# series' directory, STORE the object store.

# check_base INFO: the source at hand against patches/.../BASE.
check_base()
{
	local info=$1 base=$PATCHES/BASE key want have

	if [[ ! -e $base ]]; then
		[[ ! -e $PATCHES/series ]] || note "$base is not there; make series writes it"
		return
	fi
	for key in version base-tree; do
		key_value "$base" "$key" >/dev/null ||
			die "$base: expected a line \"$key VALUE\""
	done
	have=$(key_value "$info" version)
	want=$(key_value "$base" version)
	if [[ $have != "$want" ]]; then
		note "the source is Linux $have, the series was made for $want; trying it"
		return
	fi
	have=$(key_value "$info" base-tree)
	want=$(key_value "$base" base-tree)
	[[ $have != "$want" ]] || return 0
	have=$(key_value "$info" source)
	want=$(key_value "$base" source || :)
	if [[ $have == "$want" ]]; then
		die "${info%.info}: content is not that of $have in $base (sha256 $(key_value \
			"$info" sha256 || echo unknown) instead of $(key_value "$base" sha256 ||
			echo unknown)); remove it and fetch it again"
	fi
	note "the source is $have, the series was made for $want; trying it"
}

# base_commit INFO: the base as one commit of the store; prints its hash.
base_commit()
{
	local version tree commit

	version=$(key_value "$1" version)
	tree=$(key_value "$1" base-tree)
	lab_identity
	commit=$(git -C "$STORE" commit-tree "$tree" -m "Linux $version" 2>/dev/null) ||
		die "$STORE lacks the objects of ${1%.info}; remove both and fetch again"
	git -C "$STORE" update-ref "refs/lab/$commit" "$commit"
	printf '%s\n' "$commit"
}
