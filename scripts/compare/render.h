/* SPDX-License-Identifier: GPL-2.0-only */
/* A comparison as text, Markdown, KTAP and KCIDB: functions of compare.json. */
#ifndef COMPARE_RENDER_H
#define COMPARE_RENDER_H

#include <stdio.h>

#include "comparison.h"
#include "grid.h"

/**
 * render_summary() - how many verdicts, which, and why there are no more
 * @out: where to
 * @c: the comparison
 *
 * For the end of a run; what is worse comes first.
 */
void render_summary(FILE *out, const struct comparison *c);

/**
 * render_medians() - mechanisms and outcomes side by side
 * @out: where to
 * @c: the comparison, or one variant alone
 * @all: every figure
 */
void render_medians(FILE *out, const struct comparison *c, bool all);

/**
 * render_table() - the comparison for a terminal
 * @out: where to
 * @c: the comparison; of one variant alone it is render_medians()
 * @all: figures that are hidden as well
 */
void render_table(FILE *out, const struct comparison *c, bool all);

/**
 * render_markdown() - the same for a mail
 * @out: where to
 * @c: the comparison, or one variant alone
 * @all: figures that are hidden as well
 */
void render_markdown(FILE *out, const struct comparison *c, bool all);

/**
 * render_ktap() - the comparison as KTAP version 1
 * @out: where to
 * @c: the comparison
 *
 * A workload is a test, an outcome a subtest; "worse" is not ok, and so are
 * cells that failed or are missing. What was too noisy to tell is skipped.
 * Mechanisms are comments.
 */
void render_ktap(FILE *out, const struct comparison *c);

/**
 * render_kcidb() - the comparison in KernelCI's format
 * @c: the comparison
 * @origin: name of the submitting system
 *
 * Return: a document of KCIDB I/O schema 5.3; the caller owns the reference.
 */
json_t *render_kcidb(const struct comparison *c, const char *origin);

/* grids.c: the tables that a terminal and Markdown have in common; to free */

/** title_text() - "patched (7.3.4-patched) against vanilla (7.3.4)" */
char *title_text(const struct comparison *c);

/** figures_grid() - every figure with its estimate and verdict */
void figures_grid(struct grid *grid, const struct comparison *c,
		  const struct group *g, bool all);

/** medians_grid() - every figure with its medians */
void medians_grid(struct grid *grid, const struct comparison *c,
		  const struct group *g, bool all);

/** splices_grid() - every splice; no lines if there are none */
void splices_grid(struct grid *grid, const struct comparison *c,
		  const struct group *g);

/** zeros_text() - how many figures are left out because they are 0, or NULL */
char *zeros_text(const struct group *g, bool all);

/** only_text() - which figures only one side has, or NULL */
char *only_text(const struct comparison *c, const struct group *g, int side);

/** method_lines() - how the numbers came about, with newlines */
char *method_lines(const struct comparison *c);

#endif
