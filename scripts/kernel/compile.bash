# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# make for a kernel, with the environment that makes it repeatable. Sourced after
# common.bash by what builds kernels.

export BUILD_LIMIT=${BUILD_LIMIT:-3600}
export JOBS_BUILD=${JOBS_BUILD:-$(nproc)}

# compile SRC OBJECTS ARGUMENT...: make ARGUMENT..., objects in OBJECTS, the log on
# stdout.
compile()
{
	local src=$1 objects=$2

	shift 2
	export KBUILD_BUILD_TIMESTAMP='Mon Jan  1 00:00:00 UTC 2024'
	export KBUILD_BUILD_USER=lab KBUILD_BUILD_HOST=lab KBUILD_BUILD_VERSION=1
	export CCACHE_DIR=$LAB_CACHE/ccache CCACHE_MAXSIZE=5G CCACHE_BASEDIR=$src
	# Not in depend mode: it does not see .incbin, and takes the object with another
	# kernel's image in it for this one's. What is in caches of such objects is not
	# found: assembly has one definition more.
	export CCACHE_NOHASHDIR=1 CCACHE_COMPILERCHECK=content
	unset CCACHE_DEPEND
	unset MAKEFLAGS MFLAGS
	# --foreground: make stays in the group that is ended with this script.
	timeout --foreground -k 10 "$BUILD_LIMIT" make -C "$src" O="$objects" -j"$JOBS_BUILD" \
		CC='ccache gcc' HOSTCC='ccache gcc' LOCALVERSION= KAFLAGS=-DLAB_INCBIN "$@" 2>&1
}

# check_image OBJECTS: the kernel in the bzImage is the one that was linked. The
# offsets are those of Documentation/arch/x86/boot.rst.
check_image()
{
	local image=$1/arch/x86/boot/bzImage payload=$1/arch/x86/boot/compressed/vmlinux.bin.gz
	local setup offset length

	setup=$(od -An -tu1 -j 497 -N 1 "$image")
	offset=$(od -An -tu4 -j 584 -N 4 "$image")
	length=$(od -An -tu4 -j 588 -N 4 "$image")
	[[ -s $payload ]] && ((length == $(stat -c %s "$payload"))) &&
		cmp -s -i "$(((setup + 1) * 512 + offset)):0" -n "$((length))" "$image" "$payload" ||
		die "$image: not the kernel of $1/vmlinux"
}
