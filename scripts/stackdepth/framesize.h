/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * framesize.h - the size that a frame must have, from ORC and the code.
 *
 * A frame's size is the distance between the word that holds the return
 * address into the function and the one that holds the return address into
 * its caller, as ftrace's stack tracer has it.
 */
#ifndef STACKDEPTH_FRAMESIZE_H
#define STACKDEPTH_FRAMESIZE_H

#include "image.h"

#define PT_REGS_BYTES		168	/* sizeof(struct pt_regs) */
#define PT_REGS_IP		128	/* offset of its ip */
#define IRET_FRAME_BYTES	40	/* what the CPU pushes: ss sp flags cs ip */

enum framesize_how {
	FRAME_CALLED,		/* the address is one that a call returns to */
	FRAME_INTERRUPTED,	/* an interrupt came before this instruction */
	FRAME_RUNNING,		/* the deepest function is at this instruction */
};

/** struct framesize - @min is @max if the size is known exactly. */
struct framesize {
	int64_t min, max;
	bool known;
	bool copies_return;	/* realigned: keeps a copy of its return address */
	const char *why;	/* in words, where a size needs it or is unknown */
};

/**
 * framesize - size of a frame
 * @img, @sym: the function
 * @addr: the address in it
 * @how: what kind of address that is
 * @outermost: nothing is outside of this frame
 * @parent_depth: depth of the frame outside of it, or SD_UNKNOWN; where the
 *	stack is realigned, the size depends on it
 */
struct framesize framesize(const struct image *img, const struct image_symbol *sym,
			   uint64_t addr, enum framesize_how how, bool outermost,
			   int64_t parent_depth);

#endif /* STACKDEPTH_FRAMESIZE_H */
