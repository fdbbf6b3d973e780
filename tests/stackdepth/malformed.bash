# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# What the tests of bad input share: one line on stderr that names file, line and
# what was expected, exit status 1, nothing on stdout, nothing in the output file.
# Sourced after tests/lib.bash.

stackdepth=$(cd "$TEST_TOP" && realpath -m -- "${BUILD:-build}")/stackdepth
build "${BUILD:-build}/stackdepth"
real=$TEST_TOP/stacktraces/linux-7.3.4-deferral-off-btrfs-writeback-7432.txt
observer=$TEST_TOP/tests/stackdepth/data/observer-three-classes.txt
good=$TEST_TOP/stacktraces/2010-06-gorman-xfs-writeback-5064.txt

# refuse REGEX COMMAND...: with the input in the file bad.
refuse()
{
	local want=$1
	shift
	printf 'as it was\n' >kept
	run "$stackdepth" "$@"
	[[ $STATUS == 1 ]] || fail "$*: expected exit status 1 and /$want/, got $STATUS: $(head -c 300 err)"
	[[ ! -s out ]] || fail "$*: expected nothing on stdout, got $(head -c 100 out)"
	expect_fails "^stackdepth: $want"
	[[ $(cat kept) == 'as it was' ]] || fail "$*: the output file was touched"
	# Nothing is left beside the output file either.
	[[ $(echo kept*) == kept ]] || fail "$*: left $(echo kept*)"
}

# bad REGEX: the file bad is refused with --strict, by every command, also after a
# good file.
bad()
{
	refuse "$1" report --strict bad
	refuse "$1" report --strict --json "$good" bad -o kept
	refuse "$1" fold --strict bad -o kept
	refuse "$1" draw --strict bad -o kept
	refuse "$1" diff --strict "$good" bad -o kept
	refuse "${1/#bad/standard input}" report --strict --json - <bad
}

# run() closes stdin; this one passes it on.
run()
{
	STATUS=0
	"$@" >out 2>err || STATUS=$?
}

rows='  0)      240       8   a+0x5/0x80
  1)      232      56   b+0x1/0x20
  2)      176     176   c+0x1/0x20'
