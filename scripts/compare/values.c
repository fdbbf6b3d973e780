// SPDX-License-Identifier: GPL-2.0-only
/* The cells of two variants at one place, seed by seed, as numbers. */
#include <stdlib.h>
#include <string.h>

#include "values.h"

static const char *const not_figures[] = {
	"id", "kernel", "variant", "fs", "storage", "workload", "clock",
	"vcpus", "seed", "status",
};

static int value_compare(const void *left, const void *right)
{
	const struct value *a = left;
	const struct value *b = right;

	return strcmp(a->name, b->name);
}

static bool is_figure(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(not_figures); i++)
		if (!strcmp(name, not_figures[i]))
			return false;
	return true;
}

static void add_value(struct values *values, char *name, double number,
		      bool filled)
{
	values->values = xrealloc(values->values, (values->count + 1) *
				  sizeof(*values->values));
	values->values[values->count++] = (struct value){
		name, number, filled
	};
}

static void flatten(struct values *values, const char *prefix,
		    const json_t *json)
{
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)json, key, member) {
		char *name = prefix ? xasprintf("%s.%s", prefix, key) :
				      xstrdup(key);

		if (json_is_number(member) && is_figure(name)) {
			add_value(values, name, json_number_value(member),
				  false);
			continue;
		}
		if (json_is_object(member))
			flatten(values, name, member);
		free(name);
	}
}

const struct value *values_find(const struct values *values, const char *name)
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
void values_load(struct values *values, const struct cell *cell,
		 const json_t *counters)
{
	const json_t *own = json_object_get(cell->json, "vmstat");
	json_t *member;
	const char *key;

	values->values = NULL;
	values->count = 0;
	flatten(values, NULL, cell->json);
	json_object_foreach((json_t *)counters, key, member)
		if (own && !json_object_get(own, key))
			add_value(values, xasprintf("vmstat.%s", key), 0, true);
	if (values->count)
		qsort(values->values, values->count, sizeof(*values->values),
		      value_compare);
}

void values_free(struct values *values)
{
	while (values->count)
		free(values->values[--values->count].name);
	free(values->values);
	values->values = NULL;
}

static int name_compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

const char **values_names(const struct slot *slots, size_t count,
			  size_t *names)
{
	const char **list;
	size_t room = 0, i, j, n = 0;
	int side;

	for (i = 0; i < count; i++)
		room += slots[i].values[0].count + slots[i].values[1].count;
	list = xcalloc(room, sizeof(*list));
	for (i = 0; i < count; i++)
		for (side = 0; side < 2; side++)
			for (j = 0; j < slots[i].values[side].count; j++)
				list[n++] = slots[i].values[side].values[j].name;
	qsort(list, n, sizeof(*list), name_compare);
	*names = 0;
	for (i = 0; i < n; i++)
		if (!i || strcmp(list[i], list[*names - 1]))
			list[(*names)++] = list[i];
	return list;
}

json_t *counters_known(const struct cells *cells, const char *variant)
{
	json_t *known = json_object();
	size_t i;

	for (i = 0; i < cells->count; i++)
		if (variant && !strcmp(cells->cells[i].variant, variant))
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

bool on_side(const struct options *o, const struct cell *cell, int side,
	     json_int_t *seed)
{
	const char *variant = side ? o->b : o->a;

	if (!variant || strcmp(cell->variant, variant))
		return false;
	*seed = cell->seed - (side ? o->seed_offset : 0);
	return seed_wanted(o, *seed);
}

bool slot_paired(const struct slot *slot)
{
	return cell_ok(slot->cell[0]) && cell_ok(slot->cell[1]);
}

static int slot_compare(const void *left, const void *right)
{
	const struct slot *a = left;
	const struct slot *b = right;
	int order = place_compare(&a->place, &b->place);

	return order ? order : (a->seed > b->seed) - (a->seed < b->seed);
}

static void slot_merge(struct slot *into, const struct slot *slot)
{
	int side;

	for (side = 0; side < 2; side++) {
		if (slot->cell[side])
			into->cell[side] = slot->cell[side];
		if (slot->planned[side])
			into->planned[side] = slot->planned[side];
	}
}

struct slot *slots_make(const struct cells *cells, const struct options *o,
			size_t *count)
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
				s->planned[side] = cell;
			else
				s->cell[side] = cell;
			n++;
		}
	}
	qsort(slots, n, sizeof(*slots), slot_compare);
	for (i = 0, j = 0; i < n; i++) {
		if (j && !slot_compare(&slots[j - 1], &slots[i]))
			slot_merge(&slots[j - 1], &slots[i]);
		else
			slots[j++] = slots[i];
	}
	*count = j;
	return slots;
}
