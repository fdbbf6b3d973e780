// SPDX-License-Identifier: GPL-2.0-only
/* Writes compare.json: everything that was compared, and what was not. */
#include <math.h>

#include "comparison.h"
#include "util.h"

static void set_text(json_t *json, const char *name, const char *text)
{
	if (text)
		json_object_set_new(json, name, json_string(text));
}

static void set_count(json_t *json, const char *name, size_t count)
{
	json_object_set_new(json, name, json_integer((json_int_t)count));
}

static void set_real(json_t *json, const char *name, double number)
{
	json_object_set_new(json, name, json_real(number));
}

static json_t *number_json(double number)
{
	if (number == floor(number) && fabs(number) < 9e15)
		return json_integer((json_int_t)number);
	return json_real(number);
}

static json_t *place_json(const struct place *place)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "fs", place->fs,
				 "storage", place->storage, "workload",
				 place->workload, "clock", place->clock);

	if (place->vcpus >= 0)
		json_object_set_new(json, "vcpus", json_integer(place->vcpus));
	return json;
}

static json_t *seeds_json(const json_int_t *seeds, size_t count)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(list, json_integer(seeds[i]));
	return list;
}

static void set_spread(json_t *json, const char *name,
		       const struct spread *spread)
{
	json_t *own;

	if (!spread->cells)
		return;
	own = json_object();
	set_count(own, "cells", spread->cells);
	json_object_set_new(own, "median", number_json(spread->median));
	json_object_set_new(own, "smallest", number_json(spread->smallest));
	json_object_set_new(own, "largest", number_json(spread->largest));
	json_object_set_new(json, name, own);
}

static json_t *pairs_json(const struct row *row)
{
	json_t *pairs = json_array();
	size_t i;

	for (i = 0; i < row->count; i++) {
		const struct pair *pair = &row->pairs[i];

		json_array_append_new(pairs, json_pack("[I, o, o]", pair->seed,
						       number_json(pair->a),
						       number_json(pair->b)));
	}
	return pairs;
}

static void set_estimate(json_t *json, const struct row *row)
{
	const char *scale = scale_words(row->scale);

	set_text(json, "scale", scale);
	set_real(json, "a", row->center[0]);
	set_real(json, "b", row->center[1]);
	set_real(json, scale, row->estimate);
	set_text(json, "interval", stats_interval_name(row->interval.method));
	if (row->interval.method != INTERVAL_NONE) {
		set_real(json, "low", row->interval.low);
		set_real(json, "high", row->interval.high);
	}
	set_count(json, "seeds", row->count);
	set_real(json, "p", row->test.p);
	json_object_set_new(json, "signed_rank",
			    json_pack("{s:f, s:f, s:I, s:b}",
				      "plus", row->test.plus,
				      "minus", row->test.minus,
				      "zeros", (json_int_t)row->test.zeros,
				      "exact", row->test.exact));
	json_object_set_new(json, "corrected", json_boolean(row->corrected));
	if (row->corrected)
		set_real(json, "p_adjusted", row->adjusted);
	if (row->verdict != VERDICT_NONE)
		set_text(json, "verdict", verdict_words(row->verdict));
	if (row->seeds_needed)
		set_count(json, "seeds_for_precision", row->seeds_needed);
	if (row->unusable)
		set_count(json, "pairs_without_ratio", row->unusable);
	if (row->filled)
		set_count(json, "pairs_with_unchanged_counter", row->filled);
	json_object_set_new(json, "pairs", pairs_json(row));
}

static json_t *row_json(const struct row *row)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "metric", row->name,
				 "words", row->words, "unit", row->unit,
				 "class", class_words(row->class));

	if (row->better != BETTER_NEITHER)
		set_text(json, "better", better_words(row->better));
	set_spread(json, "spread_a", &row->spread[0]);
	set_spread(json, "spread_b", &row->spread[1]);
	if (row->left_out_count)
		json_object_set_new(json, "left_out",
				    seeds_json(row->left_out,
					       row->left_out_count));
	if (row->count)
		set_estimate(json, row);
	return json;
}

static json_t *splice_side_json(const struct splice_side *side)
{
	json_t *entered = json_object();
	json_t *json = json_object();
	size_t i;

	set_count(json, "cells", side->cells);
	set_count(json, "recorded", side->recorded);
	for (i = 0; i < side->entered_count; i++)
		json_object_set_new(entered, side->entered[i].subsystem,
				    number_json(side->entered[i].bytes));
	json_object_set_new(json, "entered", entered);
	return json;
}

static json_t *splice_json(const struct splice *s, size_t variants)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:o, s:o}",
				 "class", s->class, "into", s->into,
				 "by", s->by,
				 "a", splice_side_json(&s->side[0]),
				 "adds", row_json(&s->adds));

	if (variants == 2)
		json_object_set_new(json, "b", splice_side_json(&s->side[1]));
	return json;
}

static json_t *side_json(const struct side *side)
{
	json_t *list = json_array();
	json_t *json = json_object();
	size_t i;

	set_count(json, "ok", side->ok);
	set_count(json, "wanted", side->wanted);
	if (side->oom_measured) {
		json_object_set_new(json, "oom_kills",
				    number_json(side->oom_kills));
		set_count(json, "oom_measured", side->oom_measured);
	}
	for (i = 0; i < side->count; i++) {
		const struct ran *ran = &side->ran[i];
		json_t *own = json_pack("{s:I, s:s}", "seed", ran->seed,
					"status", ran->status);

		if (ran->layout)
			json_object_set_new(own, "layout",
					    json_integer(ran->layout));
		set_text(own, "id", ran->id);
		set_text(own, "command", ran->command);
		json_array_append_new(list, own);
	}
	json_object_set_new(json, "ran", list);
	return json;
}

/* Cells of the host clock: which were disturbed, and how much is too much. */
static json_t *noise_json(const struct noise *noise)
{
	json_t *list = json_array();
	json_t *json;
	size_t i;

	for (i = 0; i < noise->over_count; i++) {
		const struct disturbed *d = &noise->over[i];
		json_t *cell = json_pack("{s:s, s:I}", "variant", d->variant,
					 "seed", d->seed);

		if (d->share >= 0)
			set_real(cell, "share", d->share);
		json_array_append_new(list, cell);
	}
	json = json_pack("{s:b, s:f, s:f, s:o}", "too_noisy",
			 noise->over_count > 0, "limit", noise->limit,
			 "largest", noise->largest, "disturbed", list);
	set_count(json, "cells", noise->cells);
	return json;
}

static json_t *group_json(const struct comparison *c, const struct group *g)
{
	json_t *json = place_json(&g->place);
	json_t *splices = json_array();
	json_t *metrics = json_array();
	json_t *cells = json_object();
	size_t i;

	json_object_set_new(json, "seeds", seeds_json(g->seeds, g->count));
	json_object_set_new(cells, "a", side_json(&g->side[0]));
	if (c->variants == 2)
		json_object_set_new(cells, "b", side_json(&g->side[1]));
	json_object_set_new(json, "cells", cells);
	json_object_set_new(json, "observed", json_boolean(g->observed));
	for (i = 0; i < g->splice_count; i++)
		json_array_append_new(splices, splice_json(&g->splices[i],
							   c->variants));
	json_object_set_new(json, "splices", splices);
	for (i = 0; i < g->row_count; i++)
		json_array_append_new(metrics, row_json(&g->rows[i]));
	json_object_set_new(json, "metrics", metrics);
	if (g->noise.judged)
		json_object_set_new(json, "noise", noise_json(&g->noise));
	return json;
}

static json_t *problem_json(const struct problem *p)
{
	json_t *json = place_json(&p->place);

	set_text(json, "what", problem_word(p->kind));
	set_text(json, "variant", p->variant);
	json_object_set_new(json, "seed", json_integer(p->seed));
	set_text(json, "status", p->status);
	set_text(json, "id", p->id);
	set_text(json, "trouble", p->trouble);
	set_text(json, "command", p->command);
	return json;
}

static json_t *method_json(const struct method *m)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "estimate",
				 m->estimate, "interval", m->interval,
				 "test", m->test, "correction", m->correction);

	set_real(json, "alpha", m->alpha);
	set_real(json, "level", m->level);
	set_real(json, "precision", m->precision);
	set_real(json, "noise_limit", m->noise_limit);
	set_count(json, "resamples", m->resamples);
	set_count(json, "rng_seed", m->rng_seed);
	json_object_set_new(json, "seed_offset", json_integer(m->seed_offset));
	set_count(json, "tests", m->tests);
	set_count(json, "fewest_seeds_for_a_verdict", m->fewest_seeds);
	return json;
}

json_t *comparison_json(const struct comparison *c)
{
	static const char *const names[2][3] = {
		{ "a", "kernel_a", "commit_a" },
		{ "b", "kernel_b", "commit_b" },
	};
	json_t *json = json_pack("{s:i}", "schema", COMPARISON_SCHEMA);
	json_t *groups = json_array();
	json_t *problems = json_array();
	size_t i;

	for (i = 0; i < c->variants; i++) {
		set_text(json, names[i][0], c->variant[i].name);
		set_text(json, names[i][1], c->variant[i].kernel);
		set_text(json, names[i][2], c->variant[i].commit);
	}
	set_text(json, "machine", c->machine);
	set_text(json, "emulator", c->emulator);
	set_text(json, "measured", c->measured);
	set_text(json, "command", c->command);
	json_object_set_new(json, "complete",
			    json_boolean(!c->problem_count));
	set_count(json, "cells_wanted", c->cells_wanted);
	for (i = 0; i < c->problem_count; i++)
		json_array_append_new(problems, problem_json(&c->problems[i]));
	json_object_set_new(json, "problems", problems);
	json_object_set_new(json, "method", method_json(&c->method));
	for (i = 0; i < c->group_count; i++)
		json_array_append_new(groups, group_json(c, &c->groups[i]));
	json_object_set_new(json, "comparisons", groups);
	return json;
}
