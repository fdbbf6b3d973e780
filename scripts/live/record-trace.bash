# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# Reclaim as a trace, with trace-cmd. Sourced by record-reclaim, whose options
# buffer, events and module are; writes trace.dat and numbers into part.

# shellcheck source=scripts/live/module.bash
. "$HERE/module.bash" || exit

INSTANCE=reclaim

# load_watch: reclaim_watch with depth=1; why says why not.
load_watch()
{
	if [[ -d /sys/module/reclaim_watch ]]; then
		why='reclaim_watch is loaded already, without depth=1'
		[[ $(cat /sys/module/reclaim_watch/parameters/depth 2>/dev/null) == Y ]]
		return
	fi
	load_found reclaim_watch depth=1 && return 0
	[[ ! $module ]] || return 1
	load_built reclaim_watch depth=1 "$TOP/scripts/lib/latency_histogram.h"
}

record_trace()
{
	local list=() event enabled lost recorder tries status=0

	need trace-cmd
	find_or_mount tracefs /sys/kernel/tracing || die 'no tracefs'
	tracing=$found
	[[ ! -d $tracing/instances/$INSTANCE ]] ||
		die "$tracing/instances/$INSTANCE is there already: another recording runs, or was killed"
	find_or_mount debugfs /sys/kernel/debug || :
	if load_watch; then
		events=${events:-vmscan,block,writeback},reclaim_watch
	else
		say "$why; without stack depth"
		events=${events:-vmscan,block,writeback}
	fi
	for event in ${events//,/ }; do
		list+=(-e "$event")
	done
	# trace-cmd switches this on, and leaves it on
	if [[ -w /proc/sys/kernel/ftrace_enabled ]]; then
		read -r enabled </proc/sys/kernel/ftrace_enabled
		at_exit write_to /proc/sys/kernel/ftrace_enabled "$enabled"
	fi
	at_exit remove_instance
	start trace-cmd record -B "$INSTANCE" -C mono -b "$((${buffer:-16} << 10))" \
		"${list[@]}" -o "$part/trace.dat" >"$work/record.log" 2>&1
	recorder=${children[-1]}
	for ((tries = 0; tries < 300; tries++)); do
		[[ $(cat "$tracing/instances/$INSTANCE/events/vmscan/enable" 2>/dev/null) != [1X] ]] ||
			break
		kill -0 "$recorder" 2>/dev/null ||
			die "trace-cmd record: $(tail -n 1 "$work/record.log")"
		sleep 0.1
	done
	run_command
	kill -INT "$recorder" 2>/dev/null
	wait "$recorder" || status=$?
	children=()
	[[ -s $part/trace.dat ]] || die "trace-cmd record: $(tail -n 1 "$work/record.log")"
	((status == 0 || status == 130)) || say "trace-cmd record: exit status $status"
	lost=$(trace-cmd report --stat "$part/trace.dat" 2>/dev/null | awk '
		/^(overrun|commit overrun|dropped events):/ { sum += $NF } END { print sum + 0 }')
	trace-cmd report -t "$part/trace.dat" 2>/dev/null |
		awk -v FILE=trace.dat -f "$TOP/scripts/trace/intervals.awk" -f "$TOP/scripts/trace/numbers.awk" \
			>"$part/numbers" || lost=some
	awk '{ printf "%-28s %12s\n", $1, $3 }' "$part/numbers"
	finish
	[[ $lost == 0 ]] || die "$output: $lost events were lost; use a larger --buffer"
}

# remove_instance: what trace-cmd leaves when it is killed.
remove_instance()
{
	local tries

	for ((tries = 0; tries < 50; tries++)); do
		[[ -d $tracing/instances/$INSTANCE ]] || return 0
		rmdir "$tracing/instances/$INSTANCE" 2>/dev/null && return 0
		sleep 0.1
	done
	return 1
}
