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
	# Depend mode: a miss costs no run of the preprocessor.
	export CCACHE_NOHASHDIR=1 CCACHE_COMPILERCHECK=content CCACHE_DEPEND=1
	unset MAKEFLAGS MFLAGS
	# --foreground: make stays in the group that is ended with this script.
	timeout --foreground -k 10 "$BUILD_LIMIT" make -C "$src" O="$objects" -j"$JOBS_BUILD" \
		CC='ccache gcc' HOSTCC='ccache gcc' LOCALVERSION= "$@" 2>&1
}
