# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of the report share: a comparison of which cells failed, are
# missing and have markup in their names, its page, and a browser. Sourced after
# tests/lib.bash.

B=$TEST_TOP/${BUILD:-build}
command -v gnuplot >/dev/null || fail "gnuplot is not installed"
build "${BUILD:-build}/lab" \
	"${BUILD:-build}/stackdepth" "${BUILD:-build}/compare/simulate-results"
report=("$B/lab" --top "$TEST_TOP" report --style "$TEST_TOP/scripts/report/report.css"
	--stackdepth "$B/stackdepth")
METRICS=$TEST_TOP/scripts/compare/metrics.table

# expect_jq WHAT FILTER FILE [JQ OPTION]...
expect_jq()
{
	[[ $(jq "${@:4}" "$2" "$3") == true ]] ||
		fail "$1: not true of $3: $2"
}

# again FILE: as a run leaves it, with the commands that make it again.
again()
{
	jq '.planned = [.cells[] | {id, variant, fs, workload, clock, vcpus, seed, command: "again \(.id)"}] |
		.compared = {a: "vanilla", b: "patched", command: "again everything"} |
		.planned += [.planned[] | select(.fs == "btrfs" and .seed == 1 and .variant == "vanilla") |
			.seed = 2 | .command = "again the missing one"]' "$1"
}

# make_page: results.json, compare.json and index.html of this comparison.
make_page()
{
	local cell id

	"$B/compare/simulate-results" 11 14 1.06 patched:xfs:5:panic patched:xfs:6:timeout \
		vanilla:btrfs:2:missing >plain.json
	again plain.json >planned.json
	jq '.host = {date: "2026-01-02", cpu: "<b>a & b</b>", qemu: "QEMU"} |
		(.cells[] | select(.status == "panic")).troubles =
			[{kind: "panic", text: "<script>alert(1)</script> & \"so\""}] |
		(.cells[], .planned[] | select(.fs == "xfs")).id |= "x" + .' planned.json >results.json
	# The histograms stay with the cells.
	jq -c '.cells[] | select(.histograms_ns)' results.json | while read -r cell; do
		id=$(jq -r .id <<<"$cell")
		mkdir -p "cells/$id"
		printf '%s\n' "$cell" >"cells/$id/cell.json"
	done
	jq 'del(.cells[].histograms_ns)' results.json >without && mv without results.json
	for id in $(jq -r '.cells[] | select(.status == "ok" and .workload == "writeback" and .seed == 3).id' results.json); do
		mkdir -p "cells/$id"
		cp "$TEST_TOP/stacktraces/linux-7.3.4-deferral-off-btrfs-writeback-7432.txt" "cells/$id/stack.txt"
	done
	run "$B/lab" --top "$TEST_TOP" compare --metrics "$METRICS" --resamples 999 \
		--json compare.json vanilla patched results.json
	expect_status 3
	run "${report[@]}" --output index.html compare.json
	expect_status 0
}

# need_browser: its name in CHROMIUM.
need_browser()
{
	CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
		skip "chromium is not installed"
	cp "$TEST_TOP/tests/report/inspect.html" .
}

# browse OPTION...: inspect.html in a browser; found.json, console.txt
browse()
{
	local status=0

	rm -rf profile
	timeout 100 "$CHROMIUM" --headless --no-sandbox --disable-gpu --disable-quic \
		--no-first-run --disable-background-networking --disable-component-update \
		--disable-sync --user-data-dir="$PWD/profile" --allow-file-access-from-files \
		--enable-logging=stderr --window-size=1400,900 "$@" \
		--dump-dom "file://$PWD/inspect.html" >dom.html 2>log.txt || status=$?
	((status == 0)) || fail "chromium: exit status $status: $(tail -n 3 log.txt)"
	grep CONSOLE log.txt >console.txt || :
	sed -n 's/.*<pre id="found">\(.*\)<\/pre>.*/\1/p' dom.html |
		sed 's/&lt;/</g; s/&gt;/>/g; s/&nbsp;/ /g; s/&amp;/\&/g' >found.json
	[[ -s found.json ]] || fail "the browser found nothing: $(tail -n 3 log.txt)"
}

# look: what must be true of every page that was browsed.
look()
{
	[[ ! -s console.txt ]] || fail "messages on the console: $(cat console.txt)"
	expect_jq "script errors" '.errors == []' found.json
	expect_jq "overflow" '[.frames[] | .overflowing[]] == []' found.json
	expect_jq "cut text" '[.frames[] | .cut_text[]] == []' found.json
	expect_jq "contrast" '[.frames[] | .low_contrast[]] == []' found.json
	expect_jq "unique ids" '.frames[0].ids | group_by(.) | all(length == 1)' found.json
	expect_jq "a command for each figure" '.frames[0].bare_figures == []' found.json
	expect_jq "figures" '.frames[0].figures >= 14' found.json
}
