# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What tests in bash share. A test that reaches its last line passed; anything
# that fails before ends it, and tests/run counts that as a failure.
#
#	. "$(dirname "$0")/../lib.bash"
#
# TEST_TOP is the checkout; the working directory is a scratch directory of the
# test's own, which is removed at its end.

set -Eeuo pipefail
export LC_ALL=C TZ=UTC

TEST_TOP=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd -P)
TEST_NAME=${0##*/}
TEST_SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/lab-test-XXXXXXXX")
trap 'rm -rf -- "$TEST_SCRATCH"' EXIT
trap 'echo "$TEST_NAME: line $LINENO: failed: $BASH_COMMAND" >&2' ERR
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$TEST_SCRATCH"

# fail MESSAGE...
fail()
{
	printf '%s: line %s: %s\n' "$TEST_NAME" "${BASH_LINENO[0]}" "$*" >&2
	exit 1
}

# need TOOL...: of those that scripts/lib/install-dependencies installs. Without
# them the test fails.
need()
{
	local tool missing=()

	for tool; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	((!${#missing[@]})) ||
		fail "missing: ${missing[*]}; make install-dependencies installs them"
}

# skip REASON...: the test cannot be run here, for a reason in tests/allowed-skips.
skip()
{
	printf 'skipped: %s\n' "$*"
	exit 77
}

# run COMMAND...: its status in STATUS, its output in the files out and err.
# shellcheck disable=SC2034 # for the tests
run()
{
	STATUS=0
	"$@" >out 2>err </dev/null || STATUS=$?
}

# await PID: a child of the test's; its status in STATUS.
await()
{
	STATUS=0
	wait "$1" || STATUS=$?
}

# expect_status N: of the last run.
expect_status()
{
	[[ $STATUS == "$1" ]] ||
		fail "expected exit status $1, got $STATUS; stderr: $(head -c 1000 err)"
}

# expect_fails REGEX: the last run failed, with one line on stderr that matches.
expect_fails()
{
	((STATUS > 0 && STATUS < 126)) ||
		fail "expected a failure, got exit status $STATUS; stderr: $(head -c 1000 err)"
	[[ $(grep -c '' err) == 1 ]] ||
		fail "expected one line on stderr, got: $(head -c 1000 err)"
	grep -qE -- "$1" err || fail "expected /$1/ on stderr, got: $(cat err)"
}

# expect_match REGEX FILE
expect_match()
{
	grep -qE -- "$1" "$2" || fail "expected /$1/ in $2, which is: $(head -c 1000 "$2")"
}

# expect_equal WHAT EXPECTED GOT
expect_equal()
{
	[[ $2 == "$3" ]] || fail "$1: expected '$2', got '$3'"
}

# build TARGET...: host programs the test needs, by way of the Makefile. One
# make at a time: tests run side by side and want the same programs.
build()
{
	local log=$TEST_SCRATCH/make.log dir

	dir=$(cd "$TEST_TOP" && realpath -m -- "${BUILD:-build}")
	mkdir -p -- "$dir"
	flock "$dir/.make-lock" make -C "$TEST_TOP" --no-print-directory "$@" >"$log" 2>&1 ||
		fail "make $*: $(tail -n 3 "$log")"
}

# borrow_programs DIR: what "make host guest" makes, built once for all tests, as
# if it had been built in DIR. For tests with a BUILD of their own, before they
# set it.
borrow_programs()
{
	local from

	from=$(cd "$TEST_TOP" && realpath -m -- "${BUILD:-build}")
	build host guest
	mkdir -p -- "$1"
	cp -a -- "$from"/{compare,guest,obj,report} "$1/"
	find "$from" -maxdepth 1 -type f -perm -u+x -exec cp -a -t "$1" -- {} +
}
