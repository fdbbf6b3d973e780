# SPDX-License-Identifier: GPL-2.0-only
#
# Compare what known_depth knows with what the observer reports, to the byte.
# Input: the output of known-depth.guest. Exit status 1, and a line that says
# what is wrong, if anything differs; prints a line a class otherwise.

function bad(text)
{
	printf "line %d, %s: %s\n", NR, test, text
	failures++
}

function expect(what, want, got)
{
	if (want "" != got "")
		bad(what ": expected " want ", found " got)
}

# All rows of a stack have been read.
function end_of_stack(	own)
{
	if (!rows)
		return
	expect("size of the outermost row", depth_before, size_before)
	expect("sum of the rows marked <interrupt> or <preempt>", interrupt, sum_interrupt)
	expect("sum of the rows marked <tracer>", tracer, sum_tracer)
	own = total - interrupt - tracer
	if (of == "below_reclaim_bytes") {
		if (!reclaim_at)
			bad("below_reclaim_bytes without reclaim_at")
		own -= reclaim_at
	}
	if (of == "max_bytes_with_interrupts")
		own = total
	expect("figure of the stack of " of, figure[of], own)
	if (reclaim_at && !reclaim_seen)
		bad("no row at reclaim_at " reclaim_at " under a function that reclaims")
	rows = 0
	if (class != wanted)
		return
	if (of == "max_bytes") {
		evidence++
		expect("deepest function", "kd_bottom", first)
		expect("depth of its return address", known, second_depth)
		expect("interrupts in the stack of max_bytes", 0, interrupt + tracer)
	}
	if (of == "max_bytes_with_interrupts")
		apart = interrupt
	if (of == "below_reclaim_bytes" && test ~ /reclaim|kswapd/)
		expect("bytes below reclaim", known + 8 - reclaim_at, figure[of])
}

function end_of_test()
{
	if (test == "")
		return
	expect("max_bytes", known + 8, max)
	if (max_all < max)
		bad("max_bytes_with_interrupts is less than max_bytes")
	expect("stacks of max_bytes", 1, evidence)
	expect("end of the report", 1, ended)
	if (lost)
		bad(lost " observations lost")
	if (test ~ /reclaim|kswapd/ && !below)
		bad("no below_reclaim_bytes")
	if (test == "interrupted" && (max_all <= max || !apart))
		bad("no interrupt found on a chain that waited for one")
	printf "%s: known %d, observed %d", test, known, max
	if (below)
		printf ", below reclaim %d", below
	printf ", with interrupts %d\n", max_all
	tests++
}

$1 == "test" {
	end_of_stack()
	end_of_test()
	test = wanted = $2
	if (test == "interrupted")
		wanted = "syscall"
	known = max = max_all = below = evidence = ended = lost = apart = 0
	class = ""
	next
}

$1 == "known" { known = $3; next }

$1 == "class" {
	end_of_stack()
	class = $2
	delete figure
	next
}

$1 ~ /^(max_bytes|max_bytes_with_interrupts|below_reclaim_bytes)$/ {
	figure[$1] = $2
	if (class == wanted) {
		if ($1 == "max_bytes")
			max = $2
		else if ($1 == "below_reclaim_bytes")
			below = $2
		else
			max_all = $2
	}
	next
}

$1 == "stack" {
	end_of_stack()
	frames = $2
	total = $4
	interrupt = $6
	tracer = $8
	of = $10
	reclaim_at = reclaim_seen = 0
	for (i = 11; i < NF; i += 2)
		if ($i == "reclaim_at")
			reclaim_at = $(i + 1)
	rows = sum_interrupt = sum_tracer = 0
	next
}

/^ *[0-9]+\) / {
	number = $1
	sub(/\)/, "", number)
	expect("number of the row", rows, number)
	if (rows == 0) {
		expect("depth of row 0", total, $2)
		first = $4
		sub(/\+.*/, "", first)
	} else {
		expect("size of row " (rows - 1), depth_before - $2, size_before)
	}
	if (rows == 1)
		second_depth = $2
	if ($2 == reclaim_at &&
	    symbol_before ~ /^(try_to_free_pages|try_to_free_mem_cgroup_pages|shrink_mem_cgroup_pages|balance_pgdat|__node_reclaim)\+/)
		reclaim_seen = 1
	if (/<(interrupt|preempt)>$/)
		sum_interrupt += $3
	if (/<tracer>$/)
		sum_tracer += $3
	depth_before = $2
	size_before = $3
	symbol_before = $4
	rows++
	next
}

{ end_of_stack() }

$1 == "lost" { lost = $2 }
$1 == "end" { ended = 1 }

END {
	end_of_test()
	if (tests != 10) {
		printf "expected 10 tests, found %d\n", tests
		failures++
	}
	exit failures > 0
}
