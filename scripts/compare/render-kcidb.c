// SPDX-License-Identifier: GPL-2.0-only
/*
 * The comparison as KCIDB I/O schema 5.3, the format in which KernelCI takes
 * results. A variant is a checkout and a build; a cell is a test run, and so
 * is each of its outcomes and mechanisms, and each comparison of them.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render.h"
#include "util.h"

#define KCIDB_MAJOR 5
#define KCIDB_MINOR 3

struct kcidb {
	const struct comparison *c;
	const char *origin;
	json_t *tests;
	json_t *seen;	/* ids of the tests: A may be B */
};

/* A path is words of letters, digits, _ and -, joined by dots. */
static void path_add(char *path, size_t size, const char *text, bool dots)
{
	size_t used = strlen(path);

	if (used && used + 1 < size)
		path[used++] = '.';
	for (; *text && used + 1 < size; text++) {
		bool fine = isalnum((unsigned char)*text) || *text == '_' ||
			    *text == '-';

		if (dots && *text == '.' && used && path[used - 1] != '.' &&
		    text[1])
			fine = true;
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

/* With the hash of what was measured: ids of a run are its own. */
static char *object_id(const struct kcidb *k, const char *text)
{
	return xasprintf("%s:%s:%s", k->origin, k->c->measured, text);
}

static char *place_id(const struct place *place)
{
	return xasprintf("%s-%s-%s-%s-%lld", place->fs, place->storage,
			 place->workload, place->clock,
			 (long long)place->vcpus);
}

/* Return: the new test, or NULL when it is there already. */
static json_t *add_test(struct kcidb *k, const char *variant,
			const struct place *place, const char *path,
			const char *name, const char *status)
{
	char *build = object_id(k, variant);
	char *id = object_id(k, name);
	json_t *test = NULL;

	if (!json_object_get(k->seen, id)) {
		json_object_set_new(k->seen, id, json_true());
		test = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}",
				 "id", id, "origin", k->origin,
				 "build_id", build, "path", path,
				 "status", status,
				 "environment", environment(place));
		json_array_append_new(k->tests, test);
	}
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
	else if (*unit && strcmp(unit, "count") && strcmp(unit, "share"))
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
	json_t *misc, *test;

	place_path(path, sizeof(path), "reclaim_lab", place);
	test = add_test(k, variant, place, path, name, cell_status(status));
	if (test) {
		misc = json_pack("{s:I, s:s}", "seed", seed, "status",
				 status ? status : "missing");
		if (id)
			json_object_set_new(misc, "cell", json_string(id));
		json_object_set_new(test, "misc", misc);
	}
	free(where);
	free(name);
}

static void add_figure(struct kcidb *k, const struct group *g,
		       const struct row *row, const struct pair *pair, int side)
{
	const char *variant = k->c->variant[side].name;
	json_int_t seed = pair->seed + (side ? k->c->method.seed_offset : 0);
	char *where = place_id(&g->place);
	char *name = xasprintf("%s-%s-%lld-%s", variant, where,
			       (long long)seed, row->name);
	char path[512];
	json_t *test;

	place_path(path, sizeof(path), "reclaim_lab", &g->place);
	path_add(path, sizeof(path), row->name, true);
	test = add_test(k, variant, &g->place, path, name, "DONE");
	if (test) {
		json_object_set_new(test, "number",
				    number(side ? pair->b : pair->a,
					   row->unit));
		json_object_set_new(test, "comment", json_string(row->words));
		json_object_set_new(test, "misc",
				    json_pack("{s:I}", "seed", seed));
	}
	free(where);
	free(name);
}

static void describe_verdict(const struct kcidb *k, const struct row *row,
			     json_t *test)
{
	bool ratio = row->scale == SCALE_RATIO;
	char *comment = xasprintf("%s: %s", row->words,
				  verdict_words(row->verdict));
	json_t *misc = json_pack("{s:s, s:s, s:I}",
				 "against", k->c->variant[0].name,
				 "scale", scale_words(row->scale),
				 "seeds", (json_int_t)row->count);

	json_object_set_new(test, "comment", json_string(comment));
	json_object_set_new(test, "number",
			    number(row->estimate, ratio ? "" : row->unit));
	if (row->interval.method != INTERVAL_NONE) {
		json_object_set_new(misc, "low", json_real(row->interval.low));
		json_object_set_new(misc, "high",
				    json_real(row->interval.high));
	}
	json_object_set_new(test, "misc", misc);
	free(comment);
}

static void add_verdict(struct kcidb *k, const struct group *g,
			const struct row *row)
{
	const char *variant = k->c->variant[1].name;
	char *where = place_id(&g->place);
	char *name = xasprintf("%s-against-%s-%s-%s", variant,
			       k->c->variant[0].name, where, row->name);
	const char *status = "DONE";
	char path[512];
	json_t *test;

	if (row->verdict == VERDICT_BETTER)
		status = "PASS";
	else if (row->verdict == VERDICT_WORSE)
		status = "FAIL";
	place_path(path, sizeof(path), "reclaim_lab_compare", &g->place);
	path_add(path, sizeof(path), row->name, true);
	test = add_test(k, variant, &g->place, path, name, status);
	if (test)
		describe_verdict(k, row, test);
	free(where);
	free(name);
}

/* Each pair of a figure, unless it is about the pair itself; then the whole. */
static void add_row(struct kcidb *k, const struct group *g,
		    const struct row *row)
{
	size_t i;

	if (!row->count)
		return;
	for (i = 0; i < row->count && strcmp(row->name, "cell_failed"); i++) {
		add_figure(k, g, row, &row->pairs[i], 0);
		add_figure(k, g, row, &row->pairs[i], 1);
	}
	add_verdict(k, g, row);
}

static void add_group(struct kcidb *k, const struct group *g)
{
	size_t side, i;

	for (side = 0; side < k->c->variants; side++)
		for (i = 0; i < g->side[side].count; i++) {
			const struct ran *ran = &g->side[side].ran[i];

			add_cell(k, k->c->variant[side].name, &g->place,
				 ran->seed, ran->status, ran->id);
		}
	for (i = 0; i < g->splice_count; i++)
		add_row(k, g, &g->splices[i].adds);
	for (i = 0; i < g->row_count; i++)
		if (g->rows[i].class == CLASS_OUTCOME ||
		    g->rows[i].class == CLASS_MECHANISM)
			add_row(k, g, &g->rows[i]);
}

static void add_variant(const struct kcidb *k, json_t *checkouts,
			json_t *builds, const struct variant *variant)
{
	char *id = object_id(k, variant->name);
	char *comment = xasprintf("%s%s%s", variant->name,
				  variant->kernel ? ", Linux " : "",
				  variant->kernel ? variant->kernel : "");

	json_array_append_new(checkouts, json_pack(
		"{s:s, s:s, s:s, s:b}", "id", id, "origin", k->origin,
		"comment", comment, "valid", 1));
	json_array_append_new(builds, json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s}", "id", id,
		"checkout_id", id, "origin", k->origin, "comment",
		comment, "architecture", "x86_64", "status", "PASS"));
	free(comment);
	free(id);
}

json_t *render_kcidb(const struct comparison *c, const char *origin)
{
	struct kcidb k = {
		.c = c, .origin = origin,
		.tests = json_array(), .seen = json_object(),
	};
	json_t *checkouts = json_array();
	json_t *builds = json_array();
	size_t i;

	add_variant(&k, checkouts, builds, &c->variant[0]);
	if (c->variants == 2 &&
	    strcmp(c->variant[0].name, c->variant[1].name))
		add_variant(&k, checkouts, builds, &c->variant[1]);
	for (i = 0; i < c->group_count; i++)
		add_group(&k, &c->groups[i]);
	for (i = 0; i < c->problem_count; i++)
		if (c->problems[i].kind == PROBLEM_MISSING)
			add_cell(&k, c->problems[i].variant,
				 &c->problems[i].place, c->problems[i].seed,
				 NULL, c->problems[i].id);
	json_decref(k.seen);
	return json_pack("{s:{s:i, s:i}, s:o, s:o, s:o}", "version",
			 "major", KCIDB_MAJOR, "minor", KCIDB_MINOR,
			 "checkouts", checkouts, "builds", builds,
			 "tests", k.tests);
}
