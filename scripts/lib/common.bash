# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# What every script of the lab shares. Sourced, never run.
#
# Variables a user may set: BUILD and OUT (directories, relative to the top of
# the checkout or absolute), XDG_CACHE_HOME, JOBS.

set -Eeuo pipefail

LAB_PROGRAM=${0##*/}
LAB_TOP=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd -P)
LAB_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/reclaim-lab
# Not < <(...): the live tools run where there may be no /dev/fd.
{
	read -r LAB_BUILD
	read -r LAB_OUT
} <<<"$(cd "$LAB_TOP" && realpath -m -- "${BUILD:-build}" "${OUT:-out}")"

# Same order, same messages, same dates everywhere.
export LC_ALL=C TZ=UTC
umask 022

# die MESSAGE...: one line on stderr, exit status 1.
die()
{
	printf '%s: %s\n' "$LAB_PROGRAM" "$*" >&2
	exit 1
}

# note MESSAGE...: one line of progress on stderr; stdout is for results.
note()
{
	printf '%s: %s\n' "$LAB_PROGRAM" "$*" >&2
}

# need TOOL...: every tool must be there; all that are missing in one line.
need()
{
	local tool missing=()

	for tool in "$@"; do
		command -v "$tool" >/dev/null 2>&1 || missing+=("$tool")
	done
	((${#missing[@]} == 0)) ||
		die "missing tool: ${missing[*]} (run scripts/lib/install-dependencies)"
}

# need_space DIRECTORY MIB WHAT: DIRECTORY, made if missing, has MIB free.
need_space()
{
	local dir=$1 want=$2 what=$3 free

	mkdir -p -- "$dir" 2>/dev/null ||
		die "cannot make the directory $dir for $what"
	free=$(df -Pm -- "$dir" | awk 'NR == 2 { print $4 }')
	((free >= want)) ||
		die "no disk space for $what in $dir: $want MiB needed, $free MiB free"
}

# lock NAME: one process at a time; held until this process ends.
lock()
{
	local file=$LAB_CACHE/locks/$1

	mkdir -p -- "$LAB_CACHE/locks"
	exec {LAB_LOCK_FD}>"$file"
	if ! flock -n "$LAB_LOCK_FD"; then
		note "waiting for another run that holds $1"
		flock "$LAB_LOCK_FD"
	fi
}

# scratch_dir PARENT: a fresh directory in PARENT, removed at exit, in
# LAB_SCRATCH. Same filesystem as PARENT, so that results move by rename.
scratch_dir()
{
	mkdir -p -- "$1"
	LAB_SCRATCH=$(mktemp -d -- "$1/.lab-XXXXXXXX")
}

# write_file FILE: stdin to FILE by way of a temporary name.
write_file()
{
	local tmp=$1.tmp.$$

	mkdir -p -- "$(dirname -- "$1")"
	cat >"$tmp"
	mv -f -- "$tmp" "$1"
}

# hash_files FILE...: one sha256 over names (last component) and contents.
hash_files()
{
	local file

	for file in "$@"; do
		printf '%s ' "${file##*/}"
		sha256sum <"$file"
	done | sha256sum | cut -c1-64
}

# key_value FILE KEY: rest of the first line "KEY value"; fails without one.
key_value()
{
	awk -v key="$2" '$1 == key { sub(/^[^ ]+ +/, ""); print; found = 1; exit }
			 END { exit !found }' "$1"
}

# start_group COMMAND...: in the background, in a process group of its own, and
# without the lock: what outlives this script must not keep it.
start_group()
{
	if [[ ${LAB_LOCK_FD:-} ]]; then
		setsid "$@" {LAB_LOCK_FD}>&- &
	else
		setsid "$@" &
	fi
}

# run_group COMMAND...: run it in a process group of its own and wait. When
# this script is interrupted, the whole group is ended with it.
run_group()
{
	local status=0

	start_group "$@"
	LAB_GROUP=$!
	wait "$LAB_GROUP" || status=$?
	LAB_GROUP=
	return "$status"
}

LAB_GROUP=
LAB_SCRATCH=

# What is left to do at exit, however the script ends.
lab_cleanup()
{
	if [[ $LAB_GROUP ]]; then
		kill -TERM -- "-$LAB_GROUP" 2>/dev/null || :
		wait "$LAB_GROUP" 2>/dev/null || :
	fi
	[[ ! $LAB_SCRATCH ]] || rm -rf -- "$LAB_SCRATCH"
}
trap lab_cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
