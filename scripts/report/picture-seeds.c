// SPDX-License-Identifier: GPL-2.0-only
/* Every pair as a point, outcome by outcome, with the intervals. */
#include <math.h>
#include <stdlib.h>

#include "picture.h"

static bool drawn_by_seed(const struct row *row)
{
	return row->verdict != VERDICT_NONE && row->corrected &&
	       row->scale == SCALE_RATIO &&
	       row->interval.method != INTERVAL_NONE;
}

/* How to run the cell of B again that is the one to look at. */
static void worst_note(struct report *r, const struct group *g)
{
	const struct row *row = find_row(g, "latency_ns.fault.max");
	bool measured = row && row->count;
	const struct ran *ran;
	size_t worst = 0, i;
	char *command;

	for (i = 1; measured && i < row->count; i++)
		if (row->pairs[i].b > row->pairs[worst].b)
			worst = i;
	ran = find_ran(r, g, 1, measured ? row->pairs[worst].seed :
		       g->seeds[0]);
	command = again_command(ran ? ran->command : NULL);
	command_note(r, measured ? "The cell with the longest fault, again:" :
		     "The first cell, again:", command);
	free(command);
}

/*
 * The axis of ratios: as far as the points go, which the intervals of few
 * seeds would make tiny, with about five labels such as ÷4, 1, ×4.
 */
static void ratio_axis(FILE *out, double *least, double *most)
{
	double step = 1.05;
	bool first = true;
	int i;

	*least /= 1.1;
	*most *= 1.1;
	if (*most / *least > 1.5)
		step = 1.2;
	if (*most / *least > 3)
		step = 2;
	while (log(*most / *least) / log(step) > 6)
		step *= step;
	fprintf(out, "set xrange [%.9g:%.9g]\nset xtics (", *least, *most);
	for (i = -20; i <= 20; i++) {
		double at = pow(step, i);

		if (at < *least || at > *most)
			continue;
		fprintf(out, "%s\"%s%.4g\" %.9g", first ? "" : ", ",
			i < 0 ? "÷" : i ? "×" : "", i < 0 ? 1 / at : at, at);
		first = false;
	}
	fputs(")\n", out);
}

static void put_points(FILE *out, const struct row *row, size_t line,
		       double *least, double *most)
{
	size_t i;

	for (i = 0; i < row->count; i++) {
		double ratio = row->pairs[i].b / row->pairs[i].a;

		*least = fmin(*least, ratio);
		*most = fmax(*most, ratio);
		/* seeds side by side, the first at the top */
		fprintf(out, "%.9g %.4f\n", ratio, (double)line + 0.3 -
			0.6 * ((double)i + 0.5) / (double)row->count);
	}
}

/* The figures from the top down, then their points, then their intervals. */
static void plot_seeds(struct drawing *d, const struct group *g, size_t n)
{
	double least = 1 / 1.05, most = 1.05;
	size_t line = n, i;

	fputs("set logscale x 2\nunset grid\nset grid xtics\n"
	      "set lmargin at screen 0.5\nset rmargin at screen 0.97\n"
	      "set key off\nset ytics (", d->to_script);
	for (i = 0; i < g->row_count; i++) {
		char *name;

		if (!drawn_by_seed(&g->rows[i]))
			continue;
		name = label_text(g->rows[i].words);
		fprintf(d->to_script, "%s\"%s\" %zu", line < n ? ", " : "",
			name, line);
		free(name);
		put_points(d->to_data, &g->rows[i], line--, &least, &most);
	}
	fprintf(d->to_script, ")\nset yrange [0.3:%zu.7]\n", n);
	fputs("\n\n", d->to_data);
	ratio_axis(d->to_script, &least, &most);
	for (i = 0, line = n; i < g->row_count; i++)
		if (drawn_by_seed(&g->rows[i]))
			fprintf(d->to_data, "%.9g %zu %.9g %.9g\n",
				g->rows[i].estimate, line--,
				fmax(g->rows[i].interval.low, least),
				fmin(g->rows[i].interval.high, most));
	fputs("set arrow 1 from 1, graph 0 to 1, graph 1 nohead linecolor rgb INK linewidth 1.2\n"
	      "plot data index 0 using 1:2 with points pointtype 7 pointsize 0.3 linecolor rgb INK, "
	      "data index 1 using 1:2:3:4 with xerrorbars pointtype 2 pointsize 0.6 linewidth 2 linecolor rgb B\n",
	      d->to_script);
}

void figure_seeds(struct report *r, const struct group *g)
{
	const char *const names[] = { r->c->variant[0].name,
				      r->c->variant[1].name };
	char *title, *label;
	unsigned int number;
	struct drawing d;
	size_t i, n = 0;

	for (i = 0; i < g->row_count; i++)
		n += drawn_by_seed(&g->rows[i]);
	if (!n)
		return;
	number = ++r->figures;
	title = place_short(&g->place);
	label = xasprintf("%s: ratio of %s to %s for every seed", title,
			  names[1], names[0]);
	drawing_begin(&d, number, (int)(80 + 24 * n));
	plot_seeds(&d, g, n);
	fprintf(r->out, "<h3>Seeds</h3><figure id=\"figure%u\" class=\"wide-figure\"><figcaption>",
		number);
	put_format(r->out, "Every seed as a point: %s divided by %s; the bar is the interval of the ratio of geometric means, cut where the picture ends. Left of 1 is less.",
		   names[1], names[0]);
	fputs("</figcaption>", r->out);
	drawing_end(r, &d, number, label);
	worst_note(r, g);
	fputs("</figure>\n", r->out);
	free(title);
	free(label);
}
