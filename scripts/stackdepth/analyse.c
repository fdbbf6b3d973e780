// SPDX-License-Identifier: GPL-2.0-only
/*
 * analyse.c - from frames to subsystems, kinds, classes and splices.
 *
 * Frame 0 is the deepest, the last one is the outermost. The method is
 * described in Documentation/stackdepth.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse.h"
#include "notes.h"

/*
 * A function's call to __fentry__ is its first instruction (5 bytes), after
 * an endbr64 (4 bytes) if there is one. Nothing is on the stack there but the
 * return address: the size of such a frame is 8, and what is recorded beyond
 * it are registers that ftrace's trampoline saved.
 */
#define FENTRY_RETURN		5
#define FENTRY_RETURN_ENDBR	9
#define FENTRY_BYTES		8

static bool is_function_entry(const struct sd_frame *f)
{
	return f->has_offset &&
	       (f->offset == FENTRY_RETURN || f->offset == FENTRY_RETURN_ENDBR);
}

/* Code that ftrace made: an address, no symbol, called by a call to __fentry__. */
static bool is_trampoline(const struct sd_stack *st, size_t i)
{
	const struct sd_frame *f = &st->frames[i];

	return !f->module && !f->has_offset && !strncmp(f->symbol, "0x", 2) &&
	       i + 1 < st->nr_frames && is_function_entry(&st->frames[i + 1]);
}

bool sd_shows_registers(const struct sd_stack *st, size_t i)
{
	return is_function_entry(&st->frames[i]) && (!i || is_trampoline(st, i - 1));
}

static enum sd_kind kind_of_role(enum sd_role role)
{
	switch (role) {
	case SD_ROLE_INTERRUPT:
		return SD_INTERRUPT;
	case SD_ROLE_PREEMPT:
		return SD_PREEMPT;
	case SD_ROLE_TRACER:
		return SD_TRACER;
	default:
		return SD_TASK;
	}
}

/*
 * What lands on a task's work stays on top of it: from the outermost entry of
 * an interrupt, of preemption or of a tracer on, everything deeper is theirs.
 * An interrupt that came from user mode lands on nothing; work that it does
 * on its way back (signals, task work) is the task's.
 */
static void find_kinds(struct sd_stack *st, struct sd_tables *t)
{
	enum sd_kind kind = SD_TASK;

	for (size_t i = st->nr_frames; i-- > 0; ) {
		struct sd_frame *f = &st->frames[i];
		enum sd_role role = sd_meaning(t, f->symbol).role;

		if (kind == SD_TASK)
			kind = is_trampoline(st, i) ? SD_TRACER : kind_of_role(role);
		else if (kind == SD_INTERRUPT && role == SD_ROLE_USER_EXIT)
			kind = SD_TASK;
		if (f->kind_recorded)
			kind = f->kind;
		f->kind = kind;
	}
}

static void find_registers(struct sd_stack *st)
{
	if (st->computed)
		return;
	for (size_t i = 0; i < st->nr_frames; i++) {
		struct sd_frame *f = &st->frames[i];

		if (sd_shows_registers(st, i) && f->kind == SD_TASK &&
		    !f->kind_recorded && f->bytes > FENTRY_BYTES)
			f->tracer_bytes = f->bytes - FENTRY_BYTES;
	}
}

/*
 * A function that no line of the table knows belongs where its caller belongs:
 * static helpers rarely carry a prefix, and rarely leave their file. Code that
 * starts others (entry, workqueue, kthread) says nothing of what it starts.
 */
static void find_subsystems(struct sd_stack *st, struct sd_tables *t)
{
	int other = sd_subsystem_index(t, "other"), caller = other;
	const char *from = NULL;
	int of_kind[] = {
		[SD_INTERRUPT] = sd_subsystem_index(t, "interrupt"),
		[SD_PREEMPT] = sd_subsystem_index(t, "scheduler"),
		[SD_TRACER] = sd_subsystem_index(t, "tracer"),
	};

	for (size_t i = st->nr_frames; i-- > 0; ) {
		struct sd_frame *f = &st->frames[i];

		if (f->kind != SD_TASK) {
			f->subsystem = of_kind[f->kind];
			continue;
		}
		f->inferred = NULL;
		f->subsystem = f->missing_rows ? other : sd_subsystem(t, f->symbol, f->module);
		if (f->subsystem < 0) {
			f->subsystem = caller;
			f->inferred = from;
			continue;
		}
		caller = sd_subsystem_groups(t, f->subsystem) & SD_GROUP_STARTER ? other :
										   f->subsystem;
		from = caller == other ? NULL : f->symbol;
	}
}

static void add_up(struct sd_stack *st)
{
	int64_t total = 0, interrupt = 0, tracer = 0;

	if (!st->nr_frames)
		return;
	for (size_t i = 0; i < st->nr_frames; i++) {
		const struct sd_frame *f = &st->frames[i];

		if (f->bytes == SD_UNKNOWN)
			return;
		total += f->bytes;
		tracer += f->tracer_bytes;
		if (f->kind == SD_INTERRUPT || f->kind == SD_PREEMPT)
			interrupt += f->bytes;
		else if (f->kind == SD_TRACER)
			tracer += f->bytes;
	}
	st->total_bytes = total;
	st->interrupt_bytes = interrupt;
	st->tracer_bytes = tracer;
}

static void find_classes(struct sd_stack *st, struct sd_tables *t)
{
	if (st->class_recorded)
		st->classes = 1U << st->class;
	for (size_t i = 0; i < st->nr_frames; i++) {
		const struct sd_frame *f = &st->frames[i];
		struct sd_meaning m = sd_meaning(t, f->symbol);

		if (f->kind == SD_TASK && m.class != SD_NR_CLASSES)
			st->classes |= 1U << m.class;
	}
	/* A worker is a kthread, the flusher a worker; frames may lack it. */
	if (!st->classes && st->nr_frames && st->frames[st->nr_frames - 1].kind == SD_INTERRUPT)
		st->classes = 1U << SD_INTERRUPT_ONLY;
	if (st->class_recorded)
		return;
	st->class = SD_UNCLASSIFIED;
	for (int c = 0; c < SD_UNCLASSIFIED; c++) {
		if (st->classes & 1U << c) {
			st->class = c;
			break;
		}
	}
}

static unsigned int groups_of(const struct sd_stack *st, struct sd_tables *t, size_t i)
{
	const struct sd_frame *f = &st->frames[i];

	return f->kind == SD_TASK ? sd_subsystem_groups(t, f->subsystem) : 0;
}

/* Whose stack is it: the filesystem next outside, or the module, or what the task does. */
static const char *find_owner(struct sd_stack *st, struct sd_tables *t, size_t from,
			      const struct sd_frame *asking)
{
	int writeback = sd_subsystem_index(t, "writeback");
	const char *fs = NULL, *layer = NULL, *what = "";
	char text[128];

	for (size_t i = from; i < st->nr_frames; i++) {
		unsigned int g = groups_of(st, t, i);

		if (st->frames[i].subsystem == writeback)
			what = " writeback";
		if (!(g & SD_GROUP_FILESYSTEM))
			continue;
		if (g & SD_GROUP_LAYER)
			layer = layer ? layer : sd_subsystem_name(t, st->frames[i].subsystem);
		else if (!fs)
			fs = sd_subsystem_name(t, st->frames[i].subsystem);
	}
	if (!fs && asking && asking->module)
		fs = sd_subsystem_name(t, asking->subsystem);
	if (!fs)
		fs = layer;
	if (fs) {
		snprintf(text, sizeof(text), "%s%s", fs, what);
	} else if (*what) {
		snprintf(text, sizeof(text), "%s", what + 1);
	} else {
		enum sd_class class = SD_UNCLASSIFIED;

		for (size_t i = from; i < st->nr_frames; i++) {
			struct sd_meaning m = sd_meaning(t, st->frames[i].symbol);

			if (m.role == SD_ROLE_CLASS && m.class < class)
				class = m.class;
		}
		snprintf(text, sizeof(text), "%s", sd_class_name(class));
		for (char *p = text; *p; p++)
			if (*p == '_')
				*p = ' ';
	}
	return sd_stack_text(st, text, strlen(text));
}

/* Who asked the allocator for memory: the next frame outside that is nobody's help. */
static const struct sd_frame *find_asking(const struct sd_stack *st, struct sd_tables *t,
					  size_t from)
{
	for (size_t i = from; i < st->nr_frames; i++)
		if (st->frames[i].kind == SD_TASK && !(groups_of(st, t, i) & SD_GROUP_COMMON))
			return &st->frames[i];
	return NULL;
}

/*
 * Does frame @i, below reclaim, belong to somebody else's work? To what does I/O
 * or takes its own locks, or to the very subsystem that asked for memory. Who
 * waits for work of others does none.
 */
static bool is_spliced(const struct sd_stack *st, struct sd_tables *t, size_t i, int asked)
{
	const struct sd_frame *f = &st->frames[i];

	if (f->kind != SD_TASK ||
	    sd_meaning(t, f->inferred ? f->inferred : f->symbol).role == SD_ROLE_WAIT)
		return false;
	return f->subsystem == asked ||
	       groups_of(st, t, i) & (SD_GROUP_SPLICED | SD_GROUP_MODULE);
}

static bool enters_others(const struct sd_stack *st, struct sd_tables *t, size_t entry, int asked)
{
	for (size_t i = 0; i < entry; i++)
		if (is_spliced(st, t, i, asked))
			return true;
	return false;
}

static int64_t own_bytes_below(const struct sd_stack *st, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		const struct sd_frame *f = &st->frames[i];

		if (f->bytes == SD_UNKNOWN)
			return SD_UNKNOWN;
		if (f->kind == SD_TASK)
			sum += f->bytes - f->tracer_bytes;
	}
	return sum;
}

/*
 * Depth of frame @i: the bytes of the task's stack in use when it made its
 * call. A trace.dat or an oops has none, but its sizes may be computed.
 */
static int64_t depth_of(const struct sd_stack *st, size_t i)
{
	int64_t sum = 0;

	if (st->frames[i].depth != SD_UNKNOWN)
		return st->frames[i].depth;
	for (; i < st->nr_frames; i++) {
		if (st->frames[i].bytes == SD_UNKNOWN)
			return SD_UNKNOWN;
		sum += st->frames[i].bytes;
	}
	return sum;
}

/*
 * Reclaim that was entered by an allocator, and the depth it was entered at.
 * It is a splice if it went on into something that is not reclaim's own.
 */
static void find_splices(struct sd_stack *st, struct sd_tables *t)
{
	size_t max = 0;

	for (size_t i = st->nr_frames; i-- > 0; ) {
		const struct sd_frame *f = &st->frames[i];
		struct sd_meaning m = sd_meaning(t, f->symbol);
		const struct sd_frame *asking;
		struct sd_splice *s;
		int asked;

		if (f->kind != SD_TASK || m.role != SD_ROLE_RECLAIM || i + 1 == st->nr_frames ||
		    !(groups_of(st, t, i + 1) & SD_GROUP_ALLOCATOR))
			continue;
		if (m.class != SD_NR_CLASSES && !st->class_recorded)
			st->reclaim_at = depth_of(st, i + 1);
		else if (m.class != SD_NR_CLASSES && st->reclaim_at == SD_UNKNOWN)
			st->reclaim_at = depth_of(st, i + 1);
		asking = find_asking(st, t, i + 1);
		asked = asking ? asking->subsystem : -1;
		if (!enters_others(st, t, i, asked))
			continue;
		if (st->nr_splices == max)
			st->splices = sd_grow(st->splices, &max, sizeof(*st->splices));
		s = &st->splices[st->nr_splices++];
		s->frame = i;
		s->asked = asked;
		s->by = m.by;
		s->into = find_owner(st, t, i + 1, asking);
		s->at_bytes = depth_of(st, i + 1);
		s->adds_bytes = own_bytes_below(st, i + 1);
	}
}

void sd_analyse(struct sd_stack *st, struct sd_tables *t)
{
	find_kinds(st, t);
	find_registers(st);
	find_subsystems(st, t);
	add_up(st);
	find_classes(st, t);
	find_splices(st, t);
	sd_find_recursion(st);
	sd_find_shifted(st);
}

void sd_subsystem_sums(const struct sd_stack *st, struct sd_tables *t, int64_t *sums)
{
	int tracer = sd_subsystem_index(t, "tracer");

	memset(sums, 0, sd_nr_subsystems(t) * sizeof(*sums));
	for (size_t i = 0; i < st->nr_frames; i++) {
		const struct sd_frame *f = &st->frames[i];

		if (f->bytes == SD_UNKNOWN)
			continue;
		sums[f->subsystem] += f->bytes - f->tracer_bytes;
		sums[tracer] += f->tracer_bytes;
	}
}

void sd_splice_sums(const struct sd_stack *st, const struct sd_splice *s,
		    struct sd_tables *t, int64_t *sums)
{
	memset(sums, 0, sd_nr_subsystems(t) * sizeof(*sums));
	for (size_t i = 0; i < s->frame; i++) {
		const struct sd_frame *f = &st->frames[i];

		if (f->bytes != SD_UNKNOWN && is_spliced(st, t, i, s->asked))
			sums[f->subsystem] += f->bytes - f->tracer_bytes;
	}
}
