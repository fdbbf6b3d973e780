/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What compare.json holds. compare.c fills it in from cells, write-json.c
 * writes it, read-json.c reads it back; everything that shows a comparison
 * takes this and nothing else.
 */
#ifndef COMPARE_COMPARISON_H
#define COMPARE_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "stats.h"
#include "words.h"

#define COMPARISON_SCHEMA 2

/** struct place - what two cells of a pair have in common, the seed apart */
struct place {
	const char *fs;
	const char *storage;
	const char *workload;
	const char *clock;
	json_int_t vcpus;	/* -1: the cell does not say */
};

/** struct pair - one seed, measured in both variants */
struct pair {
	json_int_t seed;	/* of A */
	double a;
	double b;
};

/** struct spread - a figure of one variant, over all its good cells */
struct spread {
	size_t cells;		/* 0: not measured */
	double median;
	double smallest;
	double largest;
};

/** struct row - one figure of one workload */
struct row {
	char *name;
	char *words;
	char *unit;
	enum figure_class class;
	enum better better;
	size_t order;		/* in metrics.table; not in compare.json */
	struct spread spread[2];
	struct pair *pairs;
	size_t count;		/* 0: everything below means nothing */
	json_int_t *left_out;	/* seeds measured in one variant only */
	size_t left_out_count;
	enum scale scale;	/* that was used */
	size_t unusable;	/* pairs without the ratio it should have */
	size_t filled;		/* pairs with a counter that stayed: 0 */
	double center[2];	/* geometric mean, or mean for a difference */
	double estimate;	/* ratio or difference */
	struct interval interval;	/* of the estimate */
	struct signed_rank test;
	bool corrected;		/* it is in the family of Holm's correction */
	double adjusted;	/* p, if it is */
	enum verdict verdict;
	size_t seeds_needed;	/* 0: cannot be said */
};

/** struct entered - what a splice entered, and how many bytes that took */
struct entered {
	char *subsystem;
	double bytes;		/* the most of any cell */
};

/** struct splice_side - a splice in the cells of one variant */
struct splice_side {
	size_t cells;		/* that have it */
	size_t recorded;	/* that recorded stacks */
	struct entered *entered;
	size_t entered_count;
};

/** struct splice - who is spliced onto whom, in one class of stacks */
struct splice {
	char *class;
	char *into;
	char *by;
	struct splice_side side[2];
	struct row adds;	/* bytes; 0 for a cell without it */
};

/** struct ran - a cell that ran */
struct ran {
	json_int_t seed;
	json_int_t layout;	/* of its kernel; 0: as it was built */
	char *id;		/* NULL when it has none */
	char *status;
	char *command;		/* that runs it again; NULL when not known */
};

/** struct disturbed - a cell on the host clock that others disturbed */
struct disturbed {
	char *variant;
	json_int_t seed;
	double share;		/* of all CPU time; < 0: not recorded */
};

/** struct noise - how disturbed the cells of a workload were */
struct noise {
	bool judged;		/* it is the host clock, and there are pairs */
	size_t cells;
	double limit;
	double largest;		/* share of CPU time, if recorded */
	struct disturbed *over;	/* beyond the limit, or not recorded */
	size_t over_count;	/* any: too noisy to tell */
};

/** struct side - the cells of one variant in one workload */
struct side {
	struct ran *ran;
	size_t count;
	size_t ok;
	size_t wanted;
	double oom_kills;
	size_t oom_measured;	/* cells that counted them */
};

/** struct group - one workload in one place */
struct group {
	struct place place;
	json_int_t *seeds;	/* of A, both cells ok */
	size_t count;
	struct side side[2];
	bool observed;		/* stacks were recorded, which takes time */
	struct splice *splices;
	size_t splice_count;
	struct row *rows;	/* in the order in which they are shown */
	size_t row_count;
	struct noise noise;
};

/** enum problem_kind - why a cell is not part of the comparison */
enum problem_kind {
	PROBLEM_FAILED,
	PROBLEM_MISSING,
	PROBLEM_UNPAIRED,	/* a good one whose partner is not */
	PROBLEM_KINDS,
};

/** struct problem - a cell that is not part of the comparison, and why */
struct problem {
	enum problem_kind kind;
	char *variant;
	struct place place;
	json_int_t seed;
	char *status;		/* these may be NULL */
	char *id;
	char *trouble;		/* what the cell says went wrong first */
	char *command;
};

/** struct variant - A or B */
struct variant {
	char *name;
	char *kernel;		/* release; NULL when not recorded */
	char *commit;		/* NULL when not recorded */
};

/** struct method - how it was compared */
struct method {
	char *estimate, *interval, *test, *correction;
	double alpha;
	double level;
	double precision;
	double noise_limit;
	size_t resamples;
	size_t rng_seed;
	json_int_t seed_offset;	/* B's seed minus A's seed in a pair */
	size_t tests;		/* that the correction counts */
	size_t fewest_seeds;	/* with fewer no verdict can be given */
};

/** struct comparison - all of compare.json */
struct comparison {
	struct variant variant[2];
	size_t variants;	/* 1: there is nothing to compare with */
	char *machine;		/* that measured; NULL when not recorded */
	char *emulator;
	char *measured;		/* a hash of what was measured */
	char *command;		/* that makes it again; NULL when not known */
	size_t cells_wanted;	/* of A and B together */
	struct method method;
	struct problem *problems;
	size_t problem_count;
	struct group *groups;
	size_t group_count;
};

/* comparison.c */

/** place_compare() - order two places; less than, equal to or more than 0 */
int place_compare(const struct place *a, const struct place *b);

/**
 * place_name() - a place in words, to free: "xfs writeback on null_blk,
 * virtual clock, 2 vCPUs"
 */
char *place_name(const struct place *place);

/** place_short() - to free: "xfs writeback" */
char *place_short(const struct place *place);

/** place_conditions() - to free: "null_blk, virtual clock, 2 vCPUs" */
char *place_conditions(const struct place *place);

/** problem_word() - failed, missing or unpaired */
const char *problem_word(enum problem_kind kind);

/** problem_find() - the kind of that name, or -1 */
int problem_find(const char *word);

/** problem_text() - a problem in one line, to free */
char *problem_text(const struct problem *problem);

/** problems_summary() - how many cells are not compared, to free, or NULL */
char *problems_summary(const struct comparison *c);

/** count_verdicts() - how many outcomes have a verdict */
size_t count_verdicts(const struct comparison *c, enum verdict verdict);

/** verdicts_text() - to free: "1 better, 2 worse, 3 no difference shown" */
char *verdicts_text(const struct comparison *c);

/** most_seeds() - pairs of the workload that has the most */
size_t most_seeds(const struct comparison *c);

/**
 * alarm_text() - to free: that the seeds are too few for any verdict, or that no
 * figure differs in any of them; or NULL
 */
char *alarm_text(const struct comparison *c);

/** row_is_zero() - whether a figure was 0 in every cell */
bool row_is_zero(const struct row *row);

/** row_shown() - whether a table shows a figure that has something to show */
bool row_shown(const struct row *row, bool all);

/** noise_text() - how disturbed a workload's cells were, to free, or NULL */
char *noise_text(const struct noise *noise);

/** disturbed_text() - to free: "patched, seed 5: 31.4 %" */
char *disturbed_text(const struct disturbed *disturbed);

/** cells_text() - how many cells of a workload are good, to free */
char *cells_text(const struct comparison *c, const struct group *g);

/* write-json.c, read-json.c */

/** comparison_json() - the contents of compare.json; a new reference */
json_t *comparison_json(const struct comparison *c);

/**
 * comparison_from_json() - the other way; fails at whatever is not as it should
 * @c: where it goes
 * @document: the contents
 * @path: what messages call it
 */
void comparison_from_json(struct comparison *c, const json_t *document,
			  const char *path);

/** comparison_load() - read compare.json; "-" is standard input */
void comparison_load(struct comparison *c, const char *path);

#endif
