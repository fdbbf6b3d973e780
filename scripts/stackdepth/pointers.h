/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pointers.h - sizes of frames from where they are on the stack.
 */
#ifndef STACKDEPTH_POINTERS_H
#define STACKDEPTH_POINTERS_H

#include "model.h"

/**
 * sd_sizes_from_pointers - sizes and depths of frames that have an @sp
 *
 * A frame's size is the distance to the next one's place, as for ftrace; that of
 * the outermost one reaches to the end of the stack, which is the next multiple
 * of a page. Frames before a change of stacks are dropped, as they are no part
 * of the task's. Does nothing if a frame has none.
 */
void sd_sizes_from_pointers(struct sd_stack *st);

#endif /* STACKDEPTH_POINTERS_H */
