# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# What programs that record on a live host share: messages, and changes to the
# host that are undone on every way out. Sourced by collect-stacks and
# record-reclaim, which set PROGRAM and, while they write, part: a file or
# directory that they have made. It must work on any host, with no more of the
# lab than lies beside it.

TOP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
KERNEL=$(uname -r)

# Commands that undo, in the order of what they undo; functions that end what
# runs, before; scratch directory; what is being written.
undo=() before_undo=() work='' part=''

say()
{
	printf '%s: %s\n' "$PROGRAM" "$*" >&2
}

die()
{
	say "$*"
	exit 1
}

bad_use()
{
	say "$* (--help explains)"
	exit 2
}

need()
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null || die "$tool: not found"
	done
}

# begin DIR MESSAGE: from here on everything is undone; work is a scratch
# directory in DIR.
begin()
{
	trap on_exit EXIT
	trap 'on_signal 130' INT
	trap 'on_signal 143' TERM HUP
	work=$(mktemp -d -- "$1/$PROGRAM.XXXXXX") || die "$2"
	at_exit rm -rf -- "$work"
}

# at_exit COMMAND...: on the way out, the last one first.
at_exit()
{
	local words

	printf -v words '%q ' "$@"
	undo+=("$words")
}

on_exit()
{
	local status=$? i

	trap '' INT TERM HUP
	for i in ${before_undo[@]+"${before_undo[@]}"}; do
		"$i"
	done
	[[ ! $part ]] || rm -rf -- "$part"
	for ((i = ${#undo[@]} - 1; i >= 0; i--)); do
		eval "${undo[i]}" || say "could not undo: ${undo[i]}"
	done
	exit "$status"
}

on_signal()
{
	say 'interrupted, putting everything back'
	exit "$1"
}

write_to()
{
	printf '%s\n' "$2" >"$1"
}

# find_or_mount TYPE DIR: where TYPE is mounted, in found; mounted for now if not.
find_or_mount()
{
	found=$(awk -v type="$1" '$3 == type { print $2; exit }' /proc/mounts)
	[[ ! $found ]] || return 0
	[[ -d $2 ]] && mount -t "$1" "$1" "$2" 2>/dev/null || return 1
	at_exit umount "$2"
	found=$2
}
