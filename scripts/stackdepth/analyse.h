/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * analyse.h - from frames to subsystems, kinds, classes and splices.
 */
#ifndef STACKDEPTH_ANALYSE_H
#define STACKDEPTH_ANALYSE_H

#include "model.h"
#include "table.h"

/**
 * sd_analyse - find out everything that follows from a stack's frames
 *
 * Sets each frame's subsystem, and its kind where the format does not say;
 * the stack's interrupt and tracer bytes, classes and splices. Frames whose
 * sizes are not recorded leave the sums SD_UNKNOWN.
 */
void sd_analyse(struct sd_stack *st, struct sd_tables *t);

/**
 * sd_shows_registers - may frame @i hold registers that ftrace's trampoline saved?
 *
 * Only ftrace's own tracer shows them: in frame 0, and outside of a trampoline
 * that an interrupt has hit.
 *
 * Return: true if the frame is at its call to __fentry__ and one of these. What
 * it has beyond the return address are such registers.
 */
bool sd_shows_registers(const struct sd_stack *st, size_t i);

/**
 * sd_subsystem_sums - bytes per subsystem
 * @sums: one element per sd_nr_subsystems(), set to the sums
 *
 * The sums add up to the stack's total: bytes that a tracer put into a frame
 * are counted to "tracer", the rest of the frame to its subsystem.
 */
void sd_subsystem_sums(const struct sd_stack *st, struct sd_tables *t, int64_t *sums);

/**
 * sd_splice_sums - bytes per subsystem that splice @s put on the stack
 * @sums: one element per sd_nr_subsystems(); only those of the group
 *	"spliced" are set, the others are 0
 */
void sd_splice_sums(const struct sd_stack *st, const struct sd_splice *s,
		    struct sd_tables *t, int64_t *sums);

#endif /* STACKDEPTH_ANALYSE_H */
