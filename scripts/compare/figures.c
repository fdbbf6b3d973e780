// SPDX-License-Identifier: GPL-2.0-only
/* The figures of one workload: from the numbers of its cells to rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"

#define CELL_FAILED "cell_failed"

/* From fewer pairs nothing is said of how many seeds a precision needs. */
#define SPREAD_PAIRS_MIN 5

static int double_compare(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

void samples_add(struct samples *samples, int side, double value)
{
	size_t *count = &samples->count[side];

	samples->values[side] = xrealloc(samples->values[side],
					 (*count + 1) * sizeof(value));
	samples->values[side][(*count)++] = value;
}

void row_spreads(struct row *row, struct samples *samples)
{
	int side;

	for (side = 0; side < 2; side++) {
		struct spread *spread = &row->spread[side];
		size_t n = samples->count[side];
		double *v = samples->values[side];

		spread->cells = n;
		if (n) {
			qsort(v, n, sizeof(*v), double_compare);
			spread->median = (v[(n - 1) / 2] + v[n / 2]) / 2;
			spread->smallest = v[0];
			spread->largest = v[n - 1];
		}
		free(v);
	}
}

void row_pair(struct row *row, json_int_t seed, double a, double b)
{
	row->pairs = xrealloc(row->pairs,
			      (row->count + 1) * sizeof(*row->pairs));
	row->pairs[row->count++] = (struct pair){ seed, a, b };
}

static void add_left_out(struct row *row, json_int_t seed)
{
	row->left_out = xrealloc(row->left_out, (row->left_out_count + 1) *
				 sizeof(*row->left_out));
	row->left_out[row->left_out_count++] = seed;
}

/* The difference that the statistics see; exactly 0 for equal values. */
static double difference(enum scale scale, const struct pair *pair)
{
	if (pair->a == pair->b)
		return 0;
	if (scale == SCALE_RATIO)
		return log(pair->b / pair->a);
	return pair->b - pair->a;
}

static void centers(struct row *row)
{
	bool ratio = row->scale == SCALE_RATIO;
	int side;
	size_t i;

	for (side = 0; side < 2; side++) {
		double sum = 0;

		for (i = 0; i < row->count; i++) {
			double value = side ? row->pairs[i].b : row->pairs[i].a;

			sum += ratio ? log(value) : value;
		}
		sum /= (double)row->count;
		row->center[side] = ratio ? exp(sum) : sum;
	}
}

/* How many seeds an interval of the wanted width would take. */
static void seeds_needed(struct row *row, double sd, const struct options *o)
{
	double half = row->scale == SCALE_RATIO ? log1p(o->precision) :
		      o->precision * fmax(fabs(row->center[0]),
					  fabs(row->center[1]));

	if (row->count >= SPREAD_PAIRS_MIN)
		row->seeds_needed = stats_seeds_for_precision(sd, half,
							      o->level);
}

void row_statistics(struct row *row, const struct place *place,
		    const struct options *o)
{
	double *d = xcalloc(row->count, sizeof(*d));
	char *name = place_name(place);
	struct moments moments;
	uint64_t seed;
	size_t i;

	for (i = 0; i < row->count; i++)
		row->unusable += row->scale == SCALE_RATIO &&
			!(row->pairs[i].a > 0 && row->pairs[i].b > 0);
	if (row->unusable)
		row->scale = SCALE_DIFFERENCE;
	for (i = 0; i < row->count; i++)
		d[i] = difference(row->scale, &row->pairs[i]);
	centers(row);
	moments = stats_moments(d, row->count);
	seed = hash_text(hash_text(HASH_START + o->rng_seed, name), row->name);
	stats_interval(d, row->count, o->level, o->resamples, seed ^ seed >> 32,
		       &row->interval);
	stats_signed_rank(d, row->count, &row->test);
	seeds_needed(row, moments.sd, o);
	row->estimate = moments.mean;
	if (row->scale == SCALE_RATIO) {
		row->estimate = exp(row->estimate);
		row->interval.low = exp(row->interval.low);
		row->interval.high = exp(row->interval.high);
	}
	free(name);
	free(d);
}

static void row_fill(struct row *row, const struct slot *slots, size_t count)
{
	struct samples samples = { 0 };
	size_t i;

	for (i = 0; i < count; i++) {
		const struct value *a, *b;

		a = values_find(&slots[i].values[0], row->name);
		b = values_find(&slots[i].values[1], row->name);
		if (a)
			samples_add(&samples, 0, a->number);
		if (b)
			samples_add(&samples, 1, b->number);
		if (!slot_paired(&slots[i]))
			continue;
		if (a && b) {
			row_pair(row, slots[i].seed, a->number, b->number);
			row->filled += a->filled || b->filled;
		} else if (a || b) {
			add_left_out(row, slots[i].seed);
		}
	}
	row_spreads(row, &samples);
}

/* How often cells failed is a figure itself, of every cell that ran. */
static void row_fill_failed(struct row *row, const struct slot *slots,
			    size_t count)
{
	struct samples samples = { 0 };
	int side;
	size_t i;

	for (i = 0; i < count; i++) {
		for (side = 0; side < 2; side++)
			if (slots[i].cell[side])
				samples_add(&samples, side,
					    !cell_ok(slots[i].cell[side]));
		if (slots[i].cell[0] && slots[i].cell[1])
			row_pair(row, slots[i].seed,
				 !cell_ok(slots[i].cell[0]),
				 !cell_ok(slots[i].cell[1]));
	}
	row_spreads(row, &samples);
}

static void add_row(struct group *g, const char *name,
		    const struct slot *slots, size_t count,
		    const struct metric_table *table, const struct options *o)
{
	const struct metric *metric = metrics_find(table, g->place.workload,
						   name);
	struct row *row;

	if (!metric || metric->class == CLASS_IGNORE)
		return;
	g->rows = xrealloc(g->rows, (g->row_count + 1) * sizeof(*g->rows));
	row = &g->rows[g->row_count++];
	memset(row, 0, sizeof(*row));
	row->name = xstrdup(name);
	row->words = metric_words(metric, g->place.workload, name);
	row->unit = xstrdup(metric->unit);
	row->class = metric->class;
	row->better = metric->better;
	row->scale = metric->scale;
	row->order = (size_t)(metric - table->metrics);
	row->verdict = VERDICT_NONE;
	if (strcmp(name, CELL_FAILED))
		row_fill(row, slots, count);
	else
		row_fill_failed(row, slots, count);
	if (row->count)
		row_statistics(row, &g->place, o);
}

void group_rows(struct group *g, const struct slot *slots, size_t count,
		const struct metric_table *table, const struct options *o)
{
	size_t named, i;
	const char **names = values_names(slots, count, &named);

	add_row(g, CELL_FAILED, slots, count, table, o);
	for (i = 0; i < named; i++)
		add_row(g, names[i], slots, count, table, o);
	free(names);
}
