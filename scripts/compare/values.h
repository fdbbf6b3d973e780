/* SPDX-License-Identifier: GPL-2.0-only */
/* The cells of two variants at one place, seed by seed, as numbers. */
#ifndef COMPARE_VALUES_H
#define COMPARE_VALUES_H

#include "cells.h"
#include "compare.h"

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

/** struct slot - what the two variants have at one place and seed */
struct slot {
	struct place place;
	json_int_t seed;	/* of A */
	const struct cell *cell[2];
	const struct cell *planned[2];
	struct values values[2];	/* of the good ones */
};

/**
 * slots_make() - every place and seed that is to be looked at
 * @cells: results.json
 * @o: which variants and seeds
 * @count: how many slots
 *
 * Return: sorted by place and seed; to free.
 */
struct slot *slots_make(const struct cells *cells, const struct options *o,
			size_t *count);

/** slot_paired() - whether both cells are good */
bool slot_paired(const struct slot *slot);

/** on_side() - whether a cell is A's (0) or B's (1), and A's seed for it */
bool on_side(const struct options *o, const struct cell *cell, int side,
	     json_int_t *seed);

/**
 * counters_known() - every counter of /proc/vmstat that a variant has
 * @cells: results.json
 * @variant: the variant
 *
 * Return: a new object with these names.
 */
json_t *counters_known(const struct cells *cells, const char *variant);

/**
 * values_load() - the numbers of a cell
 * @values: where they go
 * @cell: the cell
 * @counters: of its variant, from counters_known()
 */
void values_load(struct values *values, const struct cell *cell,
		 const json_t *counters);

/** values_find() - the number of that name, or NULL */
const struct value *values_find(const struct values *values, const char *name);

/** values_free() - forget them */
void values_free(struct values *values);

/**
 * values_names() - the name of every figure that any cell has
 * @slots: the cells
 * @count: how many slots
 * @names: how many names
 *
 * Return: sorted; the strings are those of the values, the array is to free.
 */
const char **values_names(const struct slot *slots, size_t count,
			  size_t *names);

#endif
