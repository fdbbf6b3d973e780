/* SPDX-License-Identifier: GPL-2.0-only */
/* The comparison of two variants, from results.json to compare.json. */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "stats.h"
#include "util.h"

/* The verdict on figures of the host clock, when others had the machine as well. */
#define TOO_NOISY "too noisy to tell"

enum direction {
	DIRECTION_LOWER,
	DIRECTION_HIGHER,
	DIRECTION_NONE,
	DIRECTION_QUIET,
	DIRECTION_IGNORE,
};

enum scale {
	SCALE_RATIO,
	SCALE_DIFFERENCE,
};

/** struct metric - one line of metrics.table */
struct metric {
	char *pattern;
	char *unit;
	enum direction direction;
	enum scale scale;
};

/** struct metric_table - what is known about the figures of a cell */
struct metric_table {
	struct metric *metrics;
	size_t count;
};

/** struct place - what two cells of a pair have in common, the seed apart */
struct place {
	const char *fs;
	const char *storage;
	const char *workload;
	const char *clock;
	json_int_t vcpus;	/* -1: the cell does not say */
};

/** struct cell - one guest run, as results.json has it */
struct cell {
	size_t index;		/* in the array of results.json */
	const char *id;		/* NULL when it has none */
	const char *kernel;
	const char *variant;
	const char *status;
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

/** struct seed_range - a set of seeds to look at */
struct seed_range {
	json_int_t first;
	json_int_t last;
};

/** struct options - how to compare */
struct options {
	const char *a;
	const char *b;
	double alpha;		/* level of the family of verdicts */
	double level;		/* confidence level of the intervals */
	double precision;	/* wanted half-width, as a share: 0.03 is 3 % */
	double noise_limit;	/* share of CPU time that others may have */
	unsigned int resamples;
	uint64_t rng_seed;
	json_int_t seed_offset;	/* B's seed minus A's seed in a pair */
	struct seed_range *seeds;	/* of A; none: all */
	size_t seeds_count;
	bool all;		/* show quiet figures too */
	const char *origin;	/* KCIDB: the name of the submitting system */
};

/** struct pair - one seed, measured in both variants */
struct pair {
	json_int_t seed;	/* of A */
	double a;
	double b;
};

/** struct row - one figure of one workload, compared */
struct row {
	char *name;
	const struct metric *metric;
	enum scale scale;
	size_t unusable;	/* pairs with a value that has no logarithm */
	size_t filled;		/* pairs with a counter that did not change: 0 */
	struct pair *pairs;
	size_t count;
	json_int_t *left_out;	/* seeds measured in one variant only */
	size_t left_out_count;
	double center_a;	/* geometric mean, or mean for a difference */
	double center_b;
	struct moments moments;
	struct interval interval;
	struct signed_rank test;
	bool in_family;
	double adjusted;
	const char *verdict;	/* NULL: none is given */
	size_t seeds_needed;	/* 0: cannot be said */
};

/** struct disturbed - a cell on the host clock that others disturbed */
struct disturbed {
	const struct cell *cell;
	double share;		/* of the machine's CPU time; < 0: not recorded */
};

/** struct noise - how disturbed the cells of a workload were */
struct noise {
	bool judged;		/* it is the host clock, and there are pairs */
	size_t cells;
	double largest;		/* share of CPU time, of those that recorded it */
	struct disturbed *over;	/* beyond the limit, or not recorded */
	size_t over_count;	/* any: too noisy to tell */
};

/** struct group - one workload in one place */
struct group {
	struct place place;
	json_int_t *seeds;	/* of A, both cells ok */
	size_t count;
	size_t ok[2], total[2];
	struct row *rows;
	size_t row_count;
	char **only[2];		/* figures that only A, only B has */
	size_t only_count[2];
	struct noise noise;
};

/** struct problem - a cell that is not part of the comparison, and why */
struct problem {
	const char *what;	/* failed, missing, unpaired */
	const char *variant;
	struct place place;
	json_int_t seed;
	const char *status;
	const char *id;
};

/** struct comparison - everything that the outputs show */
struct comparison {
	const struct options *options;
	const struct cells *cells;
	const char *kernel[2];
	json_t *counters[2];	/* names of /proc/vmstat, while comparing */
	struct group *groups;
	size_t group_count;
	struct problem *problems;
	size_t problem_count;
	size_t cells_wanted;	/* of A and B together */
	size_t family;		/* tests that Holm's correction counts */
	size_t fewest_seeds;	/* with fewer no verdict can be given */
};

void metrics_load(struct metric_table *table, const char *path);
const struct metric *metrics_find(const struct metric_table *table,
				  const char *workload, const char *name);
const char *direction_name(enum direction direction);

void cells_from_json(struct cells *cells, json_t *document, const char *path);
void cells_load(struct cells *cells, const char *path);
int place_compare(const struct place *a, const struct place *b);
char *place_name(const struct place *place);

void compare(struct comparison *result, const struct cells *cells,
	     const struct metric_table *table, const struct options *options);
char *problem_text(const struct problem *problem);
char *problems_summary(const struct comparison *c);
char *noise_text(const struct comparison *c, const struct group *group);
char *disturbed_text(const struct disturbed *disturbed);

json_t *comparison_json(const struct comparison *c);
void write_table(FILE *out, const struct comparison *c);
void write_markdown(FILE *out, const struct comparison *c);
void write_ktap(FILE *out, const struct comparison *c);
json_t *comparison_kcidb(const struct comparison *c);
char *value_text(double value, const char *unit);

#endif
