// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tasks that are in reclaim, and how far each of them is.
 *
 *	entered		a reclaim function was called
 *	begin .. end	its tracepoints: "inside reclaim"
 *	left		the caller has it back
 *	tried		the caller has tried to allocate, or to charge, again
 *
 * Whatever a kernel does between the end and the next try, write what it has
 * put aside or sleep, is part of the time that reclaim took the task, and not
 * inside reclaim. The allocator tries before it leaves, a charge after that.
 *
 * Which call belongs to which reclaim is told by the stack pointer: what the
 * function that called reclaim calls next is called with the same one, or with
 * a slightly higher one where a small function lies between them. Anything
 * that is called deeper belongs to reclaim, or to what is appended to it.
 *
 * The table has a fixed size and no lock: a place is taken with cmpxchg, and
 * after that only its own task touches it. Nothing here allocates or sleeps,
 * and all of it can be interrupted and preempted anywhere. A task that finds
 * no place is counted as overflow; then the figures are too low, and their
 * reader must not use them.
 */
#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>

#include "reclaim_watch.h"

#define TABLE_BITS	12
#define TABLE_SIZE	(1u << TABLE_BITS)
#define TABLE_WINDOW	16u
#define CHARGES		4u

/* Bytes that a function between the caller and reclaim may use of the stack. */
#define SAME_CALLER	256

static struct reclaimer table[TABLE_SIZE];

/* How many of the tasks with this hash are in the table: mostly none. */
static atomic_t present[TABLE_SIZE];

/*
 * Where each task last tried a charge: reclaim that is called from there is
 * for that charge. Stack pointers of two tasks are never the same, so one that
 * was overwritten by another task's is not mistaken for one's own. A few
 * places for each hash, so that this takes as many tasks of one hash at once.
 */
static unsigned long charges[TABLE_SIZE][CHARGES];

static unsigned int home_of(const struct task_struct *task)
{
	return hash_ptr((void *)task, TABLE_BITS);
}

struct reclaimer *reclaimer_current(void)
{
	unsigned int home = home_of(current), i;

	if (!atomic_read(&present[home]))
		return NULL;
	for (i = 0; i < TABLE_WINDOW; i++) {
		struct reclaimer *reclaimer = &table[(home + i) % TABLE_SIZE];

		if (READ_ONCE(reclaimer->task) == current)
			return reclaimer;
	}
	return NULL;
}

static struct reclaimer *take(enum reclaim_kind kind)
{
	unsigned int home = home_of(current), i;

	for (i = 0; i < TABLE_WINDOW; i++) {
		struct reclaimer *reclaimer = &table[(home + i) % TABLE_SIZE];

		if (READ_ONCE(reclaimer->task) ||
		    cmpxchg(&reclaimer->task, NULL, current))
			continue;
		atomic_inc(&present[home]);
		reclaimer->entered_sp = 0;
		reclaimer->entered_ns = 0;
		reclaimer->begun_ns = 0;
		reclaimer->left_ns = 0;
		reclaimer->inside = 0;
		reclaimer->ended = false;
		reclaimer->kind = kind;
		reclaimer->entered_epoch = READ_ONCE(reset_epoch);
		return reclaimer;
	}
	atomic64_inc(&counts.overflow);
	return NULL;
}

static void release(struct reclaimer *reclaimer)
{
	atomic_dec(&present[home_of(current)]);
	/* Whoever takes the place next, in take(), finds us done with it. */
	smp_store_release(&reclaimer->task, NULL);
}

/* Is @sp on the stack of @task? */
static bool on_stack(const struct task_struct *task, unsigned long sp)
{
	unsigned long stack = (unsigned long)task_stack_page(task);

	return sp - stack < THREAD_SIZE;
}

static unsigned long charge_sp(struct task_struct *task)
{
	unsigned long *sp = charges[home_of(task)];
	unsigned int i;

	for (i = 0; i < CHARGES; i++)
		if (on_stack(task, READ_ONCE(sp[i])))
			return READ_ONCE(sp[i]);
	return 0;
}

/* Over the task's own last one, else over one that is anybody's guess. */
static void note_charge(unsigned long sp)
{
	unsigned long *place = charges[home_of(current)];
	unsigned int i;

	for (i = 0; i < CHARGES; i++)
		if (on_stack(current, READ_ONCE(place[i])))
			break;
	if (i == CHARGES)
		i = (sp / THREAD_SIZE) % CHARGES;
	WRITE_ONCE(place[i], sp);
}

/* @epoch: reset_epoch when what is to be counted started */
static bool counted(unsigned int epoch)
{
	return READ_ONCE(recording) && epoch == READ_ONCE(reset_epoch);
}

/* The task was in reclaim's hands until @ns, if there was any reclaim. */
static void finish(struct reclaimer *reclaimer, u64 ns)
{
	u64 whole = ns - reclaimer->entered_ns;

	if (reclaimer->begun_ns && counted(reclaimer->entered_epoch)) {
		histogram_record(&counts.whole, whole);
		atomic64_add(whole, &counts.whole_ns[reclaimer->kind]);
	}
	release(reclaimer);
}

static bool same_caller(unsigned long sp, unsigned long entered_sp)
{
	return sp >= entered_sp && sp - entered_sp <= SAME_CALLER;
}

void reclaimer_entered(enum reclaim_kind kind, unsigned long sp)
{
	struct reclaimer *reclaimer = reclaimer_current();

	if (reclaimer) {
		/* Reclaim on behalf of reclaim, or of what is appended. */
		if (reclaimer->inside ||
		    (!reclaimer->left_ns && sp < reclaimer->entered_sp))
			return;
		finish(reclaimer, reclaimer->left_ns ?: ktime_get_ns());
	}
	/*
	 * Above memory.high, or by memory.reclaim: nothing is tried again. The
	 * function that charges calls both from the very same depth.
	 */
	if (kind == RECLAIM_MEMCG && charge_sp(current) != sp)
		return;
	reclaimer = take(kind);
	if (!reclaimer)
		return;
	reclaimer->entered_sp = sp;
	reclaimer->entered_ns = ktime_get_ns();
}

struct reclaimer *reclaimer_begin(enum reclaim_kind kind, gfp_t gfp)
{
	struct reclaimer *reclaimer = reclaimer_current();

	/* A charge that found what it needed without another try. */
	if (reclaimer && reclaimer->left_ns && !reclaimer->inside) {
		finish(reclaimer, reclaimer->left_ns);
		reclaimer = NULL;
	}
	if (!reclaimer)
		reclaimer = take(kind);
	if (!reclaimer)
		return NULL;
	reclaimer->inside++;
	if (reclaimer->begun_ns) {
		atomic64_inc(&counts.nested);
		return reclaimer;
	}
	reclaimer->nofs = !(gfp & __GFP_FS);
	reclaimer->begun_epoch = READ_ONCE(reset_epoch);
	reclaimer->begun_ns = ktime_get_ns();
	return reclaimer;
}

void reclaimer_end(void)
{
	struct reclaimer *reclaimer = reclaimer_current();

	if (!reclaimer || !reclaimer->inside) {
		/* began before the module was loaded, or found no place */
		atomic64_inc(&counts.unmatched);
		return;
	}
	if (--reclaimer->inside)
		return;
	/* what was nested in the appended part has no time of its own */
	if (!reclaimer->ended && counted(reclaimer->begun_epoch)) {
		histogram_record(&counts.inside[reclaimer->kind],
				 ktime_get_ns() - reclaimer->begun_ns);
		if (reclaimer->nofs)
			atomic64_inc(&counts.nofs_reclaims);
	}
	reclaimer->ended = true;
	if (!reclaimer->entered_sp)
		release(reclaimer);
}

void reclaimer_left(unsigned long sp)
{
	struct reclaimer *reclaimer = reclaimer_current();

	if (!reclaimer || reclaimer->inside ||
	    !same_caller(sp, reclaimer->entered_sp))
		return;
	if (reclaimer->left_ns)
		return;
	if (reclaimer->kind == RECLAIM_MEMCG)
		reclaimer->left_ns = ktime_get_ns();
	else
		finish(reclaimer, ktime_get_ns());
}

void reclaimer_tried(unsigned long frame, unsigned long slack)
{
	struct reclaimer *reclaimer = reclaimer_current();

	if (!reclaimer || reclaimer->inside)
		return;
	/* A charge that found what it needed without another try. */
	if (reclaimer->left_ns)
		finish(reclaimer, reclaimer->left_ns);
	else if (reclaimer->kind == RECLAIM_NODE &&
		 frame + slack >= reclaimer->entered_sp)
		finish(reclaimer, ktime_get_ns());
}

void reclaimer_charge(unsigned long sp)
{
	struct reclaimer *reclaimer = reclaimer_current();

	note_charge(sp);
	if (!reclaimer || !reclaimer->left_ns || reclaimer->inside)
		return;
	finish(reclaimer, same_caller(sp, reclaimer->entered_sp) ?
			  ktime_get_ns() : reclaimer->left_ns);
}

void reclaimer_exit(void)
{
	struct reclaimer *reclaimer = reclaimer_current();

	if (reclaimer)
		finish(reclaimer, reclaimer->left_ns ?: ktime_get_ns());
}
