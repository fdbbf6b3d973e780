# SPDX-License-Identifier: GPL-2.0-only
#
# The table that make evaluate prints, from out/results.json: per filesystem
# and scenario the variants side by side. Tab-separated; the first column is
# "title", "head" or "row". A figure that a variant did not measure is "-"; one
# that none did has no row.

# Median of the numbers; of an even count the mean of the two in the middle.
def median:
	sort | length as $n |
	if $n % 2 == 1 then .[$n / 2 | floor]
	else (.[$n / 2 - 1] + .[$n / 2]) / 2 end;

# A median between two whole numbers keeps its half.
def decimals($digits):
	if $digits == 0 and . == floor then tostring
	elif $digits == 0 then decimals(1)
	else
		(pow(10; $digits) as $p | . * $p + 0.5 | floor | tostring) |
		if length <= $digits then "0" * ($digits + 1 - length) + . else . end |
		.[:-$digits] + "." + .[-$digits:]
	end;

# median [min .. max], scaled
def spread($scale; $digits):
	map(select(. != null) / $scale) |
	if length == 0 then "-"
	elif length == 1 then (.[0] | decimals($digits))
	else "\(median | decimals($digits)) [\(min | decimals($digits)) .. \(max | decimals($digits))]"
	end;

def deepest: [.stack // {} | .[] | .max_bytes // empty] | max;
def below: [.stack.direct_reclaim.below_reclaim_bytes // empty] | max;

# name, path, divisor, decimals
def rows: [
	["maximum stack depth, bytes", "stack", 1, 0],
	["below reclaim, bytes", "below", 1, 0],
	["folios written from direct reclaim", "direct_writes", 1, 0],
	["fault latency p50, us", "p50", 1000, 1],
	["fault latency p99, us", "p99", 1000, 1],
	["fault latency p99.9, us", "p999", 1000, 1],
	["fault latency max, us", "max", 1000, 1],
	["runtime, s", "runtime_ns", 1000000000, 3],
	["pages swapped out", "pswpout", 1, 0],
	["pages swapped in", "pswpin", 1, 0],
	["OOM kills", "oom_kills", 1, 0],
	["PF_MEMALLOC pages beyond the free", "provoker_pages_beyond_free", 1, 0],
	["clean cache before, pages", "provoker_clean_before", 1, 0]
];

# Who is spliced onto whom, over all classes; as "swap, block: 2712", the most
# bytes that it adds.
def spliced($into; $by):
	[.[] | .stack // {} | .[] | .splices // [] | .[] | select(.into == $into and .by == $by)] |
	if length == 0 then "none"
	else "\(map(.entered // {} | keys[]) | unique | join(", ")): \(map(.adds_bytes) | max)"
	end;
def recorded: any(.[]; .stack // {} | any(.[]; .splices));

# A counter that did not change has no line in the guest's result.
def counter($name): if .vmstat then (.vmstat[$name] // 0) else null end;

def figure($name):
	if $name == "stack" then deepest
	elif $name == "below" then below
	elif $name | IN("p50", "p99", "p999", "max") then .latency_ns.fault[$name]
	elif $name | IN("pswpout", "pswpin") then counter($name)
	else .[$name] end;

# A before B; without them vanilla first.
((.compared.a // "vanilla") as $first |
 .planned | map(.variant) | unique | sort_by(if . == $first then 0 else 1 end)) as $variants |
.planned as $planned | .cells as $cells |
($planned | map({fs, workload, clock, vcpus}) | unique[]) as $place |
($cells | map(select({fs, workload, clock, vcpus} == $place))) as $here |
($planned | map(select({fs, workload, clock, vcpus} == $place)) |
	group_by(.variant)[0] | length) as $seeds |
(
	["title", "\($place.fs) \($place.workload): \($place.clock) clock, \($place.vcpus) vCPU\(
		if $place.vcpus == 1 then "" else "s" end), \($seeds) seed\(
		if $seeds == 1 then "" else "s; median [smallest .. largest] over the seeds" end)\(
		if $here | recorded then "; the stack observer makes all times longer" else "" end)"],
	["head", ""] + $variants,
	(rows[] as $row | ["row", $row[0]] +
		[$variants[] as $v | $here | map(select(.variant == $v) | figure($row[1])) |
			spread($row[2]; $row[3])] | select(.[2:] | any(. != "-"))),
	(($here | [.[] | .stack // {} | .[] | .splices // [] | .[] | {into, by}] | unique[]) as $pair |
	["row", "\($pair.by) onto \($pair.into), bytes"] +
		[$variants[] as $v | $here | map(select(.variant == $v)) |
			if recorded then spliced($pair.into; $pair.by) else "-" end]),
	["row", "cells ok"] + [$variants[] as $v |
		($planned | map(select(.variant == $v and {fs, workload, clock, vcpus} == $place)) | length) as $n |
		"\($here | map(select(.variant == $v and .status == "ok")) | length) of \($n)"]
) | @tsv
