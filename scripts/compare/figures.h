/* SPDX-License-Identifier: GPL-2.0-only */
/* The figures of one workload: from the numbers of its cells to rows. */
#ifndef COMPARE_FIGURES_H
#define COMPARE_FIGURES_H

#include "compare.h"
#include "values.h"

/** struct samples - what one figure is in the cells of a workload */
struct samples {
	double *values[2];	/* of A and B, in all good cells that have it */
	size_t count[2];
};

/** samples_add() - one more cell of a side */
void samples_add(struct samples *samples, int side, double value);

/** row_spreads() - medians and ends; frees the samples */
void row_spreads(struct row *row, struct samples *samples);

/** row_pair() - one more pair */
void row_pair(struct row *row, json_int_t seed, double a, double b);

/**
 * row_statistics() - estimate, interval and test of the pairs of a row
 * @row: has its pairs, and the scale it should have
 * @place: of the workload: each figure has random numbers of its own
 * @o: how to compare
 */
void row_statistics(struct row *row, const struct place *place,
		    const struct options *o);

/**
 * group_rows() - a row for every figure of a workload
 * @g: the workload; gets the rows
 * @slots: its cells
 * @count: how many slots
 * @table: what is known about the figures
 * @o: how to compare
 */
void group_rows(struct group *g, const struct slot *slots, size_t count,
		const struct metric_table *table, const struct options *o);

/**
 * group_splices() - who is spliced onto whom in the cells of a workload
 * @g: the workload; gets the splices
 * @slots: its cells
 * @count: how many slots
 * @o: how to compare
 */
void group_splices(struct group *g, const struct slot *slots, size_t count,
		   const struct options *o);

/**
 * verdicts_make() - correct for the number of tests, and give the verdicts
 * @c: the comparison; the rows are put in the order in which they are shown
 * @alpha: chance of any false verdict
 */
void verdicts_make(struct comparison *c, double alpha);

#endif
