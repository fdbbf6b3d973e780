/* SPDX-License-Identifier: GPL-2.0-only */
/* The plan of a comparison: every cell, with all that decides it. */
#ifndef CELL_PLAN_H
#define CELL_PLAN_H

#include <stdbool.h>

#include <jansson.h>

#include "seeds.h"
#include "side.h"

/* Seconds of the host's clock that a guest may take if nobody says so. */
#define CHOICE_LIMIT_S	1800

/**
 * struct choice - what a user asked for
 * @place: where things are
 * @sides: one or two kernels
 * @side_count: how many
 * @folders: names of folders of fs/, separated by blanks; NULL: all of them
 * @names: names of their scenarios, separated by blanks; NULL: all of them
 * @files: files of scenarios instead, separated by blanks; NULL: none
 * @file: one file of a scenario instead, whatever is in its name; NULL: none
 * @seeds: a list of seeds; NULL: what the scenario says, else @default_seeds
 * @default_seeds: how many
 * @seed_offset: the seeds of the second side are the first's plus so many
 * @clock: virtual or host; NULL: what the scenario says, else virtual
 * @vcpus: 0: what the scenario says, else 1
 * @append: words for the kernel's command line
 * @extra_memory: MiB that guests have beyond what their scenario says
 * @kernel: the base of vanilla and patched; NULL: the release of the lab
 * @limit: seconds of the host's clock that a guest may take
 */
struct choice {
	struct place place;
	struct side sides[2];
	unsigned int side_count;
	const char *folders;
	const char *names;
	const char *files;
	const char *file;
	const char *seeds;
	unsigned int default_seeds;
	long long seed_offset;
	const char *clock;
	unsigned int vcpus;
	const char *append;
	unsigned int extra_memory;
	const char *kernel;
	unsigned int limit;
};

/**
 * choice_check() - fail early if scenarios or seeds make no sense
 * @choice: of the user
 */
void choice_check(const struct choice *choice);

/**
 * plan_make() - the plan for what a user asked for; its kernels are built
 * @choice: of the user
 *
 * An object with "schema", "variants", "compared" if there are two sides, and
 * "cells", in an order in which a comparison gets better all the time: seed by
 * seed, the cells of a pair after each other. On the host clock the sides take
 * turns in being the first of a pair: a machine that gets slower all the time
 * does not make one of them look slower.
 *
 * Return: the document.
 */
json_t *plan_make(const struct choice *choice);

/**
 * plan_read() - read a plan, or fail
 * @path: of the file
 *
 * Return: the document.
 */
json_t *plan_read(const char *path);

/**
 * cell_text() - a field of a planned cell
 * @cell: which
 * @key: of a field that is text
 *
 * Return: the text; fails if it is not there.
 */
const char *cell_text(const json_t *cell, const char *key);

/**
 * cell_number() - a field of a planned cell
 * @cell: which
 * @key: of a field that is a whole number
 *
 * Return: the number; fails if it is not there.
 */
long long cell_number(const json_t *cell, const char *key);

#endif
