/* SPDX-License-Identifier: GPL-2.0-only */
/* Who was spliced onto whom in a cell. */
#ifndef CELL_SPLICES_H
#define CELL_SPLICES_H

#include <stdbool.h>

#include <jansson.h>

/**
 * splices_add() - have stackdepth tell who was spliced onto whom
 * @cell: each class of its "stack" gets "splices", if the observer ran
 * @directory: of the cell; guest-stack_observer.txt is what the observer said
 * @build: directory of stackdepth
 *
 * Of each pair the splice that adds most, over the stacks of a class. Stacks
 * with interrupts on top say nothing that those without do not.
 *
 * Return: whether stackdepth could read what the observer said, if it did.
 */
bool splices_add(json_t *cell, const char *directory, const char *build);

#endif
