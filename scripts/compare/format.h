/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as a reader sees them, the same in every form in which a comparison
 * is shown. All return strings to free.
 */
#ifndef COMPARE_FORMAT_H
#define COMPARE_FORMAT_H

#include "comparison.h"

/**
 * value_text() - a value with its unit: "1.52 ms", "7432 B", "45120 pages"
 * @value: the value
 * @unit: as in metrics.table
 *
 * Four digits; all of them for an integer below 1e7.
 */
char *value_text(double value, const char *unit);

/** center_text() - what B is compared by: geometric mean or mean of a side */
char *center_text(const struct row *row, int side);

/** spread_text() - "2 [1.5 .. 2.5] s": median, smallest and largest; or "-" */
char *spread_text(const struct row *row, int side);

/** estimate_text() - "x 1.0412" or "-2712 B"; "-" without pairs */
char *estimate_text(const struct row *row);

/** interval_text() - "1.0190 ... 1.0640"; "-" for none */
char *interval_text(const struct row *row);

/** pairs_text() - "12", or "11 (-1)" where a pair is left out */
char *pairs_text(const struct row *row);

/** precision_text() - seeds for the wanted precision, or "-" */
char *precision_text(const struct row *row);

/** verdict_text() - "worse (p 0.012)"; "" for none */
char *verdict_text(const struct row *row);

/** splice_cells_text() - "30 of 30": cells that have a splice */
char *splice_cells_text(const struct splice_side *side);

/** entered_text() - "A: block 600 B, swap 88 B; B: -" */
char *entered_text(const struct comparison *c, const struct splice *splice);

#endif
