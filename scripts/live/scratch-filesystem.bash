# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# A filesystem in a file, for as long as a recording takes. Sourced by
# collect-stacks after leave-as-found.bash; fs, size, scratch and mount_options
# are its options.

# make_scratch_filesystem: mounted; where, in directory.
make_scratch_filesystem()
{
	local image device

	need "mkfs.$fs" losetup truncate
	image=$(mktemp -- "$scratch/$PROGRAM.XXXXXX") || die "$scratch: cannot make a file"
	at_exit rm -f -- "$image"
	truncate -s "${size}M" -- "$image" || die "$image: cannot be made $size MiB large"
	"mkfs.$fs" -q "$image" >"$work/mkfs.log" 2>&1 ||
		die "mkfs.$fs: $(tail -n 1 "$work/mkfs.log")"
	device=$(losetup --find --show -- "$image") || die 'no loop device'
	at_exit losetup -d "$device"
	mkdir "$work/mnt"
	at_exit rmdir "$work/mnt"
	mount -t "$fs" ${mount_options:+-o "$mount_options"} "$device" "$work/mnt" ||
		die "$fs: cannot be mounted with options '${mount_options:-none}'"
	at_exit umount "$work/mnt"
	directory=$work/mnt
}
