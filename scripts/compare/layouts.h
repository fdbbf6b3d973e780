/* SPDX-License-Identifier: GPL-2.0-only */
/* How much of a figure's spread is between layouts of a kernel. */
#ifndef COMPARE_LAYOUTS_H
#define COMPARE_LAYOUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "comparison.h"

/**
 * struct between - one-way analysis of variance, groups at random
 * @groups: how many
 * @share: of the variance of a value that is between groups, from 0 to 1
 * @p: chance of an F at least as large if no group differs
 */
struct between {
	size_t groups;
	double share;
	double p;
};

/**
 * between_groups() - is a value more alike within groups than between them?
 * @values: the values
 * @group: of each
 * @n: how many
 * @out: the answer
 *
 * The groups may differ in size; the components of variance are those of the
 * method of moments (Searle, Casella, McCulloch, Variance Components, 1992,
 * chapter 3), a negative one is 0.
 *
 * Return: whether there is an answer: two groups, one of two values, a spread.
 */
bool between_groups(const double *values, const json_int_t *group, size_t n,
		    struct between *out);

/**
 * render_layouts() - that of each outcome, for sides that have several layouts
 * @out: where to
 * @c: the comparison
 *
 * Logarithms where all values are above 0.
 *
 * Return: whether there was one to tell.
 */
bool render_layouts(FILE *out, const struct comparison *c);

#endif
