// SPDX-License-Identifier: GPL-2.0-only
/* The verdicts of all workloads: the first screen. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "report.h"

/** struct line - one outcome over all workloads */
struct line {
	const struct row *row;	/* of the first workload that has it */
	size_t worse;
	size_t better;
	size_t order;
};

static int line_compare(const void *left, const void *right)
{
	const struct line *a = left;
	const struct line *b = right;

	if (!a->worse != !b->worse)
		return !a->worse - !b->worse;
	if (!a->better != !b->better)
		return !a->better - !b->better;
	return (a->order > b->order) - (a->order < b->order);
}

/* Whether A and B differed in any seed. */
static bool differs(const struct row *row)
{
	return row->test.zeros < row->count;
}

static struct line *find_line(struct line **lines, size_t *count,
			      const struct row *row, size_t order)
{
	struct line *line;
	size_t i;

	for (i = 0; i < *count; i++)
		if (!strcmp((*lines)[i].row->name, row->name))
			return &(*lines)[i];
	*lines = xrealloc(*lines, (*count + 1) * sizeof(**lines));
	line = &(*lines)[(*count)++];
	*line = (struct line){ .row = row, .order = order };
	return line;
}

/* An outcome is in the overview if it differed anywhere at all. */
static struct line *overview_lines(const struct report *r, size_t *count)
{
	struct line *lines = NULL;
	size_t i, j;

	*count = 0;
	for (i = 0; i < r->c->group_count; i++)
		for (j = 0; j < r->c->groups[i].row_count; j++) {
			const struct row *row = &r->c->groups[i].rows[j];
			struct line *line;

			if (row->verdict == VERDICT_NONE || !differs(row))
				continue;
			line = find_line(&lines, count, row, i * 10000 + j);
			line->worse += row->verdict == VERDICT_WORSE;
			line->better += row->verdict == VERDICT_BETTER;
		}
	if (*count)
		qsort(lines, *count, sizeof(*lines), line_compare);
	return lines;
}

/* Verdicts on outcomes that differ nowhere, so that they have no line. */
static size_t left_out(const struct report *r, const struct line *lines,
		       size_t count)
{
	size_t i, j, k, n = 0;

	for (i = 0; i < r->c->group_count; i++)
		for (j = 0; j < r->c->groups[i].row_count; j++) {
			const struct row *row = &r->c->groups[i].rows[j];

			if (row->verdict == VERDICT_NONE)
				continue;
			for (k = 0; k < count; k++)
				if (!strcmp(lines[k].row->name, row->name))
					break;
			n += k == count;
		}
	return n;
}

static void verdict_cell(struct report *r, const struct group *g,
			 const struct row *row)
{
	if (!row || !row->count) {
		fputs("<td class=\"absent\" data-label=\"", r->out);
		put_owned(r->out, place_short(&g->place));
		fputs("\">not measured</td>", r->out);
		return;
	}
	fprintf(r->out, "<td class=\"%s\" data-metric=\"", verdict_style(row));
	put(r->out, row->name);
	fputs("\" data-label=\"", r->out);
	put_owned(r->out, place_short(&g->place));
	fputs("\"><span class=\"estimate\">", r->out);
	put_owned(r->out, estimate_text(row));
	fputs("</span> <span class=\"interval\">", r->out);
	put_owned(r->out, interval_text(row));
	fputs("</span> <b>", r->out);
	put(r->out, verdict_words(row->verdict));
	fputs("</b></td>", r->out);
}

static void overview(struct report *r)
{
	size_t count, more, i, j;
	struct line *lines = overview_lines(r, &count);

	fputs("<table class=\"overview\"><thead><tr><th>Outcome</th>", r->out);
	for (i = 0; i < r->c->group_count; i++) {
		char *anchor = place_anchor(&r->c->groups[i].place);

		fprintf(r->out, "<th><a href=\"#%s\">", anchor);
		put_owned(r->out, place_short(&r->c->groups[i].place));
		fputs("</a></th>", r->out);
		free(anchor);
	}
	fputs("</tr></thead><tbody>", r->out);
	for (i = 0; i < count; i++) {
		fputs("<tr><th>", r->out);
		put(r->out, lines[i].row->words);
		fputs("</th>", r->out);
		for (j = 0; j < r->c->group_count; j++)
			verdict_cell(r, &r->c->groups[j],
				     find_row(&r->c->groups[j],
					      lines[i].row->name));
		fputs("</tr>\n", r->out);
	}
	fputs("</tbody></table>\n", r->out);
	more = left_out(r, lines, count);
	if (more) {
		fputs("<p class=\"note\">", r->out);
		put_format(r->out, "%zu more, of outcomes that differed in no seed of any workload, are with the workloads below.",
			   more);
		fputs("</p>", r->out);
	}
	free(lines);
}

static void tile(struct report *r, const char *style, enum verdict verdict)
{
	fprintf(r->out, "<li class=\"%s\"><b>%zu</b> ", style,
		count_verdicts(r->c, verdict));
	put(r->out, verdict_words(verdict));
	fputs("</li>", r->out);
}

/* Workloads on the host clock whose cells others disturbed, and which cells. */
static void noisy_places(struct report *r)
{
	size_t i, j;

	for (i = 0; i < r->c->group_count; i++) {
		const struct group *g = &r->c->groups[i];

		if (!g->noise.over_count)
			continue;
		fputs("<p class=\"alarm noise\">", r->out);
		put_owned(r->out, place_short(&g->place));
		fputs(": ", r->out);
		put_owned(r->out, noise_text(&g->noise));
		for (j = 0; j < g->noise.over_count; j++) {
			fputs(j ? "; " : ": ", r->out);
			put_owned(r->out, disturbed_text(&g->noise.over[j]));
		}
		fputs(".</p>", r->out);
	}
}

void section_verdicts(struct report *r)
{
	const struct method *m = &r->c->method;
	char *seeds = alarm_text(r->c);

	fputs("<section id=\"verdicts\"><h2>Verdicts</h2><ul class=\"tiles\">",
	      r->out);
	tile(r, "better", VERDICT_BETTER);
	tile(r, "worse", VERDICT_WORSE);
	tile(r, "same", VERDICT_NO_DIFFERENCE);
	if (count_verdicts(r->c, VERDICT_TOO_NOISY))
		tile(r, "noisy", VERDICT_TOO_NOISY);
	fputs("</ul><p class=\"note\">", r->out);
	put_format(r->out, "Outcomes of %s (B) to %s (A): ratio of geometric means or difference of means, %g %% interval, verdict at %g after correction for %zu tests.",
		   r->c->variant[1].name, r->c->variant[0].name,
		   100 * m->level, m->alpha, m->tests);
	fputs(" <a href=\"#method\">Method</a>.</p>", r->out);
	if (seeds) {
		fputs("<p class=\"alarm\">", r->out);
		put(r->out, seeds);
		fputs("</p>", r->out);
	}
	free(seeds);
	noisy_places(r);
	splices_overview(r);
	overview(r);
	fputs("</section>\n", r->out);
}
