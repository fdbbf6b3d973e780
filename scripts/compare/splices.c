// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is spliced onto whom: for every class of stacks and pair of subsystems
 * the bytes that a splice adds. A cell that recorded stacks and has no such
 * splice counts as 0; one that recorded none is not counted.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"

static struct splice *find_splice(struct group *g, const char *class,
				  const char *into, const char *by)
{
	struct splice *s;
	size_t i;

	for (i = 0; i < g->splice_count; i++) {
		s = &g->splices[i];
		if (!strcmp(s->class, class) && !strcmp(s->into, into) &&
		    !strcmp(s->by, by))
			return s;
	}
	g->splices = xrealloc(g->splices,
			      (g->splice_count + 1) * sizeof(*g->splices));
	s = &g->splices[g->splice_count++];
	memset(s, 0, sizeof(*s));
	s->class = xstrdup(class);
	s->into = xstrdup(into);
	s->by = xstrdup(by);
	return s;
}

/* Every class and pair that any cell has. */
static void find_splices(struct group *g, const json_t *cell)
{
	json_t *stack = json_object_get(cell, "stack");
	json_t *of_class, *splice;
	const char *class;
	size_t i;

	json_object_foreach(stack, class, of_class)
		json_array_foreach(json_object_get(of_class, "splices"), i,
				   splice)
			find_splice(g, class,
				json_string_value(json_object_get(splice, "into")),
				json_string_value(json_object_get(splice, "by")));
}

static void add_entered(struct splice_side *side, const json_t *entered)
{
	const char *subsystem;
	json_t *bytes;
	size_t i;

	json_object_foreach((json_t *)entered, subsystem, bytes) {
		double number = json_number_value(bytes);

		for (i = 0; i < side->entered_count; i++)
			if (!strcmp(side->entered[i].subsystem, subsystem))
				break;
		if (i == side->entered_count) {
			side->entered = xrealloc(side->entered, (i + 1) *
						 sizeof(*side->entered));
			side->entered[i].subsystem = xstrdup(subsystem);
			side->entered[i].bytes = number;
			side->entered_count++;
		}
		side->entered[i].bytes = fmax(side->entered[i].bytes, number);
	}
}

/* Bytes that a splice adds in a cell, or -1 when it recorded no stacks. */
static double look_at(struct splice *s, struct splice_side *side,
		      const json_t *cell)
{
	const json_t *list = cell_splices(cell, s->class);
	json_t *splice;
	size_t i;

	if (!cell_recorded_stacks(cell))
		return -1;
	side->recorded++;
	json_array_foreach((json_t *)list, i, splice) {
		if (strcmp(json_string_value(json_object_get(splice, "into")),
			   s->into) ||
		    strcmp(json_string_value(json_object_get(splice, "by")),
			   s->by))
			continue;
		side->cells++;
		add_entered(side, json_object_get(splice, "entered"));
		return json_number_value(json_object_get(splice,
							 "adds_bytes"));
	}
	return 0;
}

static int entered_compare(const void *left, const void *right)
{
	const struct entered *a = left;
	const struct entered *b = right;

	if (a->bytes != b->bytes)
		return a->bytes < b->bytes ? 1 : -1;
	return strcmp(a->subsystem, b->subsystem);
}

static void splice_row(struct splice *s, const struct group *g,
		       const struct slot *slots, size_t count,
		       const struct options *o)
{
	struct samples samples = { 0 };
	struct row *row = &s->adds;
	char *c;
	int side;
	size_t i;

	row->name = xasprintf("splice.%s.%s.%s", s->class, s->into, s->by);
	row->words = xasprintf("%s onto %s, %s", s->by, s->into, s->class);
	for (c = strrchr(row->words, ','); c && *c; c++)
		if (*c == '_')
			*c = ' ';
	row->unit = xstrdup("bytes");
	row->class = CLASS_MECHANISM;
	row->scale = SCALE_DIFFERENCE;
	row->verdict = VERDICT_NONE;
	for (i = 0; i < count; i++) {
		double adds[2] = { -1, -1 };

		for (side = 0; side < 2; side++) {
			const struct cell *cell = slots[i].cell[side];

			if (!cell_ok(cell))
				continue;
			adds[side] = look_at(s, &s->side[side], cell->json);
			if (adds[side] >= 0)
				samples_add(&samples, side, adds[side]);
		}
		if (adds[0] >= 0 && adds[1] >= 0)
			row_pair(row, slots[i].seed, adds[0], adds[1]);
	}
	row_spreads(row, &samples);
	for (side = 0; side < 2; side++)
		if (s->side[side].entered_count)
			qsort(s->side[side].entered,
			      s->side[side].entered_count,
			      sizeof(struct entered), entered_compare);
	if (row->count)
		row_statistics(row, &g->place, o);
}

/* Those that add most first. */
static int splice_compare(const void *left, const void *right)
{
	const struct splice *a = left;
	const struct splice *b = right;
	double most_a = fmax(a->adds.spread[0].largest,
			     a->adds.spread[1].largest);
	double most_b = fmax(b->adds.spread[0].largest,
			     b->adds.spread[1].largest);

	if (most_a != most_b)
		return most_a < most_b ? 1 : -1;
	return strcmp(a->adds.name, b->adds.name);
}

void group_splices(struct group *g, const struct slot *slots, size_t count,
		   const struct options *o)
{
	size_t i;
	int side;

	for (i = 0; i < count; i++)
		for (side = 0; side < 2; side++)
			if (cell_ok(slots[i].cell[side])) {
				const json_t *cell = slots[i].cell[side]->json;

				find_splices(g, cell);
				g->observed = g->observed ||
					cell_recorded_stacks(cell);
			}
	for (i = 0; i < g->splice_count; i++)
		splice_row(&g->splices[i], g, slots, count, o);
	if (g->splice_count)
		qsort(g->splices, g->splice_count, sizeof(*g->splices),
		      splice_compare);
}
