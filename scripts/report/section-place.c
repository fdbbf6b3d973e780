// SPDX-License-Identifier: GPL-2.0-only
/* Everything about one workload. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "render.h"
#include "report.h"

static bool is_mechanism(const struct row *row)
{
	return row->class == CLASS_MECHANISM && row_shown(row, false);
}

static bool is_outcome(const struct row *row)
{
	return row->class == CLASS_OUTCOME;
}

static bool is_counter(const struct row *row)
{
	return row->class == CLASS_COUNTER && row_shown(row, false);
}

static bool is_hidden(const struct row *row)
{
	return !row_shown(row, false);
}

static void put_only(struct report *r, const struct group *g, int side)
{
	char *text = only_text(r->c, g, side);

	if (!text)
		return;
	fputs("<p>", r->out);
	put(r->out, text);
	fputs(".</p>", r->out);
	free(text);
}

/* How the cells of a workload ended, and how often the OOM killer came. */
static void endings(struct report *r, const struct group *g)
{
	int which;

	fputs("<h3>OOM kills and failures</h3><ul class=\"endings\">", r->out);
	for (which = 0; which < 2; which++) {
		const struct side *side = &g->side[which];

		fputs("<li>", r->out);
		put_side(r, which);
		put_format(r->out, ": %zu of %zu cells ended well; ",
			   side->ok, side->wanted);
		if (side->oom_measured)
			put_format(r->out, "%g OOM kill%s in %zu cell%s.",
				   side->oom_kills,
				   side->oom_kills == 1 ? "" : "s",
				   side->oom_measured,
				   side->oom_measured == 1 ? "" : "s");
		else
			put(r->out, "OOM kills were not measured.");
		fputs("</li>", r->out);
	}
	fputs("</ul>\n", r->out);
}

static const struct pair *find_pair(const struct row *row, json_int_t seed)
{
	size_t i;

	for (i = 0; i < row->count; i++)
		if (row->pairs[i].seed == seed)
			return &row->pairs[i];
	return NULL;
}

static bool in_seed_table(const struct row *row)
{
	return row->count && row->class == CLASS_OUTCOME;
}

static void seed_head(struct report *r, const struct group *g)
{
	size_t i;

	fputs("<details><summary>Every seed</summary><div class=\"wide\"><table class=\"seeds\"><thead><tr><th>Seed</th>",
	      r->out);
	for (i = 0; i < g->row_count; i++) {
		if (!in_seed_table(&g->rows[i]))
			continue;
		fputs("<th class=\"n\">", r->out);
		put_format(r->out, "%s, %s", g->rows[i].words,
			   g->rows[i].unit);
		fputs("<br><span class=\"a\">A</span> <span class=\"b\">B</span></th>",
		      r->out);
	}
	fputs("</tr></thead><tbody>", r->out);
}

static void seed_cell(struct report *r, const struct row *row,
		      const struct pair *pair)
{
	if (!pair) {
		fputs("<td class=\"n\">not measured</td>", r->out);
		return;
	}
	fputs("<td class=\"n\" data-metric=\"", r->out);
	put(r->out, row->name);
	fprintf(r->out, "\" data-seed=\"%lld\"><span class=\"a\">%.15g</span><br><span class=\"b\">%.15g</span></td>",
		(long long)pair->seed, pair->a, pair->b);
}

/* The raw values of the outcomes, a line a seed: what the cells have. */
static void seed_table(struct report *r, const struct group *g)
{
	size_t i, j;

	seed_head(r, g);
	for (i = 0; i < g->count; i++) {
		fprintf(r->out, "<tr><th>%lld</th>", (long long)g->seeds[i]);
		for (j = 0; j < g->row_count; j++)
			if (in_seed_table(&g->rows[j]))
				seed_cell(r, &g->rows[j],
					  find_pair(&g->rows[j], g->seeds[i]));
		fputs("</tr>\n", r->out);
	}
	fputs("</tbody></table></div></details>\n", r->out);
}

static void place_title(struct report *r, const struct group *g)
{
	char *anchor = place_anchor(&g->place);

	fprintf(r->out, "<section class=\"place\" id=\"%s\"><h2>", anchor);
	put_owned(r->out, place_short(&g->place));
	fputs(" <small>", r->out);
	put_owned(r->out, place_conditions(&g->place));
	fputs("</small></h2>\n", r->out);
	if (g->noise.judged) {
		fputs("<p class=\"note\">Host clock: ", r->out);
		put_owned(r->out, noise_text(&g->noise));
		fputs(".</p>\n", r->out);
	}
	free(anchor);
}

void section_place(struct report *r, const struct group *g)
{
	place_title(r, g);
	splices_table(r, g);
	fputs("<h3>Mechanisms</h3><p class=\"note\">What a patch of reclaim sets out to change: no verdict, and not counted.</p>",
	      r->out);
	detail_table(r, g, is_mechanism);
	fputs("<h3>Outcomes</h3>", r->out);
	detail_table(r, g, is_outcome);
	figure_distributions(r, g);
	figure_seeds(r, g);
	figure_stacks(r, g);
	fputs("<h3>Counters</h3><p class=\"note\">More or less of these is neither better nor worse.</p>",
	      r->out);
	detail_table(r, g, is_counter);
	put_only(r, g, 0);
	put_only(r, g, 1);
	fputs("<details><summary>All other figures, those that were 0 everywhere among them</summary>", r->out);
	detail_table(r, g, is_hidden);
	fputs("</details>", r->out);
	endings(r, g);
	seed_table(r, g);
	fputs("</section>\n", r->out);
}
