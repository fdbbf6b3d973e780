/* SPDX-License-Identifier: GPL-2.0-only */
/* stack_observer: what its parts promise each other. */
#ifndef STACK_OBSERVER_H
#define STACK_OBSERVER_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/kallsyms.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/thread_info.h>
#include <linux/types.h>

#if !defined(CONFIG_X86_64) || !defined(CONFIG_UNWINDER_ORC)
#error "stack_observer knows x86-64 with CONFIG_UNWINDER_ORC only"
#endif
#ifndef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
#error "stack_observer needs ftrace callbacks that see the stack pointer"
#endif

struct dentry;
struct ftrace_ops;
struct pt_regs;

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

#define SO_MASKS	BIT(SO_CLASSES)
#define SO_RECLAIM	(BIT(SO_DIRECT_RECLAIM) | BIT(SO_MEMCG_RECLAIM) | \
			 BIT(SO_KSWAPD))

/* The maxima that a class has, each with its stack. */
enum so_max {
	SO_OWN,		/* interrupts, preemption and tracers excluded */
	SO_ALL,		/* everything counted */
	SO_BELOW,	/* below the innermost reclaim; SO_OWN's rules */
	SO_MAXES,
};

/* Why an observation was thrown away. */
enum so_loss {
	SO_LOST_RECURSION,	/* entered while ftrace runs a callback */
	SO_LOST_RCU,		/* RCU not watching: no walk possible */
	SO_LOST_ROOM,		/* too little left of the stack for a walk */
	SO_LOST_TASKS,		/* no free record for another task */
	SO_LOST_NESTING,	/* more than SO_NESTING entry points nested */
	SO_LOST_ENTRIES,	/* hooked, but its symbol has another name */
	SO_LOSSES,
};

/* What kind of code a row of a stack belongs to. */
enum so_kind {
	SO_TASK,
	SO_INTERRUPT,
	SO_PREEMPT,
	SO_TRACER,
	SO_SELF,	/* the observer: a stack with it is thrown away */
	SO_KINDS,
};

#define SO_FRAMES	192	/* rows kept of a stack */
#define SO_BUCKET_BYTES	256	/* of a histogram */
#define SO_DEPTHS	(THREAD_SIZE / SO_BUCKET_BYTES + 1)

/**
 * struct so_stack - one observed stack, from the deepest row outwards
 * @bytes: the figure this stack is the evidence for
 * @total: depth of row 0
 * @reclaim_at: depth at which the innermost reclaim was entered, 0 if the
 *	stack is not below reclaim
 * @frames: rows in use
 * @cut: the walk did not reach the outermost frame
 * @self: the observer itself is on it
 * @cpu: where it was walked
 * @pid: whose it is
 * @ip: the function entered, then return addresses
 * @depth: of the slot that holds the address
 * @kind: enum so_kind; holds from its outermost row to the deepest
 */
struct so_stack {
	u32 bytes;
	u32 total;
	u32 reclaim_at;
	u32 frames;
	bool cut;
	bool self;
	int cpu;
	pid_t pid;
	unsigned long ip[SO_FRAMES];
	u32 depth[SO_FRAMES];
	u8 kind[SO_FRAMES];
};

/**
 * struct so_cpu - what one CPU has seen
 * @hits: calls, by the set of classes that the task was in
 * @calls: calls that were looked at
 * @observer: calls that the observer itself brought about
 * @other_stack: calls on IRQ and exception stacks, in a context switch
 * @idle: calls of the idle task
 * @lost: observations thrown away, by enum so_loss
 * @walks: stacks walked
 * @stale: remembered entries that the walk refuted
 * @busy: the observer calls functions that are traced: keep out of callbacks
 * @symbol: scratch for the name of a function
 * @scratch: the stack being walked, while @busy
 * @seq: protects @best against torn reads
 * @best: the deepest stacks
 */
struct so_cpu {
	u64 hits[SO_MASKS];
	u64 calls;
	u64 observer;
	u64 other_stack;
	u64 idle;
	u64 lost[SO_LOSSES];
	u64 walks;
	u64 stale;
	bool busy;
	char symbol[KSYM_SYMBOL_LEN];
	struct so_stack scratch;
	seqcount_t seq;
	struct so_stack best[SO_CLASSES][SO_MAXES];
};

/* main.c */

DECLARE_PER_CPU(struct so_cpu *, so_cpus);

/* callbacks.c: what ftrace calls */

/* Every function: how deep is it? */
extern struct ftrace_ops so_ops;
/* The entry points. Without a filter it would trace everything. */
extern struct ftrace_ops so_entry_ops;

/* maxima.c */

/* The least of the maxima of each set of classes; it may lag behind them. */
extern u32 so_threshold[SO_MAXES][SO_MASKS];

/**
 * so_new_maximum() - walk the stack, and keep it where it is a new maximum
 * @c: of this CPU
 * @regs: at the entry of the function
 * @base: lowest address of the task's stack
 * @mask: the classes of the task
 * @depth: of the call
 * @reclaim_at: depth at which the innermost reclaim was entered, or 0
 * @plain_mask: those of @mask that need no entry point
 * @own: nothing foreign is remembered further out
 *
 * The walk checks what is remembered of the task, and classes and @reclaim_at
 * are those of the entries that are left.
 *
 * Context: a callback of ftrace, which holds its recursion guard.
 */
void so_new_maximum(struct so_cpu *c, struct pt_regs *regs, unsigned long base,
		    u32 mask, u32 depth, u32 reclaim_at, u32 plain_mask,
		    bool own);

/**
 * so_maximum() - the largest figure of a class, over all CPUs
 * @m: which of its maxima
 * @class: the class
 *
 * Return: bytes, 0 if there is none yet.
 */
u32 so_maximum(enum so_max m, enum so_class class);

/* Forget the maxima and thresholds; no callback may be running. */
void so_clear_maxima(void);

/* code_kind.c: what kind of code is a return address in? */

/**
 * so_mark_kinds() - tell the rows of the walked stack apart
 * @c: of this CPU; sets kinds and self of its scratch, overwrites its symbol
 *
 * Not part of the walk, so that the state of the unwinder is off the stack
 * while symbols are looked up.
 *
 * Context: @c is busy.
 * Return: whether no interrupt, preemption or tracer is on the stack.
 */
bool so_mark_kinds(struct so_cpu *c);

int so_allocate_kinds(void);
/* Forget the kinds that are known; no callback may be running. */
void so_clear_kinds(void);
void so_free_kinds(void);

/* entry_points.c: the table of entry points, and its file */

/**
 * struct so_entry_point - a function that begins a class or has a histogram
 * @class: the class, or SO_HISTOGRAM
 * @found: ftrace knows a function of this name
 * @ip: its address, once it was entered
 * @depths: how deep it was entered, in steps of SO_BUCKET_BYTES
 * @name: of the function
 */
struct so_entry_point {
	enum so_class class;
	bool found;
	unsigned long ip;
	atomic64_t depths[SO_DEPTHS];
	char name[KSYM_NAME_LEN];
};

/* Grows only, so callbacks need no lock. */
extern struct so_entry_point *so_entry_points;
extern unsigned int so_nr_entry_points;

/* Names of the classes in the table and in the report. */
extern const char * const so_names[SO_HOOKS];

/**
 * so_add_default_entries() - hook what every kernel has in some form
 *
 * Return: 0, or a negative error.
 */
int so_add_default_entries(void);

/**
 * so_add_entries() - hook the entry points of a module parameter
 * @text: "class:function[,class:function]..."
 *
 * Return: 0, or a negative error; what is wrong is in the kernel's log.
 */
int so_add_entries(const char *text);

void so_create_entry_points(struct dentry *dir);
int so_allocate_entry_points(void);
/* Forget addresses and histograms; no callback may be running. */
void so_clear_entry_points(void);
void so_free_entry_points(void);

/* control.c: start, stop, reset, and their file */

/* Callbacks look at it. */
extern bool so_running;
/* Held to start, stop, add entry points, and read. */
extern struct mutex so_lock;

/* From here on callbacks observe. Return: 0, or an error of ftrace. */
int so_start(void);
/* Returns when no task can be in a callback or trampoline any more. */
void so_stop(void);
/* Forget everything that was observed; no callback may be running. */
void so_clear(void);

/**
 * so_entries_filtered() - so_entry_ops has a filter, from now on
 *
 * Return: 0, or an error of ftrace, to which it is given if it should have
 * been already.
 */
int so_entries_filtered(void);

void so_create_control(struct dentry *dir);

/* report.c */

void so_create_report(struct dentry *dir);

#endif /* STACK_OBSERVER_H */
