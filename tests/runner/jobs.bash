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

	# timeout signals the test, end_group the rest.
	setsid timeout -k 10 "$3" "$1" >"$(log_of "$2")" 2>&1 </dev/null &
	running[$!]="$2 $start $3"
}

# reap: wait for a test to end and report it, or for what prepares for them.
reap()
{
	local pid status name start limit

	await_any "${!running[@]}"
	pid=$CHILD status=$CHILD_STATUS
	read -r name start limit <<<"${running[$pid]}"
	unset "running[$pid]"
	end_group "$pid" 2>/dev/null
	if [[ $pid == "$preparing" ]]; then
		prepared "$status"
	else
		report_test "$name" "$status" $(((${EPOCHREALTIME/./} - start) / 100000)) "$limit"
	fi
}

# end_group PID: whatever a test started ends with it.
end_group()
{
	kill -TERM -- "-$1" 2>/dev/null && sleep 0.2
	kill -KILL -- "-$1" 2>/dev/null
}

# end_all: of all that run.
end_all()
{
	local pid

	for pid in "${!running[@]}"; do
		kill -TERM -- "-$pid" 2>/dev/null
	done
	((!${#running[@]})) || sleep 0.2
	for pid in "${!running[@]}"; do
		kill -KILL -- "-$pid" 2>/dev/null
	done
	running=()
}
