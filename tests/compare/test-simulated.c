// SPDX-License-Identifier: GPL-2.0-only
/*
 * The promises of the method, on data whose truth is known:
 *
 *	test-simulated coverage [ROUNDS]
 *	test-simulated false-alarms [COMPARISONS [SEEDS]]
 *	test-simulated power [COMPARISONS]
 *	test-simulated methods [ROUNDS]		prints a table, promises nothing
 *
 * The exit status is 1 when a promise is not kept.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "compare.h"
#include "simulate.h"

#define RESAMPLES 399
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum shape {
	SHAPE_NORMAL,
	SHAPE_HEAVY,
	SHAPE_SKEWED,
	SHAPE_COUNTS,
	SHAPE_RARE,
	SHAPES,
};

static const char *const shape_names[SHAPES] = {
	[SHAPE_NORMAL] = "normal",
	[SHAPE_HEAVY] = "heavy tails (t, 3 df)",
	[SHAPE_SKEWED] = "skewed (exponential)",
	[SHAPE_COUNTS] = "counts (Poisson 2 - Poisson 2)",
	[SHAPE_RARE] = "rare events (1 in 5)",
};

/* A difference of the given shape whose true mean is 0. */
static double draw(gsl_rng *rng, enum shape shape)
{
	switch (shape) {
	case SHAPE_NORMAL:
		return gsl_ran_gaussian(rng, 1);
	case SHAPE_HEAVY:
		return gsl_ran_tdist(rng, 3);
	case SHAPE_SKEWED:
		return gsl_ran_exponential(rng, 1) - 1;
	case SHAPE_COUNTS:
		return (double)gsl_ran_poisson(rng, 2) -
		       (double)gsl_ran_poisson(rng, 2);
	case SHAPE_RARE:
		return (double)gsl_ran_bernoulli(rng, 0.2) -
		       (double)gsl_ran_bernoulli(rng, 0.2);
	case SHAPES:
		break;
	}
	return 0;
}

static double covered(gsl_rng *rng, enum shape shape, size_t n,
		      unsigned int rounds, enum interval_method method)
{
	unsigned int hits = 0, round;

	for (round = 0; round < rounds; round++) {
		struct interval in;
		double d[64];
		size_t i;

		for (i = 0; i < n; i++)
			d[i] = draw(rng, shape);
		if (method == INTERVAL_STUDENT)
			stats_student(d, n, 0.95, &in);
		else if (method == INTERVAL_BCA)
			stats_bootstrap_bca(d, n, 0.95, RESAMPLES, round, &in);
		else
			stats_interval(d, n, 0.95, RESAMPLES, round, &in);
		hits += in.method != INTERVAL_NONE && in.low <= 0 &&
			in.high >= 0;
	}
	return (double)hits / rounds;
}

/*
 * The share of intervals that hold the truth, which should be 0.95. Three
 * standard errors of the simulation are allowed, and what Documentation/
 * statistics.md admits for shapes that are hard with few pairs.
 */
static int coverage(unsigned int rounds)
{
	static const struct {
		enum shape shape;
		size_t n;
		double least;
	} promises[] = {
		{ SHAPE_NORMAL, 4, 0.94 }, { SHAPE_NORMAL, 8, 0.94 },
		{ SHAPE_NORMAL, 30, 0.94 }, { SHAPE_HEAVY, 8, 0.92 },
		{ SHAPE_HEAVY, 30, 0.91 }, { SHAPE_SKEWED, 8, 0.92 },
		{ SHAPE_SKEWED, 30, 0.93 }, { SHAPE_COUNTS, 8, 0.93 },
		{ SHAPE_COUNTS, 30, 0.93 }, { SHAPE_RARE, 30, 0.92 },
	};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	int status = 0;
	size_t i;

	for (i = 0; i < LENGTH(promises); i++) {
		double least = promises[i].least;
		double share = covered(rng, promises[i].shape, promises[i].n,
				       rounds, INTERVAL_NONE);
		bool kept = share >= least - 3 * sqrt(0.05 * 0.95 / rounds);

		printf("coverage %.3f (at least %.2f) %s, %zu pairs%s\n", share,
		       least, shape_names[promises[i].shape], promises[i].n,
		       kept ? "" : ": PROMISE BROKEN");
		status |= !kept;
	}
	return status;
}

static int methods(unsigned int rounds)
{
	static const size_t sizes[] = { 4, 8, 16, 30 };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	size_t shape, i;

	printf("%-32s %5s %8s %8s %8s\n", "shape", "pairs", "ours", "BCa",
	       "Student");
	for (shape = 0; shape < SHAPES; shape++)
		for (i = 0; i < LENGTH(sizes); i++)
			printf("%-32s %5zu %8.3f %8.3f %8.3f\n",
			       shape_names[shape], sizes[i],
			       covered(rng, shape, sizes[i], rounds,
				       INTERVAL_NONE),
			       covered(rng, shape, sizes[i], rounds,
				       INTERVAL_BCA),
			       covered(rng, shape, sizes[i], rounds,
				       INTERVAL_STUDENT));
	return 0;
}

/** struct tally - what many comparisons said */
struct tally {
	unsigned int comparisons;
	unsigned int with_verdict;	/* comparisons with any verdict */
	unsigned int verdicts;
	unsigned int tests;
	unsigned int raw;		/* tests with an uncorrected p <= 0.05 */
	unsigned int runtime_worse;	/* of 4 per comparison */
	unsigned int runtime_better;
	double log_runtime;		/* sum over comparisons and workloads */
	unsigned int runtime_inside;	/* intervals that hold the truth */
};

static void tally_comparison(struct tally *t, unsigned long rng_seed, int seeds,
			     double ratio, const struct metric_table *table)
{
	static char *const no_faults[] = { NULL };
	struct options o = {
		.a = "vanilla", .b = "patched", .alpha = 0.05, .level = 0.95,
		.precision = 0.03, .noise_limit = 0.05, .resamples = RESAMPLES,
		.rng_seed = rng_seed,
	};
	json_t *document = simulate_results(rng_seed, seeds, ratio, no_faults,
					    true);
	struct comparison c;
	struct cells cells;
	bool any = false;
	size_t i, j;

	cells_from_json(&cells, document, "simulated");
	compare(&c, &cells, table, &o);
	for (i = 0; i < c.group_count; i++)
		for (j = 0; j < c.groups[i].row_count; j++) {
			const struct row *row = &c.groups[i].rows[j];
			bool verdict = row->verdict == VERDICT_WORSE ||
				       row->verdict == VERDICT_BETTER;

			any = any || verdict;
			t->verdicts += verdict;
			t->tests += row->corrected;
			t->raw += row->corrected && row->test.p <= 0.05;
			if (strcmp(row->name, "runtime_ns"))
				continue;
			t->runtime_worse += row->verdict == VERDICT_WORSE;
			t->runtime_better += row->verdict == VERDICT_BETTER;
			t->log_runtime += log(row->estimate);
			t->runtime_inside += row->interval.low <= ratio &&
					     row->interval.high >= ratio;
		}
	t->comparisons++;
	t->with_verdict += any;
	json_decref(document);
}

/* The table, with nothing but the outcomes: all else costs time. */
static void load_outcomes(struct metric_table *table)
{
	size_t i;

	metrics_load(table, "scripts/compare/metrics.table");
	for (i = 0; i < table->count; i++)
		if (table->metrics[i].class != CLASS_OUTCOME)
			table->metrics[i].class = CLASS_IGNORE;
}

/* A against A: no figure differs, so every verdict is a false alarm. */
static int false_alarms(unsigned int comparisons, int seeds)
{
	struct metric_table table;
	struct tally t = { 0 };
	double raw;
	int status = 0;

	load_outcomes(&table);
	while (t.comparisons < comparisons)
		tally_comparison(&t, 1000 + t.comparisons, seeds, 1, &table);
	raw = (double)t.raw / t.tests;
	printf("A against A, %d seeds: %u of %u comparisons gave any verdict (%u of %u tests)\n",
	       seeds, t.with_verdict, t.comparisons, t.verdicts, t.tests);
	printf("uncorrected p at most 0.05: %.4f of the tests\n", raw);
	/* three standard errors of the simulation, as for the coverage */
	if (t.with_verdict > 0.05 * t.comparisons +
	    3 * sqrt(0.05 * 0.95 * t.comparisons)) {
		puts("PROMISE BROKEN: more than 5 % of the comparisons");
		status = 1;
	}
	/* the tests have to be alive: without the correction 5 % alarm */
	if (raw < 0.025 || raw > 0.06) {
		puts("PROMISE BROKEN: expected about 5 % before the correction");
		status = 1;
	}
	if (stats_seeds_for_verdict(0.05, t.tests / t.comparisons) >
	    (size_t)seeds) {
		puts("PROMISE BROKEN: expected enough seeds for a verdict");
		status = 1;
	}
	return status;
}

/* All times 5 % longer: found, with the right sign and size. */
static int power(unsigned int comparisons)
{
	struct metric_table table;
	struct tally t = { 0 };
	double ratio;
	unsigned int runs;
	int status = 0;

	load_outcomes(&table);
	while (t.comparisons < comparisons)
		tally_comparison(&t, 5000 + t.comparisons, 30, 1.05, &table);
	runs = 4 * t.comparisons;
	ratio = exp(t.log_runtime / runs);
	printf("5 %% slower, 30 seeds: %u of %u runtimes worse, %u better; mean ratio %.4f; %u intervals hold it\n",
	       t.runtime_worse, runs, t.runtime_better, ratio,
	       t.runtime_inside);
	if (t.runtime_worse < 0.9 * runs || t.runtime_better ||
	    fabs(ratio - 1.05) > 0.003 || t.runtime_inside < 0.88 * runs) {
		puts("PROMISE BROKEN: expected at least 90 % found, with sign and size");
		status = 1;
	}
	return status;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	unsigned int count = argc > 2 ? (unsigned int)atoi(argv[2]) : 0;

	program_name = "test-simulated";
	if (!strcmp(what, "coverage"))
		return coverage(count ? count : 1000);
	if (!strcmp(what, "methods"))
		return methods(count ? count : 2000);
	if (!strcmp(what, "false-alarms"))
		return false_alarms(count ? count : 200,
				    argc > 3 ? atoi(argv[3]) : 16);
	if (!strcmp(what, "power"))
		return power(count ? count : 30);
	fputs("usage: test-simulated coverage|methods|false-alarms|power [COUNT]\n",
	      stderr);
	return 2;
}
