/* SPDX-License-Identifier: GPL-2.0-only */
/* A table of text, for a terminal or in Markdown. */
#ifndef COMPARE_GRID_H
#define COMPARE_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define GRID_COLUMNS 8

/** struct grid - lines of cells; the first line is the head */
struct grid {
	char *(*lines)[GRID_COLUMNS];
	size_t count;
	size_t columns;
	size_t left;	/* columns from here on are text, not numbers */
};

/** grid_line() - a new line; its cells are to be filled in with strings */
char **grid_line(struct grid *grid);

/** grid_text() - write it with columns side by side */
void grid_text(FILE *out, const struct grid *grid);

/** grid_markdown() - write it as a table of Markdown */
void grid_markdown(FILE *out, const struct grid *grid);

/** grid_free() - forget its cells */
void grid_free(struct grid *grid);

/** put_line_text() - write text without control characters */
void put_line_text(FILE *out, const char *text);

/** put_markdown() - write text in which nothing is markup */
void put_markdown(FILE *out, const char *text);

#endif
