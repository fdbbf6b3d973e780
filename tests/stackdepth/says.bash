# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of inputs share. Sourced after tests/lib.bash.

stackdepth=$(cd "$TEST_TOP" && realpath -m -- "${BUILD:-build}")/stackdepth
build "${BUILD:-build}/stackdepth"
data=$TEST_TOP/tests/stackdepth/data

# says FILE STATUS JQ [OPTION...]: the report of FILE fulfils a condition. In it,
# stack(I) is a line "CLASS FRAME..." of stack I, sizes(I) those of its frames.
says()
{
	local file=$data/$1 status=$2 condition=$3
	shift 3
	run "$stackdepth" report --json "$@" "$file"
	expect_status "$status"
	jq -e 'def stack($i): .stacks[$i] | [.class, (.frames[].symbol)] | join(" ");
		def sizes($i): [.stacks[$i].frames[].bytes];
		def subsystems($i): [.stacks[$i].frames[].subsystem] | join(" ");
		'"$condition" out >/dev/null ||
		fail "${file##*/}: expected $condition in $(jq -c '.stacks[]' out | head -c 1500)"
}
