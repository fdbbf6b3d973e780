# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# Loading a module of mm/ into the running kernel for as long as a recording
# takes. Sourced after leave-as-found.bash; module is the file that was asked
# for, if any. On failure, why says why.

# load_found NAME SETTING: what was asked for, else from the lab's place, else
# this tree's build for this kernel.
load_found()
{
	local file

	why="no $1.ko for this kernel"
	for file in "$module" "/lib/modules/lab/$1.ko" "$TOP/build/modules/$KERNEL/$1.ko"; do
		[[ $file && -r $file ]] || continue
		if insmod "$file" "$2" 2>"$work/insmod.log"; then
			at_exit rmmod "$1"
			return 0
		fi
		why="$file: $(tail -n 1 "$work/insmod.log")"
	done
	return 1
}

# load_built NAME SETTING [HEADER...]: built now, if the kernel's headers are
# there; the module includes each HEADER as "../HEADER".
load_built()
{
	local logs=("$work/make.log" "$work/insmod.log")

	[[ -e /lib/modules/$KERNEL/build/Makefile && -d $TOP/mm/$1 ]] &&
		command -v make >/dev/null || return 1
	cp -r -- "$TOP/mm/$1" "${@:3}" "$work/"
	if make -s -C "/lib/modules/$KERNEL/build" M="$work/$1" modules >"${logs[0]}" 2>&1 &&
	   insmod "$work/$1/$1.ko" "$2" 2>"${logs[1]}"; then
		at_exit rmmod "$1"
		return 0
	fi
	why="$1 cannot be built or loaded: $(tail -q -n 1 "${logs[@]}" 2>/dev/null | tail -n 1)"
	return 1
}
