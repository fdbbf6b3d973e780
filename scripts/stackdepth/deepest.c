// SPDX-License-Identifier: GPL-2.0-only
/*
 * deepest.c - the deepest of many stacks, per class.
 */
#include "deepest.h"

static bool is_deeper(const struct sd_stack *a, const struct sd_stack *b)
{
	if (sd_own_bytes(a) != sd_own_bytes(b))
		return sd_own_bytes(a) > sd_own_bytes(b);
	/* What a kernel says was left is known without a size of the stack. */
	if (a->left_bytes != b->left_bytes)
		return b->left_bytes == SD_UNKNOWN ||
		       (a->left_bytes != SD_UNKNOWN && a->left_bytes < b->left_bytes);
	return a->nr_frames > b->nr_frames;
}

int sd_deepest_add(struct sd_stack *st, void *deepest)
{
	struct sd_deepest *d = deepest;

	if (d->is_kept[st->class]) {
		if (!is_deeper(st, &d->kept[st->class]))
			return 0;
		sd_stack_free(&d->kept[st->class]);
	}
	sd_stack_copy(&d->kept[st->class], st);
	d->is_kept[st->class] = true;
	return 0;
}

void sd_deepest_free(struct sd_deepest *d)
{
	for (int i = 0; i < SD_NR_CLASSES; i++) {
		if (d->is_kept[i])
			sd_stack_free(&d->kept[i]);
		d->is_kept[i] = false;
	}
}
