// SPDX-License-Identifier: GPL-2.0-only
/*
 * pointers.c - sizes of frames from where they are on the stack.
 *
 * powerpc prints "[stack] [text]", crash(8) "#1 [stack] function". No record
 * tells where the stack ends; a stack begins at a multiple of its size, and the
 * outermost frame is in its last page.
 */
#include "pointers.h"

#define PAGE		4096
/* No frame is larger; two stacks are further apart. */
#define MAX_FRAME	65536

static bool is_other_stack(uint64_t here, uint64_t next)
{
	return next > here ? next - here > MAX_FRAME : here - next > MAX_FRAME;
}

void sd_sizes_from_pointers(struct sd_stack *st)
{
	uint64_t end;
	bool known = true;

	if (!st->nr_frames)
		return;
	for (size_t i = 0; i < st->nr_frames; i++)
		if (!st->frames[i].sp)
			return;
	for (size_t i = st->nr_frames - 1; i-- > 0; ) {
		if (is_other_stack(st->frames[i].sp, st->frames[i + 1].sp)) {
			sd_stack_drop(st, 0, i + 1);
			break;
		}
	}
	end = st->frames[st->nr_frames - 1].sp | (PAGE - 1);
	for (size_t i = st->nr_frames; i-- > 0; ) {
		struct sd_frame *f = &st->frames[i];
		uint64_t outer = i + 1 < st->nr_frames ? st->frames[i + 1].sp : end + 1;

		if (outer < f->sp || end - f->sp >= SD_MAX_BYTES) {
			known = false;
			continue;
		}
		f->bytes = outer - f->sp;
		f->depth = end + 1 - f->sp;
	}
	if (known)
		sd_stack_note(st, "the stack is taken to end with the outermost frame's page");
}
