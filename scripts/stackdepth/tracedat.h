/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracedat.h - kernel stacks in a trace.dat.
 *
 * libtracecmd trusts its input: a damaged file can make it crash or loop. It
 * therefore runs in a process of its own, which prints what it finds as lines
 * ("s TITLE", then "f SYMBOL 0xOFFSET" per frame, "e" at the end of each
 * stack, "z" at the end of all), and this program reads only those.
 */
#ifndef STACKDEPTH_TRACEDAT_H
#define STACKDEPTH_TRACEDAT_H

#include "parse.h"

/** sd_tracedat_support - can trace.dat be read? In words. */
const char *sd_tracedat_support(void);

/**
 * sd_tracedat_extract - print every kernel stack of a file as lines
 * @path: the trace.dat
 * @to: where the lines go
 *
 * Runs in the child. Return: 0, or -1 if the library says that it cannot.
 */
int sd_tracedat_extract(const char *path, FILE *to);

/** sd_tracedat_lines - read those lines, in the parent. */
int sd_tracedat_lines(struct sd_input *lines, const struct sd_input *in,
		      struct sd_stack *st, const struct sd_sink *sink);

#endif /* STACKDEPTH_TRACEDAT_H */
