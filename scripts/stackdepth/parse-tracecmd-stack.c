// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse-tracecmd-stack.c - what "trace-cmd stack" prints.
 *
 * One line that says whether the tracer runs, then the kernel's own text.
 */
#include <string.h>

#include "parse.h"

static const char running[] = "(stack tracer ";

static bool match(const char *peek, size_t len)
{
	char text[64];
	const char *s = len ? sd_peek_text(&peek, peek + len, text, sizeof(text)) : NULL;

	return s && !strncmp(s, running, sizeof(running) - 1);
}

static int parse(struct sd_input *in, struct sd_stack *st, const struct sd_sink *sink)
{
	if (!sd_input_line(in) || (strcmp(in->line, "(stack tracer running)") &&
				   strcmp(in->line, "(stack tracer not running)")))
		return sd_bad(in, "expected '(stack tracer running)' or '(stack tracer not running)'");
	return sd_parse_ftrace.parse(in, st, sink);
}

const struct sd_parser sd_parse_tracecmd_stack = {
	.name = "trace-cmd-stack",
	.what = "output of trace-cmd stack",
	.match = match,
	.parse = parse,
};
