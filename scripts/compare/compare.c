// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pairs the cells of two variants and compares every figure.
 *
 * What is not compared is listed: a cell that failed, one that is missing,
 * a good one without a partner, a figure that only one of a pair has.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

#define CELL_FAILED "cell_failed"

/* From fewer pairs nothing is said of how many seeds a precision needs. */
#define SPREAD_PAIRS_MIN 5

static const char *const not_figures[] = {
	"id", "kernel", "variant", "fs", "storage", "workload", "clock",
	"vcpus", "seed", "status",
};

/** struct value - one number of a cell, under its full name */
struct value {
	char *name;
	double number;
	bool filled;	/* a counter that did not change, so no line */
};

/** struct values - the numbers of a cell, sorted by name */
struct values {
	struct value *values;
	size_t count;
};

/** struct partners - two cells of the same place and seed */
struct partners {
	json_int_t seed;
	const struct cell *cell[2];
	struct values values[2];
};

static int value_compare(const void *left, const void *right)
{
	const struct value *a = left;
	const struct value *b = right;

	return strcmp(a->name, b->name);
}

static void flatten(struct values *values, const char *prefix,
		    const json_t *json)
{
	json_t *object = (json_t *)json;
	const char *key;
	json_t *member;

	json_object_foreach(object, key, member) {
		char *name = prefix ? xasprintf("%s.%s", prefix, key) :
				      xstrdup(key);

		if (json_is_object(member)) {
			flatten(values, name, member);
		} else if (json_is_number(member)) {
			struct value *v;

			values->values = xrealloc(values->values,
						  (values->count + 1) *
						  sizeof(*v));
			v = &values->values[values->count++];
			v->name = name;
			v->number = json_number_value(member);
			v->filled = false;
			continue;
		}
		free(name);
	}
}

static bool is_figure(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(not_figures); i++)
		if (!strcmp(name, not_figures[i]))
			return false;
	return true;
}

static const struct value *values_find(const struct values *values,
				       const char *name)
{
	struct value key = { .name = (char *)name };

	if (!values->count)
		return NULL;
	return bsearch(&key, values->values, values->count, sizeof(key),
		       value_compare);
}

/*
 * The guest may leave out counters of /proc/vmstat that did not change. One
 * that any cell of the variant has is one that its kernel has, and where it
 * is missing from a cell with counters it did not change: 0.
 */
static void values_load(struct values *values, const struct cell *cell,
			const json_t *known_counters)
{
	const json_t *counters = json_object_get(cell->json, "vmstat");
	json_t *known = (json_t *)known_counters;
	json_t *member;
	const char *key;

	values->values = NULL;
	values->count = 0;
	flatten(values, NULL, cell->json);
	json_object_foreach(known, key, member) {
		struct value *v;

		if (!counters || json_object_get(counters, key))
			continue;
		values->values = xrealloc(values->values,
					  (values->count + 1) * sizeof(*v));
		v = &values->values[values->count++];
		v->name = xasprintf("vmstat.%s", key);
		v->number = 0;
		v->filled = true;
	}
	qsort(values->values, values->count, sizeof(*values->values),
	      value_compare);
}

/* Every counter of /proc/vmstat that any cell of a variant has. */
static json_t *counters_known(const struct cells *cells, const char *variant)
{
	json_t *known = json_object();
	size_t i;

	for (i = 0; i < cells->count; i++)
		if (!strcmp(cells->cells[i].variant, variant))
			json_object_update(known,
				json_object_get(cells->cells[i].json,
						"vmstat"));
	return known;
}

static bool seed_wanted(const struct options *o, json_int_t seed)
{
	size_t i;

	for (i = 0; i < o->seeds_count; i++)
		if (seed >= o->seeds[i].first && seed <= o->seeds[i].last)
			return true;
	return !o->seeds_count;
}

/* Side 0 is A, 1 is B. Seeds of B are told by the seed of A they go with. */
static bool on_side(const struct options *o, const struct cell *cell, int side,
		    json_int_t *seed)
{
	if (strcmp(cell->variant, side ? o->b : o->a))
		return false;
	*seed = cell->seed - (side ? o->seed_offset : 0);
	return seed_wanted(o, *seed);
}

static void add_problem(struct comparison *c, const char *what,
			const char *variant, const struct place *place,
			json_int_t seed, const struct cell *cell)
{
	struct problem *p;

	c->problems = xrealloc(c->problems,
			       (c->problem_count + 1) * sizeof(*p));
	p = &c->problems[c->problem_count++];
	p->what = what;
	p->variant = variant;
	p->place = *place;
	p->seed = seed;
	p->status = cell ? cell->status : NULL;
	p->id = cell ? cell->id : NULL;
}

static int row_compare(const void *left, const void *right)
{
	const struct row *a = left;
	const struct row *b = right;

	if (a->metric != b->metric)
		return (a->metric > b->metric) - (a->metric < b->metric);
	return strcmp(a->name, b->name);
}

static void add_name(char ***names, size_t *count, const char *name)
{
	*names = xrealloc(*names, (*count + 1) * sizeof(**names));
	(*names)[(*count)++] = xstrdup(name);
}

static struct row *add_row(struct group *g, const char *name,
			   const struct metric *metric)
{
	struct row *row;

	g->rows = xrealloc(g->rows, (g->row_count + 1) * sizeof(*g->rows));
	row = &g->rows[g->row_count++];
	memset(row, 0, sizeof(*row));
	row->name = xstrdup(name);
	row->metric = metric;
	return row;
}

static void add_pair(struct row *row, json_int_t seed, double a, double b)
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
	size_t i;

	row->center_a = 0;
	row->center_b = 0;
	for (i = 0; i < row->count; i++) {
		bool ratio = row->scale == SCALE_RATIO;

		row->center_a += ratio ? log(row->pairs[i].a) : row->pairs[i].a;
		row->center_b += ratio ? log(row->pairs[i].b) : row->pairs[i].b;
	}
	row->center_a /= (double)row->count;
	row->center_b /= (double)row->count;
	if (row->scale == SCALE_RATIO) {
		row->center_a = exp(row->center_a);
		row->center_b = exp(row->center_b);
	}
}

static void row_statistics(struct row *row, const struct group *g,
			   const struct options *o)
{
	double *d = xcalloc(row->count, sizeof(*d));
	char *place = place_name(&g->place);
	uint64_t seed;
	double half;
	size_t i;

	row->scale = row->metric->scale;
	for (i = 0; i < row->count; i++)
		row->unusable += !(row->pairs[i].a > 0 && row->pairs[i].b > 0);
	if (row->unusable)
		row->scale = SCALE_DIFFERENCE;
	for (i = 0; i < row->count; i++)
		d[i] = difference(row->scale, &row->pairs[i]);
	centers(row);
	row->moments = stats_moments(d, row->count);
	seed = hash_text(hash_text(0xcbf29ce484222325ULL + o->rng_seed, place),
			 row->name);
	stats_interval(d, row->count, o->level, o->resamples, seed ^ seed >> 32,
		       &row->interval);
	stats_signed_rank(d, row->count, &row->test);
	if (row->count >= SPREAD_PAIRS_MIN) {
		half = row->scale == SCALE_RATIO ? log1p(o->precision) :
		       o->precision * fmax(fabs(row->center_a),
					   fabs(row->center_b));
		row->seeds_needed = stats_seeds_for_precision(row->moments.sd,
							      half, o->level);
	}
	free(place);
	free(d);
}

static void row_fill(struct row *row, const struct partners *partners,
		     size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct value *a, *b;

		a = values_find(&partners[i].values[0], row->name);
		b = values_find(&partners[i].values[1], row->name);
		if (a && b) {
			add_pair(row, partners[i].seed, a->number, b->number);
			row->filled += a->filled || b->filled;
		} else if (a || b) {
			add_left_out(row, partners[i].seed);
		}
	}
}

static void group_rows(struct group *g, const struct partners *partners,
		       size_t count, const struct metric_table *table,
		       const struct options *o)
{
	struct values names = { NULL, 0 };
	size_t i, j;
	int side;

	for (i = 0; i < count; i++)
		for (side = 0; side < 2; side++)
			for (j = 0; j < partners[i].values[side].count; j++) {
				names.values = xrealloc(names.values,
							(names.count + 1) *
							sizeof(*names.values));
				names.values[names.count++] =
					partners[i].values[side].values[j];
			}
	qsort(names.values, names.count, sizeof(*names.values), value_compare);
	for (i = 0; i < names.count; i++) {
		const char *name = names.values[i].name;
		const struct metric *metric;
		struct row row;

		if (i && !strcmp(name, names.values[i - 1].name))
			continue;
		if (!is_figure(name))
			continue;
		metric = metrics_find(table, g->place.workload, name);
		if (!metric || metric->direction == DIRECTION_IGNORE)
			continue;
		memset(&row, 0, sizeof(row));
		row.name = (char *)name;
		row_fill(&row, partners, count);
		if (row.count) {
			struct row *kept = add_row(g, name, metric);

			row.name = kept->name;
			row.metric = metric;
			*kept = row;
			continue;
		}
		side = 1;
		for (j = 0; j < count; j++)
			if (values_find(&partners[j].values[0], name))
				side = 0;
		add_name(&g->only[side], &g->only_count[side], name);
		free(row.left_out);
	}
	free(names.values);
	for (i = 0; i < g->row_count; i++)
		if (strcmp(g->rows[i].name, CELL_FAILED))
			row_statistics(&g->rows[i], g, o);
}

/** struct slot - what the two variants have at one place and seed */
struct slot {
	struct place place;
	json_int_t seed;
	const struct cell *cell[2];
	bool planned[2];
};

static int slot_compare(const void *left, const void *right)
{
	const struct slot *a = left;
	const struct slot *b = right;
	int order = place_compare(&a->place, &b->place);

	return order ? order : (a->seed > b->seed) - (a->seed < b->seed);
}

static struct slot *slots_make(const struct cells *cells,
			       const struct options *o, size_t *count)
{
	size_t room = 2 * (cells->count + cells->planned_count);
	struct slot *slots = xcalloc(room, sizeof(*slots));
	size_t n = 0, i, j;
	int side;

	for (i = 0; i < cells->count + cells->planned_count; i++) {
		bool planned = i >= cells->count;
		const struct cell *cell = planned ?
			&cells->planned[i - cells->count] : &cells->cells[i];

		for (side = 0; side < 2; side++) {
			struct slot *s = &slots[n];

			if (!on_side(o, cell, side, &s->seed))
				continue;
			s->place = cell->place;
			if (planned)
				s->planned[side] = true;
			else
				s->cell[side] = cell;
			n++;
		}
	}
	qsort(slots, n, sizeof(*slots), slot_compare);
	for (i = 0, j = 0; i < n; i++) {
		if (j && !slot_compare(&slots[j - 1], &slots[i])) {
			for (side = 0; side < 2; side++)
				if (slots[i].cell[side])
					slots[j - 1].cell[side] =
						slots[i].cell[side];
			continue;
		}
		slots[j++] = slots[i];
	}
	*count = j;
	return slots;
}

static bool cell_ok(const struct cell *cell)
{
	return cell && !strcmp(cell->status, "ok");
}

static void slot_problems(struct comparison *c, const struct slot *s)
{
	const struct options *o = c->options;
	int side;

	c->cells_wanted += 2;
	for (side = 0; side < 2; side++) {
		const struct cell *cell = s->cell[side];
		json_int_t seed = s->seed + (side ? o->seed_offset : 0);
		const char *what = NULL;

		if (!cell)
			what = "missing";
		else if (!cell_ok(cell))
			what = "failed";
		else if (!cell_ok(s->cell[!side]))
			what = "unpaired";
		if (what)
			add_problem(c, what, side ? o->b : o->a, &s->place,
				    seed, cell);
	}
}

/*
 * On the host clock whatever else runs takes time from a guest. The cell says
 * what share of the machine's CPU time that was; beyond the limit a difference
 * may be theirs. One that does not say is not known to be undisturbed.
 */
static void noise_add(struct noise *noise, const struct cell *cell,
		      double limit)
{
	const json_t *cpu = json_object_get(cell->json, "host_cpu");
	const json_t *share = json_object_get(cpu, "disturbed");
	double value = json_is_number(share) ? json_number_value(share) : -1;

	if (strcmp(cell->place.clock, "host"))
		return;
	noise->judged = true;
	noise->cells++;
	noise->largest = fmax(noise->largest, value);
	if (value >= 0 && value <= limit)
		return;
	noise->over = xrealloc(noise->over,
			       (noise->over_count + 1) * sizeof(*noise->over));
	noise->over[noise->over_count++] = (struct disturbed){ cell, value };
}

static void group_make(struct comparison *c, const struct slot *slots,
		       size_t count, const struct metric_table *table)
{
	struct partners *partners = xcalloc(count, sizeof(*partners));
	const struct metric *metric = metrics_find(table,
						   slots[0].place.workload,
						   CELL_FAILED);
	struct group *g;
	size_t i;
	int side;

	c->groups = xrealloc(c->groups,
			     (c->group_count + 1) * sizeof(*c->groups));
	g = &c->groups[c->group_count++];
	memset(g, 0, sizeof(*g));
	g->place = slots[0].place;
	g->seeds = xcalloc(count, sizeof(*g->seeds));
	if (metric && metric->direction != DIRECTION_IGNORE)
		add_row(g, CELL_FAILED, metric);
	for (i = 0; i < count; i++) {
		struct partners *p = &partners[g->count];

		slot_problems(c, &slots[i]);
		for (side = 0; side < 2; side++) {
			g->total[side]++;
			g->ok[side] += cell_ok(slots[i].cell[side]);
		}
		if (g->row_count && slots[i].cell[0] && slots[i].cell[1])
			add_pair(&g->rows[0], slots[i].seed,
				 !cell_ok(slots[i].cell[0]),
				 !cell_ok(slots[i].cell[1]));
		if (!cell_ok(slots[i].cell[0]) || !cell_ok(slots[i].cell[1]))
			continue;
		g->seeds[g->count++] = slots[i].seed;
		p->seed = slots[i].seed;
		for (side = 0; side < 2; side++) {
			p->cell[side] = slots[i].cell[side];
			noise_add(&g->noise, p->cell[side],
				  c->options->noise_limit);
			values_load(&p->values[side], p->cell[side],
				    c->counters[side]);
		}
	}
	if (g->row_count && !g->rows[0].count)
		g->row_count = 0;
	if (g->row_count)
		row_statistics(&g->rows[0], g, c->options);
	group_rows(g, partners, g->count, table, c->options);
	qsort(g->rows, g->row_count, sizeof(*g->rows), row_compare);
	for (i = 0; i < g->count; i++)
		for (side = 0; side < 2; side++) {
			struct values *v = &partners[i].values[side];

			while (v->count)
				free(v->values[--v->count].name);
			free(v->values);
		}
	free(partners);
}

static bool has_direction(const struct row *row)
{
	return row->metric->direction == DIRECTION_LOWER ||
	       row->metric->direction == DIRECTION_HIGHER;
}

/*
 * Can the test give a verdict? Not if p is above alpha even when all
 * differences have one sign, and not if there are none.
 */
static bool can_alarm(const struct row *row, double alpha)
{
	return row->test.zeros < row->test.n &&
	       2 * pow(0.5, (double)(row->test.n - row->test.zeros)) <= alpha;
}

/*
 * Which tests count for the correction: those that can give a verdict. Leaving
 * out the others cannot raise the number of false ones (Tarone 1990). If none
 * can, for want of seeds, it is those that could with more. Where it was too
 * noisy, which does not depend on what was measured, none can.
 */
static void family_choose(struct comparison *c)
{
	size_t most = 0, i, j;
	bool any = false;

	for (i = 0; i < c->group_count; i++) {
		const struct group *g = &c->groups[i];

		if (g->noise.over_count)
			continue;
		most = g->count > most ? g->count : most;
		for (j = 0; j < g->row_count; j++)
			any = any || (has_direction(&g->rows[j]) &&
				      can_alarm(&g->rows[j], c->options->alpha));
	}
	for (i = 0; i < c->group_count; i++)
		for (j = 0; j < c->groups[i].row_count; j++) {
			struct row *row = &c->groups[i].rows[j];

			if (!has_direction(row) ||
			    c->groups[i].noise.over_count)
				continue;
			row->in_family = any ?
				can_alarm(row, c->options->alpha) :
				c->groups[i].count == most &&
				row->test.zeros < row->test.n;
		}
}

/* Holm over the family. */
static void verdicts(struct comparison *c)
{
	struct row **rows = NULL;
	double *adjusted;
	double *p;
	size_t i, j;

	family_choose(c);
	for (i = 0; i < c->group_count; i++)
		for (j = 0; j < c->groups[i].row_count; j++) {
			struct row *row = &c->groups[i].rows[j];

			if (!has_direction(row))
				continue;
			row->verdict = "no difference shown";
			/* a difference of one pair is what it is */
			if (row->test.n == 1 && !row->test.zeros)
				row->verdict = "not tested";
			if (c->groups[i].noise.over_count)
				row->verdict = TOO_NOISY;
			row->adjusted = 1;
			if (!row->in_family)
				continue;
			rows = xrealloc(rows,
					(c->family + 1) * sizeof(*rows));
			rows[c->family++] = row;
		}
	p = xcalloc(c->family, sizeof(*p));
	adjusted = xcalloc(c->family, sizeof(*adjusted));
	for (i = 0; i < c->family; i++)
		p[i] = rows[i]->test.p;
	stats_holm(p, c->family, adjusted);
	for (i = 0; i < c->family; i++) {
		struct row *row = rows[i];
		bool less = row->interval.high < 0;
		bool more = row->interval.low > 0;

		row->adjusted = adjusted[i];
		if (row->adjusted > c->options->alpha ||
		    row->interval.method == INTERVAL_NONE || !(less || more))
			continue;
		if (less == (row->metric->direction == DIRECTION_LOWER))
			row->verdict = "better";
		else
			row->verdict = "worse";
	}
	c->fewest_seeds = stats_seeds_for_verdict(c->options->alpha, c->family);
	free(rows);
	free(adjusted);
	free(p);
}

static void kernels(struct comparison *c)
{
	const struct cell *first[2] = { NULL, NULL };
	json_int_t seed;
	size_t i;
	int side;

	for (i = 0; i < c->cells->count; i++)
		for (side = 0; side < 2; side++) {
			const struct cell *cell = &c->cells->cells[i];

			if (!on_side(c->options, cell, side, &seed))
				continue;
			if (!first[side])
				first[side] = cell;
			if (!cell->kernel)
				continue;
			if (!c->kernel[side])
				c->kernel[side] = cell->kernel;
			if (strcmp(c->kernel[side], cell->kernel))
				fail("%s: cells[%zu]: expected kernel %s as in the other cells of %s, not %s",
				     c->cells->path, cell->index,
				     c->kernel[side], cell->variant,
				     cell->kernel);
		}
	/* a side of which no cell ran at all is one whose cells are missing */
	for (i = 0; i < c->cells->planned_count; i++)
		for (side = 0; side < 2; side++)
			if (!first[side] &&
			    on_side(c->options, &c->cells->planned[i], side,
				    &seed))
				first[side] = &c->cells->planned[i];
	for (side = 0; side < 2; side++)
		if (!first[side])
			fail("%s: expected cells of variant '%s'%s, found none",
			     c->cells->path,
			     side ? c->options->b : c->options->a,
			     c->options->seeds_count ? " with these seeds" : "");
}

/**
 * compare - pair the cells of two variants and compare every figure
 * @result: where the comparison goes
 * @cells: results.json
 * @table: what is known about the figures
 * @options: what to compare, and how
 */
void compare(struct comparison *result, const struct cells *cells,
	     const struct metric_table *table, const struct options *options)
{
	struct slot *slots;
	size_t count, i, j;

	memset(result, 0, sizeof(*result));
	result->options = options;
	result->cells = cells;
	kernels(result);
	result->counters[0] = counters_known(cells, options->a);
	result->counters[1] = counters_known(cells, options->b);
	slots = slots_make(cells, options, &count);
	for (i = 0; i < count; i = j) {
		for (j = i + 1; j < count; j++)
			if (place_compare(&slots[i].place, &slots[j].place))
				break;
		group_make(result, &slots[i], j - i, table);
	}
	verdicts(result);
	free(slots);
	json_decref(result->counters[0]);
	json_decref(result->counters[1]);
}

/**
 * problem_text - a problem in one line
 * @problem: the problem
 *
 * Return: e.g. "patched: xfs writeback on null_blk, virtual clock, seed 5: panic".
 */
char *problem_text(const struct problem *problem)
{
	char *place = place_name(&problem->place);
	const char *why = problem->what;
	char *text;

	if (!strcmp(why, "failed"))
		why = problem->status;
	else if (!strcmp(why, "unpaired"))
		why = "ok, but the other variant has no good cell to pair it with";
	text = xasprintf("%s: %s, seed %lld: %s", problem->variant, place,
			 (long long)problem->seed, why);
	free(place);
	return text;
}

/**
 * problems_summary - how many cells are not compared, and why
 * @c: the comparison
 *
 * Return: one line; NULL when every cell is compared.
 */
char *problems_summary(const struct comparison *c)
{
	size_t failed = 0, missing = 0, unpaired = 0, i;

	for (i = 0; i < c->problem_count; i++) {
		failed += !strcmp(c->problems[i].what, "failed");
		missing += !strcmp(c->problems[i].what, "missing");
		unpaired += !strcmp(c->problems[i].what, "unpaired");
	}
	if (!c->problem_count)
		return NULL;
	return xasprintf("%zu of %zu cells are not in this comparison: %zu failed, %zu missing, %zu good but without a partner",
			 c->problem_count, c->cells_wanted, failed, missing,
			 unpaired);
}

/**
 * noise_text - how disturbed the cells of a workload were
 * @c: the comparison
 * @group: the workload
 *
 * Return: one line; NULL for the virtual clock, which is not disturbed.
 */
char *noise_text(const struct comparison *c, const struct group *group)
{
	const struct noise *n = &group->noise;
	double limit = 100 * c->options->noise_limit;

	if (!n->judged)
		return NULL;
	if (!n->over_count)
		return xasprintf("others had at most %.1f %% of the machine's CPU time (limit %g %%)",
				 100 * n->largest, limit);
	return xasprintf(TOO_NOISY ": in %zu of %zu cells others had more than %g %% of the machine's CPU time",
			 n->over_count, n->cells, limit);
}

/**
 * disturbed_text - a disturbed cell in one line
 * @disturbed: the cell
 *
 * Return: e.g. "patched, seed 5: 31.4 %".
 */
char *disturbed_text(const struct disturbed *disturbed)
{
	const struct cell *cell = disturbed->cell;

	if (disturbed->share < 0)
		return xasprintf("%s, seed %lld: not recorded", cell->variant,
				 (long long)cell->seed);
	return xasprintf("%s, seed %lld: %.1f %%", cell->variant,
			 (long long)cell->seed, 100 * disturbed->share);
}
