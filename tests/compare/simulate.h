/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_COMPARE_SIMULATE_H
#define TESTS_COMPARE_SIMULATE_H

#include <jansson.h>

json_t *simulate_results(unsigned long rng_seed, int seeds, double ratio,
			 char *const *faults);

#endif
