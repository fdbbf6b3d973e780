/* SPDX-License-Identifier: GPL-2.0-only */
/* results.json: the cells, checked. The one reader of their format. */
#ifndef COMPARE_CELLS_H
#define COMPARE_CELLS_H

#include "comparison.h"
#include "node.h"

/** struct cell - one guest run, as results.json has it */
struct cell {
	size_t index;		/* in the array of results.json */
	const char *id;		/* these two are NULL when it has none */
	const char *kernel;
	const char *variant;
	const char *status;
	const char *command;	/* of a planned one: what runs it; or NULL */
	struct place place;
	json_int_t seed;
	const json_t *json;
};

/** struct cells - all of results.json */
struct cells {
	json_t *document;
	const char *path;
	struct cell *cells;
	size_t count;
	struct cell *planned;	/* cells that should be there, if it says */
	size_t planned_count;
};

/**
 * cells_from_json() - check the contents of results.json, or fail with a reason
 * @cells: where it goes; keeps the reference to the document
 * @document: the contents
 * @path: what messages call it
 */
void cells_from_json(struct cells *cells, json_t *document, const char *path);

/** cells_load() - read results.json; "-" is standard input */
void cells_load(struct cells *cells, const char *path);

/** cell_ok() - whether a cell is there and ended well */
bool cell_ok(const struct cell *cell);

/** cells_hash() - of what was measured, without what is about the host */
uint64_t cells_hash(const struct cells *cells);

/* cell-format.c */

/** cell_check() - fail at a field of a cell that has no shape we know */
void cell_check(const struct node *cell);

/** cell_splices() - the array of a class of stacks, or NULL */
const json_t *cell_splices(const json_t *cell, const char *class);

/** cell_recorded_stacks() - whether any class says who was spliced on whom */
bool cell_recorded_stacks(const json_t *cell);

/** cell_trouble() - what a cell says went wrong first, or NULL */
const char *cell_trouble(const json_t *cell);

#endif
