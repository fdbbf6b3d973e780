// SPDX-License-Identifier: GPL-2.0-only
/* Text that is safe in HTML, and small things that all sections need. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

void put(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

void put_format(FILE *out, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		fail("out of memory");
	va_end(args);
	put_owned(out, text);
}

void put_owned(FILE *out, char *text)
{
	put(out, text);
	free(text);
}

void put_side(struct report *r, int side)
{
	fprintf(r->out, "<span class=\"%c\">", side ? 'b' : 'a');
	put(r->out, r->c->variant[side].name);
	fputs("</span>", r->out);
}

char *place_anchor(const struct place *place)
{
	char *text = xasprintf("%s-%s-%s-%s-%d", place->fs, place->workload,
			       place->storage, place->clock,
			       place->vcpus < 0 ? 0 : (int)place->vcpus);
	char *c;

	for (c = text; *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '-';
	return text;
}

void command_note(struct report *r, const char *before, const char *command)
{
	if (!command)
		return;
	fputs("<p class=\"command\">", r->out);
	put(r->out, before);
	fputs(" <code>", r->out);
	put(r->out, command);
	fputs("</code></p>", r->out);
}

char *again_command(const char *command)
{
	return command ? xasprintf("%s --output out/again", command) : NULL;
}

const struct row *find_row(const struct group *g, const char *name)
{
	size_t i;

	for (i = 0; i < g->row_count; i++)
		if (!strcmp(g->rows[i].name, name))
			return &g->rows[i];
	return NULL;
}

const struct ran *find_ran(const struct report *r, const struct group *g,
			   int side, json_int_t seed)
{
	size_t i;

	if (side)
		seed += r->c->method.seed_offset;
	for (i = 0; i < g->side[side].count; i++)
		if (g->side[side].ran[i].seed == seed)
			return &g->side[side].ran[i];
	return NULL;
}
