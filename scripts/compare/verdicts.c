// SPDX-License-Identifier: GPL-2.0-only
/* Verdicts: Holm's correction over all outcomes, then better or worse. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"

/* Only an outcome gets a verdict, if there are pairs at all. */
static bool is_judged(const struct row *row)
{
	return row->class == CLASS_OUTCOME && row->count;
}

/*
 * Can the test give a verdict? Not if p is above alpha even when all
 * differences have one sign, and not if there are none.
 */
static bool can_alarm(const struct row *row, double alpha)
{
	return row->test.zeros < row->test.n &&
	       2 * pow(0.5, (double)(row->test.n - row->test.zeros)) <= alpha;
}

/*
 * Which tests count for the correction: those that can give a verdict. Leaving
 * out the others cannot raise the number of false ones (Tarone 1990). If none
 * can, for want of seeds, it is those that could with more. Where it was too
 * noisy, which does not depend on what was measured, none can.
 */
static void family_choose(struct comparison *c, double alpha)
{
	size_t most = 0, i, j;
	bool any = false;

	for (i = 0; i < c->group_count; i++) {
		const struct group *g = &c->groups[i];

		if (g->noise.over_count)
			continue;
		most = g->count > most ? g->count : most;
		for (j = 0; j < g->row_count; j++)
			any = any || (is_judged(&g->rows[j]) &&
				      can_alarm(&g->rows[j], alpha));
	}
	for (i = 0; i < c->group_count; i++)
		for (j = 0; j < c->groups[i].row_count; j++) {
			struct row *row = &c->groups[i].rows[j];

			if (!is_judged(row) || c->groups[i].noise.over_count)
				continue;
			row->corrected = any ? can_alarm(row, alpha) :
				c->groups[i].count == most &&
				row->test.zeros < row->test.n;
		}
}

/* What is said before the correction; the family, as a list. */
static struct row **first_verdicts(struct comparison *c)
{
	struct row **family = NULL;
	size_t i, j;

	for (i = 0; i < c->group_count; i++)
		for (j = 0; j < c->groups[i].row_count; j++) {
			struct row *row = &c->groups[i].rows[j];

			if (!is_judged(row))
				continue;
			row->verdict = VERDICT_NO_DIFFERENCE;
			/* a difference of one pair is what it is */
			if (row->test.n == 1 && !row->test.zeros)
				row->verdict = VERDICT_NOT_TESTED;
			if (c->groups[i].noise.over_count)
				row->verdict = VERDICT_TOO_NOISY;
			if (!row->corrected)
				continue;
			family = xrealloc(family, (c->method.tests + 1) *
					  sizeof(*family));
			family[c->method.tests++] = row;
		}
	return family;
}

static void judge(struct row *row, double alpha)
{
	double neutral = row->scale == SCALE_RATIO ? 1 : 0;
	bool less = row->interval.high < neutral;
	bool more = row->interval.low > neutral;

	if (row->adjusted > alpha || row->interval.method == INTERVAL_NONE ||
	    !(less || more))
		return;
	if (less == (row->better == BETTER_LOWER))
		row->verdict = VERDICT_BETTER;
	else
		row->verdict = VERDICT_WORSE;
}

/* Mechanisms, then outcomes with what is worse first, then the others. */
static int row_compare(const void *left, const void *right)
{
	const struct row *a = left;
	const struct row *b = right;

	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->verdict != b->verdict)
		return a->verdict < b->verdict ? -1 : 1;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return strcmp(a->name, b->name);
}

void verdicts_make(struct comparison *c, double alpha)
{
	struct row **family;
	double *adjusted;
	double *p;
	size_t i;

	family_choose(c, alpha);
	family = first_verdicts(c);
	p = xcalloc(c->method.tests, sizeof(*p));
	adjusted = xcalloc(c->method.tests, sizeof(*adjusted));
	for (i = 0; i < c->method.tests; i++)
		p[i] = family[i]->test.p;
	stats_holm(p, c->method.tests, adjusted);
	for (i = 0; i < c->method.tests; i++) {
		family[i]->adjusted = adjusted[i];
		judge(family[i], alpha);
	}
	c->method.fewest_seeds = stats_seeds_for_verdict(alpha,
							 c->method.tests);
	for (i = 0; i < c->group_count; i++)
		if (c->groups[i].row_count)
			qsort(c->groups[i].rows, c->groups[i].row_count,
			      sizeof(struct row), row_compare);
	free(family);
	free(adjusted);
	free(p);
}
