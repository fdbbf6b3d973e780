// SPDX-License-Identifier: GPL-2.0-only
/*
 * A new maximum: walk the stack, check what is remembered against it, and keep
 * it for each class whose maximum it beats.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/unwind.h>

#include "stack_observer.h"
#include "tasks.h"

/* Leave this much to the task when the stack is nearly used up. */
#define SO_ROOM		768

/* Maxima over all CPUs. */
static atomic_t so_maxima[SO_MAXES][SO_CLASSES];
u32 so_threshold[SO_MAXES][SO_MASKS];

/* Fill c->scratch with the stack from the function just entered outwards. */
static void so_walk(struct so_cpu *c, struct pt_regs *regs, unsigned long base,
		    u32 depth)
{
	struct so_stack *s = &c->scratch;
	struct unwind_state state;
	u32 n = 0;

	s->total = depth;
	s->cut = false;
	s->cpu = smp_processor_id();
	s->pid = current->pid;
	s->ip[n] = regs->ip;
	s->depth[n++] = depth;

	c->walks++;
	/* Registers of a function entry: the walk begins with its caller. */
	for (unwind_start(&state, current, regs, NULL); !unwind_done(&state);
	     unwind_next_frame(&state)) {
		unsigned long slot;

		if (state.regs && user_mode(state.regs))
			break;
		slot = state.regs ? (unsigned long)&state.regs->ip :
				    state.sp - sizeof(long);
		if (slot - base >= THREAD_SIZE) {
			s->cut = true;
			break;
		}
		if (n == SO_FRAMES) {
			s->cut = true;
			break;
		}
		s->ip[n] = state.ip;
		s->depth[n++] = THREAD_SIZE - (slot - base);
	}
	if (unwind_error(&state))
		s->cut = true;
	s->frames = n;
}

/* Does the walked stack have the frame that @e remembers? */
static bool so_confirm(const struct so_stack *s, const struct so_entry *e,
		       unsigned long base)
{
	const unsigned long *slot = (unsigned long *)e->sp;
	u32 depth = THREAD_SIZE - (e->sp - base), i;

	for (i = 1; i < s->frames; i++) {
		if (s->depth[i] < depth)
			return false;
		if (s->depth[i] == depth)
			return s->ip[i] == e->ret ||
			       READ_ONCE_NOCHECK(*slot) == e->ret;
	}
	/* Beyond the end of a walk that was cut short, believe it. */
	return s->cut;
}

/* Keep of the entries in @t those that the walked stack has. */
static __always_inline void so_drop_stale(struct so_cpu *c, struct so_task *t,
					  unsigned long sp, unsigned long base)
{
	u32 i, keep = 0;

	for (i = 0; i < t->nr; i++) {
		if (t->entry[i].sp == sp ||
		    so_confirm(&c->scratch, &t->entry[i], base))
			t->entry[keep++] = t->entry[i];
		else
			c->stale++;
	}
	t->nr = keep;
	for (i = 0; i < keep; i++)
		so_accumulate(t, i);
}

static void so_raise_threshold(enum so_max m, u32 mask)
{
	unsigned long classes = mask;
	u32 least = U32_MAX;
	int i;

	for_each_set_bit(i, &classes, SO_CLASSES)
		least = min_t(u32, least, atomic_read(&so_maxima[m][i]));
	WRITE_ONCE(so_threshold[m][mask], least);
}

static bool so_is_new(enum so_max m, u32 mask, u32 bytes)
{
	unsigned long classes = mask;
	int i;

	for_each_set_bit(i, &classes, SO_CLASSES)
		if (bytes > (u32)atomic_read(&so_maxima[m][i]))
			return true;
	so_raise_threshold(m, mask);
	return false;
}

static void so_store(struct so_cpu *c, enum so_max m, u32 mask, u32 bytes)
{
	unsigned long classes = mask;
	int i;

	for_each_set_bit(i, &classes, SO_CLASSES) {
		atomic_t *max = &so_maxima[m][i];
		struct so_stack *s = &c->best[i][m];
		u32 n = c->scratch.frames;
		int old = atomic_read(max);

		do {
			if (bytes <= (u32)old)
				break;
		} while (!atomic_try_cmpxchg(max, &old, bytes));
		if (bytes <= (u32)old)
			continue;

		raw_write_seqcount_begin(&c->seq);
		s->bytes = bytes;
		s->total = c->scratch.total;
		s->reclaim_at = c->scratch.reclaim_at;
		s->frames = n;
		s->cut = c->scratch.cut;
		s->cpu = c->scratch.cpu;
		s->pid = c->scratch.pid;
		memcpy(s->ip, c->scratch.ip, n * sizeof(s->ip[0]));
		memcpy(s->depth, c->scratch.depth, n * sizeof(s->depth[0]));
		memcpy(s->kind, c->scratch.kind, n * sizeof(s->kind[0]));
		raw_write_seqcount_end(&c->seq);
	}
	so_raise_threshold(m, mask);
}

/* Thresholds lag behind the maxima: look before walking. */
static __always_inline bool so_is_wanted(u32 mask, u32 depth, u32 reclaim_at,
					 bool own)
{
	bool want = so_is_new(SO_ALL, mask, depth);

	if (own) {
		want |= so_is_new(SO_OWN, mask, depth);
		if (reclaim_at)
			want |= so_is_new(SO_BELOW, mask, depth - reclaim_at);
	}
	return want;
}

/*
 * The walk found an interrupt or the like: remember it as an entry point is
 * remembered, or everything that is called on top of it would be walked as
 * well, which an interrupt cannot afford.
 */
static void so_remember_foreign(struct so_cpu *c, struct so_task *t,
				unsigned long base)
{
	const struct so_stack *s = &c->scratch;
	struct so_entry *e;
	unsigned long sp;
	u32 i = s->frames;

	while (i && s->kind[i - 1] == SO_TASK)
		i--;
	/* Row 0 has no slot yet. */
	if (i < 2)
		return;
	i--;
	sp = base + THREAD_SIZE - s->depth[i];
	if (!t)
		t = so_add(current);
	if (!t || t->nr == SO_NESTING)
		return;
	if (t->nr && t->entry[t->nr - 1].sp <= sp)
		return;
	e = &t->entry[t->nr++];
	e->sp = sp;
	e->ret = s->ip[i];
	e->ip = 0;
	e->own = 0;
	e->foreign = true;
	so_accumulate(t, t->nr - 1);
}

/* As preempt_count() tells; an interrupt is there before it counts itself. */
static __always_inline bool so_in_interrupt(void)
{
	return preempt_count() & (HARDIRQ_MASK | NMI_MASK | SOFTIRQ_OFFSET);
}

noinline void so_new_maximum(struct so_cpu *c, struct pt_regs *regs,
			     unsigned long base, u32 mask, u32 depth,
			     u32 reclaim_at, u32 plain_mask, bool own)
{
	struct so_task *t = NULL;
	bool clean;

	own &= !so_in_interrupt();
	if (!so_is_wanted(mask, depth, reclaim_at, own))
		return;

	if (!rcu_is_watching()) {
		c->lost[SO_LOST_RCU]++;
		return;
	}
	if (THREAD_SIZE - depth < SO_ROOM) {
		c->lost[SO_LOST_ROOM]++;
		return;
	}
	c->busy = true;
	barrier();

	/* An interrupt may have added current's record, or an entry to it. */
	if (so_may_have_record(current))
		t = so_find(current);
	so_walk(c, regs, base, depth);
	clean = so_mark_kinds(c);
	if (c->scratch.self) {
		c->observer++;
		goto out;
	}
	if (t && t->nr) {
		so_drop_stale(c, t, regs->sp, base);
		mask = plain_mask;
		reclaim_at = 0;
		if (t->nr) {
			struct so_entry *e = &t->entry[t->nr - 1];

			mask |= e->mask;
			if (e->reclaim_sp)
				reclaim_at = THREAD_SIZE -
					     (e->reclaim_sp - base);
		}
	}
	c->scratch.reclaim_at = reclaim_at;
	if (own && !clean)
		so_remember_foreign(c, t, base);
	own = clean && !so_in_interrupt();

	so_store(c, SO_ALL, mask, depth);
	if (own) {
		so_store(c, SO_OWN, mask, depth);
		if (reclaim_at)
			so_store(c, SO_BELOW, mask, depth - reclaim_at);
	}
out:
	barrier();
	c->busy = false;
}

u32 so_maximum(enum so_max m, enum so_class class)
{
	return atomic_read(&so_maxima[m][class]);
}

void so_clear_maxima(void)
{
	u32 mask;
	int m;

	memset(so_maxima, 0, sizeof(so_maxima));
	memset(so_threshold, 0, sizeof(so_threshold));
	/* In no class: nothing to beat. */
	for (m = 0; m < SO_MAXES; m++)
		so_threshold[m][0] = U32_MAX;
	for (mask = 0; mask < SO_MASKS; mask++)
		if (!(mask & SO_RECLAIM))
			so_threshold[SO_BELOW][mask] = U32_MAX - THREAD_SIZE;
}
