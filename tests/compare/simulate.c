// SPDX-License-Identifier: GPL-2.0-only
/*
 * results.json documents for the tests of the comparison and the report, with
 * differences that are known: the pair of real cells in data/cells.json, with
 * noise. Times are log-normal, with tails that move together as they do in a
 * guest.
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

#ifndef FIXTURE
#define FIXTURE "tests/compare/data/cells.json"
#endif
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static gsl_rng *rng;
static double effect;
static bool lean;

/** struct simulated - the cell that is being made */
struct simulated {
	const json_t *own;	/* the real cell of its variant */
	const json_t *vanilla;	/* the real cell of vanilla */
	bool patched;
	double shared;		/* what moves all of its times together */
};

static bool begins(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static bool ends(const char *text, const char *suffix)
{
	size_t length = strlen(text);

	return length >= strlen(suffix) &&
	       !strcmp(text + length - strlen(suffix), suffix);
}

static bool is_time(const char *name)
{
	if (begins(name, "latency_ns."))
		return !ends(name, ".count");
	return ends(name, "_ns") || strstr(name, "_ns_");
}

/* What the series changes by construction; all else is as in vanilla. */
static bool is_mechanism(const char *name)
{
	return begins(name, "direct_") || begins(name, "stack.") ||
	       begins(name, "appended_") || begins(name, "vmstat.pageout_") ||
	       begins(name, "vmstat.emergency_");
}

static bool is_constant(const char *name)
{
	return !strcmp(name, "vcpus") || !strcmp(name, "memory_mib") ||
	       begins(name, "watch_") || ends(name, "_checked") ||
	       ends(name, "_checks") || ends(name, "_late");
}

/* What lean cells do not have. */
static bool is_left_out(const char *name)
{
	return lean && (!strcmp(name, "stack") || begins(name, "psi_") ||
			(begins(name, "vmstat.") &&
			 !begins(name, "vmstat.pswp")));
}

/* The further out in the tail, the less is known. */
static double noisy_time(const struct simulated *s, const char *name,
			 double value)
{
	double spread = 0.02, share = 0.1;

	if (ends(name, ".p99")) {
		spread = 0.05;
		share = 0.3;
	} else if (ends(name, ".p999")) {
		spread = 0.1;
		share = 1;
	} else if (ends(name, ".max")) {
		spread = 0.3;
		share = 1;
	}
	value *= exp(gsl_ran_gaussian(rng, spread) + share * s->shared);
	return round(s->patched ? value * effect : value);
}

static double noisy(const struct simulated *s, const char *name, double value)
{
	if (is_constant(name))
		return value;
	if (!strcmp(name, "oom_kills"))
		return gsl_rng_uniform(rng) < 0.05;
	if (is_time(name))
		return noisy_time(s, name, value);
	if (ends(name, "_bytes"))
		return value + 8 * (double)gsl_rng_uniform_int(rng, 40);
	return value < 0 ? -(double)gsl_ran_poisson(rng, -value) :
			   (double)gsl_ran_poisson(rng, value);
}

/* Most of the splices, each with its bytes. */
static json_t *noisy_splices(const json_t *list)
{
	json_t *result = json_array();
	json_t *splice;
	size_t i;

	json_array_foreach((json_t *)list, i, splice) {
		json_t *copy = json_deep_copy(splice);
		json_t *adds = json_object_get(copy, "adds_bytes");

		json_integer_set(adds, json_integer_value(adds) +
				 8 * (json_int_t)gsl_rng_uniform_int(rng, 40));
		if (gsl_rng_uniform(rng) < 0.9)
			json_array_append(result, copy);
		json_decref(copy);
	}
	return result;
}

/* A copy of an object of the real cell, with noise in all of its numbers. */
static json_t *noisy_object(const struct simulated *s, const char *prefix,
			    const json_t *own, const json_t *vanilla)
{
	json_t *result = json_object();
	json_t *value;
	const char *key;

	json_object_foreach((json_t *)own, key, value) {
		const json_t *base = json_object_get(vanilla, key);
		char name[256];

		snprintf(name, sizeof(name), "%s%s%s", prefix,
			 *prefix ? "." : "", key);
		if (is_left_out(name))
			continue;
		if (json_is_object(value)) {
			value = noisy_object(s, name, value, base);
		} else if (!strcmp(key, "splices")) {
			value = noisy_splices(value);
		} else if (json_is_number(value)) {
			if (!base || is_mechanism(name))
				base = value;
			value = json_integer((json_int_t)llround(
				noisy(s, name, json_number_value(base))));
		} else {
			continue;
		}
		json_object_set_new(result, key, value);
	}
	return result;
}

static const json_t *real_cell(const json_t *fixture, const char *variant)
{
	json_t *cells = json_object_get(fixture, "cells"), *cell;
	size_t i;

	json_array_foreach(cells, i, cell)
		if (!strcmp(json_string_value(json_object_get(cell, "variant")),
			    variant))
			return cell;
	fprintf(stderr, FIXTURE ": expected a cell of %s\n", variant);
	exit(1);
}

static json_t *make_cell(const json_t *fixture, const char *variant,
			 const char *fs, const char *workload, int seed,
			 const char *status)
{
	struct simulated s = {
		.patched = !strcmp(variant, "patched"),
		.shared = gsl_ran_gaussian(rng, 0.2),
	};
	bool changed = s.patched && effect != 1;
	json_t *cell;
	char id[256];

	s.vanilla = real_cell(fixture, "vanilla");
	s.own = changed ? real_cell(fixture, "patched") : s.vanilla;
	cell = strcmp(status, "ok") ? json_object() :
	       noisy_object(&s, "", s.own, s.vanilla);
	snprintf(id, sizeof(id), "%s-%s-null_blk-%s-virtual-2-%d", variant, fs,
		 workload, seed);
	json_object_update_new(cell, json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:s}",
		"id", id, "kernel", changed ? "7.3.4-patched" : "7.3.4",
		"variant", variant, "fs", fs, "storage", "null_blk",
		"workload", workload, "clock", "virtual", "vcpus", 2, "seed",
		seed, "status", status));
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

json_t *simulate_results(unsigned long rng_seed, int seeds, double ratio,
			 char *const *faults, bool only_lean)
{
	static const char *const variants[] = { "vanilla", "patched" };
	static const char *const places[][2] = {
		{ "xfs", "writeback" }, { "xfs", "metadata" },
		{ "btrfs", "writeback" }, { "btrfs", "metadata" },
	};
	json_t *fixture = json_load_file(FIXTURE, 0, NULL);
	json_t *cells = json_array();
	size_t v, w;
	int seed;

	if (!fixture) {
		fputs(FIXTURE ": expected JSON\n", stderr);
		exit(1);
	}
	rng = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(rng, rng_seed);
	effect = ratio;
	lean = only_lean;
	for (w = 0; w < ARRAY_SIZE(places); w++)
		for (seed = 1; seed <= seeds; seed++)
			for (v = 0; v < 2; v++) {
				const char *status;

				status = status_of(variants[v], places[w][0],
						   seed, faults);
				if (!strcmp(status, "missing"))
					continue;
				json_array_append_new(cells,
					make_cell(fixture, variants[v],
						  places[w][0], places[w][1],
						  seed, status));
			}
	gsl_rng_free(rng);
	json_decref(fixture);
	return json_pack("{s:i, s:{s:s}, s:o}", "schema", 1, "host", "note",
			 "simulated", "cells", cells);
}
