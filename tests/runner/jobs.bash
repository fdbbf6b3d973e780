# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# The processes of tests/run: each test in a process group of its own, under its
# time limit, and nothing of it left when it has ended. Sourced by tests/run.

# Tests that run, and what prepares for them: process id to "name start limit",
# the start in microseconds.
declare -A running=()

# start_test TEST NAME LIMIT
start_test()
{
	local start=${EPOCHREALTIME/./}

	# timeout signals the test, end_groups the rest.
	setsid timeout -k 10 "$3" "$1" >"$(log_of "$2")" 2>&1 </dev/null &
	running[$!]="$2 $start $3"
}

# reap: wait for a test to end and report it, or for what prepares for them.
reap()
{
	local pid status name start limit took

	await_any "${!running[@]}"
	pid=$CHILD status=$CHILD_STATUS
	read -r name start limit <<<"${running[$pid]}"
	unset "running[$pid]"
	took=$(((${EPOCHREALTIME/./} - start) / 100000))
	end_groups "$pid" 2>/dev/null
	if [[ $pid == "$preparing" ]]; then
		prepared "$status"
	else
		report_test "$name" "$status" "$took" "$limit"
	fi
}

# await_groups PID...: until these groups are gone, 5 s at most. What they
# started in groups of their own, guests above all, ends with them, and not at once.
await_groups()
{
	local i pid

	for ((i = 0; i < 50; i++)); do
		for pid; do
			! kill -0 -- "-$pid" 2>/dev/null || break
		done
		kill -0 -- "-$pid" 2>/dev/null || return 0
		sleep 0.1
	done
}

# end_groups PID...: whatever these tests started ends with them.
end_groups()
{
	local pid

	(($#)) || return 0
	for pid; do
		kill -TERM -- "-$pid" 2>/dev/null
	done
	await_groups "$@"
	for pid; do
		kill -KILL -- "-$pid" 2>/dev/null
	done
}

# end_all: of all that run.
end_all()
{
	end_groups "${!running[@]}"
	running=()
}
