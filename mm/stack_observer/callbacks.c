// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ftrace calls at the entry of a function: the hot path. It takes no lock
 * and allocates nothing, and unless the function is an entry point or makes a
 * new maximum, all of it is in this file or inline.
 */
#include <linux/atomic.h>
#include <linux/ftrace.h>
#include <linux/irqflags.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>
#include <linux/trace_recursion.h>

#include "stack_observer.h"
#include "tasks.h"

static __always_inline struct pt_regs *so_regs(struct ftrace_regs *fregs)
{
#ifdef arch_ftrace_regs
	return &arch_ftrace_regs(fregs)->regs;
#else
	return &fregs->regs;
#endif
}

/* Classes that need no entry point: what the task is, and how it came in. */
static __always_inline u32 so_plain_classes(struct task_struct *task)
{
	u32 mask = 0;

	if (task->flags & PF_KTHREAD) {
		mask = BIT(SO_KTHREAD);
		if (task->flags & PF_WQ_WORKER)
			mask |= BIT(SO_WORKQUEUE);
		if (task->flags & PF_KSWAPD)
			mask |= BIT(SO_KSWAPD);
	} else if (task->flags & PF_IO_WORKER) {
		mask = BIT(SO_KTHREAD);
	} else if (task_pt_regs(task)->orig_ax != -1UL) {
		mask = BIT(SO_SYSCALL);
	}
	/* btrfs, ext4 and others; below a page are markers, not handles. */
	if ((unsigned long)task->journal_info >= PAGE_SIZE)
		mask |= BIT(SO_FS_TRANSACTION);
	return mask;
}

/*
 * What is remembered of @task, now that the function at @ip is entered with
 * @regs: the classes, and where the innermost reclaim was entered. *@own
 * becomes false below an interrupt or the like.
 */
static __always_inline u32 so_remembered(struct task_struct *task,
					 struct pt_regs *regs, unsigned long ip,
					 unsigned long base, u32 *reclaim_at,
					 bool *own)
{
	unsigned long flags;
	struct so_task *t;
	u32 mask = 0;

	raw_local_irq_save(flags);
	t = so_find(task);
	if (t)
		so_pop(t, regs->sp, ip, base);
	if (t && t->nr) {
		struct so_entry *e = &t->entry[t->nr - 1];

		mask = e->mask;
		*own = !e->below_foreign;
		if (e->reclaim_sp)
			*reclaim_at = THREAD_SIZE - (e->reclaim_sp - base);
	} else if (t) {
		so_remove(task, t);
	}
	raw_local_irq_restore(flags);
	return mask;
}

static __always_inline void so_lose_recursion(void)
{
	/* Preemption may be on; a counter can bear the wrong CPU. */
	struct so_cpu *c = raw_cpu_read(so_cpus);

	if (READ_ONCE(so_running) && !c->busy)
		c->lost[SO_LOST_RECURSION]++;
}

static void so_function(unsigned long ip, unsigned long parent_ip,
			struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct pt_regs *regs = so_regs(fregs);
	u32 mask, plain, depth, reclaim_at = 0;
	struct task_struct *task = current;
	unsigned long base, off;
	struct so_cpu *c;
	bool own = true;
	int bit;

	bit = ftrace_test_recursion_trylock(ip, parent_ip);
	if (bit < 0) {
		so_lose_recursion();
		return;
	}
	c = __this_cpu_read(so_cpus);
	if (unlikely(!READ_ONCE(so_running)))
		goto out;
	/*
	 * ftrace lets one level of recursion pass, for the first function of
	 * an interrupt. What passes here is called by a walk, or by the
	 * scheduler when a callback is left and preemption is due.
	 */
	if (unlikely(c->busy) ||
	    unlikely(bit == TRACE_CTX_TRANSITION + TRACE_FTRACE_START)) {
		c->observer++;
		goto out;
	}
	c->calls++;

	base = (unsigned long)task_stack_page(task);
	off = regs->sp - base;
	if (off >= THREAD_SIZE) {
		c->other_stack++;
		goto out;
	}
	if (is_idle_task(task)) {
		c->idle++;
		goto out;
	}
	/* To the word that the call of the tracer fills, as ftrace counts. */
	depth = THREAD_SIZE - off + sizeof(long);

	plain = so_plain_classes(task);
	mask = plain;
	if (so_may_have_record(task))
		mask |= so_remembered(task, regs, ip, base, &reclaim_at, &own);
	c->hits[mask]++;

	if (unlikely(depth > so_threshold[own ? SO_OWN : SO_ALL][mask]) ||
	    unlikely(reclaim_at && own &&
		     depth > reclaim_at + so_threshold[SO_BELOW][mask]))
		so_new_maximum(c, regs, base, mask, depth, reclaim_at, plain,
			       own);
out:
	ftrace_test_recursion_unlock(bit);
}

/*
 * Count the entry of the function at @ip into the histograms of all entry
 * points that it is; return their classes.
 */
static u32 so_entry_classes(struct so_cpu *c, unsigned long ip, u32 depth)
{
	/* Pairs with so_add_entry(). */
	unsigned int nr = smp_load_acquire(&so_nr_entry_points), i;
	bool known = false, counted = false;
	u32 mask = 0;

	for (i = 0; i < nr; i++)
		known |= READ_ONCE(so_entry_points[i].ip) == ip;
	if (unlikely(!known)) {
		/* An interrupt would write another symbol there, too. */
		c->busy = true;
		barrier();
		sprint_symbol_no_offset(c->symbol, ip);
		c->symbol[strcspn(c->symbol, " ")] = '\0';
	}
	for (i = 0; i < nr; i++) {
		struct so_entry_point *p = &so_entry_points[i];

		if (unlikely(!known)) {
			if (strcmp(c->symbol, p->name))
				continue;
			if (!READ_ONCE(p->ip))
				WRITE_ONCE(p->ip, ip);
		} else if (READ_ONCE(p->ip) != ip) {
			continue;
		}
		atomic64_inc(&p->depths[depth / SO_BUCKET_BYTES]);
		counted = true;
		if (p->class < SO_CLASSES)
			mask |= BIT(p->class);
	}
	if (unlikely(!known)) {
		barrier();
		c->busy = false;
	}
	if (!counted)
		c->lost[SO_LOST_ENTRIES]++;
	return mask;
}

static void so_entered(unsigned long ip, unsigned long parent_ip,
		       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct pt_regs *regs = so_regs(fregs);
	struct task_struct *task = current;
	unsigned long base, off, flags;
	struct so_entry *e;
	u32 mask;
	struct so_task *t;
	struct so_cpu *c;
	int bit;

	bit = ftrace_test_recursion_trylock(ip, parent_ip);
	if (bit < 0)
		return;
	c = __this_cpu_read(so_cpus);
	if (unlikely(!READ_ONCE(so_running)) || c->busy)
		goto out;
	base = (unsigned long)task_stack_page(task);
	off = regs->sp - base;
	if (off >= THREAD_SIZE)
		goto out;
	mask = so_entry_classes(c, ip, THREAD_SIZE - off);
	if (!mask)
		goto out;

	raw_local_irq_save(flags);
	t = so_find(task);
	if (t)
		so_pop(t, regs->sp, ip, base);
	else
		t = so_add(task);
	if (!t) {
		c->lost[SO_LOST_TASKS]++;
		goto out_irq;
	}
	e = &t->entry[t->nr - 1];
	if (t->nr && e->sp == regs->sp) {
		/* The same function, called again from the same place. */
		e->own = mask;
		e->foreign = false;
	} else if (t->nr == SO_NESTING) {
		c->lost[SO_LOST_NESTING]++;
		goto out_irq;
	} else {
		e = &t->entry[t->nr++];
		e->sp = regs->sp;
		e->ip = ip;
		e->own = mask;
		e->foreign = false;
	}
	e->ret = READ_ONCE_NOCHECK(*(unsigned long *)regs->sp);
	so_accumulate(t, t->nr - 1);
out_irq:
	raw_local_irq_restore(flags);
out:
	ftrace_test_recursion_unlock(bit);
}

struct ftrace_ops so_ops = {
	.func = so_function,
};

struct ftrace_ops so_entry_ops = {
	.func = so_entered,
};
