// SPDX-License-Identifier: GPL-2.0-only
/*
 * align.c - which frames of two stacks belong together.
 */
#include <stdlib.h>
#include <string.h>

#include "align.h"

/* Real stacks have some hundred frames; beyond this nothing is aligned. */
#define MAX_CELLS	(1 << 24)

static bool same(const struct sd_frame *x, const struct sd_frame *y)
{
	size_t n = strcspn(x->symbol, ".");

	return n == strcspn(y->symbol, ".") && !strncmp(x->symbol, y->symbol, n);
}

struct problem {
	const struct sd_frame *a, *b;
	size_t na, nb;
};

/* Length of the common subsequence of a[i..] and b[j..], for all i and j. */
static uint16_t *fill_table(const struct problem *p)
{
	size_t width = p->nb + 1;
	uint16_t *t = sd_alloc((p->na + 1) * width, sizeof(*t));

	for (size_t i = p->na; i-- > 0; ) {
		for (size_t j = p->nb; j-- > 0; ) {
			uint16_t down = t[(i + 1) * width + j], right = t[i * width + j + 1];

			if (same(&p->a[i], &p->b[j]))
				t[i * width + j] = t[(i + 1) * width + j + 1] + 1;
			else
				t[i * width + j] = down > right ? down : right;
		}
	}
	return t;
}

static size_t walk_table(const struct problem *p, const uint16_t *t, size_t skip,
			 struct align_row *rows)
{
	size_t i = 0, j = 0, n = 0, width = p->nb + 1;

	while (i < p->na || j < p->nb) {
		bool take_a = i < p->na, take_b = j < p->nb;

		if (take_a && take_b) {
			if (!t) {
				take_b = false;
			} else if (!same(&p->a[i], &p->b[j])) {
				take_a = t[(i + 1) * width + j] >= t[i * width + j + 1];
				take_b = !take_a;
			}
		}
		rows[n].a = take_a ? skip + i++ : ALIGN_NONE;
		rows[n++].b = take_b ? skip + j++ : ALIGN_NONE;
	}
	return n;
}

struct align_row *align_stacks(const struct sd_stack *a, const struct sd_stack *b, size_t *n)
{
	struct align_row *rows = sd_alloc(a->nr_frames + b->nr_frames, sizeof(*rows));
	size_t head = 0, tail = 0, least = a->nr_frames < b->nr_frames ? a->nr_frames : b->nr_frames;
	struct problem p;
	uint16_t *t = NULL;

	while (head < least && same(&a->frames[head], &b->frames[head]))
		head++;
	while (tail < least - head && same(&a->frames[a->nr_frames - 1 - tail],
					   &b->frames[b->nr_frames - 1 - tail]))
		tail++;
	for (size_t i = 0; i < head; i++)
		rows[i] = (struct align_row) { i, i };
	p = (struct problem) { head ? a->frames + head : a->frames,
			       head ? b->frames + head : b->frames,
			       a->nr_frames - head - tail, b->nr_frames - head - tail };
	if ((p.na + 1) * (p.nb + 1) <= MAX_CELLS)
		t = fill_table(&p);
	*n = head + walk_table(&p, t, head, rows + head);
	free(t);
	for (size_t i = tail; i-- > 0; )
		rows[(*n)++] = (struct align_row) { a->nr_frames - 1 - i, b->nr_frames - 1 - i };
	return rows;
}
