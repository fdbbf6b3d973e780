/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares two variants, or looks at one: from results.json to compare.json. */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include "cells.h"
#include "comparison.h"
#include "metrics.h"
#include "util.h"

/** struct seed_range - a set of seeds to look at */
struct seed_range {
	json_int_t first;
	json_int_t last;
};

/** struct options - what to compare, and how */
struct options {
	const char *a;
	const char *b;		/* NULL: there is one variant alone */
	double alpha;		/* level of the family of verdicts */
	double level;		/* confidence level of the intervals */
	double precision;	/* wanted half-width, as a share: 0.03 is 3 % */
	double noise_limit;	/* share of CPU time that others may have */
	unsigned int resamples;
	uint64_t rng_seed;
	json_int_t seed_offset;	/* B's seed minus A's seed in a pair */
	struct seed_range *seeds;	/* of A; none: all */
	size_t seeds_count;
};

/**
 * compare() - pair the cells of two variants and compare every figure
 * @result: where the comparison goes
 * @cells: results.json
 * @table: what is known about the figures
 * @options: what to compare, and how
 */
void compare(struct comparison *result, const struct cells *cells,
	     const struct metric_table *table, const struct options *options);

/**
 * cmd_compare() - compare two variants of results.json, paired by seed
 * @argc: number of arguments
 * @argv: arguments; --help lists them
 *
 * Return: exit status.
 */
int cmd_compare(int argc, char **argv);

#endif
