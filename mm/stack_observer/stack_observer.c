// SPDX-License-Identifier: GPL-2.0-only
/*
 * stack_observer - how deep does the task stack get, per context?
 *
 * A function-entry callback of ftrace computes the depth of every traced call
 * on the task stack and compares it with the maximum of each context class
 * that the task is in. Only a new maximum makes it walk the stack.
 *
 * Contexts without a hook at their end: an entry point (try_to_free_pages,
 * say) is remembered with the address of the stack slot that holds its return
 * address. Stacks are disciplined: as soon as the same task enters a function
 * whose slot is not below that one, the entry point has returned. A walk
 * checks every remembered entry against the stack that it finds.
 *
 * What the numbers mean, what they cost, and their limits:
 * Documentation/stack-observer.md. Output: Documentation/stack-observer-format.md.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/debugfs.h>
#include <linux/ftrace.h>
#include <linux/hash.h>
#include <linux/irqflags.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/seq_file.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/trace_recursion.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/version.h>
#include <asm/unwind.h>

#if !defined(CONFIG_X86_64) || !defined(CONFIG_UNWINDER_ORC)
#error "stack_observer knows x86-64 with CONFIG_UNWINDER_ORC only"
#endif
#ifndef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
#error "stack_observer needs ftrace callbacks that see the stack pointer"
#endif

/* Context classes; a task can be in several at once. */
enum so_class {
	SO_DIRECT_RECLAIM,
	SO_MEMCG_RECLAIM,
	SO_KSWAPD,
	SO_FLUSHER,
	SO_WORKQUEUE,
	SO_FS_TRANSACTION,
	SO_SYSCALL,
	SO_PAGE_FAULT,
	SO_KTHREAD,
	SO_CLASSES,
	/* Not a class: an entry point that only has a histogram. */
	SO_HISTOGRAM = SO_CLASSES,
	SO_HOOKS,
};

#define SO_MASKS	(1U << SO_CLASSES)
#define SO_RECLAIM	(BIT(SO_DIRECT_RECLAIM) | BIT(SO_MEMCG_RECLAIM) | \
			 BIT(SO_KSWAPD))

static const char * const so_names[SO_HOOKS] = {
	[SO_DIRECT_RECLAIM]	= "direct_reclaim",
	[SO_MEMCG_RECLAIM]	= "memcg_reclaim",
	[SO_KSWAPD]		= "kswapd",
	[SO_FLUSHER]		= "flusher",
	[SO_WORKQUEUE]		= "workqueue",
	[SO_FS_TRANSACTION]	= "fs_transaction",
	[SO_SYSCALL]		= "syscall",
	[SO_PAGE_FAULT]		= "page_fault",
	[SO_KTHREAD]		= "kthread",
	[SO_HISTOGRAM]		= "histogram",
};

/* Entry points that every kernel has in some form; a missing one is reported. */
static const struct {
	enum so_class class;
	const char *function;
} so_default_entries[] = {
	{ SO_DIRECT_RECLAIM,	"try_to_free_pages" },
	{ SO_DIRECT_RECLAIM,	"__node_reclaim" },
	{ SO_MEMCG_RECLAIM,	"try_to_free_mem_cgroup_pages" },
	/* Part of it with the pageout list, and called past it. */
	{ SO_MEMCG_RECLAIM,	"shrink_mem_cgroup_pages" },
	{ SO_KSWAPD,		"balance_pgdat" },
	{ SO_FLUSHER,		"wb_workfn" },
	{ SO_PAGE_FAULT,	"handle_mm_fault" },
};

/* The maxima that a class has, each with its stack. */
enum so_max {
	SO_OWN,		/* interrupts, preemption and tracers excluded */
	SO_ALL,		/* everything counted */
	SO_BELOW,	/* below the innermost reclaim; SO_OWN's rules */
	SO_MAXES,
};

static const char * const so_max_names[SO_MAXES] = {
	[SO_OWN]	= "max_bytes",
	[SO_ALL]	= "max_bytes_with_interrupts",
	[SO_BELOW]	= "below_reclaim_bytes",
};

/* Why an observation was thrown away. */
enum so_loss {
	SO_LOST_RECURSION,	/* entered while a callback of ftrace was running */
	SO_LOST_RCU,		/* RCU not watching: no walk possible */
	SO_LOST_ROOM,		/* less than SO_ROOM left of the stack */
	SO_LOST_TASKS,		/* no free record for another task */
	SO_LOST_NESTING,	/* more than SO_NESTING entry points nested */
	SO_LOST_ENTRIES,	/* hooked, but its symbol has another name */
	SO_LOSSES,
};

static const char * const so_loss_names[SO_LOSSES] = {
	[SO_LOST_RECURSION]	= "recursion",
	[SO_LOST_RCU]		= "rcu",
	[SO_LOST_ROOM]		= "room",
	[SO_LOST_TASKS]		= "tasks",
	[SO_LOST_NESTING]	= "nesting",
	[SO_LOST_ENTRIES]	= "entries",
};

enum so_kind {
	SO_TASK,
	SO_INTERRUPT,
	SO_PREEMPT,
	SO_TRACER,
	SO_SELF,	/* the observer: a stack with it is thrown away */
	SO_KINDS,
};

static const char * const so_kind_names[SO_KINDS] = {
	[SO_TASK]	= "",
	[SO_INTERRUPT]	= " <interrupt>",
	[SO_PREEMPT]	= " <preempt>",
	[SO_TRACER]	= " <tracer>",
	[SO_SELF]	= " <tracer>",
};

#define SO_FRAMES	192	/* rows kept of a stack */
#define SO_NESTING	8	/* entry points active in one task */
#define SO_WAYS		8	/* task records in a bucket */
#define SO_BUCKET_BITS	7
#define SO_BUCKETS	(1U << SO_BUCKET_BITS)
#define SO_KNOWN_BITS	13	/* cached return addresses */
#define SO_ENTRIES	96	/* entry points with a histogram */
#define SO_BUCKET_BYTES	256
#define SO_DEPTHS	(THREAD_SIZE / SO_BUCKET_BYTES + 1)
/* Leave this much to the task when the stack is nearly used up. */
#define SO_ROOM		768

/* One observed stack. */
struct so_stack {
	u32 bytes;		/* the figure this stack is the evidence for */
	u32 total;		/* depth of row 0 */
	u32 reclaim_at;		/* 0: not below reclaim */
	u32 frames;
	bool cut;		/* the walk did not reach the outermost frame */
	bool self;		/* the observer itself is on it */
	int cpu;
	pid_t pid;
	unsigned long ip[SO_FRAMES];
	u32 depth[SO_FRAMES];
	u8 kind[SO_FRAMES];
};

struct so_cpu {
	u64 hits[SO_MASKS];
	u64 calls;
	u64 observer;		/* calls that the observer itself brought about */
	u64 other_stack;	/* IRQ and exception stacks, context switch */
	u64 idle;
	u64 lost[SO_LOSSES];
	u64 walks;
	u64 stale;		/* remembered entries that the walk refuted */
	bool busy;
	char symbol[KSYM_SYMBOL_LEN];
	struct so_stack scratch;
	seqcount_t seq;		/* protects best[] against torn reads */
	struct so_stack best[SO_CLASSES][SO_MAXES];
};

/* An entry point on the stack of a task, or an interrupt that a walk found. */
struct so_entry {
	unsigned long sp;	/* slot of its return address */
	unsigned long ret;	/* what was in the slot */
	unsigned long ip;
	unsigned long reclaim_sp; /* innermost reclaim from here outwards, or 0 */
	u32 own;		/* its classes */
	u32 mask;		/* with those of the entries further out */
	bool foreign;		/* an interrupt, preemption or tracer */
	bool below_foreign;	/* it, or one further out */
};

struct so_task {
	u32 nr;
	struct so_entry entry[SO_NESTING];
};

struct so_bucket {
	atomic_t used;
	struct task_struct *owner[SO_WAYS];
	struct so_task task[SO_WAYS];
};

/* A function whose entry begins a class, or only has a histogram. */
struct so_entry_point {
	enum so_class class;
	bool found;		/* ftrace knows a function of this name */
	unsigned long ip;	/* once it was entered */
	atomic64_t depths[SO_DEPTHS];
	char name[KSYM_NAME_LEN];
};

static DEFINE_PER_CPU(struct so_cpu *, so_cpus);
static struct so_bucket *so_buckets;
static struct so_entry_point *so_entry_points;
static unsigned int so_nr_entry_points;	/* grows only */
/* Return addresses whose kind is known: address << 3 | kind, one word each. */
static u64 *so_known;

/* Maxima over all CPUs, and the least of them for each set of classes. */
static atomic_t so_maxima[SO_MAXES][SO_CLASSES];
static u32 so_threshold[SO_MAXES][SO_MASKS];

static bool so_running;		/* callbacks look at it */
static bool so_filtered, so_registered, so_entry_registered;
static DEFINE_MUTEX(so_lock);	/* control: start, stop, entry points, reading */
static struct dentry *so_dir;

static char *entry_points = "";
module_param(entry_points, charp, 0444);
MODULE_PARM_DESC(entry_points, "class:function[,class:function]... besides the built-in ones");

static bool start = true;
module_param(start, bool, 0444);
MODULE_PARM_DESC(start, "observe from loading on (default true)");

static __always_inline struct pt_regs *so_regs(struct ftrace_regs *fregs)
{
#ifdef arch_ftrace_regs
	return &arch_ftrace_regs(fregs)->regs;
#else
	return &fregs->regs;
#endif
}

/* -------- records of the tasks that are inside an entry point -------- */

/*
 * Only @task itself looks up, adds, changes and removes its record. So does an
 * interrupt on its stack, whose functions are traced on top of a callback that
 * is not done with the record: from looking it up to the last access interrupts
 * are off, or kept out by so_cpu.busy. NMIs have a stack of their own.
 */
static __always_inline struct so_bucket *so_bucket_of(struct task_struct *task)
{
	return &so_buckets[hash_ptr(task, SO_BUCKET_BITS)];
}

/* For @task without a record, which is most: nobody else can give it one. */
static __always_inline bool so_may_have_record(struct task_struct *task)
{
	return atomic_read(&so_bucket_of(task)->used);
}

static __always_inline struct so_task *so_find(struct task_struct *task)
{
	struct so_bucket *b = so_bucket_of(task);
	int i;

	for (i = 0; i < SO_WAYS; i++)
		if (READ_ONCE(b->owner[i]) == task)
			return &b->task[i];
	return NULL;
}

static struct so_task *so_add(struct task_struct *task)
{
	struct so_bucket *b = so_bucket_of(task);
	int i;

	for (i = 0; i < SO_WAYS; i++) {
		if (READ_ONCE(b->owner[i]) ||
		    cmpxchg(&b->owner[i], NULL, task))
			continue;
		atomic_inc(&b->used);
		b->task[i].nr = 0;
		return &b->task[i];
	}
	return NULL;
}

static void so_remove(struct task_struct *task, struct so_task *t)
{
	struct so_bucket *b = so_bucket_of(task);

	atomic_dec(&b->used);
	/* Pairs with the cmpxchg() in so_add(): done with the record. */
	smp_store_release(&b->owner[t - b->task], NULL);
}

/*
 * Forget the entries that have returned, now that the function at @ip is
 * entered with its return address at @sp. An entry whose slot is outside the
 * stack is the leftover of a dead task whose task_struct was used again.
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

static void so_accumulate(struct so_task *t, unsigned int i)
{
	struct so_entry *e = &t->entry[i];

	e->mask = e->own;
	e->reclaim_sp = 0;
	e->below_foreign = e->foreign;
	if (i) {
		e->mask |= e[-1].mask;
		e->reclaim_sp = e[-1].reclaim_sp;
		e->below_foreign |= e[-1].below_foreign;
	}
	/* An entry point within one of the same class does not begin it anew. */
	if (e->own & SO_RECLAIM & ~(i ? e[-1].mask : 0))
		e->reclaim_sp = e->sp;
}

/* -------- what kind of code is a return address in? -------- */

static bool so_starts(const char *s, const char * const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (!strncmp(s, *prefixes, strlen(*prefixes)))
			return true;
	return false;
}

static enum so_kind so_kind_of_symbol(const char *s)
{
	static const char * const preempt[] = {
		"preempt_schedule", "dynamic_preempt_schedule",
		"__cond_resched", "dynamic_cond_resched",
		"dynamic_might_resched", NULL
	};
	/* Entered by a breakpoint or trap that a probe planted. */
	static const char * const trap[] = {
		"asm_exc_int3", "asm_exc_debug", NULL
	};
	static const char * const interrupt[] = {
		"asm_sysvec_", "asm_common_interrupt", "asm_spurious_interrupt",
		"asm_exc_", "asm_fred_", "common_interrupt_return",
		"nmi_restore", "end_repeat_nmi", NULL
	};
	static const char * const tracer[] = {
		"0x", "ftrace_", "__ftrace_", "arch_ftrace_", "function_trace_",
		"function_stack_trace_", "function_graph_", "trace_graph_",
		"stack_trace_call", "kprobe_", "kretprobe_", "aggr_",
		"opt_pre_handler", "optimized_callback", "arch_rethook_",
		"rethook_", "fprobe_", "bpf_trampoline_", "bpf_prog_",
		"__bpf_prog_", "bpf_trace_run", "perf_trace_", "perf_ftrace_",
		"trace_event_raw_event_", "__traceiter_", NULL
	};

	if (strstr(s, " [" KBUILD_MODNAME "]"))
		return SO_SELF;
	if (so_starts(s, trap) || so_starts(s, tracer))
		return SO_TRACER;
	/* A page fault in the kernel is the task's own work. */
	if (!strncmp(s, "asm_exc_page_fault", 18))
		return SO_TASK;
	if (so_starts(s, interrupt))
		return SO_INTERRUPT;
	if (so_starts(s, preempt))
		return SO_PREEMPT;
	return SO_TASK;
}

static enum so_kind so_kind_of(struct so_cpu *c, unsigned long ip)
{
	u64 *known = &so_known[hash_long(ip, SO_KNOWN_BITS)];
	u64 word = READ_ONCE(*known);
	enum so_kind kind;

	if (word >> 3 == (ip << 3) >> 3)
		return word & 7;
	/* The address follows the call, which can end its function. */
	sprint_symbol_no_offset(c->symbol, ip - 1);
	kind = so_kind_of_symbol(c->symbol);
	WRITE_ONCE(*known, (u64)ip << 3 | kind);
	return kind;
}

/* -------- a new maximum -------- */

/*
 * Fill c->scratch with the stack from the function just entered outwards.
 * Return whether no interrupt, preemption or tracer is on it.
 */
static bool so_walk(struct so_cpu *c, struct pt_regs *regs, unsigned long base,
		    u32 depth)
{
	struct so_stack *s = &c->scratch;
	enum so_kind kind = SO_TASK;
	struct unwind_state state;
	u32 n = 0, i;

	s->total = depth;
	s->cut = false;
	s->self = false;
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

	/* A kind holds from its outermost row to the deepest. */
	for (i = n; i--;) {
		enum so_kind k = i ? so_kind_of(c, s->ip[i]) : SO_TASK;

		if (k == SO_SELF)
			s->self = true;
		if (k != SO_TASK && (kind == SO_TASK || k == SO_INTERRUPT))
			kind = k;
		s->kind[i] = kind;
	}
	return kind == SO_TASK;
}

/* Does the walked stack have the frame that @e remembers? */
static bool so_confirm(const struct so_stack *s, const struct so_entry *e,
		       unsigned long base)
{
	u32 depth = THREAD_SIZE - (e->sp - base), i;

	for (i = 1; i < s->frames; i++) {
		if (s->depth[i] < depth)
			return false;
		if (s->depth[i] == depth)
			return s->ip[i] == e->ret ||
			       READ_ONCE_NOCHECK(*(unsigned long *)e->sp) == e->ret;
	}
	/* Beyond the end of a walk that was cut short, believe it. */
	return s->cut;
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
	if (!t || t->nr == SO_NESTING || (t->nr && t->entry[t->nr - 1].sp <= sp))
		return;
	e = &t->entry[t->nr++];
	e->sp = sp;
	e->ret = s->ip[i];
	e->ip = 0;
	e->own = 0;
	e->foreign = true;
	so_accumulate(t, t->nr - 1);
}

static noinline void so_new_maximum(struct so_cpu *c, struct pt_regs *regs,
				    unsigned long base, u32 mask, u32 depth,
				    u32 reclaim_at, u32 plain_mask, bool own)
{
	struct so_task *t = NULL;
	bool want, clean;

	own &= !(preempt_count() & (HARDIRQ_MASK | NMI_MASK | SOFTIRQ_OFFSET));

	/* Thresholds lag behind the maxima: look before walking. */
	want = so_is_new(SO_ALL, mask, depth);
	if (own) {
		want |= so_is_new(SO_OWN, mask, depth);
		if (reclaim_at)
			want |= so_is_new(SO_BELOW, mask, depth - reclaim_at);
	}
	if (!want)
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

	/* An interrupt may have given current a record, or left an entry in it. */
	if (so_may_have_record(current))
		t = so_find(current);
	clean = so_walk(c, regs, base, depth);
	if (c->scratch.self) {
		c->observer++;
		goto out;
	}
	if (t && t->nr) {
		u32 i, keep = 0;

		for (i = 0; i < t->nr; i++) {
			if (t->entry[i].sp == regs->sp ||
			    so_confirm(&c->scratch, &t->entry[i], base))
				t->entry[keep++] = t->entry[i];
			else
				c->stale++;
		}
		t->nr = keep;
		for (i = 0; i < keep; i++)
			so_accumulate(t, i);
		mask = plain_mask;
		reclaim_at = 0;
		if (keep) {
			mask |= t->entry[keep - 1].mask;
			if (t->entry[keep - 1].reclaim_sp)
				reclaim_at = THREAD_SIZE -
					(t->entry[keep - 1].reclaim_sp - base);
		}
	}
	c->scratch.reclaim_at = reclaim_at;
	if (own && !clean)
		so_remember_foreign(c, t, base);
	own = clean && !(preempt_count() & (HARDIRQ_MASK | NMI_MASK |
					    SOFTIRQ_OFFSET));

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

/* -------- the hot path -------- */

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

static void so_function(unsigned long ip, unsigned long parent_ip,
			struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct pt_regs *regs = so_regs(fregs);
	u32 mask, plain, depth, reclaim_at = 0;
	struct task_struct *task = current;
	unsigned long base, off, flags;
	struct so_task *t;
	struct so_cpu *c;
	bool own = true;
	int bit;

	bit = ftrace_test_recursion_trylock(ip, parent_ip);
	if (bit < 0) {
		/* Preemption may be on; a counter can bear the wrong CPU. */
		c = raw_cpu_read(so_cpus);
		if (READ_ONCE(so_running) && !c->busy)
			c->lost[SO_LOST_RECURSION]++;
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
	if (so_may_have_record(task)) {
		raw_local_irq_save(flags);
		t = so_find(task);
		if (t)
			so_pop(t, regs->sp, ip, base);
		if (t && t->nr) {
			struct so_entry *e = &t->entry[t->nr - 1];

			mask |= e->mask;
			own = !e->below_foreign;
			if (e->reclaim_sp)
				reclaim_at = THREAD_SIZE - (e->reclaim_sp - base);
		} else if (t) {
			so_remove(task, t);
		}
		raw_local_irq_restore(flags);
	}
	c->hits[mask]++;

	if (unlikely(depth > so_threshold[own ? SO_OWN : SO_ALL][mask]) ||
	    unlikely(reclaim_at && own &&
		     depth > reclaim_at + so_threshold[SO_BELOW][mask]))
		so_new_maximum(c, regs, base, mask, depth, reclaim_at, plain, own);
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
		c->busy = true;
		barrier();
		sprint_symbol_no_offset(c->symbol, ip);
		barrier();
		c->busy = false;
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

/* Its filter is the entry points; without one it would trace everything. */
static struct ftrace_ops so_entry_ops = {
	.func = so_entered,
};

static struct ftrace_ops so_ops = {
	.func = so_function,
};

/* -------- control -------- */

/* Nobody is in a callback that saw so_running set when this returns. */
static void so_pause(void)
{
	WRITE_ONCE(so_running, false);
	synchronize_rcu();
}

static void so_clear(void)
{
	unsigned int i;
	int cpu, m;
	u32 mask;

	for_each_possible_cpu(cpu) {
		struct so_cpu *c = per_cpu(so_cpus, cpu);

		memset(c, 0, sizeof(*c));
		seqcount_init(&c->seq);
	}
	memset(so_buckets, 0, SO_BUCKETS * sizeof(*so_buckets));
	for (i = 0; i < so_nr_entry_points; i++) {
		so_entry_points[i].ip = 0;
		memset(so_entry_points[i].depths, 0,
		       sizeof(so_entry_points[i].depths));
	}
	memset(so_known, 0, sizeof(u64) << SO_KNOWN_BITS);
	memset(so_maxima, 0, sizeof(so_maxima));
	memset(so_threshold, 0, sizeof(so_threshold));
	/* In no class: nothing to beat. */
	for (m = 0; m < SO_MAXES; m++)
		so_threshold[m][0] = U32_MAX;
	for (mask = 0; mask < SO_MASKS; mask++)
		if (!(mask & SO_RECLAIM))
			so_threshold[SO_BELOW][mask] = U32_MAX - THREAD_SIZE;
}

static void so_unregister(void)
{
	if (so_registered)
		unregister_ftrace_function(&so_ops);
	so_registered = false;
	if (so_entry_registered)
		unregister_ftrace_function(&so_entry_ops);
	so_entry_registered = false;
}

static int so_register_entries(void)
{
	int ret = 0;

	if (so_filtered && !so_entry_registered) {
		ret = register_ftrace_function(&so_entry_ops);
		so_entry_registered = !ret;
	}
	return ret;
}

static int so_start(void)
{
	int ret;

	if (so_registered)
		return 0;
	/* What was remembered of tasks is out of date; the maxima stay. */
	memset(so_buckets, 0, SO_BUCKETS * sizeof(*so_buckets));
	ret = so_register_entries();
	if (!ret)
		ret = register_ftrace_function(&so_ops);
	if (ret) {
		so_unregister();
		return ret;
	}
	so_registered = true;
	WRITE_ONCE(so_running, true);
	return 0;
}

static void so_stop(void)
{
	so_pause();
	so_unregister();
}

static void so_reset(void)
{
	bool was = so_running;

	so_pause();
	so_clear();
	WRITE_ONCE(so_running, was);
}

static int so_class_of(const char *name)
{
	int i;

	for (i = 0; i < SO_HOOKS; i++)
		if (!strcmp(name, so_names[i]))
			return i;
	return -EINVAL;
}

/*
 * Hook @function as an entry point of @class. A kernel that does not have the
 * function, or has it inlined, is no error: the report says so.
 */
static int so_add_entry(int class, const char *function)
{
	struct so_entry_point *p;
	unsigned int i;
	char *buf;
	int ret;

	if (!*function || strlen(function) >= KSYM_NAME_LEN ||
	    strpbrk(function, "*?[]!:"))
		return -EINVAL;
	for (i = 0; i < so_nr_entry_points; i++)
		if (so_entry_points[i].class == class &&
		    !strcmp(so_entry_points[i].name, function))
			break;
	/* One that was not found can have come with a module since. */
	if (i < so_nr_entry_points && so_entry_points[i].found)
		return 0;
	if (i == SO_ENTRIES)
		return -ENOSPC;

	buf = kstrdup(function, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	ret = ftrace_set_filter(&so_entry_ops, buf, strlen(buf), 0);
	kfree(buf);
	if (ret && ret != -EINVAL && ret != -ENOENT)
		return ret;

	p = &so_entry_points[i];
	p->found = !ret;
	if (i == so_nr_entry_points) {
		p->class = class;
		strscpy(p->name, function, sizeof(p->name));
		/* Pairs with so_entry_classes(). */
		smp_store_release(&so_nr_entry_points, i + 1);
	}
	if (p->found) {
		so_filtered = true;
		if (so_registered)
			return so_register_entries();
	}
	return 0;
}

static int so_add_entry_text(char *class_name, char *function)
{
	int class = so_class_of(class_name);

	if (class < 0) {
		pr_err("unknown class '%s' of entry point '%s'\n", class_name,
		       function);
		return class;
	}
	return so_add_entry(class, function);
}

/* "class:function,class:function" */
static int so_parse_parameter(void)
{
	char *copy, *rest, *item;
	int ret = 0;

	copy = kstrdup(entry_points, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = copy;
	while (!ret && (item = strsep(&rest, ","))) {
		char *function = strchr(item, ':');

		if (!*item)
			continue;
		if (!function) {
			pr_err("entry_points: expected class:function, found '%s'\n",
			       item);
			ret = -EINVAL;
			break;
		}
		*function++ = '\0';
		ret = so_add_entry_text(item, function);
	}
	kfree(copy);
	return ret;
}

/* Lines "CLASS FUNCTION"; '#' begins a comment. */
static ssize_t so_entry_points_write(struct file *file, const char __user *ubuf,
				     size_t count, loff_t *ppos)
{
	char *text, *rest, *line;
	int ret = 0;

	if (count > SZ_64K)
		return -E2BIG;
	text = memdup_user_nul(ubuf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	rest = text;
	mutex_lock(&so_lock);
	while (!ret && (line = strsep(&rest, "\n"))) {
		char *class, *function;

		line[strcspn(line, "#")] = '\0';
		line = strim(line);
		if (!*line)
			continue;
		class = line;
		function = line + strcspn(line, " \t:");
		if (!*function) {
			pr_err("entry_points: expected 'class function', found '%s'\n",
			       line);
			ret = -EINVAL;
			break;
		}
		*function++ = '\0';
		function = strim(function);
		/* Further words belong to other readers of the table. */
		function[strcspn(function, " \t")] = '\0';
		ret = so_add_entry_text(class, function);
	}
	mutex_unlock(&so_lock);
	kfree(text);
	return ret ? ret : count;
}

static int so_entry_points_show(struct seq_file *m, void *v)
{
	unsigned int i;

	mutex_lock(&so_lock);
	for (i = 0; i < so_nr_entry_points; i++)
		seq_printf(m, "%s %s%s\n", so_names[so_entry_points[i].class],
			   so_entry_points[i].name,
			   so_entry_points[i].found ? "" : " # not found");
	mutex_unlock(&so_lock);
	return 0;
}

static int so_entry_points_open(struct inode *inode, struct file *file)
{
	return single_open(file, so_entry_points_show, NULL);
}

static const struct file_operations so_entry_points_fops = {
	.owner		= THIS_MODULE,
	.open		= so_entry_points_open,
	.read		= seq_read,
	.write		= so_entry_points_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static ssize_t so_control_write(struct file *file, const char __user *ubuf,
				size_t count, loff_t *ppos)
{
	char buf[16];
	char *word;
	int ret = 0;

	if (count >= sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, ubuf, count))
		return -EFAULT;
	buf[count] = '\0';
	word = strim(buf);

	mutex_lock(&so_lock);
	if (!strcmp(word, "start"))
		ret = so_start();
	else if (!strcmp(word, "stop"))
		so_stop();
	else if (!strcmp(word, "reset"))
		so_reset();
	else
		ret = -EINVAL;
	mutex_unlock(&so_lock);
	return ret ? ret : count;
}

static int so_control_show(struct seq_file *m, void *v)
{
	seq_puts(m, READ_ONCE(so_running) ? "running\n" : "stopped\n");
	return 0;
}

static int so_control_open(struct inode *inode, struct file *file)
{
	return single_open(file, so_control_show, NULL);
}

static const struct file_operations so_control_fops = {
	.owner		= THIS_MODULE,
	.open		= so_control_open,
	.read		= seq_read,
	.write		= so_control_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/* -------- the report -------- */

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

static void so_print_stack(struct seq_file *m, const struct so_stack *s,
			   const char *of)
{
	u32 size[SO_KINDS] = { 0 };
	u32 i;

#define SO_SIZE(i) (s->depth[i] - ((i) + 1 < s->frames ? s->depth[(i) + 1] : 0))
	for (i = 0; i < s->frames; i++)
		size[s->kind[i]] += SO_SIZE(i);
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
			   SO_SIZE(i), (void *)s->ip[i],
			   so_kind_names[s->kind[i]]);
#undef SO_SIZE
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
		for (mask = 1; mask < SO_MASKS; mask++)
			for (i = 0; i < SO_CLASSES; i++)
				if (mask & BIT(i))
					sum->hits[i] += READ_ONCE(c->hits[mask]);
	}
}

static int so_report_show(struct seq_file *m, void *v)
{
	struct so_stack *stack;
	struct so_sum sum;
	u64 lost = 0;
	unsigned int w;
	int i, max;

	/* Two: the largest so far, and one being copied. */
	stack = kvcalloc(2, sizeof(*stack), GFP_KERNEL);
	if (!stack)
		return -ENOMEM;
	mutex_lock(&so_lock);
	so_add_up(&sum);
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
	for (i = 0; i < SO_HOOKS; i++) {
		static const enum so_max order[SO_MAXES] = {
			SO_OWN, SO_BELOW, SO_ALL
		};

		if (i < SO_CLASSES && !sum.hits[i])
			continue;
		if (i < SO_CLASSES) {
			seq_printf(m, "class %s\n", so_names[i]);
			for (max = 0; max < SO_MAXES; max++) {
				u32 n = atomic_read(&so_maxima[max][i]);

				if (n)
					seq_printf(m, "%s %u\n",
						   so_max_names[max], n);
			}
			seq_printf(m, "hits %llu\n", sum.hits[i]);
			for (max = 0; max < SO_MAXES; max++)
				if (so_collect(stack, i, order[max]))
					so_print_stack(m, stack,
						       so_max_names[order[max]]);
		}
		for (w = 0; w < so_nr_entry_points; w++)
			if (so_entry_points[w].class == i)
				so_print_histogram(m, &so_entry_points[w],
						   i < SO_CLASSES ? "histogram" :
						   "entry_histogram");
	}
	seq_printf(m, "calls %llu\n", sum.calls);
	seq_printf(m, "calls_of_observer %llu\n", sum.observer);
	seq_printf(m, "calls_on_other_stacks %llu\n", sum.other_stack);
	seq_printf(m, "calls_of_idle_tasks %llu\n", sum.idle);
	seq_printf(m, "calls_in_no_class %llu\n", sum.none);
	seq_printf(m, "walks %llu\n", sum.walks);
	seq_printf(m, "stale_entries %llu\n", sum.stale);
	for (i = 0; i < SO_LOSSES; i++) {
		seq_printf(m, "lost_%s %llu\n", so_loss_names[i], sum.lost[i]);
		lost += sum.lost[i];
	}
	seq_printf(m, "lost %llu\n", lost);
	seq_puts(m, "end\n");
	mutex_unlock(&so_lock);
	kvfree(stack);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(so_report);

/* -------- module -------- */

static void so_free(void)
{
	int cpu;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	ftrace_free_filter(&so_entry_ops);
#else
	ftrace_set_filter(&so_entry_ops, NULL, 0, 1);
#endif
	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(so_cpus, cpu));
		per_cpu(so_cpus, cpu) = NULL;
	}
	kvfree(so_buckets);
	kvfree(so_entry_points);
	kvfree(so_known);
}

static int __init so_allocate(void)
{
	int cpu;

	so_buckets = kvcalloc(SO_BUCKETS, sizeof(*so_buckets), GFP_KERNEL);
	so_entry_points = kvcalloc(SO_ENTRIES, sizeof(*so_entry_points),
				   GFP_KERNEL);
	so_known = kvcalloc(1 << SO_KNOWN_BITS, sizeof(*so_known), GFP_KERNEL);
	if (!so_buckets || !so_entry_points || !so_known)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct so_cpu *c = kvzalloc_node(sizeof(*c), GFP_KERNEL,
						 cpu_to_node(cpu));

		if (!c)
			return -ENOMEM;
		per_cpu(so_cpus, cpu) = c;
	}
	return 0;
}

static int __init so_init(void)
{
	int i, ret;

	ret = so_allocate();
	if (ret)
		goto fail;
	so_clear();
	for (i = 0; !ret && i < ARRAY_SIZE(so_default_entries); i++)
		ret = so_add_entry(so_default_entries[i].class,
				   so_default_entries[i].function);
	if (!ret)
		ret = so_parse_parameter();
	if (!ret && start)
		ret = so_start();
	if (ret)
		goto fail;

	so_dir = debugfs_create_dir("stack_observer", NULL);
	debugfs_create_file("report", 0400, so_dir, NULL, &so_report_fops);
	debugfs_create_file("control", 0600, so_dir, NULL, &so_control_fops);
	debugfs_create_file("entry_points", 0600, so_dir, NULL,
			    &so_entry_points_fops);
	return 0;
fail:
	so_stop();
	so_free();
	return ret;
}

static void __exit so_exit(void)
{
	debugfs_remove(so_dir);
	mutex_lock(&so_lock);
	/* Returns when no task can be in a callback or trampoline any more. */
	so_stop();
	mutex_unlock(&so_lock);
	so_free();
}

module_init(so_init);
module_exit(so_exit);
MODULE_DESCRIPTION("maximum depth of the task stack, per context");
MODULE_LICENSE("GPL");
