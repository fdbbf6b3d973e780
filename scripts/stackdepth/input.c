// SPDX-License-Identifier: GPL-2.0-only
/*
 * input.c - the lines of a file of any size, in constant memory.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "model.h"

void sd_input_open(struct sd_input *in, FILE *fp, const char *name, FILE *messages)
{
	memset(in, 0, sizeof(*in));
	in->fp = fp;
	in->name = name;
	in->messages = messages;
	in->chunk = sd_alloc(SD_PEEK, 1);
	in->buffer = sd_alloc(SD_LINE_MAX + 1, 1);
	in->line = in->buffer;
}

void sd_input_close(struct sd_input *in)
{
	free(in->chunk);
	free(in->buffer);
	in->chunk = NULL;
	in->buffer = NULL;
	in->line = NULL;
}

/* UTF-16 as shells of Windows redirect it: what is no Latin-1 is '?'. */
static void narrow(struct sd_input *in)
{
	size_t to = 0, from = in->begun ? 0 : 2;

	for (; from + 1 < in->end; from += 2)
		in->chunk[to++] = in->chunk[from + 1] ? '?' : in->chunk[from];
	in->end = to;
}

static bool refill(struct sd_input *in)
{
	in->pos = 0;
	in->end = fread(in->chunk, 1, SD_PEEK, in->fp);
	if (!in->begun)
		in->utf16 = in->end > 2 && !memcmp(in->chunk, "\xff\xfe", 2);
	if (in->utf16)
		narrow(in);
	in->begun = true;
	if (!in->end && ferror(in->fp))
		in->read_error = true;
	return in->end > 0;
}

const char *sd_input_peek(struct sd_input *in, size_t *len)
{
	if (in->pos == in->end)
		refill(in);
	*len = in->end - in->pos;
	return in->chunk + in->pos;
}

bool sd_input_line(struct sd_input *in)
{
	bool any = false;

	in->len = 0;
	in->cut = false;
	in->line = in->buffer;
	while (in->pos < in->end || refill(in)) {
		const char *from = in->chunk + in->pos;
		const char *lf = memchr(from, '\n', in->end - in->pos);
		size_t n = lf ? (size_t)(lf - from) : in->end - in->pos;
		size_t room = SD_LINE_MAX - in->len;

		any = true;
		if (n > room)
			in->cut = true;
		memcpy(in->line + in->len, from, n > room ? room : n);
		in->len += n > room ? room : n;
		in->pos += n + !!lf;
		if (lf)
			break;
	}
	if (in->len && in->line[in->len - 1] == '\r')
		in->len--;
	in->line[in->len] = '\0';
	in->line_no += any;
	if (in->peel)
		in->line = sd_peel(in->buffer, &in->len, &in->prefix);
	return any;
}

static void keep_printable(char *text)
{
	for (char *p = text; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
}

int sd_bad(const struct sd_input *in, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!in->messages)
		return -1;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	keep_printable(text);
	if (in->line_no)
		fprintf(in->messages, "stackdepth: %s:%lu: %s\n", in->name, in->line_no, text);
	else		/* a binary file has no lines */
		fprintf(in->messages, "stackdepth: %s: %s\n", in->name, text);
	return -1;
}

int sd_unread(struct sd_input *in, unsigned long line_no, const char *fmt, ...)
{
	struct sd_unread *u = &in->unread;
	char text[sizeof(u->why)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	keep_printable(text);
	if (in->strict) {
		in->line_no = line_no;
		return sd_bad(in, "%s", text);
	}
	if (!u->count++) {
		u->line_no = line_no;
		memcpy(u->why, text, sizeof(text));
	}
	return 0;
}

bool sd_say_unread(const struct sd_input *in)
{
	const struct sd_unread *u = &in->unread;
	char more[40] = "";

	if (!u->count)
		return false;
	if (u->count > 1)
		snprintf(more, sizeof(more), " (and %lu more)", u->count - 1);
	if (in->messages)
		fprintf(in->messages,
			"stackdepth: %s: saw %lu heading%s, read %lu; line %lu: %s%s\n", in->name,
			u->headings, u->headings == 1 ? "" : "s", u->read - u->headless,
			u->line_no, u->why, more);
	return true;
}
