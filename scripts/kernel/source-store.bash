# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# From a tarball or a directory to a source that the lab keeps. Sourced by
# fetch-kernel after common.bash; SOURCES is where unpacked trees are, SPACE_SOURCE
# the MiB one needs, LAB_SCRATCH must be there.

# store_tree DIR: DIR's content into the object store, its tree hash on stdout.
# Ignored files too: a few are part of the source.
store_tree()
{
	[[ -d $STORE ]] || git init -q --bare "$STORE" ||
		die "cannot make the object store $STORE"
	GIT_DIR=$STORE GIT_WORK_TREE=$1 GIT_INDEX_FILE=$LAB_SCRATCH/index \
		git -C "$1" -c core.autocrlf=false -c core.looseCompression=1 \
		-c gc.auto=0 -c core.fsync=none add --all --force . || die "cannot store $1 in $STORE"
	GIT_DIR=$STORE GIT_INDEX_FILE=$LAB_SCRATCH/index git write-tree
}

# publish DIR NAME ORIGIN [SHA256]: an unpacked tree becomes source/NAME.
# NAME - asks for a name with the tree's hash in it.
publish()
{
	local dir=$1 name=$2 origin=$3 sum=${4:-} version tree

	version=$(kernel_version "$dir") || die "$origin: no kernel source"
	tree=$(store_tree "$dir")
	[[ $name != - ]] || name=linux-$version-${tree:0:12}
	{
		printf 'version %s\nsource %s\n' "$version" "$origin"
		[[ ! $sum ]] || printf 'sha256 %s\n' "$sum"
		printf 'base-tree %s\n' "$tree"
	} | write_file "$SOURCES/$name.info"
	[[ -d $SOURCES/$name ]] || mv -T -- "$dir" "$SOURCES/$name"
	printf '%s\n' "$SOURCES/$name"
}

# unpack TARBALL DIR: the one top directory of TARBALL becomes DIR.
unpack()
{
	need_space "$SOURCES" "$SPACE_SOURCE" 'the kernel source'
	mkdir -- "$2"
	tar -x -f "$1" -C "$2" --strip-components=1 --no-same-owner 2>/dev/null ||
		die "$1: cannot be unpacked as a tarball of kernel source"
}
