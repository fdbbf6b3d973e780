# SPDX-License-Identifier: GPL-2.0-only
#
# What scripts/lab/observer-cost prints, from its cells: those whose id ends in
# -observer against those that end in -0, paired by seed. The ratios are made
# for each seed, and then their median is taken: it is not the ratio of medians.

def median:
	sort | length as $n |
	if $n % 2 == 1 then .[$n / 2 | floor]
	else (.[$n / 2 - 1] + .[$n / 2]) / 2 end;

# Three digits behind the point.
def number:
	(. * 1000 + 0.5 | floor) as $n |
	($n % 1000 | tostring) as $rest |
	"\($n / 1000 | floor).\("000"[$rest | length:])\($rest)";

def spread($scale):
	map(. / $scale) |
	"\(median | number) [\(min | number) .. \(max | number)]";

def pad($width): . + " " * ([$width - length, 0] | max);

def row($columns):
	"  " + ($columns[0] | pad(18)) + ($columns[1] | pad(30)) + ($columns[2] | pad(36)) +
	$columns[3] | sub(" +$"; "");

# name, path, divisor
def rows: [
	["run time, s", ["hog_runtime_ns"], 1000000000],
	["fault p50, us", ["latency_ns", "fault", "p50"], 1000],
	["fault p99, us", ["latency_ns", "fault", "p99"], 1000]
];

group_by(.seed) | map({
	without: map(select(.id | endswith("-0")))[0],
	with: map(select(.id | endswith("-observer")))[0]
}) as $pairs |
$pairs[0].with as $cell |
"\($cell.fs) \($cell.workload): stack observer on \($cell.variant) \($cell.kernel), \($cell.clock) clock, \($cell.vcpus
	) vCPU\(if $cell.vcpus == 1 then "" else "s" end), \($cell.memory_mib) MiB, seeds \([$pairs[].with.seed | tostring] | join(" "))",
"median [smallest .. largest] over the seeds; fault: any touch of anonymous memory",
row(["", "observing / without", "without", "observing"]),
(rows[] as $row | row([$row[0],
	([$pairs[] | (.with | getpath($row[1])) / (.without | getpath($row[1]))] | "x " + spread(1)),
	([$pairs[].without | getpath($row[1])] | spread($row[2])),
	([$pairs[].with | getpath($row[1])] | spread($row[2]))]))
