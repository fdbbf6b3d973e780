// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse.c - detect the format of an input and read it.
 */
#include <string.h>

#include "parse.h"

const struct sd_parser *const sd_parsers[] = {
	&sd_parse_tracedat,
	&sd_parse_observer,
	&sd_parse_tracecmd_stack,
	&sd_parse_ftrace,
	&sd_parse_dmesg,
	NULL,
};

static const struct sd_parser *find_parser(struct sd_input *in, const char *format)
{
	size_t len;
	const char *peek = sd_input_peek(in, &len);

	for (const struct sd_parser *const *p = sd_parsers; *p; p++) {
		if (format ? !strcmp((*p)->name, format) : (*p)->match(peek, len))
			return *p;
	}
	return NULL;
}

int sd_parse(struct sd_input *in, const char *format, const struct sd_sink *sink)
{
	const struct sd_parser *parser = find_parser(in, format);
	struct sd_stack st;
	int err;

	if (in->read_error)
		return sd_bad(in, "cannot be read");
	if (!parser && !in->line_no)
		in->line_no = 1;
	if (!parser)
		return sd_bad(in, format ? "there is no format '%s'" :
			      "expected a stack trace, an observer's reading, a trace.dat or a kernel log",
			      format);
	sd_stack_init(&st);
	err = parser->parse(in, &st, sink);
	if (!err && in->read_error)
		err = sd_bad(in, "cannot be read to its end");
	sd_stack_free(&st);
	return err;
}
