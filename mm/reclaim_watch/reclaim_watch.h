/* SPDX-License-Identifier: GPL-2.0-only */
/* reclaim_watch: what its parts promise each other. */
#ifndef RECLAIM_WATCH_H
#define RECLAIM_WATCH_H

#include <linux/gfp.h>
#include <linux/types.h>

#include "histogram.h"

struct folio;
struct task_struct;

enum reclaim_kind {
	RECLAIM_NODE,	/* direct reclaim of the allocator, node_reclaim() */
	RECLAIM_MEMCG,
	RECLAIM_KINDS,
};

/**
 * struct reclaim_counts - everything that is counted between a reset and a stop
 * @inside: from reclaim's tracepoint of the begin to that of the end, ns
 * @whole: from reclaim's entry until the task has tried to allocate again, ns;
 *	reclaim above memory.high and by memory.reclaim is not in it
 * @whole_ns: the sum of those
 * @throttle: sleeps of reclaim_throttle(), ns
 * @writes: folios that mm_vmscan_write_folio names, by a task inside reclaim
 * @write_pages: pages of those
 * @bios: bios that reach the block layer from a task inside reclaim
 * @nofs_writes: folios of @writes by a task that must not enter a filesystem
 * @nofs_reclaims: reclaims of such tasks
 * @appended_bios: bios of a task that has left reclaim and not yet tried again
 * @kswapd_writes: folios that kswapd wrote
 * @other_writes: folios that anybody else wrote
 * @overflow: reclaims that found no room in the table
 * @unmatched: ends without a begin
 * @nested: reclaims inside of a reclaim
 */
struct reclaim_counts {
	struct histogram inside[RECLAIM_KINDS];
	struct histogram whole;
	atomic64_t whole_ns[RECLAIM_KINDS];
	struct histogram throttle;
	atomic64_t writes[RECLAIM_KINDS];
	atomic64_t write_pages;
	atomic64_t bios[RECLAIM_KINDS];
	atomic64_t nofs_writes;
	atomic64_t nofs_reclaims;
	atomic64_t appended_bios;
	atomic64_t kswapd_writes;
	atomic64_t other_writes;
	atomic64_t overflow;
	atomic64_t unmatched;
	atomic64_t nested;
};

extern struct reclaim_counts counts;
extern bool recording;
extern unsigned int reset_epoch;

/* tasks.c: the tasks that are in reclaim, and how far they are */

/**
 * struct reclaimer - a task in reclaim
 * @task: who, NULL for a free place
 * @entered_sp: its stack pointer where reclaim was called, 0 if nobody saw that
 * @entered_ns: when it was called
 * @begun_ns: when the outermost reclaim began
 * @left_ns: when its caller had it back, 0 before
 * @entered_epoch: reset_epoch when it was called or, unseen, began
 * @begun_epoch: reset_epoch when it began
 * @kind: of the outermost reclaim
 * @nofs: it must not call into filesystems: the task is in a transaction, in
 *	writeback, or holds a filesystem's lock
 * @inside: begins without their end; above 1 only if reclaim were nested
 * @ended: the end of the outermost reclaim was seen
 */
struct reclaimer {
	struct task_struct *task;
	unsigned long entered_sp;
	u64 entered_ns;
	u64 begun_ns;
	u64 left_ns;
	unsigned int entered_epoch;
	unsigned int begun_epoch;
	enum reclaim_kind kind;
	bool nofs;
	unsigned int inside;
	bool ended;
};

/**
 * reclaimer_current() - the running task, if it is in reclaim
 *
 * Context: process context; what is returned belongs to current alone.
 * Return: its place in the table, or NULL.
 */
struct reclaimer *reclaimer_current(void);

/* A reclaim function was called: @sp is where its return address is. */
void reclaimer_entered(enum reclaim_kind kind, unsigned long sp);
/* Tracepoints of the begin and the end. */
struct reclaimer *reclaimer_begin(enum reclaim_kind kind, gfp_t gfp);
void reclaimer_end(void);
/* Its caller has it back; @sp as for reclaimer_entered(). */
void reclaimer_left(unsigned long sp);
/* The allocator has tried again, or decides whether to; @frame is its own. */
void reclaimer_tried(unsigned long frame, unsigned long slack);
/* A charge is tried; @sp as for reclaimer_entered(). */
void reclaimer_charge(unsigned long sp);
/* The task ends. */
void reclaimer_exit(void);

/* tracepoints.c */

int tracepoints_attach(bool depth);
void tracepoints_detach(void);
bool tracepoints_tell_throttling(void);

/* In the order of the event reclaim_recording. */
enum recording_state {
	STATE_STARTING,
	STATE_RECORDING,
	STATE_STOPPING,
	STATE_STOPPED,
};

/**
 * tracepoints_mark() - tell a trace where the counters begin and end
 * @state: what begins here
 *
 * A tracepoint calls its probes one after the other: the one that traces may
 * have run where the one that counts has not. When somebody traces the mark,
 * this waits for all probes that run on either side of it, so that each falls
 * on one side as a whole.
 *
 * Context: process context; may sleep.
 */
void tracepoints_mark(enum recording_state state);

/* functions.c: entries of functions, by ftrace */

/**
 * functions_attach() - be told where reclaim is called and what follows it
 *
 * Return: whether this kernel lets reclaim be timed to its end.
 */
bool functions_attach(void);
void functions_detach(void);

#endif /* RECLAIM_WATCH_H */
