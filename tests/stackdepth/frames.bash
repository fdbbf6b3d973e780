# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of frames share: a kernel, vmlinux, and a module, image.ko, of
# four functions (frames.S). Sourced after tests/lib.bash.

stackdepth=$(cd "$TEST_TOP" && realpath -m -- "${BUILD:-build}")/stackdepth
build "${BUILD:-build}/stackdepth"
as --64 -o image.ko "$TEST_TOP/tests/stackdepth/frames.S"
ld -Ttext=0xffffffff81000000 -e known_frame -o vmlinux image.ko

# check STATUS VERDICTS [MODULE...]: of the trace on stdin, from row 0 outward.
check()
{
	local status=$1 want=$2
	shift 2
	cat >trace
	run "$stackdepth" frames --json --check trace vmlinux "$@"
	expect_status "$status"
	[[ $(jq -r '[.stacks[].frames[].verdict] | join(" ")' out) == "$want" ]] ||
		fail "expected $want, got $(jq -c '.stacks[].frames' out)"
	"$stackdepth" frames --check trace vmlinux "$@" >text || true
	grep -q frames: text || fail "no summary"
}

# why ROW REGEX: what check said of a row.
why()
{
	jq -e --argjson i "$1" --arg w "$2" '.stacks[0].frames[$i].why | test($w)' out >/dev/null ||
		fail "row $1: expected /$2/, got $(jq -c '.stacks[0].frames' out)"
}
