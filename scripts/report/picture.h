/* SPDX-License-Identifier: GPL-2.0-only */
/* What other programs draw: gnuplot by way of a script, stackdepth directly. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include <stdio.h>

#include "report.h"

/** struct drawing - a gnuplot script and its data, while they are written */
struct drawing {
	char directory[64];
	char *script;
	char *data;
	char *svg;
	FILE *to_script;
	FILE *to_data;
};

/**
 * drawing_begin() - start a picture; its script knows the colours INK, A and B
 * @d: the picture
 * @number: of the figure in the page
 * @height: in pixels
 */
void drawing_begin(struct drawing *d, unsigned int number, int height);

/**
 * drawing_end() - run gnuplot and write what it drew into the page, or fail
 * @r: the report
 * @d: the picture
 * @number: of the figure in the page
 * @label: what it shows, for those who do not see it
 */
void drawing_end(struct report *r, struct drawing *d, unsigned int number,
		 const char *label);

/**
 * run_program() - run a program without a shell
 * @argv: the program and its arguments; NULL at the end
 * @output: file for its output, or NULL
 *
 * Return: its exit status, or -1.
 */
int run_program(const char *const *argv, const char *output);

/** replace_all() - frees @text, returns it with every @old replaced */
char *replace_all(char *text, const char *old, const char *new);

/** label_text() - a copy for a double-quoted string of gnuplot, to free */
char *label_text(const char *text);

#endif
