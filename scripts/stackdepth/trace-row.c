// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace-row.c - rows of call traces as kernels print them.
 */
#include <string.h>

#include "trace-row.h"

/* A path and what addr2line says of it; longer is no source. */
#define MAX_SOURCE	512

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool sd_scan_address(const char **s, const char *end, int least, uint64_t *n)
{
	const char *p = *s, *digits;

	sd_scan_word(&p, end, "0x");
	digits = p;
	for (*n = 0; p < end && is_hex(*p) && p - digits < 16; p++)
		*n = *n << 4 | (*p <= '9' ? *p - '0' : (*p | 0x20) - 'a' + 10);
	if (p - digits < least || (p < end && is_hex(*p)))
		return false;
	*s = p;
	return true;
}

/* "[<ffffffff81000000>]", "[<0>]", "[<(ptrval)>]", "[c000000049a87500]" */
static int scan_bracket(const char **s, const char *end, uint64_t *n)
{
	const char *p = *s, *close;

	*n = 0;
	if (sd_scan_word(&p, end, "[<")) {
		close = memchr(p, '>', end - p > 24 ? 24 : end - p);
		if (!close || close + 1 >= end || close[1] != ']')
			return 0;
		sd_scan_address(&p, close, 1, n);
		*s = close + 2;
		return 1;
	}
	if (!sd_scan_word(&p, end, "[") || !sd_scan_address(&p, end, 8, n) ||
	    !sd_scan_word(&p, end, "]"))
		return 0;
	*s = p;
	return 2;
}

/* "path/file.c:123"; a path has no blanks. Not more than a word is read. */
static bool scan_source(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *p = *s, *colon, *stop = p;
	uint64_t n;

	while (stop < end && !strchr(" \t)", *stop))
		stop++;
	colon = memrchr(p, ':', stop - p);
	if (!colon || colon == p || stop - p > MAX_SOURCE || !memchr(p, '.', colon - p))
		return false;
	p = colon + 1;
	if (!sd_scan_number(&p, stop, &n) || n > INT32_MAX) {
		if (stop - colon != 2 || colon[1] != '?')
			return false;
		n = 0;
		p = stop;
	}
	if (p != stop)
		return false;
	row->file = *s;
	row->file_len = colon - *s;
	row->line_no = n;
	*s = stop;
	return true;
}

/* "(T)", "(PC)", "(unreliable)", "(fs/sync.c:212 (discriminator 3))" */
static bool scan_parentheses(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *p = *s + 1, *letters = p;
	int depth = 1;

	if (sd_scan_word(&p, end, "unreliable)")) {
		row->doubtful = true;
		*s = p;
		return true;
	}
	while (p < end && *p >= 'A' && *p <= 'Z' && p - letters < 8)
		p++;
	if (p > letters && p < end && *p == ')') {
		row->link |= memchr(letters, 'L', p - letters) != NULL;
		row->doubtful |= row->link;
		*s = p + 1;
		return true;
	}
	p = letters;
	if (!scan_source(&p, end, row) && !sd_scan_word(&p, end, "discriminator ") &&
	    !sd_scan_word(&p, end, "inlined by") && !sd_scan_word(&p, end, "?"))
		return false;
	/* Of several, the last is the function's own, the others are inlined in it. */
	while (p < end && depth) {
		if (*p == ' ' && p++ && scan_source(&p, end, row))
			continue;
		if (p == end)
			break;
		if (*p == '(')
			depth++;
		else if (*p == ')')
			depth--;
		p++;
	}
	*s = p;
	return !depth;
}

static bool scan_module(const char **s, const char *end, struct sd_trace_row *row)
{
	struct sd_location loc = { .kind = -1 };
	const char *p = *s;

	if (row->loc.module || sd_scan_module(&p, end, &loc))
		return false;
	row->loc.module = loc.module;
	row->loc.module_len = loc.module_len;
	*s = p;
	return true;
}

/* What may follow "symbol+0x1/0x2", in any order. */
static bool scan_suffixes(const char **s, const char *end, struct sd_trace_row *row)
{
	bool ok = true;

	for (sd_skip_blanks(s, end); *s < end && ok; sd_skip_blanks(s, end)) {
		if (sd_scan_word(s, end, "[inline]")) {
			row->form = SD_ROW_INLINE;
		} else if (end - *s > 1 && **s == '[' && ((*s)[1] == '<' || is_hex((*s)[1]))) {
			const char *p = *s;
			uint64_t n;

			if (scan_bracket(&p, end, &n))	/* the next row begins */
				return true;
			ok = scan_module(s, end, row);
		} else if (**s == '[') {
			ok = scan_module(s, end, row);
		} else if (**s == '(') {
			ok = scan_parentheses(s, end, row);
		} else if (row->file && !row->loc.module && !memchr(*s, ' ', end - *s) &&
			   !memchr(*s, ':', end - *s)) {
			/* decode_stacktrace.sh of 6.x: a module without brackets */
			row->loc.module = *s;
			row->loc.module_len = end - *s;
			ok = row->loc.module_len <= SD_MAX_MODULE;
			*s = end;
		} else {
			ok = scan_source(s, end, row);
			row->bare_source = true;
		}
	}
	return ok;
}

/* ":xfs:xfs_log_write+0x39/0x5b", x86-64 until 2.6.24 */
static void scan_colons(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *p, *name = *s + 1;

	if (*s == end || **s != ':')
		return;
	p = memchr(name, ':', end - name);
	if (!p || p == name || p - name > SD_MAX_MODULE || memchr(name, ' ', p - name))
		return;
	row->loc.module = name;
	row->loc.module_len = p - name;
	*s = p + 1;
}

/* "symbol+0x1/0x2 ..." or "symbol (file:line)" */
static bool scan_symbol(const char **s, const char *end, struct sd_trace_row *row)
{
	struct sd_location *loc = &row->loc;
	const char *p = *s;

	scan_colons(&p, end, row);
	if (sd_scan_word(&p, end, "."))		/* ppc64's ELFv1: the function's code */
		if (p < end && (*p == ' ' || *p == '.'))
			return false;
	if (sd_scan_symbol(&p, end, loc) ||
	    (loc->symbol_len > 1 && loc->symbol[loc->symbol_len - 1] == ':'))
		return false;
	if (row->form != SD_ROW_INLINE)
		row->form = SD_ROW_PLAIN;
	if (!scan_suffixes(&p, end, row))
		return false;
	row->no_symbol = !loc->has_offset && loc->symbol_len > 2 && !memcmp(loc->symbol, "0x", 2);
	if (!loc->has_offset && !row->no_symbol &&
	    (!row->file || (row->bare_source && row->form != SD_ROW_INLINE)))
		return false;
	*s = p;
	return true;
}

/* "(callee) from [<...>] (caller+0x1/0x2 [module])", "callee from caller+0x1/0x2" */
static bool scan_from(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *p = memmem(*s, end - *s, " from", 5), *stop = end;
	uint64_t n;

	if (!p || p - *s > SD_MAX_SYMBOL + SD_MAX_MODULE)
		return false;
	if (memchr(*s, ':', p - *s) || p == *s)
		return false;
	p += 5;
	if (p < end && *p != ' ')
		return false;
	row->loc = (struct sd_location) { .kind = -1 };
	sd_skip_blanks(&p, end);
	if (scan_bracket(&p, end, &n))
		sd_skip_blanks(&p, end);
	if (p == end) {
		row->form = SD_ROW_PART;
		*s = p;
		return true;
	}
	if (*p == '(' && end[-1] == ')') {
		p++;
		stop--;
	}
	if (!scan_symbol(&p, stop, row) || !row->loc.has_offset)
		return false;
	row->form = SD_ROW_FROM;
	*s = end;
	return true;
}

/* "<ffffffff80123456>{schedule+1234}", x86-64 until 2.6.17 */
static bool scan_braces(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *p = *s + 1, *close;
	uint64_t n;

	if (!sd_scan_address(&p, end, 8, &n) || !sd_scan_word(&p, end, ">"))
		return false;
	sd_skip_blanks(&p, end);
	close = sd_scan_word(&p, end, "{") ? memchr(p, '}', end - p) : NULL;
	if (!close)
		return false;
	scan_colons(&p, close, row);
	row->loc.symbol = p;
	while (p < close && *p != '+')
		p++;
	row->loc.symbol_len = p - row->loc.symbol;
	if (!row->loc.symbol_len || row->loc.symbol_len > SD_MAX_SYMBOL ||
	    !sd_scan_word(&p, close, "+") || !sd_scan_number(&p, close, &row->loc.offset))
		return false;
	row->loc.has_offset = true;
	row->form = SD_ROW_PLAIN;
	*s = close + 1;
	return true;
}

/* "[f0012345 : schedule+0x10/0x20 ] " of 32-bit sparc */
static bool scan_sparc(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *p = *s + 1, *close = memrchr(p, ']', end - p);
	uint64_t n;

	if (!close || !sd_scan_address(&p, close, 8, &n) || !sd_scan_word(&p, close, " : "))
		return false;
	*s = close + 1;
	return scan_symbol(&p, close, row);
}

static bool is_row_with_address(const char **s, const char *end, struct sd_trace_row *row)
{
	uint64_t n[2] = { 0 };
	int how[2] = { 0 }, nr = 0;
	bool proc = end - *s > 4 && !memcmp(*s, "[<0>]", 5);
	/* "[<     inline     >] __dump_stack lib/dump_stack.c:15" of older syzkaller */
	bool is_inline = end - *s > 14 && !memcmp(*s, "[<     inline ", 14);

	while (nr < 2 && *s < end && **s == '[') {
		how[nr] = scan_bracket(s, end, &n[nr]);
		if (!how[nr])
			return false;
		nr++;
		sd_skip_blanks(s, end);
	}
	/* xmon: "[stack] text symbol+0x1/0x2" */
	if (nr == 1 && how[0] == 2) {
		const char *p = *s;

		if (sd_scan_address(&p, end, 8, &n[1]) && p < end && *p == ' ') {
			sd_skip_blanks(&p, end);
			*s = p;
			how[nr++] = 2;
		}
	}
	if (*s == end) {
		row->form = SD_ROW_PART;
		return true;
	}
	if (sd_scan_word(s, end, "? "))
		row->guessed = true;
	if (**s == '(' && scan_from(s, end, row))
		return true;
	if (is_inline)
		row->form = SD_ROW_INLINE;
	if (!scan_symbol(s, end, row))
		return false;
	if (nr == 2 && how[0] == 2) {
		row->form = SD_ROW_PAIR;
		row->has_sp = true;
		row->sp = n[0];
	} else if (proc) {
		row->form = SD_ROW_PROC;
	}
	return true;
}

bool sd_row_begin(const char **s, const char *end, struct sd_trace_row *row)
{
	memset(row, 0, sizeof(*row));
	row->loc.kind = -1;
	sd_skip_blanks(s, end);
	return *s < end;
}

bool sd_scan_row(const char **s, const char *end, struct sd_trace_row *row)
{
	const char *line;
	bool ok;

	if (!sd_row_begin(s, end, row))
		return false;
	line = *s;
	switch (**s) {
	case '(':		/* s390 */
		row->guessed = end[-1] == ')' && end - *s > 3 && (*s)[1] == '[';
		if (!row->guessed)
			return false;
		(*s)++;
		ok = is_row_with_address(s, end - 1, row);
		*s = end;
		break;
	case '[':
		ok = is_row_with_address(s, end, row) || scan_sparc(&line, end, row);
		if (ok && line > *s)
			*s = line;
		break;
	case '<':
		ok = scan_braces(s, end, row);
		break;
	case '?':
		(*s)++;
		row->guessed = true;
		sd_skip_blanks(s, end);
		ok = scan_symbol(s, end, row);
		break;
	default:
		ok = scan_symbol(s, end, row) || scan_from(s, end, row);
	}
	if (!ok)
		row->form = SD_ROW_NONE;
	return ok;
}

bool sd_scan_row_end(const char *s, const char *end, struct sd_trace_row *row)
{
	memset(row, 0, sizeof(*row));
	row->loc.kind = -1;
	if (s == end || (*s != '[' && *s != '(' && !memchr(s, ':', end - s)))
		return false;
	return scan_suffixes(&s, end, row) && s == end && row->form == SD_ROW_NONE;
}
