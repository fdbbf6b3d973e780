// SPDX-License-Identifier: GPL-2.0-only
/* What is said of a comparison in every form in which it is shown. */
#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "util.h"

int place_compare(const struct place *a, const struct place *b)
{
	int order = strcmp(a->fs, b->fs);

	if (!order)
		order = strcmp(a->workload, b->workload);
	if (!order)
		order = strcmp(a->storage, b->storage);
	if (!order)
		order = strcmp(a->clock, b->clock);
	if (!order)
		order = (a->vcpus > b->vcpus) - (a->vcpus < b->vcpus);
	return order;
}

char *place_short(const struct place *place)
{
	return xasprintf("%s %s", place->fs, place->workload);
}

char *place_conditions(const struct place *place)
{
	if (place->vcpus < 0)
		return xasprintf("%s, %s clock", place->storage, place->clock);
	return xasprintf("%s, %s clock, %lld vCPU%s", place->storage,
			 place->clock, (long long)place->vcpus,
			 place->vcpus == 1 ? "" : "s");
}

char *place_name(const struct place *place)
{
	char *conditions = place_conditions(place);
	char *text = xasprintf("%s %s on %s", place->fs, place->workload,
			       conditions);

	free(conditions);
	return text;
}

static const char *const problem_words[] = {
	[PROBLEM_FAILED] = "failed",
	[PROBLEM_MISSING] = "missing",
	[PROBLEM_UNPAIRED] = "unpaired",
};

const char *problem_word(enum problem_kind kind)
{
	return problem_words[kind];
}

int problem_find(const char *word)
{
	int i;

	for (i = 0; i < PROBLEM_KINDS; i++)
		if (!strcmp(problem_words[i], word))
			return i;
	return -1;
}

char *problem_text(const struct problem *problem)
{
	char *place = place_name(&problem->place);
	const char *why = problem_words[problem->kind];
	char *text;

	if (problem->kind == PROBLEM_FAILED && problem->status)
		why = problem->status;
	else if (problem->kind == PROBLEM_UNPAIRED)
		why = "ok, but the other variant has no good cell to pair it with";
	text = xasprintf("%s: %s, seed %lld: %s", problem->variant, place,
			 (long long)problem->seed, why);
	free(place);
	return text;
}

char *problems_summary(const struct comparison *c)
{
	size_t count[PROBLEM_KINDS] = { 0 }, i;

	if (!c->problem_count)
		return NULL;
	for (i = 0; i < c->problem_count; i++)
		count[c->problems[i].kind]++;
	return xasprintf("%zu of %zu cells are not in this comparison: %zu failed, %zu missing, %zu good but without a partner",
			 c->problem_count, c->cells_wanted,
			 count[PROBLEM_FAILED], count[PROBLEM_MISSING],
			 count[PROBLEM_UNPAIRED]);
}

size_t count_verdicts(const struct comparison *c, enum verdict verdict)
{
	size_t i, j, n = 0;

	for (i = 0; i < c->group_count; i++)
		for (j = 0; j < c->groups[i].row_count; j++)
			n += c->groups[i].rows[j].verdict == verdict;
	return n;
}

char *verdicts_text(const struct comparison *c)
{
	static const enum verdict counted[] = {
		VERDICT_BETTER, VERDICT_WORSE, VERDICT_NO_DIFFERENCE,
		VERDICT_TOO_NOISY,
	};
	char *text = xstrdup("");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counted); i++) {
		size_t n = count_verdicts(c, counted[i]);
		char *longer;

		if (!n && counted[i] == VERDICT_TOO_NOISY)
			continue;
		longer = xasprintf("%s%s%zu %s", text, i ? ", " : "", n,
				   verdict_words(counted[i]));
		free(text);
		text = longer;
	}
	return text;
}

size_t most_seeds(const struct comparison *c)
{
	size_t most = 0, i;

	for (i = 0; i < c->group_count; i++)
		most = c->groups[i].count > most ? c->groups[i].count : most;
	return most;
}

/* Whether the figures of all pairs are the same, and there are any. */
static bool all_the_same(const struct comparison *c)
{
	size_t i, j, k, pairs = 0;

	for (i = 0; i < c->group_count; i++)
		for (j = 0; j < c->groups[i].row_count; j++) {
			const struct row *row = &c->groups[i].rows[j];

			for (k = 0; k < row->count; k++, pairs++)
				if (row->pairs[k].a != row->pairs[k].b)
					return false;
		}
	return pairs;
}

static bool any_noisy(const struct comparison *c)
{
	size_t i;

	for (i = 0; i < c->group_count; i++)
		if (c->groups[i].noise.over_count)
			return true;
	return false;
}

char *alarm_text(const struct comparison *c)
{
	size_t most = most_seeds(c);

	if (all_the_same(c))
		return xstrdup("Every figure is the same in both, in every seed: they do the same, or are one kernel.");
	if (!most || most >= c->method.fewest_seeds ||
	    (!c->method.tests && any_noisy(c)))
		return NULL;
	return xasprintf("With %zu seed%s no verdict is possible, however large a difference: that takes at least %zu.",
			 most, most == 1 ? "" : "s", c->method.fewest_seeds);
}

bool row_is_zero(const struct row *row)
{
	int side;

	for (side = 0; side < 2; side++)
		if (row->spread[side].cells &&
		    (row->spread[side].smallest != 0 ||
		     row->spread[side].largest != 0))
			return false;
	return true;
}

bool row_shown(const struct row *row, bool all)
{
	if (all || row->class == CLASS_OUTCOME)
		return true;
	return row->class != CLASS_HIDDEN && !row_is_zero(row);
}

char *noise_text(const struct noise *noise)
{
	double limit = 100 * noise->limit;

	if (!noise->judged)
		return NULL;
	if (!noise->over_count)
		return xasprintf("others had at most %.1f %% of the machine's CPU time (limit %g %%)",
				 100 * noise->largest, limit);
	return xasprintf("%s: in %zu of %zu cells others had more than %g %% of the machine's CPU time",
			 verdict_words(VERDICT_TOO_NOISY), noise->over_count,
			 noise->cells, limit);
}

char *disturbed_text(const struct disturbed *disturbed)
{
	if (disturbed->share < 0)
		return xasprintf("%s, seed %lld: not recorded",
				 disturbed->variant,
				 (long long)disturbed->seed);
	return xasprintf("%s, seed %lld: %.1f %%", disturbed->variant,
			 (long long)disturbed->seed, 100 * disturbed->share);
}

/* How many layouts the cells of a side took turns over. */
static size_t count_layouts(const struct side *side)
{
	size_t count = 0, i, j;

	for (i = 0; i < side->count; i++) {
		for (j = 0; j < i; j++)
			if (side->ran[j].layout == side->ran[i].layout)
				break;
		count += j == i && side->ran[i].layout;
	}
	return count;
}

static char *side_cells(const struct comparison *c, const struct group *g,
			int which)
{
	const struct side *side = &g->side[which];
	size_t layouts = count_layouts(side);
	char *text = xasprintf("%s %zu of %zu", c->variant[which].name,
			       side->ok, side->wanted), *longer;

	if (!layouts)
		return text;
	longer = xasprintf("%s in %zu layout%s", text, layouts,
			   layouts == 1 ? "" : "s");
	free(text);
	return longer;
}

char *cells_text(const struct comparison *c, const struct group *g)
{
	char *a = side_cells(c, g, 0), *b, *text;

	if (c->variants == 1) {
		text = xasprintf("cells ok: %s", a);
	} else {
		b = side_cells(c, g, 1);
		text = xasprintf("cells ok: %s, %s; %zu pair%s", a, b,
				 g->count, g->count == 1 ? "" : "s");
		free(b);
	}
	free(a);
	return text;
}
