/* SPDX-License-Identifier: GPL-2.0-only */
/* The report: one HTML file from compare.json, and pictures of the cells. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "comparison.h"
#include "util.h"

/**
 * struct report - what the sections are made from
 * @out: where HTML goes
 * @c: compare.json
 * @directory: the directory with cells/ID/
 * @stackdepth: the program that draws stacks
 * @gnuplot: the program that draws distributions
 * @figures: how many figures were drawn so far
 */
struct report {
	FILE *out;
	const struct comparison *c;
	const char *directory;
	const char *stackdepth;
	const char *gnuplot;
	unsigned int figures;
};

/**
 * cmd_report() - write the report of a comparison
 * @argc: number of arguments
 * @argv: arguments; --help lists them
 *
 * Return: exit status.
 */
int cmd_report(int argc, char **argv);

/* html.c: text that is safe in HTML */

/** put() - write text, escaped for HTML content and attributes */
void put(FILE *out, const char *text);

/** put_format() - write formatted text, all of it escaped */
__attribute__((format(printf, 2, 3)))
void put_format(FILE *out, const char *format, ...);

/** put_owned() - write text, escaped, and free it */
void put_owned(FILE *out, char *text);

/** put_side() - the name of A or B in its colour */
void put_side(struct report *r, int side);

/** place_anchor() - an id for the section of a workload, to free */
char *place_anchor(const struct place *place);

/** command_note() - what gives a figure's data again, unless it is NULL */
void command_note(struct report *r, const char *before, const char *command);

/** again_command() - what runs a cell again, to free; NULL when not known */
char *again_command(const char *command);

/* cells of a workload */

/** find_row() - the figure of that name, or NULL */
const struct row *find_row(const struct group *g, const char *name);

/** find_ran() - the cell of A or B whose pair has this seed of A, or NULL */
const struct ran *find_ran(const struct report *r, const struct group *g,
			   int side, json_int_t seed);

/* picture-*.c: what other programs draw */

/** figure_distributions() - latencies of A over those of B, all samples */
void figure_distributions(struct report *r, const struct group *g);

/** figure_seeds() - every pair as a point, outcome by outcome */
void figure_seeds(struct report *r, const struct group *g);

/** figure_stacks() - for each class the deepest stacks of A and B */
void figure_stacks(struct report *r, const struct group *g);

/* section-*.c: what this program writes itself */

/** section_head() - what was compared */
void section_head(struct report *r);

/** section_problems() - cells that failed or are missing, if there are any */
void section_problems(struct report *r);

/** section_verdicts() - counts, splices and outcomes of all workloads */
void section_verdicts(struct report *r);

/** section_place() - everything about one workload */
void section_place(struct report *r, const struct group *g);

/** section_method() - how the numbers came about */
void section_method(struct report *r);

/* tables.c: figures as tables */

/** verdict_style() - the class of the style sheet for a verdict */
const char *verdict_style(const struct row *row);

/** splices_table() - who is spliced onto whom in a workload */
void splices_table(struct report *r, const struct group *g);

/** splices_overview() - the same of all workloads, for the first screen */
void splices_overview(struct report *r);

/** detail_table() - the figures of a workload that are wanted */
void detail_table(struct report *r, const struct group *g,
		  bool (*wanted)(const struct row *row));

#endif
