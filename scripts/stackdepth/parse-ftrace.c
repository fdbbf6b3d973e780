// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse-ftrace.c - /sys/kernel/tracing/stack_trace, as printed since 2.6.28.
 *
 * With or without the heading, with any indentation (mails lose it), any
 * number of stacks one after the other. Of the '#' lines, which the kernel
 * writes while the tracer is off and people use for notes, three are
 * understood: "# thread_size: 16384", "# kernel: release", "# class: name".
 */
#include <string.h>

#include "parse.h"

struct notes {
	int64_t thread_size;
	enum sd_class class;
	char kernel[80];
};

static bool is_note(const char *line, size_t len, const char *name, const char **value)
{
	const char *s = line, *end = line + len;

	if (!sd_scan_word(&s, end, "#"))
		return false;
	sd_skip_blanks(&s, end);
	if (!sd_scan_word(&s, end, name) || !sd_scan_word(&s, end, ":"))
		return false;
	sd_skip_blanks(&s, end);
	*value = s;
	return true;
}

static int read_note(struct sd_input *in, struct notes *notes)
{
	const char *end = in->line + in->len, *v;
	uint64_t n;

	if (is_note(in->line, in->len, "thread_size", &v)) {
		const char *digits = v;

		if (!sd_scan_number(&v, end, &n) || !n || n > SD_MAX_BYTES)
			return sd_unread(in, in->line_no,
					 "expected thread_size in bytes, found '%.40s'", digits);
		notes->thread_size = n;
	} else if (is_note(in->line, in->len, "kernel", &v)) {
		size_t len = end - v;

		if (len == 12 && !memcmp(v, "not recorded", len))
			len = 0;
		if (len >= sizeof(notes->kernel))
			len = sizeof(notes->kernel) - 1;
		for (size_t i = 0; i < len; i++)
			notes->kernel[i] = v[i] >= ' ' && v[i] <= '~' ? v[i] : '?';
		notes->kernel[len] = '\0';
	} else if (is_note(in->line, in->len, "class", &v)) {
		notes->class = sd_class_by_name(v, end - v);
		if (notes->class == SD_NR_CLASSES)
			return sd_unread(in, in->line_no,
					 "expected the name of a class, found '%.40s'", v);
	}
	return 0;
}

static void begin(struct sd_stack *st, const struct sd_input *in, const struct notes *notes)
{
	sd_stack_reset(st);
	st->file = in->name;
	st->line = in->line_no;
	st->thread_size = notes->thread_size;
	if (*notes->kernel)
		st->kernel = notes->kernel;
	if (notes->class != SD_NR_CLASSES) {
		st->class = notes->class;
		st->class_recorded = true;
	}
}

static bool is_rule(const char *line, size_t len)
{
	bool dash = false;

	for (size_t i = 0; i < len; i++) {
		if (!strchr(" \t-", line[i]) || !line[i])
			return false;
		dash |= line[i] == '-';
	}
	return dash;
}

static bool is_blank(const char *line, size_t len)
{
	const char *s = line;

	sd_skip_blanks(&s, line + len);
	return s == line + len;
}

struct tables {
	struct notes notes;
	struct sd_rows rows;
	bool inside;		/* after a heading, or a row without one */
	unsigned long line_no;	/* where that is */
};

static int finish(struct tables *t, struct sd_stack *st, struct sd_input *in,
		  const struct sd_sink *sink)
{
	unsigned long faults = in->unread.count;

	if (sd_rows_end(&t->rows, st, in))
		return -1;
	if (st->nr_frames)
		return sink->stack(st, sink->data);
	if (!t->rows.expected || in->unread.count > faults)
		return 0;
	return sd_unread(in, t->line_no, "expected rows under the heading, found none");
}

static int start(struct tables *t, struct sd_input *in, struct sd_stack *st,
		 const struct sd_sink *sink, int64_t expected)
{
	if (t->inside && finish(t, st, in, sink))
		return -1;
	in->unread.headings++;
	sd_rows_begin(&t->rows, expected);
	begin(st, in, &t->notes);
	t->inside = true;
	t->line_no = in->line_no;
	return 0;
}

/* Neither a row nor a heading: the rest of a row, or text around a table. */
static int on_other(struct tables *t, struct sd_input *in, struct sd_stack *st)
{
	int taken = sd_rows_continue(&t->rows, st, in, in->line, in->len);

	if (taken)
		return taken < 0 ? -1 : 0;
	if (!in->strict && !memmem(in->line, in->len, "+0x", 3))
		return 0;
	return sd_rows_add(&t->rows, st, in, in->line, in->len);
}

static int on_line(struct tables *t, struct sd_input *in, struct sd_stack *st,
		   const struct sd_sink *sink)
{
	int64_t expected;
	uint64_t number;

	if (is_blank(in->line, in->len) || is_rule(in->line, in->len))
		return 0;
	if (in->line[0] == '#')
		return read_note(in, &t->notes);
	if (sd_rows_header(in->line, in->len, &expected))
		return start(t, in, st, sink, expected);
	if (!sd_rows_is_row(in->line, in->len, &number))
		return on_other(t, in, st);
	if ((!t->inside || (!number && t->rows.next)) && start(t, in, st, sink, SD_UNKNOWN))
		return -1;
	if (!st->nr_frames)
		begin(st, in, &t->notes);
	return sd_rows_add(&t->rows, st, in, in->line, in->len);
}

static int parse(struct sd_input *in, struct sd_stack *st, const struct sd_sink *sink)
{
	struct tables t = {
		.notes = { .thread_size = SD_UNKNOWN, .class = SD_NR_CLASSES },
		.rows = { .expected = SD_UNKNOWN },
	};

	begin(st, in, &t.notes);
	while (sd_input_line(in))
		if (on_line(&t, in, st, sink))
			return -1;
	return t.inside ? finish(&t, st, in, sink) : 0;
}

/* The first line that is neither empty nor a note is a heading or a row. */
static bool match(const char *peek, size_t len)
{
	const char *end = peek + len, *s;
	uint64_t number;
	int64_t expected;
	char text[256];

	while ((s = sd_peek_text(&peek, end, text, sizeof(text)))) {
		size_t n = strlen(s);

		if (!is_blank(s, n) && *s != '#')
			return sd_rows_header(s, n, &expected) ||
			       sd_rows_is_row(s, n, &number) || is_rule(s, n);
	}
	return false;
}

const struct sd_parser sd_parse_ftrace = {
	.name = "ftrace",
	.what = "stack_trace of ftrace's stack tracer",
	.match = match,
	.parse = parse,
};
