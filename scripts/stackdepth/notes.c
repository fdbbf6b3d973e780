// SPDX-License-Identifier: GPL-2.0-only
/*
 * notes.c - what a reader of a stack must be told besides bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "notes.h"

/* Functions in a cycle; real ones have a handful. */
#define MAX_PERIOD	64

static bool same_function(const struct sd_frame *a, const struct sd_frame *b)
{
	return !strcmp(a->symbol, b->symbol) && !a->missing_rows;
}

/* From @i on, how often does the sequence of @period functions come? */
static size_t times_from(const struct sd_stack *st, size_t i, size_t period)
{
	size_t run = 0;

	while (i + run + period < st->nr_frames &&
	       same_function(&st->frames[i + run], &st->frames[i + run + period]))
		run++;
	return run / period + 1;
}

void sd_find_recursion(struct sd_stack *st)
{
	struct sd_recursion best = { 0 };

	if (st->unreliable)
		return;
	for (size_t period = 1; period <= MAX_PERIOD && 2 * period <= st->nr_frames; period++) {
		for (size_t i = 0; i + 2 * period <= st->nr_frames; i++) {
			size_t times;

			if (!same_function(&st->frames[i], &st->frames[i + period]))
				continue;
			times = times_from(st, i, period);
			/* A cycle is a cycle of twice its period, too. */
			if (times > 1 && times * period > best.times * best.period)
				best = (struct sd_recursion) { i, period, times };
			i += (times - 1) * period;
		}
	}
	st->recursion = best;
}

static bool is_before_5_4(const char *kernel)
{
	char *end;
	long major;

	if (!kernel)
		return true;	/* it does not say so: there is only the entry code */
	major = strtol(kernel, &end, 10);
	return major < 5 || (major == 5 && *end == '.' && strtol(end + 1, NULL, 10) < 4);
}

/*
 * arm64 keeps a return address in the frame of the callee, which its tracer takes
 * into account since 5.4 (ARCH_FTRACE_SHIFT_STACK_TRACER).
 */
void sd_find_shifted(struct sd_stack *st)
{
	static const char *const entries[] = {
		"el0_svc_naked", "el0_sync", "el1_sync", "el1_irq", "el0_irq", "el1_da", "el0_da",
	};
	bool old = false;

	if (!st->nr_frames || st->frames[0].depth == SD_UNKNOWN || st->frames[0].sp)
		return;
	for (size_t i = 0; i < st->nr_frames; i++) {
		const char *s = st->frames[i].symbol;

		if (!strncmp(s, "el0t_", 5) || !strncmp(s, "el1h_", 5))
			return;
		for (size_t k = 0; k < sizeof(entries) / sizeof(*entries); k++)
			old |= !strcmp(s, entries[k]);
	}
	if (old && is_before_5_4(st->kernel))
		sd_stack_note(st, "arm64 before 5.4 shows each size one row too far out: it is that of the row above");
}
