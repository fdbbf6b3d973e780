// SPDX-License-Identifier: GPL-2.0-only
/* A table of text, for a terminal or in Markdown. */
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "util.h"

char **grid_line(struct grid *grid)
{
	grid->lines = xrealloc(grid->lines,
			       (grid->count + 1) * sizeof(*grid->lines));
	memset(grid->lines[grid->count], 0, sizeof(*grid->lines));
	return grid->lines[grid->count++];
}

void grid_free(struct grid *grid)
{
	size_t i, j;

	for (i = 0; i < grid->count; i++)
		for (j = 0; j < grid->columns; j++)
			free(grid->lines[i][j]);
	free(grid->lines);
	memset(grid, 0, sizeof(*grid));
}

void put_line_text(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' ? '?' : *text, out);
}

void put_markdown(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("|_*\\`<>&", *text))
			fputc('\\', out);
		fputc((unsigned char)*text < ' ' ? '?' : *text, out);
	}
}

static void put_padding(FILE *out, size_t count)
{
	while (count--)
		fputc(' ', out);
}

static void text_line(FILE *out, const struct grid *grid, char *const *cells,
		      const size_t *widths)
{
	size_t last = grid->columns - 1, i;

	while (last && !*cells[last])
		last--;
	for (i = 0; i <= last; i++) {
		size_t padding = widths[i] - strlen(cells[i]);
		bool left = !i || i >= grid->left;

		if (!left)
			put_padding(out, padding);
		put_line_text(out, cells[i]);
		if (i == last)
			break;
		put_padding(out, left ? padding + 2 : 2);
	}
	fputc('\n', out);
}

void grid_text(FILE *out, const struct grid *grid)
{
	size_t widths[GRID_COLUMNS] = { 0 };
	size_t i, j;

	for (i = 0; i < grid->count; i++)
		for (j = 0; j < grid->columns; j++)
			if (strlen(grid->lines[i][j]) > widths[j])
				widths[j] = strlen(grid->lines[i][j]);
	for (i = 0; i < grid->count; i++)
		text_line(out, grid, grid->lines[i], widths);
}

void grid_markdown(FILE *out, const struct grid *grid)
{
	size_t i, j;

	for (i = 0; i < grid->count; i++) {
		for (j = 0; j < grid->columns; j++) {
			fputs("| ", out);
			put_markdown(out, grid->lines[i][j]);
			fputc(' ', out);
		}
		fputs("|\n", out);
		if (i)
			continue;
		for (j = 0; j < grid->columns; j++)
			fputs(!j || j >= grid->left ? "|---" : "|--:", out);
		fputs("|\n", out);
	}
}
