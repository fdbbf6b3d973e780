# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# What became of the tests, as tests/run prints it and judges it. Sourced by
# tests/run, which sets logs.

passed=0 failed=0
# The skipped tests and those that may be, each as "NAME REASON".
skipped=()
allowed_skips=()

# log_of NAME
log_of()
{
	printf '%s/%s.log\n' "$logs" "${1//\//-}"
}

# read_allowed_skips FILE: lines of a test's name and the reason, as the test
# words it, why it may be skipped; "#" begins a comment. Exits if a line is not.
read_allowed_skips()
{
	local name reason number=0

	[[ -e $1 ]] || return 0
	while read -r name reason || [[ $name ]]; do
		number=$((number + 1))
		[[ $name && $name != '#'* ]] || continue
		if [[ $name != */*.test || ! -f ${1%/*}/$name ]]; then
			echo "run: $1:$number: expected the name of a test, found '$name'" >&2
			exit 1
		elif [[ ! $reason ]]; then
			echo "run: $1:$number: expected the reason why $name may be skipped" >&2
			exit 1
		fi
		allowed_skips+=("$name $reason")
	done <"$1"
}

# may_skip NAME REASON: the test may be skipped, and for what it says, which
# begins as the list has it. A test that is skipped for another reason is not.
may_skip()
{
	local allowed

	for allowed in "${allowed_skips[@]}"; do
		[[ "$1 $2" != "$allowed"* ]] || return 0
	done
	return 1
}

# not_run NAME WHY: a test that cannot even start has failed.
not_run()
{
	failed=$((failed + 1))
	printf '%s\n' "$2" >"$(log_of "$1")"
	printf 'FAIL  %s  %s\n' "$1" "$2"
}

# report_test NAME STATUS TENTHS LIMIT: one that ended after so many tenths of a
# second.
report_test()
{
	local name=$1 status=$2 tenths=$3 limit=$4 log what seconds

	log=$(log_of "$name")
	seconds=$((tenths / 10)).$((tenths % 10))
	case $status in
	0)
		passed=$((passed + 1))
		printf 'pass  %s  %s s\n' "$name" "$seconds"
		return
		;;
	77)
		what=$(tail -n 1 "$log" | cut -c1-160)
		what=${what#skipped: }
		skipped+=("$name ${what:-no reason given}")
		printf 'skip  %s  %s\n' "$name" "${what:-no reason given}"
		return
		;;
	esac
	what="exit status $status"
	# What timeout returns for a test that it ended, and also for others.
	if [[ $status == @(124|137) ]] && ((tenths + 1 >= limit * 10)); then
		what="time limit of $limit s"
	fi
	failed=$((failed + 1))
	printf 'FAIL  %s  %s, %s s; the end of %s:\n' "$name" "$what" "$seconds" "$log"
	[[ -s $log ]] || echo '      (it printed nothing)'
	tail -n 15 "$log" | sed 's/^/      /'
}

# summary: the skipped tests, why the run fails if no failed test says so, and
# the last line. Returns whether the run is good.
summary()
{
	local skip name reason unexpected=0 good=1

	for skip in "${skipped[@]}"; do
		read -r name reason <<<"$skip"
		if may_skip "$name" "$reason"; then
			printf 'skipped: %s: %s\n' "$name" "$reason"
		else
			unexpected=$((unexpected + 1))
			printf 'skipped: %s: %s (not in tests/allowed-skips)\n' "$name" "$reason"
		fi
	done
	if ((unexpected)) && [[ ${CI:-} == true ]]; then
		echo "run: CI=true: $unexpected skipped that tests/allowed-skips does not allow"
		good=0
	fi
	if ((passed + failed + ${#skipped[@]} == 0)); then
		echo 'run: no test was run'
	elif ((passed + failed == 0)); then
		echo 'run: every test was skipped'
	fi
	printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "${#skipped[@]}"
	((good && failed == 0 && passed > 0))
}
