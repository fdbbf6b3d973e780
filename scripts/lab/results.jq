# SPDX-License-Identifier: GPL-2.0-only
#
# out/results.json from the cells (slurped): schema 1 of Documentation/lab.md.
# $host: what is known of this machine; $variants: what was run; $compared: which
# is compared with which, null if there is one alone; $planned: the cells asked
# for. The raw histograms stay with the cells.
{
	schema: 1,
	host: $host,
	variants: $variants,
	planned: ($planned | if type == "array" and (.[0] | type) == "array" then .[0] else . end),
	cells: (map(del(.histograms_ns)) |
		sort_by(.fs, .workload, .clock, .vcpus, .seed, .variant))
} + if $ARGS.named.compared then {compared: $ARGS.named.compared} else {} end
