// SPDX-License-Identifier: GPL-2.0-only
/* The comparison as a table for a terminal, Markdown for a mail, and KTAP. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

#define COLUMNS 8

/**
 * value_text - a value with its unit, readable
 * @value: the value
 * @unit: its unit, as in metrics.table
 *
 * Return: e.g. "1.52 ms", "7432 B", "45120 pages"; four digits, all of them
 * for an integer below 1e7.
 */
char *value_text(double value, const char *unit)
{
	static const struct {
		double factor;
		const char *unit;
	} times[] = { { 1e9, "s" }, { 1e6, "ms" }, { 1e3, "us" }, { 1, "ns" } };
	double size = fabs(value);
	size_t i;

	if (!strcmp(unit, "ns")) {
		for (i = 0; i < 3; i++)
			if (size >= times[i].factor)
				break;
		return xasprintf("%.4g %s", value / times[i].factor,
				 times[i].unit);
	}
	if (!strcmp(unit, "bytes"))
		unit = "B";
	else if (!strcmp(unit, "count") || !strcmp(unit, "-") ||
		 !strcmp(unit, "share"))
		unit = "";
	if ((value == floor(value) || size >= 1000) && size < 1e7)
		return xasprintf("%.0f%s%s", value, *unit ? " " : "", unit);
	return xasprintf(size < 1 ? "%.3g%s%s" : "%.4g%s%s", value,
			 *unit ? " " : "", unit);
}

static char *signed_text(double value, const char *unit)
{
	char *text = value_text(value, unit);
	char *result = xasprintf("%s%s", value > 0 ? "+" : "", text);

	free(text);
	return result;
}

/* Four digits after the point where ratios are compared with 1. */
static char *ratio_text(const char *prefix, double ratio)
{
	if (ratio >= 0.1 && ratio < 10)
		return xasprintf("%s%.4f", prefix, ratio);
	return xasprintf("%s%.4g", prefix, ratio);
}

static char *estimate_text(const struct row *row)
{
	if (row->scale == SCALE_RATIO)
		return ratio_text("x ", exp(row->moments.mean));
	return signed_text(row->moments.mean, row->metric->unit);
}

static char *interval_text(const struct row *row)
{
	char *low, *high, *text;

	if (row->interval.method == INTERVAL_NONE)
		return xstrdup("-");
	if (row->scale == SCALE_RATIO) {
		low = ratio_text("", exp(row->interval.low));
		high = ratio_text("", exp(row->interval.high));
	} else {
		low = signed_text(row->interval.low, row->metric->unit);
		high = signed_text(row->interval.high, row->metric->unit);
		if (strchr(low, ' ') && strchr(high, ' ') &&
		    !strcmp(strchr(low, ' '), strchr(high, ' ')))
			*strchr(low, ' ') = '\0';
	}
	text = xasprintf("%s ... %s", low, high);
	free(low);
	free(high);
	return text;
}

static void row_cells(const struct row *row, char *cells[COLUMNS])
{
	cells[0] = xstrdup(row->name);
	cells[1] = value_text(row->center_a, row->metric->unit);
	cells[2] = value_text(row->center_b, row->metric->unit);
	cells[3] = estimate_text(row);
	cells[4] = interval_text(row);
	cells[5] = row->left_out_count ?
		   xasprintf("%zu (-%zu)", row->count, row->left_out_count) :
		   xasprintf("%zu", row->count);
	cells[6] = row->seeds_needed ? xasprintf("%zu", row->seeds_needed) :
				       xstrdup("-");
	if (!row->verdict)
		cells[7] = xstrdup("");
	else if (row->in_family)
		cells[7] = xasprintf("%s (p %.2g)", row->verdict,
				     row->adjusted);
	else
		cells[7] = xstrdup(row->verdict);
}

static bool row_is_zero(const struct row *row)
{
	size_t i;

	for (i = 0; i < row->count; i++)
		if (row->pairs[i].a != 0 || row->pairs[i].b != 0)
			return false;
	return true;
}

static bool row_shown(const struct comparison *c, const struct row *row)
{
	if (c->options->all || row->verdict)
		return true;
	return row->metric->direction != DIRECTION_QUIET && !row_is_zero(row);
}

static void write_zeros(FILE *out, const struct comparison *c,
			const struct group *g)
{
	size_t i, n = 0;

	for (i = 0; i < g->row_count; i++)
		n += g->rows[i].metric->direction == DIRECTION_NONE &&
		     !row_shown(c, &g->rows[i]);
	if (n)
		fprintf(out, "%zu figures without a direction were 0 in every cell (--all shows them).\n",
			n);
}

static void header_cells(const struct comparison *c, char *cells[COLUMNS])
{
	cells[0] = xstrdup("figure");
	cells[1] = xasprintf("A: %s", c->options->a);
	cells[2] = xasprintf("B: %s", c->options->b);
	cells[3] = xstrdup("B to A");
	cells[4] = xasprintf("%g %% interval", 100 * c->options->level);
	cells[5] = xstrdup("seeds");
	cells[6] = xasprintf("for %g %%", 100 * c->options->precision);
	cells[7] = xstrdup("verdict");
}

static char *title(const struct comparison *c)
{
	return xasprintf("%s%s%s%s against %s%s%s%s", c->options->b,
			 c->kernel[1] ? " (" : "",
			 c->kernel[1] ? c->kernel[1] : "",
			 c->kernel[1] ? ")" : "", c->options->a,
			 c->kernel[0] ? " (" : "",
			 c->kernel[0] ? c->kernel[0] : "",
			 c->kernel[0] ? ")" : "");
}

static size_t count_verdicts(const struct comparison *c, const char *verdict)
{
	size_t i, j, n = 0;

	for (i = 0; i < c->group_count; i++)
		for (j = 0; j < c->groups[i].row_count; j++) {
			const char *v = c->groups[i].rows[j].verdict;

			n += v && !strcmp(v, verdict);
		}
	return n;
}

static void write_only(FILE *out, const struct comparison *c,
		       const struct group *g, const char *prefix)
{
	size_t i;
	int side;

	for (side = 0; side < 2; side++) {
		if (!g->only_count[side])
			continue;
		fprintf(out, "%sOnly %s has:", prefix,
			side ? c->options->b : c->options->a);
		for (i = 0; i < g->only_count[side]; i++)
			fprintf(out, "%s %s", i ? "," : "", g->only[side][i]);
		fputs("\n", out);
	}
}

static void write_method(FILE *out, const struct comparison *c,
			 const char *prefix)
{
	const struct options *o = c->options;
	size_t most = 0, i;

	for (i = 0; i < c->group_count; i++)
		most = c->groups[i].count > most ? c->groups[i].count : most;
	fprintf(out, "%sPairs by seed; ratio of geometric means, or difference of means; bootstrap interval;\n",
		prefix);
	fprintf(out, "%sWilcoxon signed-rank, p corrected (Holm) for %zu tests; verdict at %g. See Documentation/statistics.md.\n",
		prefix, c->family, o->alpha);
	fprintf(out, "%sIntervals are for one figure each, not corrected. \"for %g %%\": seeds that give an interval of +-%g %%.\n",
		prefix, 100 * o->precision, 100 * o->precision);
	if (c->family && most < c->fewest_seeds)
		fprintf(out, "%sWith %zu seed%s no verdict is possible, however large a difference: that takes at least %zu.\n",
			prefix, most, most == 1 ? "" : "s", c->fewest_seeds);
}

static void write_problems(FILE *out, const struct comparison *c,
			   const char *prefix)
{
	size_t i;

	for (i = 0; i < c->problem_count; i++) {
		char *text = problem_text(&c->problems[i]);

		fprintf(out, "%s%s\n", prefix, text);
		free(text);
	}
}

/* Better, worse, no difference shown, and where it was noisy how many were not told. */
static void write_counts(FILE *out, const struct comparison *c)
{
	size_t noisy = count_verdicts(c, TOO_NOISY);

	fprintf(out, "%zu better, %zu worse, %zu no difference shown",
		count_verdicts(c, "better"), count_verdicts(c, "worse"),
		count_verdicts(c, "no difference shown"));
	if (noisy)
		fprintf(out, ", %zu " TOO_NOISY, noisy);
}

static void write_noise(FILE *out, const struct comparison *c,
			const struct group *g, const char *before,
			const char *behind, const char *prefix)
{
	char *text = noise_text(c, g);
	size_t i;

	if (!text)
		return;
	fprintf(out, "%s%c%s%s\n", before, toupper((unsigned char)*text),
		text + 1, behind);
	for (i = 0; i < g->noise.over_count; i++) {
		char *line = disturbed_text(&g->noise.over[i]);

		fprintf(out, "%s%s\n", prefix, line);
		free(line);
	}
	free(text);
}

static void table_line(FILE *out, char *const cells[COLUMNS],
		       const size_t widths[COLUMNS])
{
	size_t last = COLUMNS - 1;
	size_t i;

	while (last && !*cells[last])
		last--;
	for (i = 0; i < last; i++)
		fprintf(out, i ? "%*s  " : "%-*s  ", (int)widths[i], cells[i]);
	/* the verdict is not padded: it is the last column */
	fprintf(out, "%*s\n", last == COLUMNS - 1 ? 0 : (int)widths[last],
		cells[last]);
}

static void free_cells(char *cells[COLUMNS])
{
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		free(cells[i]);
}

static void table_group(FILE *out, const struct comparison *c,
			const struct group *g)
{
	char *(*lines)[COLUMNS] = xcalloc(g->row_count + 1, sizeof(*lines));
	size_t widths[COLUMNS] = { 0 };
	size_t count = 1, i, j;

	header_cells(c, lines[0]);
	for (i = 0; i < g->row_count; i++)
		if (row_shown(c, &g->rows[i]))
			row_cells(&g->rows[i], lines[count++]);
	for (i = 0; i < count; i++)
		for (j = 0; j < COLUMNS; j++)
			if (strlen(lines[i][j]) > widths[j])
				widths[j] = strlen(lines[i][j]);
	for (i = 0; i < count; i++) {
		table_line(out, lines[i], widths);
		free_cells(lines[i]);
	}
	free(lines);
}

static char *cells_text(const struct comparison *c, const struct group *g)
{
	return xasprintf("cells ok: %s %zu of %zu, %s %zu of %zu; %zu pair%s",
			 c->options->a, g->ok[0], g->total[0], c->options->b,
			 g->ok[1], g->total[1], g->count,
			 g->count == 1 ? "" : "s");
}

/**
 * write_table - the comparison for a terminal
 * @out: where to
 * @c: the comparison
 */
void write_table(FILE *out, const struct comparison *c)
{
	char *summary = problems_summary(c);
	char *heading = title(c);
	size_t i;

	if (summary) {
		fprintf(out, "INCOMPLETE: %s\n", summary);
		write_problems(out, c, "  ");
		fputs("\n", out);
	}
	fprintf(out, "%s: ", heading);
	write_counts(out, c);
	fputs("\n", out);
	for (i = 0; i < c->group_count; i++) {
		const struct group *g = &c->groups[i];
		char *place = place_name(&g->place);
		char *cells = cells_text(c, g);

		fprintf(out, "\n%s (%s)\n", place, cells);
		write_noise(out, c, g, "", "", "  ");
		table_group(out, c, g);
		write_zeros(out, c, g);
		write_only(out, c, g, "");
		free(place);
		free(cells);
	}
	fputs("\n", out);
	write_method(out, c, "");
	free(summary);
	free(heading);
}

static void markdown_line(FILE *out, char *const cells[COLUMNS])
{
	size_t i;

	for (i = 0; i < COLUMNS; i++) {
		const char *text = cells[i];

		fputs("| ", out);
		for (; *text; text++) {
			if (*text == '|' || *text == '_' || *text == '*' ||
			    *text == '\\')
				fputc('\\', out);
			fputc(*text, out);
		}
		fputc(' ', out);
	}
	fputs("|\n", out);
}

/**
 * write_markdown - the comparison for a mail
 * @out: where to
 * @c: the comparison
 */
void write_markdown(FILE *out, const struct comparison *c)
{
	char *summary = problems_summary(c);
	char *heading = title(c);
	size_t i, j;

	fprintf(out, "# %s\n\n", heading);
	if (summary) {
		fprintf(out, "**INCOMPLETE: %s**\n\n", summary);
		write_problems(out, c, "* ");
		fputs("\n", out);
	}
	write_counts(out, c);
	fputs(".\n", out);
	for (i = 0; i < c->group_count; i++) {
		const struct group *g = &c->groups[i];
		char *place = place_name(&g->place);
		char *text = cells_text(c, g);
		char *cells[COLUMNS];

		fprintf(out, "\n## %s\n\n%s\n\n", place, text);
		if (g->noise.over_count)
			write_noise(out, c, g, "**", "**\n", "* ");
		else
			write_noise(out, c, g, "", "", "");
		if (g->noise.judged)
			fputs("\n", out);
		header_cells(c, cells);
		markdown_line(out, cells);
		free_cells(cells);
		fputs("|---|--:|--:|--:|--:|--:|--:|---|\n", out);
		for (j = 0; j < g->row_count; j++) {
			if (!row_shown(c, &g->rows[j]))
				continue;
			row_cells(&g->rows[j], cells);
			markdown_line(out, cells);
			free_cells(cells);
		}
		fputs("\n", out);
		write_zeros(out, c, g);
		write_only(out, c, g, "");
		free(place);
		free(text);
	}
	fputs("\n", out);
	write_method(out, c, "");
	free(summary);
	free(heading);
}

static void ktap_result(FILE *out, bool ok, size_t number, const char *name,
			const char *skipped, const char *indent)
{
	fprintf(out, "%s%s %zu ", indent, ok ? "ok" : "not ok", number);
	for (; *name; name++)
		fputc(*name == '#' ? '_' : *name, out);
	fprintf(out, "%s%s\n", skipped ? " # SKIP " : "",
		skipped ? skipped : "");
}

static bool group_complete(const struct group *g)
{
	return g->ok[0] == g->total[0] && g->ok[1] == g->total[1];
}

static bool ktap_group(FILE *out, const struct comparison *c,
		       const struct group *g, const char *place)
{
	size_t plan = 1, number = 1, i;
	bool ok = group_complete(g);
	char *text = cells_text(c, g);
	const char *skipped = g->noise.over_count ? TOO_NOISY : NULL;

	for (i = 0; i < g->row_count; i++)
		plan += g->rows[i].verdict != NULL;
	fprintf(out, "    KTAP version 1\n    # Subtest: %s\n    1..%zu\n",
		place, plan);
	fprintf(out, "    # %s\n", text);
	for (i = 0; i < c->problem_count; i++) {
		const struct problem *p = &c->problems[i];
		char *line;

		if (place_compare(&p->place, &g->place))
			continue;
		line = problem_text(p);
		fprintf(out, "    # %s\n", line);
		free(line);
	}
	write_noise(out, c, g, "    # ", "", "    #   ");
	ktap_result(out, ok, number++, "every cell ended well", NULL, "    ");
	for (i = 0; i < g->row_count; i++) {
		const struct row *row = &g->rows[i];
		char *cells[COLUMNS];
		bool good;

		if (!row->verdict)
			continue;
		row_cells(row, cells);
		fprintf(out, "    # %s: A %s, B %s, B to A %s, interval %s, seeds %s: %s\n",
			cells[0], cells[1], cells[2], cells[3], cells[4],
			cells[5], cells[7]);
		free_cells(cells);
		good = strcmp(row->verdict, "worse");
		ok = ok && good;
		ktap_result(out, good, number++, row->name, skipped, "    ");
	}
	free(text);
	return ok;
}

/**
 * write_ktap - the comparison as KTAP version 1
 * @out: where to
 * @c: the comparison
 *
 * A workload is a test, a figure with a direction a subtest; "worse" is not
 * ok, and so are cells that failed or are missing. What was too noisy to tell
 * is skipped.
 */
void write_ktap(FILE *out, const struct comparison *c)
{
	char *heading = title(c);
	size_t i;

	fprintf(out, "KTAP version 1\n1..%zu\n# %s\n", c->group_count, heading);
	for (i = 0; i < c->group_count; i++) {
		char *place = place_name(&c->groups[i].place);
		bool ok = ktap_group(out, c, &c->groups[i], place);
		bool skipped = ok && c->groups[i].noise.over_count;

		ktap_result(out, ok, i + 1, place, skipped ? TOO_NOISY : NULL,
			    "");
		free(place);
	}
	free(heading);
}
