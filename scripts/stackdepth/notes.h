/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * notes.h - what a reader of a stack must be told besides bytes.
 */
#ifndef STACKDEPTH_NOTES_H
#define STACKDEPTH_NOTES_H

#include "model.h"

/**
 * sd_find_recursion - functions that call themselves, by way of others or not
 *
 * Sets @st->recursion to the repetition that covers most frames. Stacks whose
 * frames are all guessed are left alone: there a function is found twice for
 * other reasons.
 */
void sd_find_recursion(struct sd_stack *st);

/** sd_find_shifted - a note if the kernel recorded sizes one row too far out. */
void sd_find_shifted(struct sd_stack *st);

#endif /* STACKDEPTH_NOTES_H */
