// SPDX-License-Identifier: GPL-2.0-only
/* The report; its format is in Documentation/stack-observer-format.md. */
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include "stack_observer.h"

static const char * const so_max_names[SO_MAXES] = {
	[SO_OWN]	= "max_bytes",
	[SO_ALL]	= "max_bytes_with_interrupts",
	[SO_BELOW]	= "below_reclaim_bytes",
};

static const char * const so_loss_names[SO_LOSSES] = {
	[SO_LOST_RECURSION]	= "recursion",
	[SO_LOST_RCU]		= "rcu",
	[SO_LOST_ROOM]		= "room",
	[SO_LOST_TASKS]		= "tasks",
	[SO_LOST_NESTING]	= "nesting",
	[SO_LOST_ENTRIES]	= "entries",
};

static const char * const so_kind_names[SO_KINDS] = {
	[SO_TASK]	= "",
	[SO_INTERRUPT]	= " <interrupt>",
	[SO_PREEMPT]	= " <preempt>",
	[SO_TRACER]	= " <tracer>",
	[SO_SELF]	= " <tracer>",
};

/* Copy the largest stack of any CPU to @to; its bytes, 0 if there is none. */
static u32 so_collect(struct so_stack *to, int class, int m)
{
	int cpu;

	to->bytes = 0;
	for_each_possible_cpu(cpu) {
		struct so_cpu *c = per_cpu(so_cpus, cpu);
		struct so_stack *from = &c->best[class][m];
		struct so_stack *copy = to + 1;
		unsigned int seq;

		if (READ_ONCE(from->bytes) <= to->bytes)
			continue;
		do {
			seq = raw_read_seqcount_begin(&c->seq);
			*copy = *from;
		} while (read_seqcount_retry(&c->seq, seq));
		if (copy->bytes > to->bytes)
			*to = *copy;
	}
	return to->bytes;
}

/* Bytes of row @i: to the slot further out. */
static u32 so_size(const struct so_stack *s, u32 i)
{
	return s->depth[i] - (i + 1 < s->frames ? s->depth[i + 1] : 0);
}

static void so_print_stack(struct seq_file *m, const struct so_stack *s,
			   const char *of)
{
	u32 size[SO_KINDS] = { 0 };
	u32 i;

	for (i = 0; i < s->frames; i++)
		size[s->kind[i]] += so_size(s, i);
	seq_printf(m, "stack %u total %u interrupt %u tracer %u of %s",
		   s->frames, s->total, size[SO_INTERRUPT] + size[SO_PREEMPT],
		   size[SO_TRACER], of);
	if (s->reclaim_at)
		seq_printf(m, " reclaim_at %u", s->reclaim_at);
	seq_printf(m, " pid %d cpu %d", s->pid, s->cpu);
	if (s->cut)
		seq_puts(m, " cut 1");
	seq_putc(m, '\n');
	for (i = 0; i < s->frames; i++)
		seq_printf(m, "%3u) %8u   %5u   %pS%s\n", i, s->depth[i],
			   so_size(s, i), (void *)s->ip[i],
			   so_kind_names[s->kind[i]]);
}

static void so_print_histogram(struct seq_file *m, struct so_entry_point *p,
			       const char *keyword)
{
	int d;

	for (d = 0; d < SO_DEPTHS; d++) {
		u64 n = atomic64_read(&p->depths[d]);

		if (n)
			seq_printf(m, "%s %s %u %llu\n", keyword, p->name,
				   d * SO_BUCKET_BYTES, n);
	}
}

struct so_sum {
	u64 calls, observer, other_stack, idle, walks, stale;
	u64 lost[SO_LOSSES];
	u64 hits[SO_CLASSES];
	u64 none;
};

static void so_add_up(struct so_sum *sum)
{
	int cpu, i;
	u32 mask;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		struct so_cpu *c = per_cpu(so_cpus, cpu);

		sum->calls += READ_ONCE(c->calls);
		sum->observer += READ_ONCE(c->observer);
		sum->other_stack += READ_ONCE(c->other_stack);
		sum->idle += READ_ONCE(c->idle);
		for (i = 0; i < SO_LOSSES; i++)
			sum->lost[i] += READ_ONCE(c->lost[i]);
		sum->walks += READ_ONCE(c->walks);
		sum->stale += READ_ONCE(c->stale);
		sum->none += READ_ONCE(c->hits[0]);
		for (mask = 1; mask < SO_MASKS; mask++) {
			u64 hits = READ_ONCE(c->hits[mask]);

			for (i = 0; i < SO_CLASSES; i++)
				if (mask & BIT(i))
					sum->hits[i] += hits;
		}
	}
}

static void so_print_head(struct seq_file *m)
{
	unsigned int w;

	seq_puts(m, "stack-observer 1\n");
	seq_printf(m, "thread_size %lu\n", (unsigned long)THREAD_SIZE);
	seq_printf(m, "kernel %s\n", init_utsname()->release);
	seq_printf(m, "arch %s\n", init_utsname()->machine);
	seq_printf(m, "histogram_bucket %u\n", SO_BUCKET_BYTES);
	for (w = 0; w < so_nr_entry_points; w++)
		seq_printf(m, "entry_point %s %s %s\n",
			   so_names[so_entry_points[w].class],
			   so_entry_points[w].name,
			   so_entry_points[w].found ? "hooked" : "missing");
}

static void so_print_class(struct seq_file *m, int class, u64 hits,
			   struct so_stack *stack)
{
	static const enum so_max order[SO_MAXES] = {
		SO_OWN, SO_BELOW, SO_ALL
	};
	int max;

	seq_printf(m, "class %s\n", so_names[class]);
	for (max = 0; max < SO_MAXES; max++) {
		u32 n = so_maximum(max, class);

		if (n)
			seq_printf(m, "%s %u\n", so_max_names[max], n);
	}
	seq_printf(m, "hits %llu\n", hits);
	for (max = 0; max < SO_MAXES; max++)
		if (so_collect(stack, class, order[max]))
			so_print_stack(m, stack, so_max_names[order[max]]);
}

static void so_print_counters(struct seq_file *m, const struct so_sum *sum)
{
	u64 lost = 0;
	int i;

	seq_printf(m, "calls %llu\n", sum->calls);
	seq_printf(m, "calls_of_observer %llu\n", sum->observer);
	seq_printf(m, "calls_on_other_stacks %llu\n", sum->other_stack);
	seq_printf(m, "calls_of_idle_tasks %llu\n", sum->idle);
	seq_printf(m, "calls_in_no_class %llu\n", sum->none);
	seq_printf(m, "walks %llu\n", sum->walks);
	seq_printf(m, "stale_entries %llu\n", sum->stale);
	for (i = 0; i < SO_LOSSES; i++) {
		seq_printf(m, "lost_%s %llu\n", so_loss_names[i],
			   sum->lost[i]);
		lost += sum->lost[i];
	}
	seq_printf(m, "lost %llu\n", lost);
	seq_puts(m, "end\n");
}

static int so_report_show(struct seq_file *m, void *v)
{
	struct so_stack *stack;
	struct so_sum sum;
	unsigned int w;
	int i;

	/* Two: the largest so far, and one being copied. */
	stack = kvcalloc(2, sizeof(*stack), GFP_KERNEL);
	if (!stack)
		return -ENOMEM;
	mutex_lock(&so_lock);
	so_add_up(&sum);
	so_print_head(m);
	for (i = 0; i < SO_HOOKS; i++) {
		if (i < SO_CLASSES && !sum.hits[i])
			continue;
		if (i < SO_CLASSES)
			so_print_class(m, i, sum.hits[i], stack);
		for (w = 0; w < so_nr_entry_points; w++)
			if (so_entry_points[w].class == i)
				so_print_histogram(m, &so_entry_points[w],
						   i < SO_CLASSES ?
						   "histogram" :
						   "entry_histogram");
	}
	so_print_counters(m, &sum);
	mutex_unlock(&so_lock);
	kvfree(stack);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(so_report);

void so_create_report(struct dentry *dir)
{
	debugfs_create_file("report", 0400, dir, NULL, &so_report_fops);
}
