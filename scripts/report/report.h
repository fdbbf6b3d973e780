/* SPDX-License-Identifier: GPL-2.0-only */
/* The report: one HTML file from compare.json, results.json and the cells. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "util.h"

/**
 * struct report - what the sections are made from
 * @out: where HTML goes
 * @compare: compare.json
 * @results: results.json
 * @directory: the directory with cells/ID/
 * @stackdepth: the program that draws stacks
 * @gnuplot: the program that draws distributions
 * @names: name of A and of B
 * @figures: how many figures were drawn so far
 */
struct report {
	FILE *out;
	json_t *compare;
	json_t *results;
	const char *directory;
	const char *stackdepth;
	const char *gnuplot;
	const char *names[2];
	unsigned int figures;
};

/* html.c: text that is safe in HTML, and JSON without ceremony */
void put(FILE *out, const char *text);
__attribute__((format(printf, 2, 3)))
void put_format(FILE *out, const char *format, ...);
const char *text_of(const json_t *object, const char *name);
double number_of(const json_t *object, const char *name);
bool is(const json_t *object, const char *name, const char *text);
char *place_title(const json_t *place, bool storage);
char *place_anchor(const json_t *place);
bool same_place(const json_t *a, const json_t *b);
char *figure_name(const char *metric);
char *latency_name(const char *name);
char *run_command(const struct report *r, const json_t *cell);
const json_t *find_cell(const struct report *r, const json_t *place,
			int side, json_int_t seed);

/* figures.c: what other programs draw */
void figure_distributions(struct report *r, const json_t *group);
void figure_seeds(struct report *r, const json_t *group);
void figure_stacks(struct report *r, const json_t *group);
void command_note(struct report *r, const char *before, const char *command);

/* sections.c: what this program writes itself */
void section_head(struct report *r);
void section_problems(struct report *r);
void section_verdicts(struct report *r);
void section_place(struct report *r, const json_t *group);
void section_method(struct report *r);

#endif
