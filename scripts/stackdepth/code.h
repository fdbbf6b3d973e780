/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * code.h - follow the stack pointer through a function's instructions.
 *
 * Needed where the ORC table names the caller's frame by %rbp or %r10: a
 * function that realigns its stack, or has an array of variable length.
 */
#ifndef STACKDEPTH_CODE_H
#define STACKDEPTH_CODE_H

#include "image.h"

/** struct code_depth - distance from the end of the stack, or what is known. */
struct code_depth {
	int64_t min, max;
	bool known;
};

/** struct code_insn - an instruction, and the stack pointer before it. */
struct code_insn {
	uint64_t addr, next;
	struct code_depth sp;
	bool is_call;
	uint64_t target;	/* of a direct call, or 0 */
};

/**
 * code_walk - step through a function
 * @img, @sym: the function
 * @at_entry: depth of the word that holds its return address; min and max may
 *	differ by what a realignment can add. Not known: nothing is followed
 * @on_insn: called for every instruction; stops the walk by returning nonzero
 *
 * Return: what @on_insn returned, or 0; -1 if the code cannot be read.
 */
int code_walk(const struct image *img, const struct image_symbol *sym,
	      struct code_depth at_entry,
	      int (*on_insn)(const struct code_insn *insn, void *data), void *data);

#endif /* STACKDEPTH_CODE_H */
