# SPDX-License-Identifier: GPL-2.0-only
#
# What a recorded cell's trace says about reclaim: reads "trace-cmd report -t"
# and prints lines "name least most". Used with intervals.awk, which says what lies
# between what.

function bad(text)
{
	printf "%s:%d: %s\n", FILE, FNR, text >"/dev/stderr"
	failed = 1
	exit 1
}

# field NAME: the number after "NAME=" of this line.
function field(name,    at)
{
	at = index(rest, " " name "=")
	if (!at)
		bad("expected a field " name " of " event ", found '" rest "'")
	return substr(rest, at + length(name) + 2) + 0
}

BEGIN {
	outer = inner = may_count = counts = 1
	WATCHED = "^(direct|memcg)_reclaims$|_writes$|^throttles$|^deepest_"
	numbers = split("direct_reclaims memcg_reclaims direct_writes kswapd_writes other_writes " \
			"throttles pages_queued pages_flushed_caller pages_flushed_worker " \
			"pages_written pages_kept list_throttles emergency_runs emergency_scanned " \
			"emergency_pages", name)
	for (i = 1; i <= numbers; i++)
		most[name[i]] = 0
}

/LOST [0-9]+ EVENTS/ || /EVENTS? DROPPED/ { bad("events were lost: " $0) }

match($0, /-[0-9]+ +\[[0-9]+\]/) {
	task = substr($0, RSTART + 1) + 0
	comm = substr($0, 1, RSTART - 1)
	sub(/^ +/, "", comm)
	rest = substr($0, RSTART + RLENGTH)
	if (!match(rest, /[0-9]+\.[0-9]+: +[a-z_0-9]+:/))
		bad("expected a time and an event, found '" rest "'")
	event = substr(rest, RSTART, RLENGTH - 1)
	sub(/^[0-9.]+: +/, "", event)
	rest = " " substr(rest, RSTART + RLENGTH)

	if (event == "print") {
		if (match(rest, /reclaim-lab [a-z]+/))
			mark(substr(rest, RSTART + 12, RLENGTH - 12))
	} else if (event ~ /^mm_vmscan_(direct|memcg|node)_reclaim_begin$/) {
		reclaim_begins(event ~ /memcg/ ? "memcg_reclaims" : "direct_reclaims")
	} else if (event ~ /^mm_vmscan_(direct|memcg|node)_reclaim_end$/) {
		reclaim_ends()
	} else if (event == "mm_vmscan_write_folio") {
		count(depth[task] ? "direct_writes" : \
			      comm ~ /^kswapd[0-9]+$/ ? "kswapd_writes" : "other_writes", 1)
	} else if (event == "mm_vmscan_throttled") {
		count("throttles", 1)
	} else if (event == "mm_vmscan_pageout_list_queue") {
		count("pages_queued", field("nr_queued"))
	} else if (event == "mm_vmscan_pageout_list_flush") {
		count(rest ~ / by=worker / ? "pages_flushed_worker" : "pages_flushed_caller",
		      field("nr_taken"))
		count("pages_written", field("nr_written"))
		count("pages_kept", field("nr_kept"))
	} else if (event == "mm_vmscan_pageout_list_throttled") {
		count("list_throttles", 1)
	} else if (event == "mm_vmscan_emergency_reclaim") {
		count("emergency_runs", 1)
		count("emergency_scanned", field("nr_scanned"))
		count("emergency_pages", field("nr_reclaimed"))
	} else if (event == "reclaim_recording") {
		if (!match(rest, / state=[a-z]+/))
			bad("expected a field state of event " event ", found '" rest "'")
		recording(substr(rest, RSTART + 7, RLENGTH - 7))
	} else if (event == "reclaim_depth") {
		deepest = field("depth_bytes")
		where = rest ~ /context=(direct|memcg)/ ? "deepest_in_reclaim_bytes" : \
							  "deepest_outside_bytes"
		if (may_count && deepest > most[where])
			most[where] = least[where] = deepest
	}
}

END {
	if (failed)
		exit 1
	if (marked && finished != 2)
		bad("expected the marks begin, begun, end and ended")
	if (marked && (!recordings || stopped != recordings))
		bad("expected the events reclaim_recording, starting to stopped")
	for (i = 1; i <= numbers; i++)
		printf "%s %.0f %.0f\n", name[i], least[name[i]], most[name[i]]
	for (where in most)
		if (where ~ /^deepest/)
			printf "%s %.0f %.0f\n", where, least[where], most[where]
}
