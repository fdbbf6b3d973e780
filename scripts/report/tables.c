// SPDX-License-Identifier: GPL-2.0-only
/* Splices and figures as tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "report.h"

/* So many splices are on the first screen; the others can be unfolded. */
#define FIRST_SPLICES 4

const char *verdict_style(const struct row *row)
{
	if (row->verdict == VERDICT_BETTER)
		return "better";
	if (row->verdict == VERDICT_WORSE)
		return "worse";
	return "same";
}

/* A cell of a table with its label for a narrow screen; frees the text. */
static void number_cell(struct report *r, const char *label, char *text)
{
	fputs("<td class=\"n\" data-label=\"", r->out);
	put(r->out, label);
	fputs("\">", r->out);
	put_owned(r->out, text);
	fputs("</td>", r->out);
}

static void interval_head(struct report *r)
{
	fputs("<th class=\"n\">B to A</th><th class=\"n\">", r->out);
	put_format(r->out, "%g %% interval", 100 * r->c->method.level);
	fputs("</th>", r->out);
}

static void splice_row(struct report *r, const struct splice *s)
{
	int side;

	fputs("<tr data-splice=\"", r->out);
	put(r->out, s->adds.name);
	fputs("\"><th>", r->out);
	put(r->out, s->adds.words);
	fputs("</th>", r->out);
	for (side = 0; side < 2; side++) {
		const char *name = r->c->variant[side].name;

		number_cell(r, name, splice_cells_text(&s->side[side]));
		number_cell(r, "adds", spread_text(&s->adds, side));
	}
	number_cell(r, "B to A", estimate_text(&s->adds));
	number_cell(r, "interval", interval_text(&s->adds));
	fputs("<td data-label=\"entered\">", r->out);
	put_owned(r->out, entered_text(r->c, s));
	fputs("</td></tr>\n", r->out);
}

void splices_table(struct report *r, const struct group *g)
{
	size_t i;
	int side;

	fputs("<h3>Splices</h3>", r->out);
	if (!g->splice_count) {
		fprintf(r->out, "<p class=\"note\">%s</p>\n", g->observed ?
			"In no cell did reclaim enter anything." :
			"No stacks were recorded for these cells.");
		return;
	}
	fputs("<p class=\"note\">What reclaim entered on top of what was on the stack already: in how many cells, and the bytes that it added, median [smallest .. largest], 0 where it did not. Stacks were recorded, which makes all times longer.</p><table class=\"detail splices\"><thead><tr><th>Spliced onto whom, in what</th>",
	      r->out);
	for (side = 0; side < 2; side++) {
		fprintf(r->out, "<th class=\"n %c\">", side ? 'b' : 'a');
		put_format(r->out, "%s: cells", r->c->variant[side].name);
		fprintf(r->out, "</th><th class=\"n %c\">adds</th>",
			side ? 'b' : 'a');
	}
	interval_head(r);
	fputs("<th>Entered, at most</th></tr></thead><tbody>", r->out);
	for (i = 0; i < g->splice_count; i++)
		splice_row(r, &g->splices[i]);
	fputs("</tbody></table>\n", r->out);
}

static const struct splice *find_splice(const struct group *g,
					const char *name)
{
	size_t i;

	for (i = 0; i < g->splice_count; i++)
		if (!strcmp(g->splices[i].adds.name, name))
			return &g->splices[i];
	return NULL;
}

static void splice_cell(struct report *r, const struct group *g,
			const struct splice *s)
{
	int side;

	fputs("<td data-label=\"", r->out);
	put_owned(r->out, place_short(&g->place));
	fputs("\">", r->out);
	if (!s)
		fputs(g->observed ? "in no cell" : "not recorded", r->out);
	for (side = 0; s && side < 2; side++) {
		fprintf(r->out, "%s<span class=\"%c\">%c</span> ",
			side ? ", " : "", side ? 'b' : 'a', side ? 'B' : 'A');
		if (s->side[side].cells) {
			put_owned(r->out,
				  value_text(s->adds.spread[side].median,
					     s->adds.unit));
			fputs(" in ", r->out);
		}
		put_owned(r->out, splice_cells_text(&s->side[side]));
	}
	fputs("</td>", r->out);
}

/** struct named - a splice that any workload has */
struct named {
	const struct splice *splice;
	double most;
};

static int named_compare(const void *left, const void *right)
{
	const struct named *a = left;
	const struct named *b = right;

	if (a->most != b->most)
		return a->most < b->most ? 1 : -1;
	return strcmp(a->splice->adds.name, b->splice->adds.name);
}

/* Every splice once, those that add most first. */
static struct named *all_splices(const struct comparison *c, size_t *count)
{
	struct named *list = NULL;
	size_t i, j, k;

	*count = 0;
	for (i = 0; i < c->group_count; i++)
		for (j = 0; j < c->groups[i].splice_count; j++) {
			const struct splice *s = &c->groups[i].splices[j];
			double most = fmax(s->adds.spread[0].largest,
					   s->adds.spread[1].largest);

			for (k = 0; k < *count; k++)
				if (!strcmp(list[k].splice->adds.name,
					    s->adds.name))
					break;
			if (k == *count) {
				list = xrealloc(list, (k + 1) * sizeof(*list));
				list[k] = (struct named){ s, most };
				(*count)++;
			}
			list[k].most = fmax(list[k].most, most);
		}
	if (*count)
		qsort(list, *count, sizeof(*list), named_compare);
	return list;
}

static void overview_lines(struct report *r, const struct named *list,
			   size_t count)
{
	size_t i, j;

	fputs("<table class=\"overview splices\"><thead><tr><th>Splices: bytes added, median</th>",
	      r->out);
	for (i = 0; i < r->c->group_count; i++) {
		fputs("<th>", r->out);
		put_owned(r->out, place_short(&r->c->groups[i].place));
		fputs("</th>", r->out);
	}
	fputs("</tr></thead><tbody>", r->out);
	for (i = 0; i < count; i++) {
		fputs("<tr><th>", r->out);
		put(r->out, list[i].splice->adds.words);
		fputs("</th>", r->out);
		for (j = 0; j < r->c->group_count; j++) {
			const struct group *g = &r->c->groups[j];

			splice_cell(r, g, find_splice(g,
				    list[i].splice->adds.name));
		}
		fputs("</tr>\n", r->out);
	}
	fputs("</tbody></table>\n", r->out);
}

void splices_overview(struct report *r)
{
	size_t count;
	struct named *list = all_splices(r->c, &count);
	size_t first = count < FIRST_SPLICES ? count : FIRST_SPLICES;

	if (count)
		overview_lines(r, list, first);
	if (count > first) {
		fprintf(r->out, "<details><summary>%zu more splices, which add less</summary>",
			count - first);
		overview_lines(r, list + first, count - first);
		fputs("</details>\n", r->out);
	}
	free(list);
}

/* The interval as a bar; 1 is the middle, times 1.5 the ends. */
static void bar(struct report *r, const struct row *row)
{
	double low, high, center, scale = log(1.5);

	fputs("<td class=\"bar\">", r->out);
	if (row->scale != SCALE_RATIO ||
	    row->interval.method == INTERVAL_NONE) {
		fputs("</td>", r->out);
		return;
	}
	low = 50 + 50 * log(row->interval.low) / scale;
	high = 50 + 50 * log(row->interval.high) / scale;
	center = 50 + 50 * log(row->estimate) / scale;
	low = fmin(fmax(low, 0), 100);
	high = fmin(fmax(high, 0), 100);
	center = fmin(fmax(center, 0), 100);
	fprintf(r->out, "<svg viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"interval from 1/1.5 to 1.5\"><line class=\"one\" x1=\"50\" x2=\"50\" y1=\"0\" y2=\"12\"/><rect class=\"%s\" x=\"%.2f\" y=\"4\" width=\"%.2f\" height=\"4\"/><rect class=\"%s\" x=\"%.2f\" y=\"1\" width=\"1.4\" height=\"10\"/></svg></td>",
		verdict_style(row), low, fmax(high - low, 0.6),
		verdict_style(row), fmin(fmax(center - 0.7, 0), 98.6));
}

static void detail_row(struct report *r, const struct row *row)
{
	fprintf(r->out, "<tr class=\"%s\" data-metric=\"", verdict_style(row));
	put(r->out, row->name);
	fprintf(r->out, "\" data-a=\"%.12g\" data-b=\"%.12g\" data-estimate=\"%.12g\" data-seeds=\"%zu\"><th>",
		row->center[0], row->center[1], row->estimate, row->count);
	put(r->out, row->words);
	fputs("</th>", r->out);
	number_cell(r, r->c->variant[0].name, center_text(row, 0));
	number_cell(r, r->c->variant[1].name, center_text(row, 1));
	number_cell(r, "B to A", estimate_text(row));
	number_cell(r, "interval", interval_text(row));
	bar(r, row);
	number_cell(r, "seeds", pairs_text(row));
	number_cell(r, "seeds wanted", precision_text(row));
	fputs("<td data-label=\"verdict\"><b>", r->out);
	put_owned(r->out, verdict_text(row));
	fputs("</b></td></tr>\n", r->out);
}

void detail_table(struct report *r, const struct group *g,
		  bool (*wanted)(const struct row *row))
{
	size_t i;
	int side;

	fputs("<table class=\"detail\"><thead><tr><th>Figure</th>", r->out);
	for (side = 0; side < 2; side++) {
		fprintf(r->out, "<th class=\"n %c\">", side ? 'b' : 'a');
		put(r->out, r->c->variant[side].name);
		fputs("</th>", r->out);
	}
	interval_head(r);
	fputs("<th class=\"bar\"><span>\xc3\xb7 1.5</span><span>1</span><span>\xc3\x97 1.5</span></th><th class=\"n\">Seeds</th><th class=\"n\">", r->out);
	put_format(r->out, "for %g %%", 100 * r->c->method.precision);
	fputs("</th><th>Verdict</th></tr></thead><tbody>", r->out);
	for (i = 0; i < g->row_count; i++)
		if (g->rows[i].count && wanted(&g->rows[i]))
			detail_row(r, &g->rows[i]);
	fputs("</tbody></table>\n", r->out);
}
