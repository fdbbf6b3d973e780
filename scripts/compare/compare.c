// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pairs the cells of two variants and compares every figure; of one variant
 * alone it gives medians.
 *
 * What is not compared is listed: a cell that failed, one that is missing,
 * a good one without a partner, a figure that only one of a pair has.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"

static char *copy_of(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

static void add_problem(struct comparison *c, enum problem_kind kind,
			const char *variant, const struct slot *slot, int side,
			json_int_t seed)
{
	const struct cell *cell = slot->cell[side];
	const struct cell *planned = slot->planned[side];
	struct problem *p;

	c->problems = xrealloc(c->problems,
			       (c->problem_count + 1) * sizeof(*p));
	p = &c->problems[c->problem_count++];
	*p = (struct problem){
		.kind = kind,
		.variant = xstrdup(variant),
		.place = slot->place,
		.seed = seed,
		.status = cell ? xstrdup(cell->status) : NULL,
		.id = copy_of(cell ? cell->id : planned ? planned->id : NULL),
		.trouble = cell ? copy_of(cell_trouble(cell->json)) : NULL,
		.command = copy_of(planned ? planned->command : NULL),
	};
}

static void slot_problems(struct comparison *c, const struct slot *slot,
			  const struct options *o)
{
	int sides = o->b ? 2 : 1, side;

	c->cells_wanted += sides;
	for (side = 0; side < sides; side++) {
		const struct cell *cell = slot->cell[side];
		json_int_t seed = slot->seed + (side ? o->seed_offset : 0);
		enum problem_kind kind = PROBLEM_KINDS;

		if (!cell)
			kind = PROBLEM_MISSING;
		else if (!cell_ok(cell))
			kind = PROBLEM_FAILED;
		else if (sides == 2 && !cell_ok(slot->cell[!side]))
			kind = PROBLEM_UNPAIRED;
		if (kind != PROBLEM_KINDS)
			add_problem(c, kind, side ? o->b : o->a, slot, side,
				    seed);
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
	noise->limit = limit;
	noise->cells++;
	noise->largest = fmax(noise->largest, value);
	if (value >= 0 && value <= limit)
		return;
	noise->over = xrealloc(noise->over,
			       (noise->over_count + 1) * sizeof(*noise->over));
	noise->over[noise->over_count++] = (struct disturbed){
		xstrdup(cell->variant), cell->seed, value
	};
}

/* A side's cell at one seed: whether it ran, and how it ended. */
static void side_add(struct side *side, const struct slot *slot, int which)
{
	const struct cell *cell = slot->cell[which];
	const struct cell *planned = slot->planned[which];
	const json_t *kills;
	struct ran *ran;

	side->wanted++;
	if (!cell)
		return;
	side->ok += cell_ok(cell);
	side->ran = xrealloc(side->ran,
			     (side->count + 1) * sizeof(*side->ran));
	ran = &side->ran[side->count++];
	ran->seed = cell->seed;
	ran->layout = json_integer_value(json_object_get(cell->json, "layout"));
	ran->id = copy_of(cell->id);
	ran->status = xstrdup(cell->status);
	ran->command = copy_of(planned ? planned->command : NULL);
	kills = json_object_get(cell->json, "oom_kills");
	if (kills) {
		side->oom_kills += json_number_value(kills);
		side->oom_measured++;
	}
}

static void group_make(struct comparison *c, struct slot *slots, size_t count,
		       const struct metric_table *table,
		       const struct options *o, json_t *const counters[2])
{
	int sides = o->b ? 2 : 1, side;
	struct group *g;
	size_t i;

	c->groups = xrealloc(c->groups,
			     (c->group_count + 1) * sizeof(*c->groups));
	g = &c->groups[c->group_count++];
	memset(g, 0, sizeof(*g));
	g->place = slots[0].place;
	g->seeds = xcalloc(count, sizeof(*g->seeds));
	for (i = 0; i < count; i++) {
		slot_problems(c, &slots[i], o);
		for (side = 0; side < sides; side++) {
			const struct cell *cell = slots[i].cell[side];

			side_add(&g->side[side], &slots[i], side);
			if (cell_ok(cell))
				values_load(&slots[i].values[side], cell,
					    counters[side]);
			if (slot_paired(&slots[i]))
				noise_add(&g->noise, cell, o->noise_limit);
		}
		if (slot_paired(&slots[i]))
			g->seeds[g->count++] = slots[i].seed;
	}
	group_rows(g, slots, count, table, o);
	group_splices(g, slots, count, o);
	for (i = 0; i < count; i++)
		for (side = 0; side < 2; side++)
			values_free(&slots[i].values[side]);
}

/* One kernel release for all cells of a variant. */
static void kernel_of(struct comparison *c, const struct cells *cells,
		      const struct options *o, int side)
{
	const struct cell *any = NULL;
	json_int_t seed;
	size_t i;

	for (i = 0; i < cells->count; i++) {
		const struct cell *cell = &cells->cells[i];
		struct variant *variant = &c->variant[side];

		if (!on_side(o, cell, side, &seed))
			continue;
		any = cell;
		if (cell->kernel && !variant->kernel)
			variant->kernel = xstrdup(cell->kernel);
		if (cell->kernel && strcmp(variant->kernel, cell->kernel))
			fail("%s: cells[%zu]: expected kernel %s as in the other cells of %s, not %s",
			     cells->path, cell->index, variant->kernel,
			     cell->variant, cell->kernel);
	}
	/* a side of which no cell ran at all is one whose cells are missing */
	for (i = 0; i < cells->planned_count && !any; i++)
		if (on_side(o, &cells->planned[i], side, &seed))
			any = &cells->planned[i];
	if (!any)
		fail("%s: expected cells of variant '%s'%s, found none",
		     cells->path, side ? o->b : o->a,
		     o->seeds_count ? " with these seeds" : "");
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text && *text ? text : NULL;
}

static void describe(struct comparison *c, const struct cells *cells,
		     const struct options *o)
{
	const json_t *host = json_object_get(cells->document, "host");
	const json_t *variants = json_object_get(cells->document, "variants");
	const json_t *compared = json_object_get(cells->document, "compared");
	const char *machine = text_of(host, "cpu");
	int side;

	c->variants = o->b ? 2 : 1;
	for (side = 0; side < (int)c->variants; side++) {
		const char *name = side ? o->b : o->a;
		const json_t *variant = json_object_get(variants, name);

		c->variant[side].name = xstrdup(name);
		c->variant[side].commit = copy_of(text_of(variant, "commit"));
		kernel_of(c, cells, o, side);
	}
	c->machine = copy_of(machine ? machine : text_of(host, "system"));
	c->emulator = copy_of(text_of(host, "qemu"));
	c->command = copy_of(text_of(compared, "command"));
	c->measured = xasprintf("%016llx",
				(unsigned long long)cells_hash(cells));
	c->method = (struct method){
		.estimate = xstrdup("ratio of geometric means, or difference of means, of pairs"),
		.interval = xstrdup("percentile-t bootstrap over pairs; Student's t where that is not possible"),
		.test = xstrdup("Wilcoxon signed-rank, two-sided, exact, zeros as Pratt"),
		.correction = xstrdup("Holm"),
		.alpha = o->alpha, .level = o->level,
		.precision = o->precision, .noise_limit = o->noise_limit,
		.resamples = o->resamples, .rng_seed = o->rng_seed,
		.seed_offset = o->seed_offset,
	};
}

void compare(struct comparison *result, const struct cells *cells,
	     const struct metric_table *table, const struct options *options)
{
	json_t *counters[2];
	struct slot *slots;
	size_t count, i, j;

	memset(result, 0, sizeof(*result));
	describe(result, cells, options);
	counters[0] = counters_known(cells, options->a);
	counters[1] = counters_known(cells, options->b);
	slots = slots_make(cells, options, &count);
	for (i = 0; i < count; i = j) {
		for (j = i + 1; j < count; j++)
			if (place_compare(&slots[i].place, &slots[j].place))
				break;
		group_make(result, &slots[i], j - i, table, options, counters);
	}
	verdicts_make(result, options->alpha);
	free(slots);
	json_decref(counters[0]);
	json_decref(counters[1]);
}
