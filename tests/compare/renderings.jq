# SPDX-License-Identifier: GPL-2.0-only
#
# Prints what a rendering says otherwise than compare.json. $rows is what
# rows.jq makes of it, $form which one it is. A number may differ by half of its last digit.

def place: "\(.fs) \(.workload) on \(.storage), \(.clock) clock" + (if .vcpus then
	", \(.vcpus) vCPU\(if .vcpus == 1 then "" else "s" end)" else "" end);

def factor: {"s": 1e9, "ms": 1e6, "us": 1e3, "ns": 1, "B": 1, "MiB": 1048576, "GiB": 1073741824}[.] // 1;

# The unit that is shown belongs to the unit of the figure.
def fits($unit): if $unit == "ns" then IN("s", "ms", "us", "ns") elif $unit == "bytes" then IN("B", "MiB", "GiB")
	elif $unit | IN("count", "share") then . == "" else . == $unit end;

# Half of the last digit of "3.045e-08".
def half: capture("^[-+]?[0-9]+(\\.(?<d>[0-9]+))?(e(?<e>[-+][0-9]+))?$") |
	0.5 * pow(10; (.e // "0" | tonumber) - (.d // "" | length));

# number ACTUAL UNIT: whether "1.52 ms" is it.
def number($actual; $unit): split(" ") as [$digits, $shown] | ($shown // "" | factor) as $by |
	(($shown // "") | fits($unit)) and
	(($digits | ltrimstr("+") | tonumber) * $by - $actual | fabs) <= ($digits | half) * $by * 1.000001 + 1e-300;

def estimate($row): if $row.scale == "ratio" then startswith("x ") and (ltrimstr("x ") | number($row.ratio; "count"))
	else number($row.difference; $row.unit) and (startswith("+") == ($row.difference > 0)) end;

def interval($row): if $row.interval == "none" then . == "-"
	else split(" ") as $w | $w[1] == "..." and
		([$w[0], $w[3]] | map(select(.)) | join(" ") | number($row.low; if $row.scale == "ratio" then "count" else $row.unit end)) and
		($w[2:] | join(" ") | number($row.high; if $row.scale == "ratio" then "count" else $row.unit end)) end;

def spread($s; $unit): if $s == null then . == "-" elif $s.cells == 1 then number($s.median; $unit)
	else capture("^(?<m>[^ ]+) \\[(?<l>[^ ]+) \\.\\. (?<h>[^ ]+)\\](?<u>.*)$") |
		((.m + .u) | number($s.median; $unit)) and ((.l + .u) | number($s.smallest; $unit)) and
		((.h + .u) | number($s.largest; $unit)) end;

def verdict($row): if $row.verdict == null then . == "" elif $row.corrected | not then . == $row.verdict
	else startswith("\($row.verdict) (p ") and (ltrimstr("\($row.verdict) (p ") | rtrimstr(")") | number($row.p_adjusted; "count")) end;

def seeds($row): . == "\($row.seeds)" + (if $row.left_out then " (-\($row.left_out | length))" else "" end);

def entered($side): $side.entered | to_entries | map("\(.key) \(.value) B") | if . == [] then "-" else join(", ") end;

# What of a row is wrong, by the name of its column.
def figure($f): . as $row | {
	A: ($f[0] | number($row.a; $row.unit)), B: ($f[1] | number($row.b; $row.unit)),
	estimate: ($f[2] | estimate($row)), interval: ($f[3] | interval($row)), seeds: ($f[4] | seeds($row)),
	precision: ($f[5] == "\($row.seeds_for_precision // "-")"), verdict: ($f[6] | verdict($row)) };

def splice($f): . as $s | {
	"cells of A": ($f[0] == "\($s.a.cells) of \($s.a.recorded)"), "cells of B": ($f[2] == "\($s.b.cells) of \($s.b.recorded)"),
	"adds in A": ($f[1] | spread($s.adds.spread_a; "bytes")), "adds in B": ($f[3] | spread($s.adds.spread_b; "bytes")),
	estimate: ($f[4] | estimate($s.adds)), interval: ($f[5] | interval($s.adds)),
	entered: ($f[6] == "A: \(entered($s.a)); B: \(entered($s.b))") };

[$rows | rtrimstr("\n") | split("\n")[] | split("\t")] as $list |
(reduce $list[] as $f ({}; .[$f[0:3] | join("\t")] += [$f[3:]])) as $shown |
[.comparisons[] | place as $place | (.splices[] | ["\($place)\tsplice\t\(.adds.words)", .]),
	(.metrics[] | if $form == "medians" then ["\($place)\tmedian\t\(.words)", .]
		else select(.pairs) | ["\($place)\tfigure\t\(.words)", .] end)] as $expected |
($expected | map(.[0])) as $names |
($shown | keys_unsorted - $names | .[] | "not in compare.json: \(.)"),
($expected | group_by(.[0])[] | select(length > 1) | "two figures have these words: \(.[0][0])"),
($expected[] | . as [$name, $row] | $shown[$name] as $f |
	if ($f | length) != 1 then "\($f | length) times: \($name)"
	else (if $name | contains("\tsplice\t") then $row | splice($f[0])
		elif $form == "medians" then {A: ($f[0][0] | spread($row.spread_a; $row.unit)), B: ($f[0][1] | spread($row.spread_b; $row.unit))}
		else $row | figure($f[0]) end |
		to_entries[] | select(.value | not) | "\(.key): \($name): \($f[0] | join(" | "))") end)
