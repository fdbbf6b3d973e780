# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# The newest source of a kernel on the kernel's site, checked against its published
# sum. Sourced by fetch-kernel after common.bash; DOWNLOADS is where tarballs are
# kept, SPACE_DOWNLOAD the MiB they need, LAB_SCRATCH must be there.

KERNEL_SITE=${LAB_KERNEL_SITE:-https://cdn.kernel.org/pub/linux/kernel}

# download URL FILE
download()
{
	curl --fail --silent --show-error --location --retry 2 \
		--connect-timeout 20 --output "$2" "$1" 2>"$LAB_SCRATCH/curl.err"
}

# from_kernel_org VERSION: TARBALL and ORIGIN, checked against sha256sums.asc.
from_kernel_org()
{
	local site=$KERNEL_SITE/v${1%%.*}.x sums=$LAB_SCRATCH/sha256sums line name sum

	need curl
	download "$site/sha256sums.asc" "$sums" || return 1
	line=$(awk -v v="${1//./\\.}" \
		'$1 ~ /^[0-9a-f]+$/ && length($1) == 64 &&
		 $2 ~ "^linux-" v "(\\.[0-9]+)?\\.tar\\.xz$" { print $2, $1 }' "$sums" |
	       sort -V | tail -n 1)
	[[ $line ]] || die "$site/sha256sums.asc names no linux-$1 tarball"
	read -r name sum <<<"$line"
	TARBALL=$DOWNLOADS/$name
	ORIGIN="kernel.org ${name%.tar.xz}"
	[[ -e $TARBALL ]] && return 0

	note "getting $name from the kernel's site"
	need_space "$DOWNLOADS" "$SPACE_DOWNLOAD" 'the download'
	download "$site/$name" "$LAB_SCRATCH/$name" || return 1
	sha256sum --status -c <<<"$sum  $LAB_SCRATCH/$name" ||
		die "$site/$name: sha256 is not the published $sum"
	mv -- "$LAB_SCRATCH/$name" "$TARBALL"
}
