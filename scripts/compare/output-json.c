// SPDX-License-Identifier: GPL-2.0-only
/* compare.json: everything that was compared, and everything that was not. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

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

static json_t *number_json(double number)
{
	if (number == floor(number) && fabs(number) < 9e15)
		return json_integer((json_int_t)number);
	return json_real(number);
}

static void row_estimate(json_t *json, const struct row *row)
{
	bool ratio = row->scale == SCALE_RATIO;
	const char *estimate = ratio ? "ratio" : "difference";
	double center = row->moments.mean;

	json_object_set_new(json, "scale", json_string(estimate));
	json_object_set_new(json, "a", json_real(row->center_a));
	json_object_set_new(json, "b", json_real(row->center_b));
	json_object_set_new(json, estimate,
			    json_real(ratio ? exp(center) : center));
	json_object_set_new(json, "interval", json_string(
			    stats_interval_name(row->interval.method)));
	if (row->interval.method == INTERVAL_NONE)
		return;
	json_object_set_new(json, "low", json_real(ratio ?
			    exp(row->interval.low) : row->interval.low));
	json_object_set_new(json, "high", json_real(ratio ?
			    exp(row->interval.high) : row->interval.high));
}

static json_t *row_json(const struct row *row)
{
	json_t *json = json_pack("{s:s, s:s, s:s}", "metric", row->name,
				 "unit", row->metric->unit, "direction",
				 direction_name(row->metric->direction));
	json_t *pairs = json_array();
	size_t i;

	row_estimate(json, row);
	json_object_set_new(json, "seeds", json_integer((json_int_t)row->count));
	json_object_set_new(json, "p", json_real(row->test.p));
	json_object_set_new(json, "signed_rank",
			    json_pack("{s:f, s:f, s:I, s:b}",
				      "plus", row->test.plus,
				      "minus", row->test.minus,
				      "zeros", (json_int_t)row->test.zeros,
				      "exact", row->test.exact));
	json_object_set_new(json, "corrected", json_boolean(row->in_family));
	if (row->in_family)
		json_object_set_new(json, "p_adjusted",
				    json_real(row->adjusted));
	if (row->verdict)
		json_object_set_new(json, "verdict", json_string(row->verdict));
	if (row->seeds_needed)
		json_object_set_new(json, "seeds_for_precision",
				    json_integer((json_int_t)row->seeds_needed));
	if (row->metric->scale == SCALE_RATIO && row->unusable)
		json_object_set_new(json, "pairs_without_ratio",
				    json_integer((json_int_t)row->unusable));
	if (row->filled)
		json_object_set_new(json, "pairs_with_unchanged_counter",
				    json_integer((json_int_t)row->filled));
	if (row->left_out_count)
		json_object_set_new(json, "left_out",
				    seeds_json(row->left_out,
					       row->left_out_count));
	for (i = 0; i < row->count; i++)
		json_array_append_new(pairs, json_pack("[I, o, o]",
						       row->pairs[i].seed,
						       number_json(row->pairs[i].a),
						       number_json(row->pairs[i].b)));
	json_object_set_new(json, "pairs", pairs);
	return json;
}

static json_t *names_json(char *const *names, size_t count)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(list, json_string(names[i]));
	return list;
}

/* Cells of the host clock: which were disturbed, how much, and what is too much. */
static json_t *noise_json(const struct comparison *c, const struct group *g)
{
	const struct noise *n = &g->noise;
	char *text = noise_text(c, g);
	json_t *list = json_array();
	json_t *json;
	size_t i;

	for (i = 0; i < n->over_count; i++) {
		const struct disturbed *d = &n->over[i];
		char *words = disturbed_text(d);
		json_t *cell = json_pack("{s:s, s:I, s:s}", "variant",
					 d->cell->variant, "seed",
					 d->cell->seed, "text", words);

		if (d->cell->id)
			json_object_set_new(cell, "id",
					    json_string(d->cell->id));
		if (d->share >= 0)
			json_object_set_new(cell, "share",
					    json_real(d->share));
		json_array_append_new(list, cell);
		free(words);
	}
	json = json_pack("{s:b, s:s, s:f, s:f, s:I, s:o}", "too_noisy",
			 n->over_count > 0, "text", text,
			 "limit", c->options->noise_limit,
			 "largest", n->largest,
			 "cells", (json_int_t)n->cells, "disturbed", list);
	free(text);
	return json;
}

static json_t *group_json(const struct comparison *c, const struct group *g)
{
	json_t *json = place_json(&g->place);
	json_t *metrics = json_array();
	size_t i;

	json_object_set_new(json, "seeds", seeds_json(g->seeds, g->count));
	json_object_set_new(json, "cells",
			    json_pack("{s:{s:I, s:I}, s:{s:I, s:I}}",
				      "a", "ok", (json_int_t)g->ok[0],
				      "wanted", (json_int_t)g->total[0],
				      "b", "ok", (json_int_t)g->ok[1],
				      "wanted", (json_int_t)g->total[1]));
	for (i = 0; i < g->row_count; i++)
		json_array_append_new(metrics, row_json(&g->rows[i]));
	json_object_set_new(json, "metrics", metrics);
	json_object_set_new(json, "only_a",
			    names_json(g->only[0], g->only_count[0]));
	json_object_set_new(json, "only_b",
			    names_json(g->only[1], g->only_count[1]));
	if (g->noise.judged)
		json_object_set_new(json, "noise", noise_json(c, g));
	return json;
}

static json_t *problem_json(const struct problem *p)
{
	json_t *json = place_json(&p->place);
	char *text = problem_text(p);

	json_object_set_new(json, "what", json_string(p->what));
	json_object_set_new(json, "variant", json_string(p->variant));
	json_object_set_new(json, "seed", json_integer(p->seed));
	if (p->status)
		json_object_set_new(json, "status", json_string(p->status));
	if (p->id)
		json_object_set_new(json, "id", json_string(p->id));
	json_object_set_new(json, "text", json_string(text));
	free(text);
	return json;
}

static json_t *method_json(const struct comparison *c)
{
	const struct options *o = c->options;
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:f, s:f, s:f}",
				 "estimate", "ratio of geometric means, or difference of means, of pairs",
				 "interval", "percentile-t bootstrap over pairs; Student's t where that is not possible",
				 "test", "Wilcoxon signed-rank, two-sided, exact, zeros as Pratt",
				 "correction", "Holm",
				 "alpha", o->alpha, "level", o->level,
				 "precision", o->precision);

	json_object_set_new(json, "resamples",
			    json_integer((json_int_t)o->resamples));
	json_object_set_new(json, "rng_seed",
			    json_integer((json_int_t)o->rng_seed));
	json_object_set_new(json, "seed_offset", json_integer(o->seed_offset));
	json_object_set_new(json, "tests", json_integer((json_int_t)c->family));
	json_object_set_new(json, "fewest_seeds_for_a_verdict",
			    json_integer((json_int_t)c->fewest_seeds));
	return json;
}

/**
 * comparison_json - the contents of compare.json
 * @c: the comparison
 *
 * Return: the document; the caller owns the reference.
 */
json_t *comparison_json(const struct comparison *c)
{
	json_t *json = json_pack("{s:i, s:s, s:s, s:b}", "schema", 1,
				 "a", c->options->a, "b", c->options->b,
				 "complete", c->problem_count == 0);
	char *summary = problems_summary(c);
	json_t *groups = json_array();
	json_t *problems = json_array();
	size_t i;

	if (c->kernel[0])
		json_object_set_new(json, "kernel_a", json_string(c->kernel[0]));
	if (c->kernel[1])
		json_object_set_new(json, "kernel_b", json_string(c->kernel[1]));
	if (summary)
		json_object_set_new(json, "incomplete", json_string(summary));
	free(summary);
	json_object_set_new(json, "cells_wanted",
			    json_integer((json_int_t)c->cells_wanted));
	for (i = 0; i < c->problem_count; i++)
		json_array_append_new(problems, problem_json(&c->problems[i]));
	json_object_set_new(json, "problems", problems);
	json_object_set_new(json, "method", method_json(c));
	for (i = 0; i < c->group_count; i++)
		json_array_append_new(groups, group_json(c, &c->groups[i]));
	json_object_set_new(json, "comparisons", groups);
	return json;
}
