# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # for the tests
#
# What the tests of lab compare share.

# shellcheck source=tests/lib.bash
. "$(dirname "$0")/../lib.bash"

B=$TEST_TOP/${BUILD:-build}
build "${BUILD:-build}/lab" "${BUILD:-build}/compare/simulate-results"
compare=("$B/lab" --top "$TEST_TOP" compare --resamples 999)
# Numbers by hand: B/A of the run time is 2, 2, 2, 4, 1/2.
cp "$TEST_TOP/tests/compare/data/hand.json" .

# expect_jq WHAT FILTER FILE: the filter is true of the file.
expect_jq()
{
	[[ $(jq "$2" "$3") == true ]] || fail "$1: not true of $3: $2"
}

# simulate ARGUMENT...: results.json of build/compare/simulate-results
simulate()
{
	"$B/compare/simulate-results" "$@" >results.json
}
