// SPDX-License-Identifier: GPL-2.0-only
/* The comparison for a terminal and for a mail. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "render.h"
#include "util.h"

/* A line of text, which is freed, between two others; nothing for NULL. */
static void put_owned(FILE *out, const char *before, char *text,
		      const char *after)
{
	if (!text)
		return;
	fputs(before, out);
	put_line_text(out, text);
	fputs(after, out);
	free(text);
}

static void put_problems(FILE *out, const struct comparison *c,
			 const char *prefix)
{
	size_t i;

	for (i = 0; i < c->problem_count; i++)
		put_owned(out, prefix, problem_text(&c->problems[i]), "\n");
}

static void put_disturbed(FILE *out, const struct group *g,
			  const char *prefix)
{
	size_t i;

	for (i = 0; i < g->noise.over_count; i++)
		put_owned(out, prefix, disturbed_text(&g->noise.over[i]),
			  "\n");
}

/* As a sentence: it begins with a capital. */
static char *noise_sentence(const struct group *g)
{
	char *text = noise_text(&g->noise);

	if (text)
		*text = (char)toupper((unsigned char)*text);
	return text;
}

static void put_verdicts(FILE *out, const struct comparison *c,
			 enum verdict verdict)
{
	size_t i, j;

	for (i = 0; i < c->group_count; i++)
		for (j = 0; j < c->groups[i].row_count; j++) {
			const struct row *row = &c->groups[i].rows[j];
			char *place, *estimate;

			if (row->verdict != verdict)
				continue;
			place = place_short(&c->groups[i].place);
			estimate = estimate_text(row);
			put_owned(out, "  ", xasprintf("%s: %s: %s, %s",
				verdict_words(verdict), place, row->words,
				estimate), "\n");
			free(place);
			free(estimate);
		}
}

void render_summary(FILE *out, const struct comparison *c)
{
	bool noisy = false;
	size_t i;

	if (c->variants == 2) {
		char *verdicts = verdicts_text(c);

		put_owned(out, "", xasprintf("%s against %s: %s",
			c->variant[1].name, c->variant[0].name, verdicts),
			"\n");
		free(verdicts);
	}
	put_verdicts(out, c, VERDICT_WORSE);
	put_verdicts(out, c, VERDICT_BETTER);
	for (i = 0; i < c->group_count; i++) {
		const struct group *g = &c->groups[i];

		if (!g->noise.over_count)
			continue;
		noisy = true;
		put_owned(out, "  ", place_short(&g->place), ": ");
		put_owned(out, "", noise_text(&g->noise), "\n");
		put_disturbed(out, g, "    ");
	}
	if (noisy)
		fputs("RETRY=1 and the same command measure these pairs again; NOISE_LIMIT=SHARE is another limit\n",
		      out);
	put_owned(out, "", problems_summary(c), "\n");
	put_owned(out, "", alarm_text(c), "\n");
}

static void place_head(FILE *out, const struct comparison *c,
		       const struct group *g)
{
	put_owned(out, "\n", place_name(&g->place), "");
	put_owned(out, " (", cells_text(c, g), ")\n");
	if (g->observed)
		fputs("Stacks were recorded, which makes all times longer.\n",
		      out);
}

static void grid_out(FILE *out, struct grid *grid)
{
	if (grid->count)
		grid_text(out, grid);
	grid_free(grid);
}

static void splices_out(FILE *out, const struct comparison *c,
			const struct group *g)
{
	struct grid grid;

	splices_grid(&grid, c, g);
	grid_out(out, &grid);
	if (g->splice_count)
		fputs("\n", out);
}

void render_medians(FILE *out, const struct comparison *c, bool all)
{
	struct grid grid;
	size_t i;

	for (i = 0; i < c->group_count; i++) {
		place_head(out, c, &c->groups[i]);
		splices_out(out, c, &c->groups[i]);
		medians_grid(&grid, c, &c->groups[i], all);
		grid_out(out, &grid);
	}
	fputs("\n", out);
	for (i = 0; i < c->problem_count; i++) {
		const struct problem *p = &c->problems[i];

		if (p->kind == PROBLEM_UNPAIRED)
			continue;
		put_owned(out, "not ok: ", problem_text(p), "");
		put_owned(out, ": ", p->trouble ? xstrdup(p->trouble) : NULL,
			  "");
		fputs("\n", out);
	}
}

static void table_group(FILE *out, const struct comparison *c,
			const struct group *g, bool all)
{
	struct grid grid;
	int side;

	place_head(out, c, g);
	put_owned(out, "", noise_sentence(g), "\n");
	put_disturbed(out, g, "  ");
	splices_out(out, c, g);
	figures_grid(&grid, c, g, all);
	grid_out(out, &grid);
	put_owned(out, "", zeros_text(g, all), "\n");
	for (side = 0; side < 2; side++)
		put_owned(out, "", only_text(c, g, side), "\n");
}

void render_table(FILE *out, const struct comparison *c, bool all)
{
	char *method;
	size_t i;

	if (c->problem_count) {
		put_owned(out, "INCOMPLETE: ", problems_summary(c), "\n");
		put_problems(out, c, "  ");
		fputs("\n", out);
	}
	put_owned(out, "", title_text(c), c->variants == 1 ? "\n" : ": ");
	if (c->variants == 1) {
		render_medians(out, c, all);
		return;
	}
	put_owned(out, "", verdicts_text(c), "\n");
	for (i = 0; i < c->group_count; i++)
		table_group(out, c, &c->groups[i], all);
	method = method_lines(c);
	fputs("\n", out);
	fputs(method, out);
	free(method);
}

/* The same for Markdown: text in which nothing is markup. */
static void put_marked(FILE *out, const char *before, char *text,
		       const char *after)
{
	if (!text)
		return;
	fputs(before, out);
	put_markdown(out, text);
	fputs(after, out);
	free(text);
}

static void markdown_noise(FILE *out, const struct group *g)
{
	size_t i;

	if (!g->noise.over_count) {
		put_marked(out, "", noise_sentence(g), "\n\n");
		return;
	}
	put_marked(out, "**", noise_sentence(g), "**\n\n");
	for (i = 0; i < g->noise.over_count; i++)
		put_marked(out, "* ", disturbed_text(&g->noise.over[i]),
			   "\n");
	fputs("\n", out);
}

static void markdown_group(FILE *out, const struct comparison *c,
			   const struct group *g, bool all)
{
	struct grid grid;
	int side;

	put_marked(out, "\n## ", place_name(&g->place), "\n\n");
	put_marked(out, "", cells_text(c, g), "\n\n");
	if (g->observed)
		fputs("Stacks were recorded, which makes all times longer.\n\n",
		      out);
	markdown_noise(out, g);
	splices_grid(&grid, c, g);
	if (grid.count) {
		grid_markdown(out, &grid);
		fputs("\n", out);
	}
	grid_free(&grid);
	if (c->variants == 1)
		medians_grid(&grid, c, g, all);
	else
		figures_grid(&grid, c, g, all);
	grid_markdown(out, &grid);
	grid_free(&grid);
	if (c->variants == 1)
		return;
	fputs("\n", out);
	put_marked(out, "", zeros_text(g, all), "\n");
	for (side = 0; side < 2; side++)
		put_marked(out, "", only_text(c, g, side), "\n");
}

void render_markdown(FILE *out, const struct comparison *c, bool all)
{
	char *method;
	size_t i;

	put_marked(out, "# ", title_text(c), "\n\n");
	if (c->problem_count) {
		put_marked(out, "**INCOMPLETE: ", problems_summary(c),
			   "**\n\n");
		for (i = 0; i < c->problem_count; i++)
			put_marked(out, "* ", problem_text(&c->problems[i]),
				   "\n");
		fputs("\n", out);
	}
	if (c->variants == 2)
		put_marked(out, "", verdicts_text(c), ".\n");
	for (i = 0; i < c->group_count; i++)
		markdown_group(out, c, &c->groups[i], all);
	if (c->variants == 1)
		return;
	method = method_lines(c);
	fputs("\n", out);
	fputs(method, out);
	free(method);
}
