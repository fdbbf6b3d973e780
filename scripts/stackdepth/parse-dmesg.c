// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse-dmesg.c - kernel logs, mails, and whatever else has stacks in its text.
 *
 * Call traces of all architectures, "used greatest stack depth" lines, tables
 * that a stack overflow or ftrace prints, /proc/PID/stack, and what crash(8),
 * perf script and bpftrace print. A log holds whatever people print, so lines
 * that are none of these are skipped. This is the last parser that is tried: it
 * says itself when there was nothing of a log in all of the input.
 */
#include <stdlib.h>
#include <string.h>

#include "log.h"

static const char left_words[] = "used greatest stack depth: ";

/* 1: one was read or refused, 0: none, -1 */
static int on_left(struct log *l, struct log_task *t, const char *s, const char *end)
{
	const char *p = memmem(s, end - s, left_words, sizeof(left_words) - 1), *v;
	struct log_trace *tr;
	char who[64];
	uint64_t n;

	if (!p)
		return 0;
	l->recognised = true;
	v = p + sizeof(left_words) - 1;
	if (!sd_scan_number(&v, end, &n) || n > SD_MAX_BYTES ||
	    !sd_scan_word(&v, end, " bytes left"))
		return sd_unread(l->in, l->in->line_no,
				 "expected 'used greatest stack depth: BYTES bytes left'") ?
			-1 : 1;
	/* It is no trace, but it has its place among them. */
	tr = log_begin(l, t, LOG_LEFT, false);
	if (!tr)
		return -1;
	log_keep_printable(who, sizeof(who), s, p > s ? (size_t)(p - s - 1) : 0);
	tr->st.title = sd_stack_text(&tr->st, who, strlen(who));
	tr->st.left_bytes = n;
	return log_end(l, tr) ? -1 : 1;
}

/* Is the line cut within "used greatest stack depth: 7128 bytes left"? */
static bool is_left_part(const char *s, const char *end)
{
	static const char words[] = " used greatest";
	const char *p = memmem(s, end - s, words, sizeof(words) - 1), *rest;
	const char *const all = " used greatest stack depth: ";
	uint64_t n;

	if (!p)
		return false;
	for (rest = all; p < end && *rest && *p == *rest; p++, rest++)
		;
	if (p == end)
		return true;
	return !*rest && sd_scan_number(&p, end, &n) &&
	       (p == end || (end - p == 6 && !memcmp(p, " bytes", 6)));
}

/* The last letter of such a line, wrapped or not: most lines are ruled out by it. */
static bool may_be_left(char c)
{
	return c == 't' || c == 'k' || c == ':' || c == 's' || c == '.' || (c >= '0' && c <= '9');
}

static int on_left_lines(struct log *l, struct log_task *t, const char *s, const char *end)
{
	char joined[sizeof(l->part) + 64];
	size_t len = l->part_len;
	int done;

	if (len && l->part_is_left) {
		l->part_len = 0;
		if (!l->in->prefix.has_monotonic && end - s < 60) {
			memcpy(joined, l->part, len);
			joined[len++] = ' ';
			memcpy(joined + len, s, end - s);
			return on_left(l, t, joined, joined + len + (end - s));
		}
		l->recognised = true;
		done = sd_unread(l->in, l->part_line,
				 "expected 'used greatest stack depth: BYTES bytes left'");
		if (done)
			return -1;
	}
	if (!may_be_left(end[-1]) || !memmem(s, end - s, " used greatest", 14))
		return 0;
	if (is_left_part(s, end) && end - s < (ptrdiff_t)sizeof(l->part)) {
		l->part_len = end - s;
		l->part_is_left = true;
		l->part_line = l->in->line_no;
		memcpy(l->part, s, l->part_len);
		return 1;
	}
	return on_left(l, t, s, end);
}

/* "Call Trace:", and what may follow it in the same line */
static bool is_heading(const char **s, const char *end, enum log_mode *mode)
{
	static const char *const words[] = {
		"Call Trace:", "Call trace:", "Backtrace:", "Trace:", "call trace:",
		"Stack Trace:", "<stack trace>", "<stack trace >",
	};
	const char *p = *s, *q;
	struct sd_trace_row row;

	*mode = *p == '<' ? LOG_TOOL : LOG_TRACE;
	if (p == end || (*p != 'C' && *p != 'c' && *p != 'B' && *p != 'T' && *p != 'S' &&
			*p != '<'))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!sd_scan_word(&p, end, words[i]))
			continue;
		sd_skip_blanks(&p, end);
		q = p;
		/* A row in a form that nobody knows (2.4) is one all the same. */
		if (p < end && *p != '<' && memcmp(p, "[<", 2) && !sd_scan_row(&q, end, &row))
			return false;
		*s = p;
		return true;
	}
	return false;
}

/* "Call Trace:" at the end of a line. Return: where it begins, or NULL. */
static const char *last_heading(const char *s, const char *end)
{
	static const char *const words[] = { "Call Trace:", "Call trace:", "Backtrace:" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		ptrdiff_t len = strlen(words[i]);

		if (end - s > len && !memcmp(end - len, words[i], len))
			return end - len;
	}
	return NULL;
}

/* Do two lines begin alike? Any digit is as good as another. */
static bool begins_alike(const char *s, const char *end, const char *t)
{
	for (; *t && s < end; s++, t++)
		if (*s != *t && !(*s >= '0' && *s <= '9' && *t >= '0' && *t <= '9'))
			return false;
	return !*t;
}

/*
 * A heading behind a prefix that nobody knows. Prose ends like that as well, so it
 * counts when a row follows behind the same prefix. Return: 0 or -1.
 */
static int on_unknown_prefix(struct log *l, const char *s, const char *end)
{
	const char *p = end[-1] == ':' ? last_heading(s, end) : NULL;

	if (p) {
		size_t len = p - s;

		if (len >= sizeof(l->odd))
			len = sizeof(l->odd) - 1;
		memcpy(l->odd, s, len);
		l->odd[len] = '\0';
		l->odd_line = l->in->line_no;
		return 0;
	}
	if (!l->odd_line || l->in->line_no - l->odd_line > LOG_ODD_LINES ||
	    !begins_alike(s, end, l->odd))
		return 0;
	p = memmem(s, end - s, "+0x", 3);
	if (!p || !memmem(p, end - p, "/0x", 3))
		return 0;
	l->recognised = true;
	l->in->unread.headings++;
	p = "expected rows under the heading, found none that can be used";
	if (sd_unread(l->in, l->odd_line, "%s", p))
		return -1;
	l->odd_line = 0;
	return 0;
}

/* 'PID: 2      TASK: ffff88de5b7c8000  CPU: 3   COMMAND: "kthreadd"' */
static bool is_crash_heading(const char *s, const char *end, struct log_task *t)
{
	const char *p = s, *name;

	if (!sd_scan_word(&p, end, "PID: ") || !memmem(p, end - p, "TASK: ", 6))
		return false;
	name = memmem(p, end - p, "COMMAND: \"", 10);
	if (!name)
		return false;
	name += 10;
	if (end > name && end[-1] == '"')
		end--;
	if (t)
		log_keep_printable(t->title, sizeof(t->title), name, end - name);
	return true;
}

/* Between the stacks of two tasks: "crash> bt 2", a heading; or a table begins. */
static bool begins_next_task(const char *s, const char *end)
{
	const char *p = s, *stop;
	int64_t expected;

	if (is_crash_heading(s, end, NULL) || sd_rows_header(s, end - s, &expected))
		return true;
	if (!sd_scan_word(&p, end, "crash"))
		return false;
	stop = memchr(p, ' ', end - p);
	return (stop ? stop : end) > p && (stop ? stop : end)[-1] == '>';
}

static int begin_trace(struct log *l, struct log_task *t, enum log_mode mode, bool headed,
		       const char *s, const char *end)
{
	struct log_trace *tr;

	if (t->trace && log_end(l, t->trace))
		return -1;
	tr = log_begin(l, t, mode, headed);
	if (!tr)
		return -1;
	return s < end && log_trace_line(l, t, s, end) < 0 ? -1 : 1;
}

static int begin_table(struct log *l, struct log_task *t, int64_t expected, bool headed)
{
	if (begin_trace(l, t, LOG_TABLE, headed, NULL, NULL) < 0)
		return -1;
	sd_rows_begin(&t->trace->rows, expected);
	return 1;
}

/* Rows that tell by themselves what they are need no heading. */
static int on_row_without_heading(struct log *l, struct log_task *t, const char *s,
				  const char *end)
{
	struct sd_trace_row row;
	const char *p = s;

	if (*s == '[' && end - s > 5 && s[1] == '<') {
		bool is_proc = !memcmp(s, "[<0>]", 5) || (!l->stamped && !l->in->unread.headings);

		if (is_proc && sd_scan_row(&p, end, &row) && row.form < SD_ROW_FROM) {
			if (begin_trace(l, t, LOG_TRACE, false, NULL, NULL) < 0)
				return -1;
			t->trace->form = SD_ROW_PROC;
			return log_trace_line(l, t, s, end);
		}
		p = s;
	}
	/* 32-bit arm has no heading when it unwinds by tables. */
	if (memchr(s, '+', end - s) && memmem(s, end - s, " from ", 6) && !l->in->cut &&
	    sd_scan_row(&p, end, &row) && row.form == SD_ROW_FROM)
		return begin_trace(l, t, LOG_TRACE, false, s, end);
	p = s;
	/* Among the traces of others, or after one that broke off: its heading is lost. */
	if ((l->nr_open || (l->cut_line && l->in->line_no - l->cut_line < LOG_IDLE_LINES)) &&
	    t->in_trace && l->in->prefix.stamped && *s != '(' && !l->in->cut) {
		if (sd_scan_row(&p, end, &row) && p == end && row.form == SD_ROW_PLAIN &&
		    !row.no_symbol && row.loc.has_offset)
			return begin_trace(l, t, LOG_TRACE, false, s, end);
	}
	p = s;
	if (*s == '#' && sd_scan_tool_row(&p, end, &row) && row.form == SD_ROW_CRASH)
		return begin_trace(l, t, LOG_TOOL, false, s, end);
	if (l->in->prefix.stamped || l->in->prefix.indent < 4 || l->in->cut)
		return 0;
	p = s;
	if (!sd_scan_tool_row(&p, end, &row) || (row.form != SD_ROW_PERF && row.form != SD_ROW_BPF) ||
	    row.user || (row.form == SD_ROW_BPF && l->after_stack))
		return 0;
	return begin_trace(l, t, LOG_TOOL, false, s, end);
}

static int on_other_line(struct log *l, struct log_task *t, const char *s, const char *end)
{
	int64_t expected;
	int done = on_left_lines(l, t, s, end);

	if (done)
		return done;
	if (*s == 'D' && sd_rows_header(s, end - s, &expected))
		return begin_table(l, t, expected, true);
	if (*s == 'P' && is_crash_heading(s, end, t))
		return begin_trace(l, t, LOG_TOOL, true, NULL, NULL);
	if (*s == ']' || *s == '@')
		l->after_stack = false;
	if (*s == '0' && sd_rows_is_whole(s, end - s)) {
		if (begin_table(l, t, SD_UNKNOWN, false) < 0)
			return -1;
		return log_trace_line(l, t, s, end);
	}
	done = on_row_without_heading(l, t, s, end);
	if (done)
		return done;
	log_facts(l, t, s, end);
	return on_unknown_prefix(l, s, end);
}

/* Stacks of /proc follow one another without a word between them. */
static bool begins_next(const struct log_trace *tr, const char *s, const char *end)
{
	static const char after_fork[] = "ret_from_fork_asm";

	if (tr->mode == LOG_TOOL)
		return begins_next_task(s, end);
	return !tr->headed && tr->mode == LOG_TRACE && s < end && *s == '[' &&
	       log_is_outermost(&tr->st) && !memmem(s, end - s, after_fork, sizeof(after_fork) - 1);
}

static int on_line(struct log *l)
{
	const char *s = l->in->line, *end = s + l->in->len;
	struct log_task *t;
	enum log_mode mode;
	int done;

	if (l->nr_open && log_age(l))
		return -1;
	t = log_task_of(l);
	if (l->in->prefix.stamped)
		l->recognised = l->stamped = true;
	if (is_heading(&s, end, &mode))
		return begin_trace(l, t, mode, true, s, end);
	/* A part of a trace whose heading was left out */
	if (!t->trace && end - s == 6 && !memcmp(s, "<TASK>", 6))
		return begin_trace(l, t, LOG_TRACE, true, s, end);
	if (t->trace && begins_next(t->trace, s, end) && log_end(l, t->trace))
		return -1;
	if (t->trace) {
		done = log_trace_line(l, t, s, end);
		t->in_trace |= done > 0;
		if (done)
			return done;
	}
	if (s == end)
		return 0;
	done = on_other_line(l, t, s, end);
	t->in_trace = t->trace != NULL;
	return done;
}

static int parse(struct sd_input *in, struct sd_stack *st, const struct sd_sink *sink)
{
	struct log *l = sd_alloc(1, sizeof(*l));
	int err = 0;

	(void)st;
	l->in = in;
	l->sink = sink;
	while (!err && sd_input_line(in))
		err = on_line(l) < 0 ? -1 : 0;
	if (!err && l->part_len && l->part_is_left)
		err = sd_unread(in, l->part_line,
				"expected 'used greatest stack depth: BYTES bytes left'");
	if (!err)
		err = log_finish(l);
	if (!err && !l->recognised && !in->read_error) {
		in->line_no = 1;
		err = sd_bad(in, "expected a stack trace, an observer's reading, a trace.dat or a kernel log");
	}
	log_free(l);
	free(l);
	return err;
}

const struct sd_parser sd_parse_dmesg = {
	.name = "dmesg",
	.what = "kernel log, mail, crash bt, /proc/PID/stack, perf script, bpftrace",
	.parse = parse,
};
