// SPDX-License-Identifier: GPL-2.0-only
/* The tables that a terminal and Markdown have in common. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "render.h"
#include "util.h"

static char *variant_text(const struct variant *variant)
{
	if (!variant->kernel)
		return xstrdup(variant->name);
	return xasprintf("%s (%s)", variant->name, variant->kernel);
}

char *title_text(const struct comparison *c)
{
	char *a = variant_text(&c->variant[0]);
	char *b, *text;

	if (c->variants == 1)
		return a;
	b = variant_text(&c->variant[1]);
	text = xasprintf("%s against %s", b, a);
	free(a);
	free(b);
	return text;
}

static void head(struct grid *grid, const struct comparison *c,
		 const char *first)
{
	char **line = grid_line(grid);

	line[0] = xstrdup(first);
	line[1] = xasprintf("A: %s", c->variant[0].name);
	if (c->variants == 2)
		line[2] = xasprintf("B: %s", c->variant[1].name);
}

void figures_grid(struct grid *grid, const struct comparison *c,
		  const struct group *g, bool all)
{
	char **line;
	size_t i;

	*grid = (struct grid){ .columns = 8, .left = 7 };
	head(grid, c, "figure");
	line = grid->lines[0];
	line[3] = xstrdup("B to A");
	line[4] = xasprintf("%g %% interval", 100 * c->method.level);
	line[5] = xstrdup("seeds");
	line[6] = xasprintf("for %g %%", 100 * c->method.precision);
	line[7] = xstrdup("verdict");
	for (i = 0; i < g->row_count; i++) {
		const struct row *row = &g->rows[i];

		if (!row->count || !row_shown(row, all))
			continue;
		line = grid_line(grid);
		line[0] = xstrdup(row->words);
		line[1] = center_text(row, 0);
		line[2] = center_text(row, 1);
		line[3] = estimate_text(row);
		line[4] = interval_text(row);
		line[5] = pairs_text(row);
		line[6] = precision_text(row);
		line[7] = verdict_text(row);
	}
}

static bool median_shown(const struct row *row, bool all)
{
	return all || row->class == CLASS_OUTCOME ||
	       (row->class == CLASS_MECHANISM && !row_is_zero(row));
}

void medians_grid(struct grid *grid, const struct comparison *c,
		  const struct group *g, bool all)
{
	size_t side, i;
	char **line;

	*grid = (struct grid){ .columns = c->variants + 1, .left = 3 };
	head(grid, c, "median [smallest .. largest]");
	for (i = 0; i < g->row_count; i++) {
		if (!median_shown(&g->rows[i], all))
			continue;
		line = grid_line(grid);
		line[0] = xstrdup(g->rows[i].words);
		for (side = 0; side < c->variants; side++)
			line[side + 1] = spread_text(&g->rows[i], (int)side);
	}
}

void splices_grid(struct grid *grid, const struct comparison *c,
		  const struct group *g)
{
	size_t side, i, n;
	char **line;

	*grid = (struct grid){ 0 };
	if (!g->splice_count)
		return;
	grid->columns = c->variants == 1 ? 4 : 8;
	grid->left = grid->columns - 1;
	line = grid_line(grid);
	line[0] = xstrdup("spliced onto whom, in what");
	for (side = 0, n = 1; side < c->variants; side++) {
		line[n++] = xasprintf("%c: cells", side ? 'B' : 'A');
		line[n++] = xasprintf("%c: adds", side ? 'B' : 'A');
	}
	if (c->variants == 2) {
		line[n++] = xstrdup("B to A");
		line[n++] = xasprintf("%g %% interval", 100 * c->method.level);
	}
	line[n] = xstrdup("entered, at most");
	for (i = 0; i < g->splice_count; i++) {
		const struct splice *s = &g->splices[i];

		line = grid_line(grid);
		line[0] = xstrdup(s->adds.words);
		for (side = 0, n = 1; side < c->variants; side++) {
			line[n++] = splice_cells_text(&s->side[side]);
			line[n++] = spread_text(&s->adds, (int)side);
		}
		if (c->variants == 2) {
			line[n++] = estimate_text(&s->adds);
			line[n++] = interval_text(&s->adds);
		}
		line[n] = entered_text(c, s);
	}
}

char *zeros_text(const struct group *g, bool all)
{
	size_t i, n = 0;

	for (i = 0; i < g->row_count; i++)
		n += g->rows[i].class != CLASS_HIDDEN && g->rows[i].count &&
		     !row_shown(&g->rows[i], all);
	if (!n)
		return NULL;
	return xasprintf("%zu figure%s without a verdict %s 0 in every cell (--all shows them).",
			 n, n == 1 ? "" : "s", n == 1 ? "was" : "were");
}

char *only_text(const struct comparison *c, const struct group *g, int side)
{
	char *text = NULL;
	size_t i;

	for (i = 0; i < g->row_count; i++) {
		const struct row *row = &g->rows[i];
		char *longer;

		if (!row->spread[side].cells || row->spread[!side].cells)
			continue;
		longer = text ? xasprintf("%s, %s", text, row->words) :
			 xasprintf("Only %s has: %s", c->variant[side].name,
				   row->words);
		free(text);
		text = longer;
	}
	return text;
}

char *method_lines(const struct comparison *c)
{
	const struct method *m = &c->method;
	char *seeds = alarm_text(c);
	char *text = xasprintf(
		"Pairs by seed; ratio of geometric means, or difference of means; bootstrap interval;\n"
		"Wilcoxon signed-rank, p corrected (Holm) for %zu outcomes; verdict at %g. See Documentation/statistics.md.\n"
		"Intervals are for one figure each, not corrected. \"for %g %%\": seeds that give an interval of +-%g %%.\n"
		"%s%s", m->tests, m->alpha, 100 * m->precision,
		100 * m->precision, seeds ? seeds : "", seeds ? "\n" : "");

	free(seeds);
	return text;
}
