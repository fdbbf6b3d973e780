# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What CPU time went where while a guest ran. Sourced by run-guest after
# common.bash; LAB_SCRATCH must be there.

# Another file for the tests.
PROC_STAT=${PROC_STAT:-/proc/stat}

# machine_time: ticks of all processors together since boot, in TIME: what there
# was, what was used, what was stolen. A guest under KVM is in "user" as well.
machine_time()
{
	local user nice system idle iowait irq softirq steal busy

	[[ -r $PROC_STAT ]] || return 1
	read -r _ user nice system idle iowait irq softirq steal _ <"$PROC_STAT" || return 1
	busy=$((user + nice + system + irq + softirq))
	TIME=($((busy + idle + iowait + steal)) "$busy" "$steal")
}

# children_ms: CPU time of the children that have ended, and theirs, in MS.
children_ms()
{
	local word

	# in this shell: another would tell of its own children
	times >"$LAB_SCRATCH/times"
	MS=0
	# shellcheck disable=SC2013 # words
	for word in $(sed -n 2p "$LAB_SCRATCH/times"); do
		[[ $word =~ ^([0-9]+)m([0-9]+)\.([0-9]{3})s$ ]] || return 1
		MS=$((MS + BASH_REMATCH[1] * 60000 + BASH_REMATCH[2] * 1000 + 10#${BASH_REMATCH[3]}))
	done
}

# print_cpu_time: the lines of guest.end about it, from BEFORE, BEFORE_MS, TIME and MS.
print_cpu_time()
{
	local tick machine own others

	tick=$((1000 / $(getconf CLK_TCK)))
	machine=$(((TIME[0] - BEFORE[0]) * tick))
	own=$((MS - BEFORE_MS))
	# ticks are coarse
	others=$(((TIME[1] - BEFORE[1]) * tick - own))
	((others >= 0)) || others=0
	((machine > 0)) || return 0
	printf 'machine-cpu-ms %d\nguest-cpu-ms %d\nothers-cpu-ms %d\nstolen-cpu-ms %d\n' \
		"$machine" "$own" "$others" "$(((TIME[2] - BEFORE[2]) * tick))"
}
