/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * align.h - which frames of two stacks belong together.
 */
#ifndef STACKDEPTH_ALIGN_H
#define STACKDEPTH_ALIGN_H

#include "model.h"

#define ALIGN_NONE	SIZE_MAX

/** struct align_row - frame @a of one stack beside frame @b of the other. */
struct align_row {
	size_t a, b;		/* index, or ALIGN_NONE */
};

/**
 * align_stacks - longest common subsequence of two stacks' functions
 * @n: number of rows, set
 *
 * Compilers' suffixes (".constprop.0") do not count. Rows go from the deepest
 * frame outward. Return: the rows, to be freed.
 */
struct align_row *align_stacks(const struct sd_stack *a, const struct sd_stack *b, size_t *n);

#endif /* STACKDEPTH_ALIGN_H */
