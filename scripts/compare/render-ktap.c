// SPDX-License-Identifier: GPL-2.0-only
/* The comparison as KTAP version 1. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "render.h"
#include "util.h"

static void ktap_result(FILE *out, bool ok, size_t number, const char *name,
			bool skipped, const char *indent)
{
	fprintf(out, "%s%s %zu ", indent, ok ? "ok" : "not ok", number);
	for (; *name; name++)
		fputc((unsigned char)*name < ' ' ? '?' :
		      *name == '#' ? '_' : *name, out);
	fprintf(out, "%s%s\n", skipped ? " # SKIP " : "",
		skipped ? verdict_words(VERDICT_TOO_NOISY) : "");
}

static void ktap_note(FILE *out, const char *prefix, char *text)
{
	if (!text)
		return;
	fputs(prefix, out);
	put_line_text(out, text);
	fputs("\n", out);
	free(text);
}

static void ktap_splice(FILE *out, const struct comparison *c,
			const struct splice *s)
{
	char *cells[2] = { splice_cells_text(&s->side[0]),
			   splice_cells_text(&s->side[1]) };
	char *adds[2] = { spread_text(&s->adds, 0), spread_text(&s->adds, 1) };
	char *estimate = estimate_text(&s->adds);
	char *interval = interval_text(&s->adds);
	char *entered = entered_text(c, s);

	ktap_note(out, "    # ", xasprintf(
		"%s: A in %s, %s, B in %s, %s, B to A %s, interval %s, entered %s",
		s->adds.words, cells[0], adds[0], cells[1], adds[1], estimate,
		interval, entered));
	free(cells[0]);
	free(cells[1]);
	free(adds[0]);
	free(adds[1]);
	free(estimate);
	free(interval);
	free(entered);
}

static void ktap_row(FILE *out, const struct row *row)
{
	char *a = center_text(row, 0);
	char *b = center_text(row, 1);
	char *estimate = estimate_text(row);
	char *interval = interval_text(row);
	char *pairs = pairs_text(row);
	char *verdict = verdict_text(row);

	ktap_note(out, "    # ", xasprintf(
		"%s: A %s, B %s, B to A %s, interval %s, seeds %s%s%s",
		row->words, a, b, estimate, interval, pairs,
		*verdict ? ": " : "", verdict));
	free(a);
	free(b);
	free(estimate);
	free(interval);
	free(pairs);
	free(verdict);
}

static void ktap_head(FILE *out, const struct comparison *c,
		      const struct group *g)
{
	size_t i;

	ktap_note(out, "    # ", cells_text(c, g));
	for (i = 0; i < c->problem_count; i++)
		if (!place_compare(&c->problems[i].place, &g->place))
			ktap_note(out, "    # ",
				  problem_text(&c->problems[i]));
	ktap_note(out, "    # ", noise_text(&g->noise));
	for (i = 0; i < g->noise.over_count; i++)
		ktap_note(out, "    #   ", disturbed_text(&g->noise.over[i]));
	for (i = 0; i < g->splice_count && c->variants == 2; i++)
		ktap_splice(out, c, &g->splices[i]);
	for (i = 0; i < g->row_count; i++)
		if (g->rows[i].class == CLASS_MECHANISM && g->rows[i].count &&
		    row_shown(&g->rows[i], false))
			ktap_row(out, &g->rows[i]);
}

static bool ktap_group(FILE *out, const struct comparison *c,
		       const struct group *g, const char *place)
{
	bool ok = g->side[0].ok == g->side[0].wanted &&
		  g->side[1].ok == g->side[1].wanted;
	size_t plan = 1, number = 1, i;

	for (i = 0; i < g->row_count; i++)
		plan += g->rows[i].verdict != VERDICT_NONE;
	fputs("    KTAP version 1\n    # Subtest: ", out);
	put_line_text(out, place);
	fprintf(out, "\n    1..%zu\n", plan);
	ktap_head(out, c, g);
	ktap_result(out, ok, number++, "every cell ended well", false, "    ");
	for (i = 0; i < g->row_count; i++) {
		const struct row *row = &g->rows[i];
		bool good = row->verdict != VERDICT_WORSE;

		if (row->verdict == VERDICT_NONE)
			continue;
		ktap_row(out, row);
		ok = ok && good;
		ktap_result(out, good, number++, row->words,
			    row->verdict == VERDICT_TOO_NOISY, "    ");
	}
	return ok;
}

void render_ktap(FILE *out, const struct comparison *c)
{
	size_t i;

	fprintf(out, "KTAP version 1\n1..%zu\n", c->group_count);
	ktap_note(out, "# ", title_text(c));
	for (i = 0; i < c->group_count; i++) {
		const struct group *g = &c->groups[i];
		char *place = place_name(&g->place);
		bool ok = ktap_group(out, c, g, place);

		ktap_result(out, ok, i + 1, place,
			    ok && g->noise.over_count, "");
		free(place);
	}
}
