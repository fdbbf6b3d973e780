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
		if (format ? !strcmp((*p)->name, format) : !(*p)->match || (*p)->match(peek, len))
			return *p;
	}
	return NULL;
}

/* Between a parser and its sink: count what is handed on. */
struct counter {
	struct sd_input *in;
	const struct sd_sink *next;
	bool stopped;
};

static int count_stack(struct sd_stack *st, void *data)
{
	struct counter *c = data;

	c->in->unread.read++;
	c->stopped = c->next->stack(st, c->next->data);
	return c->stopped ? -1 : 0;
}

static int pass_observed(const struct sd_observed *o, void *data)
{
	struct counter *c = data;

	return c->next->observed ? c->next->observed(o, c->next->data) : 0;
}

int sd_parse(struct sd_input *in, const char *format, const struct sd_sink *sink)
{
	const struct sd_parser *parser = find_parser(in, format);
	struct counter c = { in, sink, false };
	struct sd_sink counting = { count_stack, pass_observed, &c };
	bool strict = in->strict;
	struct sd_stack st;
	int err;

	if (in->read_error)
		return sd_bad(in, "cannot be read");
	if (!parser)
		return sd_bad(in, "there is no format '%s'", format);
	in->peel = true;
	sd_stack_init(&st);
	err = parser->parse(in, &st, &counting);
	sd_stack_free(&st);
	if (!err && in->read_error)
		err = sd_bad(in, "cannot be read to its end");
	/* A format that is all or nothing stops at its first fault. */
	if (err && !strict && !c.stopped && !in->read_error && in->unread.read)
		return 1;
	return err ? err : sd_say_unread(in);
}
