/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that do again what was done, from the top of the checkout. */
#ifndef CELL_AGAIN_H
#define CELL_AGAIN_H

#include "plan-cell.h"

/**
 * again_cell() - the command that runs a cell, but for --output
 * @asked: what the cell is made of
 * @append: words for the kernel's command line, besides the scenario's
 * @vcpus: how many
 * @layout: of the kernel; 0: as it was built
 *
 * A scenario of a user is kept in OUT/scenarios/, where the command finds it.
 *
 * Return: the command, quoted for a shell; to be freed.
 */
char *again_cell(const struct asked *asked, const char *append,
		 long long vcpus, long long layout);

/**
 * again_comparison() - the command that makes a comparison
 * @choice: what was asked for, with two sides
 *
 * Return: the command, quoted for a shell; to be freed.
 */
char *again_comparison(const struct choice *choice);

#endif
