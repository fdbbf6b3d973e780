/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sizes.h - the size that each frame of a stack must have, from the kernel.
 */
#ifndef STACKDEPTH_SIZES_H
#define STACKDEPTH_SIZES_H

#include <stdio.h>

#include "framesize.h"
#include "model.h"

struct sd_sizes;

/** struct sd_place - where a frame is in the kernel. */
struct sd_place {
	const struct image *img;		/* NULL: not found */
	const struct image_symbol *sym;
	uint64_t addr;
	enum framesize_how how;
	bool other_length;	/* no function of this name has that length */
};

/** sd_sizes_open - a vmlinux. Return: NULL after a line on @messages. */
struct sd_sizes *sd_sizes_open(const char *vmlinux, FILE *messages);
/** sd_sizes_add - a module (.ko) besides it. Return: 0 or -1. */
int sd_sizes_add(struct sd_sizes *s, const char *module, FILE *messages);
void sd_sizes_close(struct sd_sizes *s);

/** sd_sizes_nr_images, sd_sizes_image - the vmlinux (0) and the modules. */
size_t sd_sizes_nr_images(const struct sd_sizes *s);
const struct image *sd_sizes_image(const struct sd_sizes *s, size_t i);

/**
 * sd_sizes_place - find frame @i of a stack in the kernel
 *
 * Several functions may have its name: one of the recorded length is taken,
 * and of several such one whose static size is the recorded one.
 */
struct sd_place sd_sizes_place(const struct sd_sizes *s, const struct sd_stack *st, size_t i);

/**
 * sd_sizes_static - the size that frame @i of a stack must have
 * @parent_depth: depth of the frame outside of it; 0 for the outermost
 */
struct framesize sd_sizes_static(const struct sd_stack *st, size_t i,
				 const struct sd_place *place, int64_t parent_depth);

/** sd_sizes_fill - compute the sizes and depths that a stack does not have. */
void sd_sizes_fill(struct sd_sizes *s, struct sd_stack *st);

#endif /* STACKDEPTH_SIZES_H */
