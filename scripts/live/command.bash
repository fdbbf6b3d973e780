# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Process groups that run while something is recorded. Sourced after
# leave-as-found.bash. STOP_SIGNALS: how a group is asked to end, one after the
# other, before it is killed.

children=()
before_undo+=(stop_children)

# start COMMAND...: in the background, in a process group of its own.
start()
{
	set -m
	"$@" </dev/null &
	children+=($!)
	set +m
}

# stop PID...: end a process group politely, and then not.
stop()
{
	local pid signal tries

	for pid; do
		for signal in "${STOP_SIGNALS[@]}"; do
			kill "-$signal" -- "-$pid" 2>/dev/null || break
			for ((tries = 0; tries < 50; tries++)); do
				kill -0 -- "-$pid" 2>/dev/null || break
				sleep 0.1
			done
		done
		kill -KILL -- "-$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
}

stop_children()
{
	stop ${children[@]+"${children[@]}"}
	children=()
}

# run_for SECONDS COMMAND...: until it has ended by itself, or is stopped after
# SECONDS, if any. Its exit status in status, stopped if it was.
run_for()
{
	local begin=$SECONDS limit=$1 pid

	shift
	start "$@"
	pid=${children[-1]}
	status=0
	while [[ $limit ]] && kill -0 "$pid" 2>/dev/null; do
		if ((SECONDS - begin >= limit)); then
			stop "$pid"
			status=stopped
			break
		fi
		sleep 0.2
	done
	[[ $status == stopped ]] || wait "$pid" || status=$?
	unset 'children[-1]'
}
