/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records of the tasks that are inside an entry point.
 *
 * Contexts without a hook at their end: an entry point (try_to_free_pages,
 * say) is remembered with the address of the stack slot that holds its return
 * address. Stacks are disciplined: as soon as the same task enters a function
 * whose slot is not below that one, the entry point has returned. A walk
 * checks every remembered entry against the stack that it finds.
 *
 * Only the task itself looks up, adds, changes and removes its record. So does
 * an interrupt on its stack, whose functions are traced on top of a callback
 * that is not done with the record: from looking it up to the last access
 * interrupts are off, or kept out by so_cpu.busy. NMIs have a stack of their
 * own.
 *
 * What is inline here is part of the callback of every traced function.
 */
#ifndef STACK_OBSERVER_TASKS_H
#define STACK_OBSERVER_TASKS_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/sched.h>
#include <linux/thread_info.h>
#include <linux/types.h>

#define SO_NESTING	8	/* entry points active in one task */
#define SO_WAYS		8	/* task records in a bucket */
#define SO_BUCKET_BITS	7
#define SO_BUCKETS	BIT(SO_BUCKET_BITS)

/**
 * struct so_entry - an entry point on the stack of a task, or an interrupt that
 *	a walk found
 * @sp: slot of its return address
 * @ret: what was in the slot
 * @ip: the function, 0 for an interrupt
 * @reclaim_sp: innermost reclaim from here outwards, or 0
 * @own: its classes
 * @mask: with those of the entries further out
 * @foreign: an interrupt, preemption or tracer
 * @below_foreign: it, or one further out
 */
struct so_entry {
	unsigned long sp;
	unsigned long ret;
	unsigned long ip;
	unsigned long reclaim_sp;
	u32 own;
	u32 mask;
	bool foreign;
	bool below_foreign;
};

/**
 * struct so_task - the record of a task
 * @nr: entries in use
 * @entry: from the outermost inwards
 */
struct so_task {
	u32 nr;
	struct so_entry entry[SO_NESTING];
};

struct so_bucket {
	atomic_t used;
	struct task_struct *owner[SO_WAYS];
	struct so_task task[SO_WAYS];
};

extern struct so_bucket *so_buckets;

static __always_inline struct so_bucket *so_bucket_of(struct task_struct *task)
{
	return &so_buckets[hash_ptr(task, SO_BUCKET_BITS)];
}

/**
 * so_may_have_record() - is it worth looking for the record of a task?
 * @task: the running one
 *
 * For those without a record, which are most: nobody else can give it one.
 *
 * Return: false if it has none.
 */
static __always_inline bool so_may_have_record(struct task_struct *task)
{
	return atomic_read(&so_bucket_of(task)->used);
}

/**
 * so_find() - the record of a task
 * @task: the running one
 *
 * Return: its record, or NULL.
 */
static __always_inline struct so_task *so_find(struct task_struct *task)
{
	struct so_bucket *b = so_bucket_of(task);
	int i;

	for (i = 0; i < SO_WAYS; i++)
		if (READ_ONCE(b->owner[i]) == task)
			return &b->task[i];
	return NULL;
}

/**
 * so_add() - give a task a record
 * @task: the running one, which has none
 *
 * Return: an empty record, or NULL if there is no free one.
 */
struct so_task *so_add(struct task_struct *task);

/**
 * so_remove() - free the record of a task
 * @task: the running one
 * @t: its record
 */
static __always_inline void so_remove(struct task_struct *task,
				      struct so_task *t)
{
	struct so_bucket *b = so_bucket_of(task);

	atomic_dec(&b->used);
	/* Pairs with the cmpxchg() in so_add(): done with the record. */
	smp_store_release(&b->owner[t - b->task], NULL);
}

/**
 * so_pop() - forget the entries that have returned
 * @t: record of the task
 * @sp: where the return address of the function is that is entered now
 * @ip: that function
 * @base: lowest address of the task's stack
 *
 * An entry whose slot is outside the stack is the leftover of a dead task
 * whose task_struct was used again.
 */
static __always_inline void so_pop(struct so_task *t, unsigned long sp,
				   unsigned long ip, unsigned long base)
{
	while (t->nr) {
		struct so_entry *e = &t->entry[t->nr - 1];

		if (e->sp - base < THREAD_SIZE &&
		    (e->sp > sp || (e->sp == sp && e->ip == ip)))
			break;
		t->nr--;
	}
}

/**
 * so_accumulate() - work out what an entry has from those further out
 * @t: record of the task
 * @i: the entry; those further out are right already
 */
void so_accumulate(struct so_task *t, unsigned int i);

int so_allocate_tasks(void);
/* Forget all records; no callback may be running. */
void so_clear_tasks(void);
void so_free_tasks(void);

#endif /* STACK_OBSERVER_TASKS_H */
