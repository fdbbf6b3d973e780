/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of seeds. */
#ifndef CELL_SEEDS_H
#define CELL_SEEDS_H

#include <stddef.h>

/** The largest seed, also with --seed-offset. */
#define SEED_MAX	999999999LL

/** struct seeds - in ascending order, each once */
struct seeds {
	long long *list;
	size_t count;
};

/**
 * seeds_parse() - read a list of seeds, or fail
 * @text: "12" is 1 to 12; "3-5,9" are 3, 4, 5 and 9
 * @what: what messages call it
 *
 * Return: the seeds.
 */
struct seeds seeds_parse(const char *text, const char *what);

#endif
