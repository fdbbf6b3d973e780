# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# Reclaim as samples and counts, with perf. Sourced by record-reclaim, whose
# options buffer, events and hz are; writes perf.data, perf-stat.csv and
# kallsyms into part.

record_perf()
{
	local list=() recorder counter tool

	need perf
	find_or_mount tracefs /sys/kernel/tracing || die 'no tracefs'
	events=${events:-vmscan:*,block:*}
	IFS=, read -r -a list <<<"$events"
	mkfifo "$work/record.control" "$work/record.ack" "$work/stat.control" "$work/stat.ack"
	exec {record_control}<>"$work/record.control" {record_ack}<>"$work/record.ack"
	exec {stat_control}<>"$work/stat.control" {stat_ack}<>"$work/stat.ack"
	start perf record -a -g -B -N -e cpu-clock:k -F "$hz" -m "${buffer:-8}M" --delay=-1 \
		--control="fifo:$work/record.control,$work/record.ack" \
		-o "$part/perf.data" >"$work/record.log" 2>&1
	recorder=${children[-1]}
	# shellcheck disable=SC2046 # one option an event
	start perf stat -a -x, $(printf -- '-e %s ' "${list[@]}") --delay=-1 \
		--control="fifo:$work/stat.control,$work/stat.ack" \
		-o "$part/perf-stat.csv" >"$work/stat.log" 2>&1
	counter=${children[-1]}
	order "$record_control" "$record_ack" enable "$recorder" "$work/record.log"
	order "$stat_control" "$stat_ack" enable "$counter" "$work/stat.log"
	run_command
	order "$stat_control" "$stat_ack" disable "$counter" "$work/stat.log"
	order "$record_control" "$record_ack" disable "$recorder" "$work/record.log"
	for tool in "$counter" "$recorder"; do
		kill -INT "$tool" 2>/dev/null
		wait "$tool" 2>/dev/null
	done
	children=()
	[[ -s $part/perf.data ]] || die "perf record: $(tail -n 1 "$work/record.log")"
	cat /proc/kallsyms >"$part/kallsyms"
	finish
	"$TOP/scripts/trace/perf-table" "$output"
}

# order CONTROL ACK WORD PID LOG: tell a perf, and wait until it has done it.
order()
{
	local tries

	printf '%s\n' "$3" >&"$1"
	for ((tries = 0; tries < 60; tries++)); do
		! read -r -t 1 -u "$2" _ || return 0
		kill -0 "$4" 2>/dev/null || break
	done
	die "perf does not answer: $(tail -n 1 "$5")"
}
