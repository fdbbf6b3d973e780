// SPDX-License-Identifier: GPL-2.0-only
/* Reads compare.json; fails at what is not as write-json.c writes it. */
#include <string.h>

#include "comparison.h"
#include "node.h"
#include "util.h"

#define KEYS(node, ...)							\
	do {								\
		static const char *const keys[] = { __VA_ARGS__ };	\
									\
		node_keys(node, keys, ARRAY_SIZE(keys));		\
	} while (0)

/* A word of a list, as a number; absent where it may be. */
static int read_word(const struct node *node, const char *key,
		     int (*find)(const char *word), const char *expected,
		     int absent)
{
	struct node member = node_member(node, key);
	const char *word = json_string_value(member.json);
	int found;

	if (!member.json && absent >= 0)
		return absent;
	found = word ? find(word) : -1;
	if (found < 0)
		node_fail(&member, "expected %s", expected);
	return found;
}

static void read_place(const struct node *node, struct place *place)
{
	struct node vcpus = node_member(node, "vcpus");

	place->fs = node_text(node, "fs");
	place->storage = node_text(node, "storage");
	place->workload = node_text(node, "workload");
	place->clock = node_text(node, "clock");
	place->vcpus = vcpus.json ? node_integer(node, "vcpus") : -1;
}

static json_int_t *read_seeds(const struct node *node, const char *key,
			      size_t *count)
{
	struct node list = node_member(node, key);
	json_int_t *seeds;
	size_t i;

	*count = list.json ? node_length(&list) : 0;
	seeds = xcalloc(*count, sizeof(*seeds));
	for (i = 0; i < *count; i++) {
		struct node seed = node_element(&list, i);

		if (!json_is_integer(seed.json))
			node_fail(&seed, "expected an integer");
		seeds[i] = json_integer_value(seed.json);
	}
	return seeds;
}

static void read_spread(const struct node *row, const char *key,
			struct spread *spread)
{
	struct node node = node_member(row, key);

	if (!node.json)
		return;
	KEYS(&node, "cells", "median", "smallest", "largest");
	spread->cells = node_count(&node, "cells");
	spread->median = node_number(&node, "median");
	spread->smallest = node_number(&node, "smallest");
	spread->largest = node_number(&node, "largest");
}

static void read_pairs(const struct node *node, struct row *row)
{
	struct node list = node_member(node, "pairs");
	size_t i, j;

	row->count = node_length(&list);
	row->pairs = xcalloc(row->count, sizeof(*row->pairs));
	for (i = 0; i < row->count; i++) {
		struct node pair = node_element(&list, i);

		if (node_length(&pair) != 3)
			node_fail(&pair, "expected [seed, A, B]");
		for (j = 0; j < 3; j++)
			if (!json_is_number(json_array_get(pair.json, j)))
				node_fail(&pair, "expected [seed, A, B]");
		row->pairs[i] = (struct pair){
			json_integer_value(json_array_get(pair.json, 0)),
			json_number_value(json_array_get(pair.json, 1)),
			json_number_value(json_array_get(pair.json, 2)),
		};
	}
	if (row->count != node_count(node, "seeds"))
		node_fail(&list, "expected as many as \"seeds\" says");
}

static void read_test(const struct node *row, struct signed_rank *test)
{
	struct node node = node_member(row, "signed_rank");

	KEYS(&node, "plus", "minus", "zeros", "exact");
	test->plus = node_number(&node, "plus");
	test->minus = node_number(&node, "minus");
	test->zeros = node_count(&node, "zeros");
	test->exact = node_bool(&node, "exact");
	test->p = node_number(row, "p");
}

static void read_estimate(const struct node *node, struct row *row)
{
	row->scale = read_word(node, "scale", scale_find,
			       "ratio or difference", -1);
	row->center[0] = node_number(node, "a");
	row->center[1] = node_number(node, "b");
	row->estimate = node_number(node, scale_words(row->scale));
	row->interval.method = read_word(node, "interval", stats_interval_find,
					 "a kind of interval", -1);
	if (row->interval.method != INTERVAL_NONE) {
		row->interval.low = node_number(node, "low");
		row->interval.high = node_number(node, "high");
	}
	read_pairs(node, row);
	read_test(node, &row->test);
	row->test.n = row->count;
	row->corrected = node_bool(node, "corrected");
	if (row->corrected)
		row->adjusted = node_number(node, "p_adjusted");
	row->verdict = read_word(node, "verdict", verdict_find, "a verdict",
				 VERDICT_NONE);
	row->seeds_needed = node_optional_count(node, "seeds_for_precision");
	row->unusable = node_optional_count(node, "pairs_without_ratio");
	row->filled = node_optional_count(node,
					  "pairs_with_unchanged_counter");
}

static void read_row(const struct node *node, struct row *row)
{
	KEYS(node, "metric", "words", "unit", "class", "better", "spread_a",
	     "spread_b", "left_out", "scale", "a", "b", "ratio", "difference",
	     "interval", "low", "high", "seeds", "p", "signed_rank",
	     "corrected", "p_adjusted", "verdict", "seeds_for_precision",
	     "pairs_without_ratio", "pairs_with_unchanged_counter", "pairs");
	row->name = node_text(node, "metric");
	row->words = node_text(node, "words");
	row->unit = node_text(node, "unit");
	row->class = read_word(node, "class", class_find, "a class", -1);
	row->better = read_word(node, "better", better_find,
				"lower or higher", BETTER_NEITHER);
	read_spread(node, "spread_a", &row->spread[0]);
	read_spread(node, "spread_b", &row->spread[1]);
	row->left_out = read_seeds(node, "left_out", &row->left_out_count);
	row->verdict = VERDICT_NONE;
	if (node_member(node, "pairs").json)
		read_estimate(node, row);
	if (row->verdict != VERDICT_NONE && row->class != CLASS_OUTCOME)
		node_fail(node, "expected no verdict: it is no outcome");
}

static void read_splice_side(const struct node *splice, const char *key,
			     struct splice_side *side)
{
	struct node node = node_member(splice, key);
	struct node entered;
	const char *subsystem;
	json_t *bytes;

	KEYS(&node, "cells", "recorded", "entered");
	side->cells = node_count(&node, "cells");
	side->recorded = node_count(&node, "recorded");
	entered = node_member(&node, "entered");
	if (!json_is_object(entered.json))
		node_fail(&entered, "expected an object");
	side->entered = xcalloc(json_object_size(entered.json),
				sizeof(*side->entered));
	json_object_foreach((json_t *)entered.json, subsystem, bytes)
		side->entered[side->entered_count++] = (struct entered){
			xstrdup(subsystem), node_number(&entered, subsystem)
		};
}

static void read_splice(const struct node *node, struct splice *s,
			size_t variants)
{
	struct node adds;

	KEYS(node, "class", "into", "by", "a", "b", "adds");
	s->class = node_text(node, "class");
	s->into = node_text(node, "into");
	s->by = node_text(node, "by");
	read_splice_side(node, "a", &s->side[0]);
	if (variants == 2)
		read_splice_side(node, "b", &s->side[1]);
	adds = node_member(node, "adds");
	read_row(&adds, &s->adds);
}

static void read_side(const struct node *cells, const char *key,
		      struct side *side)
{
	struct node node = node_member(cells, key);
	struct node list;
	size_t i;

	KEYS(&node, "ok", "wanted", "oom_kills", "oom_measured", "ran");
	side->ok = node_count(&node, "ok");
	side->wanted = node_count(&node, "wanted");
	side->oom_kills = node_optional_number(&node, "oom_kills", 0);
	side->oom_measured = node_optional_count(&node, "oom_measured");
	list = node_member(&node, "ran");
	side->count = node_length(&list);
	side->ran = xcalloc(side->count, sizeof(*side->ran));
	for (i = 0; i < side->count; i++) {
		struct node ran = node_element(&list, i);

		KEYS(&ran, "seed", "layout", "status", "id", "command");
		side->ran[i].seed = node_integer(&ran, "seed");
		side->ran[i].layout = node_optional_count(&ran, "layout");
		side->ran[i].status = node_text(&ran, "status");
		side->ran[i].id = node_optional_text(&ran, "id");
		side->ran[i].command = node_optional_text(&ran, "command");
	}
}

static void read_noise(const struct node *node, struct noise *noise)
{
	struct node list;
	size_t i;

	KEYS(node, "too_noisy", "limit", "largest", "disturbed", "cells");
	noise->judged = true;
	noise->limit = node_number(node, "limit");
	noise->largest = node_number(node, "largest");
	noise->cells = node_count(node, "cells");
	list = node_member(node, "disturbed");
	noise->over_count = node_length(&list);
	noise->over = xcalloc(noise->over_count, sizeof(*noise->over));
	for (i = 0; i < noise->over_count; i++) {
		struct node cell = node_element(&list, i);

		KEYS(&cell, "variant", "seed", "share");
		noise->over[i].variant = node_text(&cell, "variant");
		noise->over[i].seed = node_integer(&cell, "seed");
		noise->over[i].share = node_optional_number(&cell, "share", -1);
	}
	if (node_bool(node, "too_noisy") != (noise->over_count > 0))
		node_fail(node, "expected too_noisy if any cell was disturbed");
}

static void read_group(const struct node *node, struct group *g,
		       size_t variants)
{
	struct node cells, list, noise;
	size_t i;

	KEYS(node, "fs", "storage", "workload", "clock", "vcpus", "seeds",
	     "cells", "observed", "splices", "metrics", "noise");
	read_place(node, &g->place);
	g->seeds = read_seeds(node, "seeds", &g->count);
	g->observed = node_bool(node, "observed");
	cells = node_member(node, "cells");
	read_side(&cells, "a", &g->side[0]);
	if (variants == 2)
		read_side(&cells, "b", &g->side[1]);
	list = node_member(node, "splices");
	g->splice_count = node_length(&list);
	g->splices = xcalloc(g->splice_count, sizeof(*g->splices));
	for (i = 0; i < g->splice_count; i++) {
		struct node splice = node_element(&list, i);

		read_splice(&splice, &g->splices[i], variants);
	}
	list = node_member(node, "metrics");
	g->row_count = node_length(&list);
	g->rows = xcalloc(g->row_count, sizeof(*g->rows));
	for (i = 0; i < g->row_count; i++) {
		struct node row = node_element(&list, i);

		read_row(&row, &g->rows[i]);
	}
	noise = node_member(node, "noise");
	if (noise.json)
		read_noise(&noise, &g->noise);
}

static void read_problem(const struct node *node, struct problem *p)
{
	KEYS(node, "fs", "storage", "workload", "clock", "vcpus", "what",
	     "variant", "seed", "status", "id", "trouble", "command");
	read_place(node, &p->place);
	p->kind = read_word(node, "what", problem_find,
			    "failed, missing or unpaired", -1);
	p->variant = node_text(node, "variant");
	p->seed = node_integer(node, "seed");
	p->status = node_optional_text(node, "status");
	p->id = node_optional_text(node, "id");
	p->trouble = node_optional_text(node, "trouble");
	p->command = node_optional_text(node, "command");
}

static void read_method(const struct node *node, struct method *m)
{
	KEYS(node, "estimate", "interval", "test", "correction", "alpha",
	     "level", "precision", "noise_limit", "resamples", "rng_seed",
	     "seed_offset", "tests", "fewest_seeds_for_a_verdict");
	m->estimate = node_text(node, "estimate");
	m->interval = node_text(node, "interval");
	m->test = node_text(node, "test");
	m->correction = node_text(node, "correction");
	m->alpha = node_number(node, "alpha");
	m->level = node_number(node, "level");
	m->precision = node_number(node, "precision");
	m->noise_limit = node_number(node, "noise_limit");
	m->resamples = node_count(node, "resamples");
	m->rng_seed = node_count(node, "rng_seed");
	m->seed_offset = node_integer(node, "seed_offset");
	m->tests = node_count(node, "tests");
	m->fewest_seeds = node_count(node, "fewest_seeds_for_a_verdict");
}

static void read_variants(const struct node *top, struct comparison *c)
{
	c->variant[0].name = node_text(top, "a");
	c->variant[0].kernel = node_optional_text(top, "kernel_a");
	c->variant[0].commit = node_optional_text(top, "commit_a");
	c->variant[1].name = node_optional_text(top, "b");
	c->variant[1].kernel = node_optional_text(top, "kernel_b");
	c->variant[1].commit = node_optional_text(top, "commit_b");
	c->variants = c->variant[1].name ? 2 : 1;
}

static void read_lists(const struct node *top, struct comparison *c)
{
	struct node list = node_member(top, "problems");
	size_t i;

	c->problem_count = node_length(&list);
	c->problems = xcalloc(c->problem_count, sizeof(*c->problems));
	for (i = 0; i < c->problem_count; i++) {
		struct node problem = node_element(&list, i);

		read_problem(&problem, &c->problems[i]);
	}
	list = node_member(top, "comparisons");
	c->group_count = node_length(&list);
	c->groups = xcalloc(c->group_count, sizeof(*c->groups));
	for (i = 0; i < c->group_count; i++) {
		struct node group = node_element(&list, i);

		read_group(&group, &c->groups[i], c->variants);
	}
}

void comparison_from_json(struct comparison *c, const json_t *document,
			  const char *path)
{
	struct node top = node_top(document, path);
	struct node method;

	memset(c, 0, sizeof(*c));
	KEYS(&top, "schema", "a", "b", "kernel_a", "kernel_b", "commit_a",
	     "commit_b", "machine", "emulator", "measured", "command",
	     "complete", "cells_wanted", "problems", "method", "comparisons");
	if (node_integer(&top, "schema") != COMPARISON_SCHEMA)
		fail("%s: expected \"schema\": %d", path, COMPARISON_SCHEMA);
	read_variants(&top, c);
	c->machine = node_optional_text(&top, "machine");
	c->emulator = node_optional_text(&top, "emulator");
	c->measured = node_text(&top, "measured");
	c->command = node_optional_text(&top, "command");
	c->cells_wanted = node_count(&top, "cells_wanted");
	method = node_member(&top, "method");
	read_method(&method, &c->method);
	read_lists(&top, c);
	if (node_bool(&top, "complete") != !c->problem_count)
		fail("%s: expected \"complete\" if there are no problems",
		     path);
}

void comparison_load(struct comparison *c, const char *path)
{
	json_t *document = read_json(path);

	comparison_from_json(c, document,
			     strcmp(path, "-") ? path : "standard input");
	json_decref(document);
}
