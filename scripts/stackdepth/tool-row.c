// SPDX-License-Identifier: GPL-2.0-only
/*
 * tool-row.c - rows of stacks that programs print, not the kernel's log.
 */
#include <string.h>

#include "trace-row.h"

/* " #1 [ffff88de5b7cf580] mutex_lock+0x1f at ffffffff81b2c05f [xfs]"; no # in bt -t */
static bool scan_crash(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *p = *s;
	uint64_t n;

	if (sd_scan_word(&p, end, "#") && (!sd_scan_number(&p, end, &n) ||
					   !sd_scan_word(&p, end, " ")))
		return false;
	if (!sd_scan_word(&p, end, "[") || !sd_scan_address(&p, end, 8, &row->sp) ||
	    !sd_scan_word(&p, end, "]"))
		return false;
	row->has_sp = true;	/* even if the rest cannot be read */
	sd_skip_blanks(&p, end);
	if (p == end) {
		row->form = SD_ROW_PART;
		*s = p;
		return true;
	}
	sd_scan_word(&p, end, ".");
	row->loc.symbol = p;
	while (p < end && *p != ' ' && *p != '+')
		p++;
	row->loc.symbol_len = p - row->loc.symbol;
	if (!row->loc.symbol_len || row->loc.symbol_len > SD_MAX_SYMBOL)
		return false;
	if (sd_scan_word(&p, end, "+")) {	/* bt -s: no length */
		if (!sd_scan_hex(&p, end, &row->loc.offset) &&
		    !sd_scan_number(&p, end, &row->loc.offset))
			return false;
		row->loc.has_offset = true;
	}
	sd_skip_blanks(&p, end);
	if (p == end) {
		row->form = SD_ROW_PART;
	} else {
		if (!sd_scan_word(&p, end, "at ") || !sd_scan_address(&p, end, 4, &n))
			return false;
		row->form = SD_ROW_CRASH;
	}
	sd_skip_blanks(&p, end);
	if (p < end && *p == '[' && sd_scan_module(&p, end, &row->loc))
		return false;
	*s = end;
	return true;
}

static bool is_user_object(const char *s, const char *end)
{
	static const char *const names[] = {
		"[vdso]", "[vsyscall]", "[unknown]", "[stack]", "[heap]", "[uprobes]", "[anon",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *p = s;

		if (sd_scan_word(&p, end, names[i]))
			return true;
	}
	return false;
}

/* "([kernel.kallsyms])", "([xfs])", "(/lib/modules/6.12/kernel/fs/xfs/xfs.ko)", "(/proc/kcore)" */
static bool scan_object(const char *p, const char *end, struct sd_trace_row *row)
{
	const char *slash = memrchr(p, '/', end - p), *dot;

	if (sd_scan_word(&p, end, "[kernel.") || sd_scan_word(&p, end, "[guest.kernel."))
		return true;
	if (p < end && *p == '[') {
		row->user = is_user_object(p, end);
		return row->user || !sd_scan_module(&p, end, &row->loc);
	}
	if (!slash)
		slash = p - 1;
	slash++;
	dot = memmem(slash, end - slash, ".ko", 3);
	if (dot && dot > slash && dot - slash <= SD_MAX_MODULE) {
		row->loc.module = slash;
		row->loc.module_len = dot - slash;
		return true;
	}
	row->user = !memmem(slash, end - slash, "vmlinu", 6) &&
		    (end - slash != 5 || memcmp(slash, "kcore", 5)) &&
		    (end - slash != 8 || memcmp(slash, "kallsyms", 8));
	return true;
}

/* "ffffffff81a1b2c3 __schedule+0x2d3 ([kernel.kallsyms])" */
static bool scan_perf(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *p = *s, *open;
	uint64_t n;

	if (end[-1] != ')')
		return false;
	if (!sd_scan_address(&p, end, 4, &n) || p == end || *p != ' ')
		return false;
	sd_skip_blanks(&p, end);
	open = memrchr(p, '(', end - p);
	if (!open || open == p || open[-1] != ' ' || !scan_object(open + 1, end - 1, row))
		return false;
	row->loc.symbol = p;
	while (p < open && *p != '+' && *p != ' ')
		p++;
	row->loc.symbol_len = p - row->loc.symbol;
	row->form = SD_ROW_PERF;
	if (!row->loc.symbol_len || row->loc.symbol_len > SD_MAX_SYMBOL)
		return false;
	if (*row->loc.symbol == '[')	/* "[unknown]" */
		row->user = true;
	if (sd_scan_word(&p, open, "+"))
		row->loc.has_offset = sd_scan_hex(&p, open, &row->loc.offset) ||
				      sd_scan_number(&p, open, &row->loc.offset);
	*s = end;
	return true;
}

/* "schedule+46": printed by bpftrace; a kernel's own offset has "0x" */
static bool scan_bpf(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *plus = memrchr(*s, '+', end - *s), *p;
	struct sd_location loc;

	if (!plus || plus == *s || plus - *s > SD_MAX_SYMBOL)
		return false;
	p = plus + 1;
	if (!sd_scan_number(&p, end, &row->loc.offset) || p != end)
		return false;
	if (sd_location(*s, plus - *s, &loc) || loc.module || loc.kind >= 0)
		return false;
	row->loc.symbol = loc.symbol;
	row->loc.symbol_len = loc.symbol_len;
	row->loc.has_offset = true;
	row->form = SD_ROW_BPF;
	*s = end;
	return true;
}

/* " => schedule", "=> schedule+0x1/0x2 [xfs]", " => schedule <ffffffff81000000>" */
static bool scan_ftrace(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *p = *s, *stop;

	if (!sd_scan_word(&p, end, "=>"))
		return false;
	sd_skip_blanks(&p, end);
	stop = memmem(p, end - p, " <", 2);
	if (!stop)
		stop = memmem(p, end - p, " (", 2);
	if (!stop)
		stop = end;
	if (sd_location(p, stop - p, &row->loc))
		return false;
	row->form = SD_ROW_FTRACE;
	*s = end;
	return true;
}

bool sd_scan_tool_row(const char **s, const char *end, struct sd_trace_row *row)
{
	bool ok;

	if (!sd_row_begin(s, end, row))
		return false;
	if (**s == '#' || **s == '[')
		ok = scan_crash(s, end, row);
	else if (**s == '=')
		ok = scan_ftrace(s, end, row);
	else
		ok = scan_perf(s, end, row) || scan_bpf(s, end, row);
	if (!ok)
		row->form = SD_ROW_NONE;
	return ok;
}
