// SPDX-License-Identifier: GPL-2.0-only
/* The parts of the report that are text and tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "report.h"

#define NO_DIFFERENCE "no difference shown"

static const char *verdict_class(const json_t *row)
{
	if (is(row, "verdict", "better"))
		return "better";
	if (is(row, "verdict", "worse"))
		return "worse";
	return "same";
}

static char *ratio_text(double ratio)
{
	if (ratio >= 0.1 && ratio < 10)
		return xasprintf("%.3f", ratio);
	return xasprintf("%.3g", ratio);
}

static char *signed_text(double value, const char *unit)
{
	char *text = value_text(fabs(value), unit);
	char *result = xasprintf("%s%s", value > 0 ? "+" : value < 0 ?
				 "\xe2\x88\x92" : "", text);

	free(text);
	return result;
}

/* The unit once, if it is the same: "1 pages" and "3 pages" are "1", "3 pages". */
static void shared_unit(char *low, const char *high)
{
	char *unit = strchr(low, ' ');
	const char *other = strchr(high, ' ');

	if (unit && other && !strcmp(unit, other))
		*unit = '\0';
}

/* The estimate and its interval, as "× 1.041" and "1.019 … 1.064". */
static void estimate(const json_t *row, char **center, char **interval)
{
	bool ratio = is(row, "scale", "ratio");
	const char *unit = text_of(row, "unit");
	char *low, *high, *text;

	if (ratio) {
		text = ratio_text(number_of(row, "ratio"));
		*center = xasprintf("\xc3\x97 %s", text);
		free(text);
	} else {
		*center = signed_text(number_of(row, "difference"), unit);
	}
	*interval = NULL;
	if (is(row, "interval", "none"))
		return;
	if (ratio) {
		low = ratio_text(number_of(row, "low"));
		high = ratio_text(number_of(row, "high"));
	} else {
		low = signed_text(number_of(row, "low"), unit);
		high = signed_text(number_of(row, "high"), unit);
		shared_unit(low, high);
	}
	*interval = xasprintf("%s \xe2\x80\xa6 %s", low, high);
	free(low);
	free(high);
}

static size_t count_verdict(const struct report *r, const char *verdict)
{
	json_t *groups = json_object_get(r->compare, "comparisons");
	json_t *group, *row;
	size_t i, j, n = 0;

	json_array_foreach(groups, i, group) {
		json_t *rows = json_object_get(group, "metrics");

		json_array_foreach(rows, j, row)
			n += is(row, "verdict", verdict);
	}
	return n;
}

static size_t most_seeds(const struct report *r)
{
	json_t *groups = json_object_get(r->compare, "comparisons");
	size_t i, most = 0;
	json_t *group;

	json_array_foreach(groups, i, group) {
		size_t n = json_array_size(json_object_get(group, "seeds"));

		most = n > most ? n : most;
	}
	return most;
}

static void put_kernel(struct report *r, int side)
{
	const json_t *variants = json_object_get(r->results, "variants");
	const json_t *variant = json_object_get(variants, r->names[side]);
	const char *kernel = text_of(r->compare, side ? "kernel_b" : "kernel_a");
	const char *commit = text_of(variant, "commit");

	fprintf(r->out, "<dt class=\"%c\">%c: ", side ? 'b' : 'a',
		side ? 'B' : 'A');
	put(r->out, r->names[side]);
	fputs("</dt><dd>Linux ", r->out);
	put(r->out, *kernel ? kernel : "(release not recorded)");
	if (*commit) {
		fputs(", <code>", r->out);
		put_format(r->out, "%.60s", commit);
		fputs("</code>", r->out);
	}
	fputs("</dd>", r->out);
}

/**
 * section_head - what was compared
 * @r: the report
 */
void section_head(struct report *r)
{
	const json_t *host = json_object_get(r->results, "host");
	json_t *groups = json_object_get(r->compare, "comparisons");
	json_t *group;
	size_t seeds, i;

	fputs("<header><h1>", r->out);
	put_format(r->out, "%s against %s", r->names[1], r->names[0]);
	fputs("</h1><dl class=\"kernels\">", r->out);
	put_kernel(r, 0);
	put_kernel(r, 1);
	fputs("<dt>Workloads</dt><dd>", r->out);
	json_array_foreach(groups, i, group) {
		char *title = place_title(group, false);
		char *place = place_title(group, true);
		char *anchor = place_anchor(group);

		fprintf(r->out, "%s<a href=\"#%s\">", i ? "; " : "", anchor);
		put(r->out, title);
		fputs("</a> (", r->out);
		seeds = json_array_size(json_object_get(group, "seeds"));
		put_format(r->out, "%s, %zu seed%s", place, seeds,
			   seeds == 1 ? "" : "s");
		fputs(")", r->out);
		free(title);
		free(place);
		free(anchor);
	}
	fputs("</dd>", r->out);
	/* no date: the same cells make the same report, whenever it is made */
	if (*text_of(host, "cpu") || *text_of(host, "system")) {
		fputs("<dt>Machine</dt><dd>", r->out);
		put(r->out, *text_of(host, "cpu") ? text_of(host, "cpu") :
		    text_of(host, "system"));
		if (*text_of(host, "qemu"))
			put_format(r->out, ", %s", text_of(host, "qemu"));
		fputs("</dd>", r->out);
	}
	fputs("</dl></header>\n", r->out);
}

static const json_t *cell_by_problem(const struct report *r,
				     const json_t *problem)
{
	json_t *cells = json_object_get(r->results, "cells");
	json_t *cell;
	size_t i;

	json_array_foreach(cells, i, cell)
		if (json_equal(json_object_get(cell, "seed"),
			       json_object_get(problem, "seed")) &&
		    is(cell, "variant", text_of(problem, "variant")) &&
		    same_place(cell, problem))
			return cell;
	return NULL;
}

/**
 * section_problems - cells that failed, are missing or have no partner
 * @r: the report
 *
 * Nothing when every cell was compared; else this is on the first screen.
 */
void section_problems(struct report *r)
{
	json_t *problems = json_object_get(r->compare, "problems");
	json_t *problem;
	size_t i;

	if (!json_array_size(problems))
		return;
	fputs("<section class=\"alarm\" id=\"problems\"><h2>Incomplete</h2><p>",
	      r->out);
	put(r->out, text_of(r->compare, "incomplete"));
	fputs(". All figures below are of the pairs that are left.</p><ul>",
	      r->out);
	json_array_foreach(problems, i, problem) {
		const json_t *cell = cell_by_problem(r, problem);
		const json_t *trouble = json_array_get(
			json_object_get(cell, "troubles"), 0);
		char *command;

		if (is(problem, "what", "unpaired"))
			continue;
		fputs("<li>", r->out);
		put(r->out, text_of(problem, "text"));
		if (trouble) {
			fputs(" <q>", r->out);
			put_format(r->out, "%.160s", text_of(trouble, "text"));
			fputs("</q>", r->out);
		}
		command = run_command(r, cell ? cell : problem);
		fputs("<br><code>", r->out);
		put(r->out, command);
		fputs("</code>", r->out);
		free(command);
		fputs("</li>", r->out);
	}
	fputs("</ul></section>\n", r->out);
}

/** struct line - one figure over all workloads, for the overview */
struct line {
	const char *metric;
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

static const json_t *find_row(const json_t *group, const char *metric)
{
	json_t *rows = json_object_get(group, "metrics");
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (is(row, "metric", metric))
			return row;
	return NULL;
}

/* Whether the two differed in any seed. */
static bool differs(const json_t *row)
{
	return number_of(json_object_get(row, "signed_rank"), "zeros") <
	       number_of(row, "seeds");
}

/* A figure counts for the overview if it differed anywhere at all. */
static struct line *overview_lines(const struct report *r, size_t *count,
				   size_t *left_out)
{
	json_t *groups = json_object_get(r->compare, "comparisons");
	struct line *lines = NULL;
	json_t *group, *row;
	size_t i, j, k;

	*count = 0;
	*left_out = 0;
	json_array_foreach(groups, i, group) {
		json_t *rows = json_object_get(group, "metrics");

		json_array_foreach(rows, j, row) {
			const char *name = text_of(row, "metric");
			struct line *line;

			if (!json_object_get(row, "verdict"))
				continue;
			if (!differs(row))
				continue;
			for (k = 0; k < *count; k++)
				if (!strcmp(lines[k].metric, name))
					break;
			if (k == *count) {
				lines = xrealloc(lines, (k + 1) * sizeof(*lines));
				memset(&lines[k], 0, sizeof(lines[k]));
				lines[k].metric = name;
				lines[k].order = i * 10000 + j;
				(*count)++;
			}
			line = &lines[k];
			line->worse += is(row, "verdict", "worse");
			line->better += is(row, "verdict", "better");
		}
	}
	if (*count)
		qsort(lines, *count, sizeof(*lines), line_compare);
	json_array_foreach(groups, i, group) {
		json_t *rows = json_object_get(group, "metrics");

		json_array_foreach(rows, j, row) {
			bool shown = !json_object_get(row, "verdict");

			for (k = 0; k < *count; k++)
				shown = shown || is(row, "metric",
						    lines[k].metric);
			*left_out += !shown;
		}
	}
	return lines;
}

static void verdict_cell(struct report *r, const json_t *group,
			 const json_t *row)
{
	char *title = place_title(group, false);
	char *center, *interval;

	if (!row) {
		fputs("<td class=\"absent\" data-label=\"", r->out);
		put(r->out, title);
		fputs("\">not measured</td>", r->out);
		free(title);
		return;
	}
	estimate(row, &center, &interval);
	fprintf(r->out, "<td class=\"%s\" data-metric=\"",
		verdict_class(row));
	put(r->out, text_of(row, "metric"));
	fprintf(r->out, "\" data-ratio=\"%.12g\" data-label=\"",
		number_of(row, is(row, "scale", "ratio") ? "ratio" :
			  "difference"));
	put(r->out, title);
	fputs("\"><span class=\"estimate\">", r->out);
	put(r->out, center);
	fputs("</span> <span class=\"interval\">", r->out);
	put(r->out, interval ? interval : "1 pair");
	fputs("</span> <b>", r->out);
	put(r->out, json_object_get(row, "verdict") ?
	    text_of(row, "verdict") : "no verdict");
	fputs("</b></td>", r->out);
	free(title);
	free(center);
	free(interval);
}

static void overview(struct report *r)
{
	json_t *groups = json_object_get(r->compare, "comparisons");
	size_t count, left_out, i, j;
	struct line *lines = overview_lines(r, &count, &left_out);
	json_t *group;

	fputs("<table class=\"overview\"><thead><tr><th>Figure</th>", r->out);
	json_array_foreach(groups, i, group) {
		char *anchor = place_anchor(group);
		char *title = place_title(group, false);

		fprintf(r->out, "<th><a href=\"#%s\">", anchor);
		put(r->out, title);
		fputs("</a></th>", r->out);
		free(anchor);
		free(title);
	}
	fputs("</tr></thead><tbody>", r->out);
	for (i = 0; i < count; i++) {
		char *name = figure_name(lines[i].metric);

		fputs("<tr><th>", r->out);
		put(r->out, name);
		fputs("</th>", r->out);
		free(name);
		json_array_foreach(groups, j, group)
			verdict_cell(r, group,
				     find_row(group, lines[i].metric));
		fputs("</tr>\n", r->out);
	}
	fputs("</tbody></table>\n", r->out);
	if (left_out) {
		fputs("<p class=\"note\">", r->out);
		put_format(r->out, "%zu more results, of figures that differed in no seed of any workload, are with the workloads below.",
			   left_out);
		fputs("</p>", r->out);
	}
	free(lines);
}

static void tile(struct report *r, const char *class, const char *words)
{
	fprintf(r->out, "<li class=\"%s\"><b>%zu</b> %s</li>", class,
		count_verdict(r, words), words);
}

/* Workloads on the host clock whose cells others disturbed, and which cells. */
static void noisy_places(struct report *r)
{
	json_t *groups = json_object_get(r->compare, "comparisons");
	json_t *group, *cell;
	size_t i, j;

	json_array_foreach(groups, i, group) {
		const json_t *noise = json_object_get(group, "noise");
		json_t *list = json_object_get(noise, "disturbed");
		char *title;

		if (!json_is_true(json_object_get(noise, "too_noisy")))
			continue;
		title = place_title(group, false);
		fputs("<p class=\"alarm noise\">", r->out);
		put_format(r->out, "%s: %s: ", title, text_of(noise, "text"));
		json_array_foreach(list, j, cell)
			put_format(r->out, "%s%s", j ? "; " : "",
				   text_of(cell, "text"));
		fputs(".</p>", r->out);
		free(title);
	}
}

/**
 * section_verdicts - the verdicts, with intervals, of all workloads
 * @r: the report
 */
void section_verdicts(struct report *r)
{
	const json_t *method = json_object_get(r->compare, "method");
	size_t least = (size_t)number_of(method, "fewest_seeds_for_a_verdict");
	size_t seeds = most_seeds(r);

	fputs("<section id=\"verdicts\"><h2>Verdicts</h2><ul class=\"tiles\">",
	      r->out);
	tile(r, "better", "better");
	tile(r, "worse", "worse");
	tile(r, "same", NO_DIFFERENCE);
	if (count_verdict(r, TOO_NOISY))
		tile(r, "noisy", TOO_NOISY);
	fputs("</ul><p class=\"note\">", r->out);
	put_format(r->out, "%s (B) to %s (A): ratio of geometric means or difference of means, %g %% interval, verdict at %g after correction for %g tests.",
		   r->names[1], r->names[0], 100 * number_of(method, "level"),
		   number_of(method, "alpha"), number_of(method, "tests"));
	fputs(" <a href=\"#method\">Method</a>.</p>", r->out);
	if (number_of(method, "tests") > 0 && seeds < least) {
		fputs("<p class=\"alarm\">", r->out);
		put_format(r->out, "With %zu seed%s no verdict is possible, however large a difference: that takes at least %zu.",
			   seeds, seeds == 1 ? "" : "s", least);
		fputs("</p>", r->out);
	}
	noisy_places(r);
	overview(r);
	fputs("</section>\n", r->out);
}

/* The interval as a bar; 1 (or 0) is the middle, times 1.5 the ends. */
static void bar(struct report *r, const json_t *row)
{
	double low, high, center, scale = log(1.5);

	fputs("<td class=\"bar\">", r->out);
	if (!is(row, "scale", "ratio") || is(row, "interval", "none")) {
		fputs("</td>", r->out);
		return;
	}
	low = 50 + 50 * log(number_of(row, "low")) / scale;
	high = 50 + 50 * log(number_of(row, "high")) / scale;
	center = 50 + 50 * log(number_of(row, "ratio")) / scale;
	low = fmin(fmax(low, 0), 100);
	high = fmin(fmax(high, 0), 100);
	center = fmin(fmax(center, 0), 100);
	fprintf(r->out, "<svg viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"interval from 1/1.5 to 1.5\"><line class=\"one\" x1=\"50\" x2=\"50\" y1=\"0\" y2=\"12\"/><rect class=\"%s\" x=\"%.2f\" y=\"4\" width=\"%.2f\" height=\"4\"/><rect class=\"%s\" x=\"%.2f\" y=\"1\" width=\"1.4\" height=\"10\"/></svg></td>",
		verdict_class(row), low, fmax(high - low, 0.6),
		verdict_class(row), fmin(fmax(center - 0.7, 0), 98.6));
}

static void data_attributes(struct report *r, const json_t *row)
{
	fputs(" data-metric=\"", r->out);
	put(r->out, text_of(row, "metric"));
	fprintf(r->out, "\" data-a=\"%.12g\" data-b=\"%.12g\" data-estimate=\"%.12g\" data-seeds=\"%g\"",
		number_of(row, "a"),
		number_of(row, "b"),
		number_of(row, is(row, "scale", "ratio") ? "ratio" :
			  "difference"), number_of(row, "seeds"));
}

static void detail_row(struct report *r, const json_t *row)
{
	const char *unit = text_of(row, "unit");
	char *name = figure_name(text_of(row, "metric"));
	char *a = value_text(number_of(row, "a"), unit);
	char *b = value_text(number_of(row, "b"), unit);
	const json_t *left_out = json_object_get(row, "left_out");
	char *center, *interval;

	estimate(row, &center, &interval);
	fprintf(r->out, "<tr class=\"%s\"", verdict_class(row));
	data_attributes(r, row);
	fputs("><th>", r->out);
	put(r->out, name);
	fputs("</th><td class=\"n\" data-label=\"", r->out);
	put(r->out, r->names[0]);
	fputs("\">", r->out);
	put(r->out, a);
	fputs("</td><td class=\"n\" data-label=\"", r->out);
	put(r->out, r->names[1]);
	fputs("\">", r->out);
	put(r->out, b);
	fputs("</td><td class=\"n\" data-label=\"B to A\">", r->out);
	put(r->out, center);
	fputs("</td><td class=\"n interval\" data-label=\"interval\">", r->out);
	put(r->out, interval ? interval : "none");
	fputs("</td>", r->out);
	bar(r, row);
	fputs("<td class=\"n\" data-label=\"seeds\">", r->out);
	put_format(r->out, "%g", number_of(row, "seeds"));
	if (left_out)
		put_format(r->out, " (%zu left out)",
			   json_array_size(left_out));
	fputs("</td><td class=\"n\" data-label=\"seeds wanted\">", r->out);
	if (json_object_get(row, "seeds_for_precision"))
		put_format(r->out, "%g", number_of(row, "seeds_for_precision"));
	else
		fputs("\xe2\x80\x93", r->out);
	fputs("</td><td data-label=\"verdict\">", r->out);
	if (json_object_get(row, "verdict")) {
		fputs("<b>", r->out);
		put(r->out, text_of(row, "verdict"));
		fputs("</b>", r->out);
		if (json_object_get(row, "p_adjusted"))
			put_format(r->out, " (p\xc2\xa0%.2g)",
				   number_of(row, "p_adjusted"));
	}
	fputs("</td></tr>\n", r->out);
	free(name);
	free(a);
	free(b);
	free(center);
	free(interval);
}

static void detail_table(struct report *r, const json_t *group,
			 bool (*wanted)(const json_t *row))
{
	const json_t *method = json_object_get(r->compare, "method");
	json_t *rows = json_object_get(group, "metrics");
	json_t *row;
	size_t i;

	fputs("<table class=\"detail\"><thead><tr><th>Figure</th><th class=\"n a\">",
	      r->out);
	put(r->out, r->names[0]);
	fputs("</th><th class=\"n b\">", r->out);
	put(r->out, r->names[1]);
	fputs("</th><th class=\"n\">B to A</th><th class=\"n\">", r->out);
	put_format(r->out, "%g %% interval", 100 * number_of(method, "level"));
	fputs("</th><th class=\"bar\"><span>\xc3\xb7 1.5</span><span>1</span><span>\xc3\x97 1.5</span></th><th class=\"n\">Seeds</th><th class=\"n\">", r->out);
	put_format(r->out, "for \xc2\xb1%g %%", 100 * number_of(method, "precision"));
	fputs("</th><th>Verdict</th></tr></thead><tbody>", r->out);
	json_array_foreach(rows, i, row)
		if (wanted(row))
			detail_row(r, row);
	fputs("</tbody></table>\n", r->out);
}

static bool has_verdict(const json_t *row)
{
	return json_object_get(row, "verdict");
}

static bool is_zero(const json_t *row)
{
	json_t *pairs = json_object_get(row, "pairs"), *pair;
	size_t i;

	json_array_foreach(pairs, i, pair)
		if (json_number_value(json_array_get(pair, 1)) != 0 ||
		    json_number_value(json_array_get(pair, 2)) != 0)
			return false;
	return true;
}

static bool is_counter(const json_t *row)
{
	return is(row, "direction", "none") && !is_zero(row);
}

static bool is_quiet(const json_t *row)
{
	return is(row, "direction", "quiet") ||
	       (is(row, "direction", "none") && is_zero(row));
}

static void put_names(struct report *r, const json_t *group, int side)
{
	json_t *list = json_object_get(group, side ? "only_b" : "only_a");
	json_t *name;
	size_t i;

	if (!json_array_size(list))
		return;
	fputs("<p>Only ", r->out);
	put(r->out, r->names[side]);
	fputs(" has: ", r->out);
	json_array_foreach(list, i, name) {
		fputs(i ? ", <code>" : "<code>", r->out);
		put(r->out, json_string_value(name));
		fputs("</code>", r->out);
	}
	fputs(".</p>", r->out);
}

/* How the cells of a workload ended, and how often the OOM killer came. */
static void endings(struct report *r, const json_t *group)
{
	json_t *cells = json_object_get(r->results, "cells");
	int side;

	fputs("<h3>OOM kills and failures</h3><ul class=\"endings\">", r->out);
	for (side = 0; side < 2; side++) {
		const json_t *count = json_object_get(
			json_object_get(group, "cells"), side ? "b" : "a");
		double kills = 0;
		size_t measured = 0, i;
		json_t *cell;

		json_array_foreach(cells, i, cell) {
			json_t *value = json_object_get(cell, "oom_kills");

			if (!is(cell, "variant", r->names[side]) ||
			    !same_place(cell, group) || !value)
				continue;
			kills += json_number_value(value);
			measured++;
		}
		fprintf(r->out, "<li><span class=\"%c\">", side ? 'b' : 'a');
		put(r->out, r->names[side]);
		fputs("</span>: ", r->out);
		put_format(r->out, "%g of %g cells ended well; ",
			   number_of(count, "ok"), number_of(count, "wanted"));
		if (measured)
			put_format(r->out, "%g OOM kill%s in %zu cell%s.", kills,
				   kills == 1 ? "" : "s", measured,
				   measured == 1 ? "" : "s");
		else
			put(r->out, "OOM kills were not measured.");
		fputs("</li>", r->out);
	}
	fputs("</ul>\n", r->out);
}

static bool in_seed_table(const json_t *row)
{
	static const char *const names[] = {
		"runtime_ns", "direct_writes", "oom_kills",
		"latency_ns.fault.p50", "latency_ns.fault.p99",
		"latency_ns.fault.p999", "latency_ns.fault.max",
		"vmstat.pswpout",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (is(row, "metric", names[i]))
			return true;
	return false;
}

/* The raw values of the main figures, a line a seed: what results.json has. */
static void seed_table(struct report *r, const json_t *group)
{
	json_t *rows = json_object_get(group, "metrics");
	json_t *seeds = json_object_get(group, "seeds");
	json_t *row, *seed;
	size_t i, j, k;

	fputs("<details><summary>Every seed</summary><div class=\"wide\"><table class=\"seeds\"><thead><tr><th>Seed</th>",
	      r->out);
	json_array_foreach(rows, i, row) {
		char *name;

		if (!in_seed_table(row))
			continue;
		name = figure_name(text_of(row, "metric"));
		fputs("<th class=\"n\">", r->out);
		put_format(r->out, "%s, %s", name, text_of(row, "unit"));
		fputs("<br><span class=\"a\">A</span> <span class=\"b\">B</span></th>",
		      r->out);
		free(name);
	}
	fputs("</tr></thead><tbody>", r->out);
	json_array_foreach(seeds, i, seed) {
		fprintf(r->out, "<tr><th>%lld</th>",
			(long long)json_integer_value(seed));
		json_array_foreach(rows, j, row) {
			json_t *pairs = json_object_get(row, "pairs");
			json_t *pair;
			bool found = false;

			if (!in_seed_table(row))
				continue;
			json_array_foreach(pairs, k, pair) {
				if (!json_equal(json_array_get(pair, 0), seed))
					continue;
				found = true;
				fprintf(r->out, "<td class=\"n\" data-metric=\"%s\" data-seed=\"%lld\"><span class=\"a\">%.15g</span><br><span class=\"b\">%.15g</span></td>",
					text_of(row, "metric"),
					(long long)json_integer_value(seed),
					json_number_value(json_array_get(pair, 1)),
					json_number_value(json_array_get(pair, 2)));
			}
			if (!found)
				fputs("<td class=\"n\">not measured</td>",
				      r->out);
		}
		fputs("</tr>\n", r->out);
	}
	fputs("</tbody></table></div></details>\n", r->out);
}

/**
 * section_place - everything about one workload
 * @r: the report
 * @group: the workload, from compare.json
 */
void section_place(struct report *r, const json_t *group)
{
	char *anchor = place_anchor(group);
	char *title = place_title(group, false);
	char *place = place_title(group, true);
	const char *noise = text_of(json_object_get(group, "noise"), "text");

	fprintf(r->out, "<section class=\"place\" id=\"%s\"><h2>", anchor);
	put(r->out, title);
	fputs(" <small>", r->out);
	put(r->out, place);
	fputs("</small></h2>\n", r->out);
	if (*noise) {
		fputs("<p class=\"note\">Host clock: ", r->out);
		put(r->out, noise);
		fputs(".</p>\n", r->out);
	}
	detail_table(r, group, has_verdict);
	figure_distributions(r, group);
	figure_seeds(r, group);
	figure_stacks(r, group);
	fputs("<h3>Counters</h3><p class=\"note\">More or less of these is neither better nor worse.</p>",
	      r->out);
	detail_table(r, group, is_counter);
	put_names(r, group, 0);
	put_names(r, group, 1);
	fputs("<details><summary>All other figures, those that were 0 everywhere among them</summary>", r->out);
	detail_table(r, group, is_quiet);
	fputs("</details>", r->out);
	endings(r, group);
	seed_table(r, group);
	fputs("</section>\n", r->out);
	free(anchor);
	free(title);
	free(place);
}

/**
 * section_method - how the numbers came about
 * @r: the report
 */
void section_method(struct report *r)
{
	const json_t *method = json_object_get(r->compare, "method");

	fputs("<section id=\"method\"><h2>Method</h2><p>", r->out);
	put_format(r->out, "A cell is one guest. A cell of %s and one of %s with the same workload, storage, clock, vCPUs and seed are a pair. ",
		   r->names[0], r->names[1]);
	put_format(r->out, "Estimate: %s. Interval: %s, %g resamples, for one figure each and not corrected. ",
		   text_of(method, "estimate"), text_of(method, "interval"),
		   number_of(method, "resamples"));
	put_format(r->out, "Test: %s. Correction: %s, over all %g figures here that have a direction and differ in enough seeds to get a verdict at all. ",
		   text_of(method, "test"), text_of(method, "correction"),
		   number_of(method, "tests"));
	put_format(r->out, "A verdict takes a corrected p of at most %g and an interval without 1 (or 0); it takes at least %g seeds here. ",
		   number_of(method, "alpha"),
		   number_of(method, "fewest_seeds_for_a_verdict"));
	put(r->out, "No difference shown does not mean equal: the interval says how large a difference can still be. ");
	put_format(r->out, "\xe2\x80\x9c" "for \xc2\xb1%g %%\xe2\x80\x9d is the number of seeds that would give an interval of that half-width. ",
		   100 * number_of(method, "precision"));
	fputs("<code>Documentation/statistics.md</code> shows how to check it by hand.</p></section>\n",
	      r->out);
}
