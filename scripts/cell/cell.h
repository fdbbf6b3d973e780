/* SPDX-License-Identifier: GPL-2.0-only */
/* One cell: a guest, what was captured of it, and what was judged of that. */
#ifndef CELL_CELL_H
#define CELL_CELL_H

#include <stdbool.h>
#include <sys/types.h>

#include <jansson.h>

/*
 * A cell's directory:
 *
 *	raw/		what was captured, never changed: console.log,
 *			results.raw, guest.end, and key, the key of the plan
 *	asked.json	the planned cell
 *	cell.json	what was judged of both, with guest-NAME for each file
 *			that the guest sent; judged says by which judge
 */

enum cell_state {
	CELL_OK,
	CELL_NOT_OK,
	CELL_MISSING,
};

/** struct runner - how guests are run */
struct runner {
	const char *build;	/* directory of what is built */
	const char *scratch;	/* directory for what is thrown away */
	long long limit_s;	/* seconds of the host's clock per guest */
	bool retry;		/* what is not ok is run again */
	const char *overlay;	/* one more archive for the guest, or NULL */
};

/**
 * cell_state() - is a cell there?
 * @cell: as planned
 * @directory: of the cell
 * @runner: how guests are run
 *
 * It is if it was captured with the same key. What was captured is judged
 * again if another judge did it. A guest that was ended by a time limit, or
 * that QEMU could not run, is missing; with retry any that is not ok.
 *
 * Return: whether it has to be run.
 */
enum cell_state cell_state(const json_t *cell, const char *directory,
			   const struct runner *runner);

/**
 * cell_start() - start the guest of a cell
 * @cell: as planned
 * @directory: of the cell; emptied first
 * @runner: how guests are run
 *
 * Return: process id of what runs the guest; to be passed to process_wait().
 */
pid_t cell_start(const json_t *cell, const char *directory,
		 const struct runner *runner);

/**
 * cell_finish() - judge a guest that has ended
 * @cell: as planned
 * @directory: of the cell
 * @runner: how guests are run
 * @status: exit status of what ran the guest
 *
 * Return: the status of the cell, a static string or one that lives on; NULL
 * if the guest was not run, and then run-guest has said why on its standard
 * error, which is the file error in @directory.
 */
const char *cell_finish(const json_t *cell, const char *directory,
			const struct runner *runner, int status);

/**
 * cell_judge() - judge what was captured, unless this judge has done so
 * @asked: the cell as planned
 * @directory: of the cell
 * @build: directory of what is built; stackdepth is there
 *
 * Return: the status of the cell, a string that lives on.
 */
const char *cell_judge(const json_t *asked, const char *directory,
		       const char *build);

#endif
