/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * deepest.h - the deepest of many stacks, per class.
 */
#ifndef STACKDEPTH_DEEPEST_H
#define STACKDEPTH_DEEPEST_H

#include "model.h"
#include "parse.h"

struct sd_deepest {
	struct sd_stack kept[SD_NR_CLASSES];
	bool is_kept[SD_NR_CLASSES];
};

/**
 * sd_deepest_add - keep a copy if this one is deeper than what is kept
 *
 * Deeper by the task's own bytes, so that an interrupt does not decide; of
 * stacks without sizes the one with more frames. Has the type of a sink's
 * function; @deepest is a struct sd_deepest. Return: 0.
 */
int sd_deepest_add(struct sd_stack *st, void *deepest);
void sd_deepest_free(struct sd_deepest *d);

#endif /* STACKDEPTH_DEEPEST_H */
