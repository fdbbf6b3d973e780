/* SPDX-License-Identifier: GPL-2.0-only */
/* Pairs on the host clock are measured together. */
#ifndef CELL_HOST_PAIRS_H
#define CELL_HOST_PAIRS_H

#include <jansson.h>

#include "cell.h"
#include "run.h"

/**
 * host_pairs_measure_again() - have cells of the host clock measured in pairs
 * @plan: the plan
 * @options: how it is run
 * @states: of its cells; becomes CELL_MISSING where one has to be run again
 *
 * A machine is not what it was when the other cell of a pair was measured: if
 * one is missing, or they were not measured right after each other, or with
 * retry if others had too much of the machine, both are measured again.
 *
 * Return: how many cells that were there are measured again.
 */
size_t host_pairs_measure_again(const json_t *plan,
				const struct run_options *options,
				enum cell_state *states);

#endif
