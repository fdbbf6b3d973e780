/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_COMPARE_SIMULATE_H
#define TESTS_COMPARE_SIMULATE_H

#include <stdbool.h>

#include <jansson.h>

/**
 * simulate_results() - a results.json whose differences are known
 * @rng_seed: seed of the random numbers
 * @seeds: seeds per workload and variant
 * @ratio: ratio of every time of variant patched to variant vanilla; 1 means
 *	that the two do not differ in anything
 * @faults: VARIANT:FS:SEED:STATUS, the last NULL; the status "missing" leaves
 *	the cell out
 * @lean: without stacks and most counters, which take time
 *
 * Return: the document; the caller owns the reference.
 */
json_t *simulate_results(unsigned long rng_seed, int seeds, double ratio,
			 char *const *faults, bool lean);

#endif
