# SPDX-License-Identifier: GPL-2.0-only
#
# The table of perf-table, from one or two lists of lines "KIND NAME NUMBER".
#
#	awk -v a=LABEL -v b=LABEL|'' -v top=N -f perf-table.awk LIST LIST|EMPTY
#
# KIND is symbol or context, the number in ns, or event, a count.

function row(name, kind,    format) {
	format = kind == "event" ? "%14.0f" : "%14.1f"
	scale = kind == "event" ? 1 : 1e6
	printf "  %-42s" format, name, first[kind, name] / scale
	if (b != "")
		printf format (kind == "event" ? "%+14.0f" : "%+14.1f"), \
			second[kind, name] / scale, \
			(second[kind, name] - first[kind, name]) / scale
	print ""
}

function head(title) {
	printf "%-44s%14s", title, a
	if (b != "")
		printf "%14s%14s", b, "difference"
	print ""
}

# The names of a kind, by the larger of the two numbers.
function sorted(kind,    n, i, j, t, name) {
	n = 0
	for (name in seen)
		if (index(name, kind SUBSEP) == 1)
			list[++n] = substr(name, length(kind) + 2)
	for (i = 2; i <= n; i++) {
		t = list[i]
		for (j = i - 1; j && before(kind, t, list[j]); j--)
			list[j + 1] = list[j]
		list[j + 1] = t
	}
	return n
}

function weight(kind, name,    x, y) {
	x = first[kind, name] + 0
	y = second[kind, name] + 0
	return x > y ? x : y
}

function before(kind, x, y) {
	if (weight(kind, x) != weight(kind, y))
		return weight(kind, x) > weight(kind, y)
	return x < y
}

{ seen[$1, $2] = 1 }
FILENAME == ARGV[1] { first[$1, $2] = $3; next }
{ second[$1, $2] = $3 }

END {
	head("CPU time of reclaim, ms, by symbol")
	n = sorted("symbol")
	for (i = 1; i <= n; i++) {
		if (i <= top) {
			row(list[i], "symbol")
			continue
		}
		first["symbol", "others"] += first["symbol", list[i]]
		second["symbol", "others"] += second["symbol", list[i]]
	}
	if (n > top)
		row("others", "symbol")
	head("by context, ms")
	n = sorted("context")
	for (i = 1; i <= n; i++)
		if (list[i] !~ /^all-of-/)
			row(list[i], "context")
	row("all-of-reclaim", "context")
	row("all-of-the-kernel", "context")
	n = sorted("event")
	if (n)
		head("tracepoints, count")
	for (i = 1; i <= n; i++)
		if (weight("event", list[i]))
			row(list[i], "event")
}
