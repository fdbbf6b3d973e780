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

static int read_note(const struct sd_input *in, struct notes *notes)
{
	const char *end = in->line + in->len, *v;
	uint64_t n;

	if (is_note(in->line, in->len, "thread_size", &v)) {
		const char *digits = v;

		if (!sd_scan_number(&v, end, &n) || !n || n > SD_MAX_BYTES)
			return sd_bad(in, "expected thread_size in bytes, found '%.40s'", digits);
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
			return sd_bad(in, "expected the name of a class, found '%.40s'", v);
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

static int finish(const struct sd_rows *rows, struct sd_stack *st, const struct sd_input *in,
		  const struct sd_sink *sink)
{
	if (sd_rows_end(rows, st, in))
		return -1;
	return st->nr_frames ? sink->stack(st, sink->data) : 0;
}

static int parse(struct sd_input *in, struct sd_stack *st, const struct sd_sink *sink)
{
	struct notes notes = { .thread_size = SD_UNKNOWN, .class = SD_NR_CLASSES };
	struct sd_rows rows = { .expected = SD_UNKNOWN };
	int64_t expected;
	uint64_t number;

	begin(st, in, &notes);
	while (sd_input_line(in)) {
		if (is_blank(in->line, in->len) || is_rule(in->line, in->len))
			continue;
		if (in->line[0] == '#') {
			if (read_note(in, &notes))
				return -1;
			continue;
		}
		if (sd_rows_header(in->line, in->len, &expected)) {
			if (finish(&rows, st, in, sink))
				return -1;
			rows.expected = expected;
			begin(st, in, &notes);
			continue;
		}
		if (sd_rows_is_row(in->line, in->len, &number) && !number && st->nr_frames) {
			if (finish(&rows, st, in, sink))
				return -1;
			rows.expected = SD_UNKNOWN;
			begin(st, in, &notes);
		}
		if (!st->nr_frames)
			begin(st, in, &notes);
		if (sd_rows_add(&rows, st, in, in->line, in->len))
			return -1;
	}
	return finish(&rows, st, in, sink);
}

/* The first line that is neither empty nor a note is a heading or a row. */
static bool match(const char *peek, size_t len)
{
	const char *end = peek + len;
	uint64_t number;
	int64_t expected;

	while (peek < end) {
		const char *lf = memchr(peek, '\n', end - peek);
		size_t n = (lf ? lf : end) - peek;

		if (n && peek[n - 1] == '\r')
			n--;
		if (!is_blank(peek, n) && peek[0] != '#')
			return sd_rows_header(peek, n, &expected) ||
			       sd_rows_is_row(peek, n, &number) || is_rule(peek, n);
		peek = lf ? lf + 1 : end;
	}
	return false;
}

const struct sd_parser sd_parse_ftrace = {
	.name = "ftrace",
	.what = "stack_trace of ftrace's stack tracer",
	.match = match,
	.parse = parse,
};
