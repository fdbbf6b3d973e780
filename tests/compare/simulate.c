// SPDX-License-Identifier: GPL-2.0-only
/*
 * Invented results.json documents for the tests of the comparison and the
 * report. The figures are log-normal, with tails that move together as they
 * do in a guest.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <jansson.h>

#include "simulate.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static gsl_rng *rng;
static double effect;

static json_t *time_of(double log_center, double spread, double shared,
		       bool patched)
{
	double value = log_center + shared + gsl_ran_gaussian(rng, spread);

	if (patched)
		value += log(effect);
	return json_integer((json_int_t)llround(exp(value)));
}

static json_t *latency(double log_center, double shared, bool patched)
{
	json_t *json = json_object();

	json_object_set_new(json, "p50", time_of(log_center, 0.02, shared / 10,
						 patched));
	json_object_set_new(json, "p99", time_of(log_center + 4, 0.05,
						 shared / 3, patched));
	json_object_set_new(json, "p999", time_of(log_center + 6, 0.1, shared,
						  patched));
	json_object_set_new(json, "max", time_of(log_center + 9, 0.3, shared,
						 patched));
	json_object_set_new(json, "count",
			    json_integer(90000 + (json_int_t)gsl_ran_poisson(rng, 900)));
	return json;
}

static json_t *pages(double mean)
{
	return json_integer((json_int_t)gsl_ran_poisson(rng, mean));
}

static json_t *make_cell(const char *variant, const char *fs,
			 const char *workload, int seed, const char *status)
{
	bool patched = !strcmp(variant, "patched");
	bool changed = patched && effect != 1;
	double shared = gsl_ran_gaussian(rng, 0.2);
	char *kernel = changed ? "7.3.4-patched" : "7.3.4";
	char id[256];
	json_t *cell, *latencies = json_object(), *stack = json_object();
	json_t *vmstat = json_object();

	snprintf(id, sizeof(id), "%s-%s-null_blk-%s-virtual-2-%d", variant, fs,
		 workload, seed);
	cell = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:s}",
			 "id", id, "kernel", kernel, "variant", variant, "fs",
			 fs, "storage", "null_blk", "workload", workload,
			 "clock", "virtual", "vcpus", 2, "seed", seed, "status",
			 status);
	if (strcmp(status, "ok"))
		return cell;
	json_object_set_new(cell, "runtime_ns",
			    time_of(22.5, 0.02, shared / 10, patched));
	json_object_set_new(cell, "direct_writes",
			    changed ? json_integer(0) : pages(4000));
	json_object_set_new(cell, "oom_kills",
			    json_integer(gsl_rng_uniform(rng) < 0.05));
	json_object_set_new(latencies, "fault", latency(6.2, shared, patched));
	json_object_set_new(latencies, "direct_reclaim",
			    latency(10, shared, patched));
	json_object_set_new(cell, "latency_ns", latencies);
	json_object_set_new(stack, "direct_reclaim",
			    json_pack("{s:i, s:i, s:i}", "max_bytes",
				      changed ? 5100 : 6800 + (int)gsl_rng_uniform_int(rng, 80) * 8,
				      "below_reclaim_bytes",
				      changed ? 1400 : 2400 + (int)gsl_rng_uniform_int(rng, 60) * 8,
				      "splices", changed ? 1 : 2));
	json_object_set_new(stack, "kswapd",
			    json_pack("{s:i, s:i}", "max_bytes", 4200,
				      "splices", 1));
	json_object_set_new(cell, "stack", stack);
	json_object_set_new(vmstat, "pswpout", pages(45000));
	json_object_set_new(vmstat, "pswpin", pages(30000));
	json_object_set_new(vmstat, "allocstall_normal", pages(700));
	json_object_set_new(vmstat, "nr_dirtied", pages(20000));
	if (changed)
		json_object_set_new(vmstat, "pageout_list_queued", pages(3000));
	json_object_set_new(cell, "vmstat", vmstat);
	return cell;
}

static const char *status_of(const char *variant, const char *fs, int seed,
			     char *const *faults)
{
	static char wanted[256];

	snprintf(wanted, sizeof(wanted), "%s:%s:%d:", variant, fs, seed);
	for (; *faults; faults++)
		if (!strncmp(*faults, wanted, strlen(wanted)))
			return *faults + strlen(wanted);
	return "ok";
}

/**
 * simulate_results - invent a results.json
 * @rng_seed: seed of the random numbers
 * @seeds: seeds per workload and variant
 * @ratio: ratio of every time of variant patched to variant vanilla; 1 means
 *	that the two do not differ in anything
 * @faults: VARIANT:FS:SEED:STATUS, the last NULL; the status "missing" leaves
 *	the cell out
 *
 * Return: the document; the caller owns the reference.
 */
json_t *simulate_results(unsigned long rng_seed, int seeds, double ratio,
			 char *const *faults)
{
	static const char *const variants[] = { "vanilla", "patched" };
	static const char *const places[][2] = {
		{ "xfs", "writeback" }, { "xfs", "metadata" },
		{ "btrfs", "writeback" }, { "btrfs", "metadata" },
	};
	json_t *cells = json_array();
	size_t v, w;
	int seed;

	rng = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(rng, rng_seed);
	effect = ratio;
	for (w = 0; w < ARRAY_SIZE(places); w++)
		for (seed = 1; seed <= seeds; seed++)
			for (v = 0; v < 2; v++) {
				const char *status;

				status = status_of(variants[v], places[w][0],
						   seed, faults);
				if (!strcmp(status, "missing"))
					continue;
				json_array_append_new(cells,
					make_cell(variants[v], places[w][0],
						  places[w][1], seed, status));
			}
	gsl_rng_free(rng);
	return json_pack("{s:i, s:{s:s}, s:o}", "schema", 1, "host", "note",
			 "simulated", "cells", cells);
}
