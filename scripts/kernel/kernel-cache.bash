# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Build directories that are kept, by what they depend on. Sourced by build-kernel
# after common.bash; SPACE_BUILD is the MiB one needs.

KERNELS=$LAB_CACHE/kernels
KEEP=8

# build_key SRC FRAGMENT...: what the result depends on; empty if the tree
# holds uncommitted changes.
build_key()
{
	local src=$1

	shift
	[[ -z $(git -C "$src" status --porcelain | head -n 1) ]] || return 0
	{
		git -C "$src" rev-parse 'HEAD^{tree}'
		hash_files "$LAB_TOP/scripts/kernel/kernel.config" "$LAB_TOP/scripts/kernel/kernel-series.config" \
			"$LAB_TOP/scripts/kernel/build-kernel" "$LAB_TOP/scripts/kernel/kernel-cache.bash" \
			"$LAB_TOP/scripts/kernel/configure-kernel" "$LAB_TOP/scripts/kernel/compile.bash" "$@"
		gcc --version | head -n 1
		ld --version | head -n 1
	} | sha256sum | cut -c1-32
}

# keep OBJECTS KEY: into the cache, the oldest of too many out of it.
keep()
{
	local file=$KERNELS/$2.tar.zst old

	[[ ${LAB_KEEP:-1} != 0 ]] || return 0
	mkdir -p -- "$KERNELS"
	(($(df -Pm -- "$KERNELS" | awk 'NR == 2 { print $4 }') > SPACE_BUILD)) || return 0
	tar -c -C "$1" --exclude=./.lab-build.log --exclude=./Makefile . | zstd -q -3 -T0 >"$file.tmp.$$" &&
		mv -f -- "$file.tmp.$$" "$file"
	find -H "$KERNELS" -name '*.tar.zst' -printf '%T@ %p\n' | sort -rn |
		tail -n "+$((KEEP + 1))" | cut -d' ' -f2- |
		while read -r old; do rm -f -- "$old"; done
}

# restore KEY OBJECTS
restore()
{
	[[ -e $KERNELS/$1.tar.zst ]] || return 1
	rm -rf -- "$2" "$2.new"
	mkdir -p -- "$2.new"
	if ! zstd -q -d -c "$KERNELS/$1.tar.zst" | tar -x -C "$2.new"; then
		rm -rf -- "$2.new" "$KERNELS/$1.tar.zst"
		return 1
	fi
	touch -- "$KERNELS/$1.tar.zst"
	# They are up to date, whenever the source was checked out.
	touch_all "$2.new"
	mv -T -- "$2.new" "$2"
}
