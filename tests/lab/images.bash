# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# lab evaluate without a kernel: images and a QEMU that are made up. After
# tests/lib.bash:
#
#	. "$TEST_TOP/tests/lab/images.bash"
#
# The images one and two are there; two takes 1 % longer.

PATH=$PATH:/usr/sbin need gnuplot cpio busybox qemu-system-x86_64 mkfs.xfs mkfs.btrfs trace-cmd
borrow_programs "$TEST_SCRATCH/build"
LAB=$TEST_TOP/scripts/lab
BUILD=$TEST_SCRATCH/build
OUT=$TEST_SCRATCH/results
export XDG_CACHE_HOME=$TEST_SCRATCH/cache QEMU=$TEST_TOP/tests/lab/fake-qemu
unset KERNEL PROC_STAT KVM FAKE_QEMU_STATUS FAKE_QEMU_SLEEP FAKE_QEMU_OTHERS

# image FILE FACTOR: what a bzImage has where the boot protocol says.
image()
{
	{
		head -c 514 /dev/zero
		printf 'HdrS'
		head -c 8 /dev/zero
		printf '\0\2'			# the version is at 512 + 512
		head -c 496 /dev/zero
		printf '7.3.4 (made up)\0'
		printf '\nfactor %s\n' "$2"
	} >"$1"
}

# lab COMMAND ARGUMENT...: with the directories of this test.
lab()
{
	run "$LAB" "$1" --build "$BUILD" --out "$OUT" "${@:2}"
}

# The scenario of compare. BUILT=(--built) after the first: it takes two seconds
# to see that nothing has to be built.
CHOICE=(--fs xfs --scenarios writeback)
BUILT=()

# compare A B [FLAG...]
compare()
{
	lab evaluate --a "$1" --b "$2" "${CHOICE[@]}" "${BUILT[@]}" "${@:3}"
}

# expect_jq WHAT FILTER FILE
expect_jq()
{
	[[ $(jq "$2" "$3") == true ]] || fail "$1: not true of $3: $2"
}

image one 1000
image two 1010
