/* SPDX-License-Identifier: GPL-2.0-only */
/* All judged cells of a plan, in one file. */
#ifndef CELL_RESULTS_H
#define CELL_RESULTS_H

#include <jansson.h>

#include "side.h"

/**
 * results_lock() - be the only one that writes into OUT until this program ends
 * @place: where things are
 */
void results_lock(const struct place *place);

/**
 * results_write() - write OUT/results.json and OUT/stacks/ from a plan's cells
 * @plan: the plan
 * @place: where things are
 *
 * Cells that are not there are missing from "cells", and in "planned" all the
 * same. OUT/stacks/ gets the deepest stack of each scenario and variant.
 *
 * Return: how many cells are not ok, or missing.
 */
size_t results_write(const json_t *plan, const struct place *place);

#endif
