// SPDX-License-Identifier: GPL-2.0-only
/* How much of a figure's spread is between layouts of a kernel. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "grid.h"
#include "layouts.h"
#include "stats.h"
#include "util.h"

/** struct sums - sums of squares, as far as they are added up */
struct sums {
	size_t groups;
	double between;
	double within;
	double squared_sizes;
};

/* The group of values[first], which is the first of its group. */
static void add_group(struct sums *sums, const double *values,
		      const json_int_t *group, size_t n, size_t first,
		      double mean)
{
	double *of = xcalloc(n, sizeof(*of));
	struct moments moments;
	size_t i, size = 0;

	for (i = first; i < n; i++)
		if (group[i] == group[first])
			of[size++] = values[i];
	moments = stats_moments(of, size);
	sums->groups++;
	sums->between += size * (moments.mean - mean) * (moments.mean - mean);
	sums->within += (size - 1) * moments.sd * moments.sd;
	sums->squared_sizes += (double)size * size;
	free(of);
}

bool between_groups(const double *values, const json_int_t *group, size_t n,
		    struct between *out)
{
	double mean = stats_moments(values, n).mean, between, within, size;
	struct sums sums = { 0 };
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < i && group[j] != group[i]; j++)
			;
		if (j == i)
			add_group(&sums, values, group, n, i, mean);
	}
	if (sums.groups < 2 || n == sums.groups || !(sums.within > 0))
		return false;
	between = sums.between / (sums.groups - 1);
	within = sums.within / (n - sums.groups);
	size = (n - sums.squared_sizes / n) / (sums.groups - 1);
	out->groups = sums.groups;
	out->share = fmax(0, (between - within) / size);
	out->share /= out->share + within;
	out->p = gsl_cdf_fdist_Q(between / within, sums.groups - 1,
				 n - sums.groups);
	return true;
}

static json_int_t layout_of(const struct side *side, json_int_t seed)
{
	size_t i;

	for (i = 0; i < side->count; i++)
		if (side->ran[i].seed == seed)
			return side->ran[i].layout;
	return 0;
}

/* A row's values on one side, their logarithms if there are any. */
static bool row_between(const struct comparison *c, const struct group *g,
			const struct row *row, int which, struct between *out)
{
	double *values = xcalloc(row->count + 1, sizeof(*values));
	json_int_t *layouts = xcalloc(row->count + 1, sizeof(*layouts));
	bool above = true, told;
	size_t i;

	for (i = 0; i < row->count; i++) {
		const struct pair *pair = &row->pairs[i];

		values[i] = which ? pair->b : pair->a;
		layouts[i] = layout_of(&g->side[which], pair->seed +
				       (which ? c->method.seed_offset : 0));
		above &= values[i] > 0;
	}
	for (i = 0; above && i < row->count; i++)
		values[i] = log(values[i]);
	told = between_groups(values, layouts, row->count, out);
	free(layouts);
	free(values);
	return told;
}

static bool render_side(FILE *out, const struct comparison *c,
			const struct group *g, int which)
{
	struct grid grid = { .columns = 3, .left = 3 };
	char *place = place_name(&g->place), **line;
	struct between between;
	bool told = false;
	size_t i;

	line = grid_line(&grid);
	line[0] = xstrdup("outcome");
	line[1] = xstrdup("between layouts");
	line[2] = xstrdup("p");
	for (i = 0; i < g->row_count; i++) {
		const struct row *row = &g->rows[i];

		if (row->class != CLASS_OUTCOME ||
		    !row_between(c, g, row, which, &between))
			continue;
		if (!told)
			fprintf(out, "\n%s: %s in %zu layouts\n", place,
				c->variant[which].name, between.groups);
		told = true;
		line = grid_line(&grid);
		line[0] = xstrdup(row->words);
		line[1] = xasprintf("%.0f %%", 100 * between.share);
		line[2] = xasprintf("%.3f", between.p);
	}
	if (told)
		grid_text(out, &grid);
	grid_free(&grid);
	free(place);
	return told;
}

bool render_layouts(FILE *out, const struct comparison *c)
{
	bool told = false;
	size_t i;
	int side;

	for (i = 0; i < c->group_count; i++)
		for (side = 0; side < (int)c->variants; side++)
			told |= render_side(out, c, &c->groups[i], side);
	return told;
}
