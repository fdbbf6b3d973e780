/* SPDX-License-Identifier: GPL-2.0-only */
/* One cell of a plan. */
#ifndef CELL_PLAN_CELL_H
#define CELL_PLAN_CELL_H

#include <jansson.h>

#include "plan.h"
#include "scenario.h"

/** struct asked - what a cell is made of */
struct asked {
	const struct choice *choice;
	const struct side *side;
	const json_t *variant;
	const struct scenario *scenario;
	const char *clock;
	long long seed;
};

/**
 * planned_cell() - a cell of a plan
 * @asked: what it is made of
 *
 * "settings" is what the guest gets, "key" the sum of all that decides what it
 * does, and "command" runs it again from the top of the checkout.
 *
 * Return: an object.
 */
json_t *planned_cell(const struct asked *asked);

/**
 * qemu_program() - the QEMU that runs guests
 *
 * Return: its name: what the environment's QEMU says, as for run-guest.
 */
const char *qemu_program(void);

#endif
