# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of tests/run share: tests that are made up. Sourced after
# tests/lib.bash.

export TESTS_DIR=$TEST_SCRATCH/cases BUILD=$TEST_SCRATCH/build
unset CI JOBS PREPARE PREPARE_LIMIT
mkdir -p cases/dir

# make_test NAME HEADER BODY
make_test()
{
	printf '#!/usr/bin/env bash\n%b\n%s\n' "$2" "$3" >"cases/dir/$1.test"
	chmod +x "cases/dir/$1.test"
}

# no_tests: start again.
no_tests()
{
	rm -f cases/dir/*.test cases/allowed-skips
}

# run_tests STATUS LAST-LINE [ARGUMENT...]: run them, with what is expected.
run_tests()
{
	local status=$1 last=$2

	shift 2
	run "$TEST_TOP/tests/run" "$@"
	# shellcheck disable=SC2153 # run's
	[[ $STATUS == "$status" ]] ||
		fail "expected exit status $status, got $STATUS: $(cat out err)"
	expect_equal 'last line' "$last" "$(tail -n 1 out)"
}

# expect_gone PID...: it has ended; it may be a zombie that nobody has collected.
expect_gone()
{
	local pid state

	(($# > 0)) || fail 'expected processes'
	sleep 0.3
	for pid; do
		state=$(awk '$1 == "State:" { print $2 }' "/proc/$pid/status" 2>/dev/null || echo gone)
		[[ $state == gone || $state == Z ]] || fail "process $pid lives on: $state"
	done
}
