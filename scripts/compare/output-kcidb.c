// SPDX-License-Identifier: GPL-2.0-only
/*
 * The comparison as KCIDB I/O schema 5.3, the format in which KernelCI takes
 * results. A variant is a checkout and a build; a cell is a test run, and so
 * is each of its figures that has a direction, and each verdict.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

#define KCIDB_MAJOR 5
#define KCIDB_MINOR 3

struct kcidb {
	const struct comparison *c;
	uint64_t hash;		/* of the measurements: ids of a run are its own */
	json_t *tests;
};

/* A path is words of letters, digits, _ and -, joined by dots. */
static void path_add(char *path, size_t size, const char *text, bool dots)
{
	size_t used = strlen(path);

	if (used && used + 1 < size)
		path[used++] = '.';
	for (; *text && used + 1 < size; text++) {
		bool fine = isalnum((unsigned char)*text) || *text == '_' ||
			    *text == '-' || (dots && *text == '.');

		path[used++] = fine ? *text : '_';
	}
	path[used] = '\0';
}

static void place_path(char *path, size_t size, const char *top,
		       const struct place *place)
{
	*path = '\0';
	path_add(path, size, top, false);
	path_add(path, size, place->fs, false);
	path_add(path, size, place->workload, false);
}

static json_t *environment(const struct place *place)
{
	char *name = place_name(place);
	json_t *misc = json_pack("{s:s, s:s}", "storage", place->storage,
				 "clock", place->clock);
	json_t *json;

	if (place->vcpus >= 0)
		json_object_set_new(misc, "vcpus", json_integer(place->vcpus));
	json = json_pack("{s:s, s:o}", "comment", name, "misc", misc);
	free(name);
	return json;
}

static char *object_id(const struct kcidb *k, const char *text)
{
	return xasprintf("%s:%016llx:%s", k->c->options->origin,
			 (unsigned long long)k->hash, text);
}

static char *place_id(const struct place *place)
{
	return xasprintf("%s-%s-%s-%s-%lld", place->fs, place->storage,
			 place->workload, place->clock,
			 (long long)place->vcpus);
}

static json_t *add_test(struct kcidb *k, const char *variant,
			const struct place *place, const char *path,
			const char *name, const char *status)
{
	char *build = object_id(k, variant);
	char *id = object_id(k, name);
	json_t *test = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}",
				 "id", id, "origin", k->c->options->origin,
				 "build_id", build, "path", path,
				 "status", status,
				 "environment", environment(place));

	json_array_append_new(k->tests, test);
	free(build);
	free(id);
	return test;
}

static json_t *number(double value, const char *unit)
{
	json_t *json = json_object();
	bool whole = value == floor(value) && fabs(value) < 9e15;

	json_object_set_new(json, "value", whole ?
			    json_integer((json_int_t)value) : json_real(value));
	if (!strcmp(unit, "ns"))
		json_object_set_new(json, "unit", json_string("ns"));
	else if (!strcmp(unit, "bytes"))
		json_object_set_new(json, "unit", json_string("B"));
	else if (strcmp(unit, "count") && strcmp(unit, "-") &&
		 strcmp(unit, "share"))
		json_object_set_new(json, "unit", json_string(unit));
	return json;
}

/*
 * FAIL: the kernel under test is at fault. ERROR: nobody knows, for the
 * guest gave no result. MISS: the guest never ran.
 */
static const char *cell_status(const char *status)
{
	static const char *const unknown[] = { "silent", "timeout" };
	size_t i;

	if (!status || !strcmp(status, "qemu"))
		return "MISS";
	if (!strcmp(status, "ok"))
		return "PASS";
	for (i = 0; i < ARRAY_SIZE(unknown); i++)
		if (!strcmp(status, unknown[i]))
			return "ERROR";
	return "FAIL";
}

static void add_cell(struct kcidb *k, const char *variant,
		     const struct place *place, json_int_t seed,
		     const char *status, const char *id)
{
	char *where = place_id(place);
	char *name = xasprintf("%s-%s-%lld", variant, where, (long long)seed);
	char path[512];
	json_t *misc = json_pack("{s:I}", "seed", seed);
	json_t *test;

	place_path(path, sizeof(path), "reclaim_lab", place);
	test = add_test(k, variant, place, path, name, cell_status(status));
	json_object_set_new(misc, "status",
			    json_string(status ? status : "missing"));
	if (id)
		json_object_set_new(misc, "cell", json_string(id));
	json_object_set_new(test, "misc", misc);
	free(where);
	free(name);
}

static void add_figure(struct kcidb *k, const struct group *g,
		       const struct row *row, const struct pair *pair, int side)
{
	const struct options *o = k->c->options;
	const char *variant = side ? o->b : o->a;
	json_int_t seed = pair->seed + (side ? o->seed_offset : 0);
	char *where = place_id(&g->place);
	char *name = xasprintf("%s-%s-%lld-%s", variant, where,
			       (long long)seed, row->name);
	char path[512];
	json_t *test;

	place_path(path, sizeof(path), "reclaim_lab", &g->place);
	path_add(path, sizeof(path), row->name, true);
	test = add_test(k, variant, &g->place, path, name, "DONE");
	json_object_set_new(test, "number", number(side ? pair->b : pair->a,
						   row->metric->unit));
	json_object_set_new(test, "misc", json_pack("{s:I}", "seed", seed));
	free(where);
	free(name);
}

static void add_verdict(struct kcidb *k, const struct group *g,
			const struct row *row)
{
	const struct options *o = k->c->options;
	bool ratio = row->scale == SCALE_RATIO;
	char *where = place_id(&g->place);
	char *name = xasprintf("%s-against-%s-%s-%s", o->b, o->a, where,
			       row->name);
	const char *status = "DONE";
	char path[512];
	json_t *misc, *test;

	if (!strcmp(row->verdict, "better"))
		status = "PASS";
	else if (!strcmp(row->verdict, "worse"))
		status = "FAIL";
	place_path(path, sizeof(path), "reclaim_lab_compare", &g->place);
	path_add(path, sizeof(path), row->name, true);
	test = add_test(k, o->b, &g->place, path, name, status);
	json_object_set_new(test, "comment", json_string(row->verdict));
	json_object_set_new(test, "number",
			    number(ratio ? exp(row->moments.mean) :
				   row->moments.mean,
				   ratio ? "-" : row->metric->unit));
	misc = json_pack("{s:s, s:s, s:I}", "against", o->a,
			 "scale", ratio ? "ratio" : "difference",
			 "seeds", (json_int_t)row->count);
	if (row->interval.method != INTERVAL_NONE) {
		json_object_set_new(misc, "low", json_real(ratio ?
				    exp(row->interval.low) :
				    row->interval.low));
		json_object_set_new(misc, "high", json_real(ratio ?
				    exp(row->interval.high) :
				    row->interval.high));
	}
	json_object_set_new(test, "misc", misc);
	free(where);
	free(name);
}

static void add_group(struct kcidb *k, const struct group *g)
{
	size_t i, j;

	for (i = 0; i < g->row_count; i++) {
		const struct row *row = &g->rows[i];

		if (!row->verdict)
			continue;
		for (j = 0; j < row->count; j++) {
			bool synthetic = !strcmp(row->name, "cell_failed");

			if (synthetic)
				break;
			add_figure(k, g, row, &row->pairs[j], 0);
			if (strcmp(k->c->options->a, k->c->options->b) ||
			    k->c->options->seed_offset)
				add_figure(k, g, row, &row->pairs[j], 1);
		}
		add_verdict(k, g, row);
	}
}

static bool already(const json_t *list, const char *id)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (!strcmp(json_string_value(json_object_get(item, "id")), id))
			return true;
	return false;
}

static void add_variant(const struct kcidb *k, json_t *checkouts,
			json_t *builds, int side)
{
	const struct options *o = k->c->options;
	const char *variant = side ? o->b : o->a;
	const char *kernel = k->c->kernel[side];
	char *id = object_id(k, variant);
	char *comment = xasprintf("%s%s%s", variant, kernel ? ", Linux " : "",
				  kernel ? kernel : "");

	if (!already(checkouts, id)) {
		json_array_append_new(checkouts, json_pack(
			"{s:s, s:s, s:s, s:b}", "id", id, "origin", o->origin,
			"comment", comment, "valid", 1));
		json_array_append_new(builds, json_pack(
			"{s:s, s:s, s:s, s:s, s:s, s:s}", "id", id,
			"checkout_id", id, "origin", o->origin, "comment",
			comment, "architecture", "x86_64", "status", "PASS"));
	}
	free(comment);
	free(id);
}

/* Cells of A and B that were compared; those that were not are problems. */
static void add_compared_cells(struct kcidb *k, const struct group *g)
{
	const struct options *o = k->c->options;
	bool same = !strcmp(o->a, o->b) && !o->seed_offset;
	size_t i, j;
	int side;

	for (i = 0; i < g->count; i++)
		for (side = 0; side < (same ? 1 : 2); side++) {
			const char *variant = side ? o->b : o->a;
			json_int_t seed = g->seeds[i] +
					  (side ? o->seed_offset : 0);
			const char *id = NULL;

			for (j = 0; j < k->c->cells->count; j++) {
				const struct cell *cell = &k->c->cells->cells[j];

				if (cell->seed == seed &&
				    !strcmp(cell->variant, variant) &&
				    !place_compare(&cell->place, &g->place))
					id = cell->id;
			}
			add_cell(k, variant, &g->place, seed, "ok", id);
		}
}

/*
 * What was measured, without what is about the host and its clock: the ids are
 * the same for the same measurements, whenever and how often interrupted they
 * were made.
 */
static uint64_t hash_measured(const json_t *document)
{
	json_t *copy = json_deep_copy(document);
	json_t *cell;
	char *text;
	uint64_t hash;
	size_t i;

	json_object_del(copy, "host");
	json_array_foreach(json_object_get(copy, "cells"), i, cell) {
		const char *key;
		json_t *value;
		void *next;

		json_object_foreach_safe(cell, next, key, value)
			if (!strncmp(key, "host_", 5))
				json_object_del(cell, key);
	}
	text = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text)
		fail("out of memory");
	hash = hash_text(0xcbf29ce484222325ULL, text);
	free(text);
	json_decref(copy);
	return hash;
}

/**
 * comparison_kcidb - the comparison in KernelCI's format
 * @c: the comparison
 *
 * Return: a document of KCIDB I/O schema 5.3; the caller owns the reference.
 */
json_t *comparison_kcidb(const struct comparison *c)
{
	struct kcidb k = { .c = c, .tests = json_array() };
	bool same = !strcmp(c->options->a, c->options->b) &&
		    !c->options->seed_offset;
	json_t *checkouts = json_array();
	json_t *builds = json_array();
	size_t i;

	k.hash = hash_measured(c->cells->document);
	add_variant(&k, checkouts, builds, 0);
	add_variant(&k, checkouts, builds, 1);
	for (i = 0; i < c->group_count; i++)
		add_compared_cells(&k, &c->groups[i]);
	for (i = 0; i < c->problem_count; i++) {
		const struct problem *p = &c->problems[i];
		size_t j;

		/* A against itself meets each problem twice. */
		for (j = 0; same && j < i; j++)
			if (c->problems[j].seed == p->seed &&
			    !place_compare(&c->problems[j].place, &p->place))
				break;
		if (same && j < i)
			continue;
		add_cell(&k, p->variant, &p->place, p->seed, p->status, p->id);
	}
	for (i = 0; i < c->group_count; i++)
		add_group(&k, &c->groups[i]);
	return json_pack("{s:{s:i, s:i}, s:o, s:o, s:o}", "version",
			 "major", KCIDB_MAJOR, "minor", KCIDB_MINOR,
			 "checkouts", checkouts, "builds", builds,
			 "tests", k.tests);
}
