/* SPDX-License-Identifier: GPL-2.0-only */
/* Running the cells of a plan. */
#ifndef CELL_RUN_H
#define CELL_RUN_H

#include <stdbool.h>

#include <jansson.h>

#include "side.h"

/**
 * struct run_options - how a plan is run
 * @place: where things are
 * @jobs: guests at once; 0: the number of processors, on the host clock 1
 * @noise_limit: share of the CPU time of the machine that others may have had
 *	while a cell ran on the host clock; with @retry those over it run again
 * @retry: cells that are not ok are run again
 */
struct run_options {
	struct place place;
	unsigned int jobs;
	double noise_limit;
	bool retry;
};

/**
 * plan_run() - run the cells of a plan that are missing
 * @plan: the plan
 * @options: how
 *
 * Says on standard output how far it is. Cells that are there and not ok are
 * told again. Can be interrupted, and goes on where it stopped.
 *
 * Return: how many cells could not be run at all.
 */
unsigned int plan_run(const json_t *plan, const struct run_options *options);

/**
 * scratch_make() - a directory that is removed when the program ends
 * @parent: where; made if it is missing
 *
 * Return: its path.
 */
const char *scratch_make(const char *parent);

/**
 * scratch_remove() - remove it now
 */
void scratch_remove(void);

#endif
