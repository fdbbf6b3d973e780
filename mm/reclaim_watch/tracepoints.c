// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoints that reclaim_watch is attached to, and its own.
 *
 *   direct_reclaim_begin/end, memcg_reclaim_begin/end, node_reclaim_begin/end
 *	what lies between them in one task is "inside reclaim"
 *   block_bio_queue
 *	a bio reached the block layer, whoever asked for it
 *   write_folio
 *	reclaim handed a folio to the swap device (or to shmem)
 *   throttled
 *	reclaim slept
 *   mm_page_alloc, sched_process_exit
 *	the allocator has tried again; the task will not
 *
 * With depth=1 the event reclaim_depth says how deep the stack was wherever
 * reclaim began, wrote a folio, or swap I/O was submitted and issued.
 *
 * A folio that kswapd, MADV_PAGEOUT, or a worker writes is written outside of
 * begin and end and is counted apart. The memcg tracepoints also fire for
 * proactive reclaim through memory.reclaim and for reclaim above memory.high;
 * they do not tell these apart from reclaim at memory.max, and neither do the
 * counts made of them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/tracepoint.h>
#include <trace/events/block.h>
#include <trace/events/kmem.h>
#include <trace/events/sched.h>
#include <trace/events/vmscan.h>

#include "reclaim_watch.h"

#define CREATE_TRACE_POINTS
#include "reclaim_watch_trace.h"

/*
 * Bytes that a call of a probe may lie deeper than a call of reclaim from the
 * same function: the iterator over several probes, and what a probe pushes.
 */
#define PROBE_SLACK	192

/*
 * Bytes of the task's stack in use by the caller of the function with @frame,
 * 0 on another stack. @frame: __builtin_frame_address(0), which is where that
 * function saved %rbp, below its return address.
 */
static unsigned int depth_of(const void *frame)
{
	unsigned long bottom = (unsigned long)task_stack_page(current);
	unsigned long at = (unsigned long)frame + 2 * sizeof(long);

	if (at < bottom || at > bottom + THREAD_SIZE)
		return 0;
	return bottom + THREAD_SIZE - at;
}

static void show_depth(const void *frame, enum reclaim_point point,
		       enum reclaim_context context)
{
	unsigned int bytes = depth_of(frame);

	if (bytes)
		trace_reclaim_depth(bytes, point, context);
}

static enum reclaim_context context_of(const struct reclaimer *reclaimer)
{
	if (reclaimer && reclaimer->inside)
		return reclaimer->kind == RECLAIM_NODE ? CONTEXT_DIRECT :
							 CONTEXT_MEMCG;
	return current->flags & PF_KSWAPD ? CONTEXT_KSWAPD : CONTEXT_OTHER;
}

static void begin(enum reclaim_kind kind, gfp_t gfp, const void *frame)
{
	struct reclaimer *reclaimer = reclaimer_begin(kind, gfp);

	if (reclaimer && trace_reclaim_depth_enabled())
		show_depth(frame, POINT_BEGIN, context_of(reclaimer));
}

static void count_write(struct folio *folio)
{
	struct reclaimer *reclaimer;

	if (!READ_ONCE(recording))
		return;
	reclaimer = reclaimer_current();
	if (reclaimer && reclaimer->inside) {
		atomic64_inc(&counts.writes[reclaimer->kind]);
		atomic64_add(folio_nr_pages(folio), &counts.write_pages);
		if (reclaimer->nofs)
			atomic64_inc(&counts.nofs_writes);
	} else if (current->flags & PF_KSWAPD) {
		atomic64_inc(&counts.kswapd_writes);
	} else {
		atomic64_inc(&counts.other_writes);
	}
}

static void count_bio(const struct reclaimer *reclaimer)
{
	if (!reclaimer || !READ_ONCE(recording))
		return;
	if (reclaimer->inside)
		atomic64_inc(&counts.bios[reclaimer->kind]);
	else if (!reclaimer->left_ns)
		atomic64_inc(&counts.appended_bios);
}

/*
 * Probes. The arguments of the begin and end tracepoints have changed over
 * the years; each shape that exists has a probe, and PROBE_FITS() asks the
 * kernel's own header which one this kernel has. An unknown shape is a
 * compile error, not a guess.
 */
static void node_begin_6(void *data, int order, gfp_t gfp)
{
	begin(RECLAIM_NODE, gfp, __builtin_frame_address(0));
}

static void node_begin_7(void *data, gfp_t gfp, int order,
			 struct mem_cgroup *memcg)
{
	begin(RECLAIM_NODE, gfp, __builtin_frame_address(0));
}

static void memcg_begin_6(void *data, int order, gfp_t gfp)
{
	begin(RECLAIM_MEMCG, gfp, __builtin_frame_address(0));
}

static void memcg_begin_7(void *data, gfp_t gfp, int order,
			  struct mem_cgroup *memcg)
{
	begin(RECLAIM_MEMCG, gfp, __builtin_frame_address(0));
}

static void end_6(void *data, unsigned long nr_reclaimed)
{
	reclaimer_end();
}

static void end_7(void *data, unsigned long nr_reclaimed,
		  struct mem_cgroup *memcg)
{
	reclaimer_end();
}

static void zone_begin(void *data, int nid, int order, gfp_t gfp)
{
	begin(RECLAIM_NODE, gfp, __builtin_frame_address(0));
}

static void write_folio(void *data, struct folio *folio)
{
	count_write(folio);
	if (trace_reclaim_depth_enabled())
		show_depth(__builtin_frame_address(0), POINT_WRITE,
			   context_of(reclaimer_current()));
}

/* I/O of reclaim is all from inside of it, and swapping from elsewhere. */
static void show_io(const void *frame, enum reclaim_point point,
		    const struct reclaimer *reclaimer, blk_opf_t opf)
{
	if ((reclaimer && reclaimer->inside) ||
	    ((opf & REQ_SWAP) && op_is_write(opf)))
		show_depth(frame, point, context_of(reclaimer));
}

static void bio_queued(void *data, struct bio *bio)
{
	const struct reclaimer *reclaimer;

	if (!in_task())
		return;
	reclaimer = reclaimer_current();
	count_bio(reclaimer);
	if (trace_reclaim_depth_enabled())
		show_io(__builtin_frame_address(0), POINT_BIO, reclaimer,
			bio->bi_opf);
}

static void request_issued(void *data, struct request *rq)
{
	if (trace_reclaim_depth_enabled() && in_task())
		show_io(__builtin_frame_address(0), POINT_REQUEST,
			reclaimer_current(), rq->cmd_flags);
}

static void throttled(void *data, int nid, int usec_timeout, int usec_delayed,
		      int reason)
{
	if (READ_ONCE(recording))
		histogram_record(&counts.throttle,
				 (u64)usec_delayed * NSEC_PER_USEC);
}

static void page_allocated(void *data, struct page *page, unsigned int order,
			   gfp_t gfp, int migratetype)
{
	if (in_task())
		reclaimer_tried((unsigned long)__builtin_frame_address(0),
				PROBE_SLACK);
}

static void task_exits_6(void *data, struct task_struct *task)
{
	reclaimer_exit();
}

static void task_exits_7(void *data, struct task_struct *task, bool group_dead)
{
	reclaimer_exit();
}

#define PROBE_FITS(event, probe)					\
	__builtin_types_compatible_p(typeof(&register_trace_##event),	\
				     int (*)(typeof(&probe), void *))

#define PROBE_ONE(event, probe)						\
({									\
	BUILD_BUG_ON(!PROBE_FITS(event, probe));			\
	(void *)(probe);						\
})

#define PROBE_EITHER(event, one, other)					\
({									\
	BUILD_BUG_ON(!PROBE_FITS(event, one) &&				\
		     !PROBE_FITS(event, other));			\
	PROBE_FITS(event, one) ? (void *)(one) : (void *)(other);	\
})

/**
 * struct attachment - a tracepoint and the probe for it
 * @name: of the tracepoint
 * @required: without it nothing can be measured
 * @for_depth: attached with depth=1 only
 * @probe: function for this kernel
 * @tracepoint: what was found, NULL if this kernel has none
 * @attached: the probe is registered
 */
struct attachment {
	const char *name;
	bool required;
	bool for_depth;
	void *probe;
	struct tracepoint *tracepoint;
	bool attached;
};

/* Attached in this order: no begin may be seen whose end is not. */
enum {
	NODE_END,
	MEMCG_END,
	ZONE_END,
	WRITE_FOLIO,
	THROTTLED,
	NODE_BEGIN,
	MEMCG_BEGIN,
	ZONE_BEGIN,
	BIO_QUEUED,
	PAGE_ALLOCATED,
	TASK_EXITS,
	REQUEST_ISSUED,
};

static struct attachment attachments[] = {
	[NODE_END] = { "mm_vmscan_direct_reclaim_end", true },
	[MEMCG_END] = { "mm_vmscan_memcg_reclaim_end",
			IS_ENABLED(CONFIG_MEMCG) },
	[ZONE_END] = { "mm_vmscan_node_reclaim_end", true },
	[WRITE_FOLIO] = { "mm_vmscan_write_folio", true },
	[THROTTLED] = { "mm_vmscan_throttled", false },
	[NODE_BEGIN] = { "mm_vmscan_direct_reclaim_begin", true },
	[MEMCG_BEGIN] = { "mm_vmscan_memcg_reclaim_begin",
			  IS_ENABLED(CONFIG_MEMCG) },
	[ZONE_BEGIN] = { "mm_vmscan_node_reclaim_begin", true },
	[BIO_QUEUED] = { "block_bio_queue", true },
	[PAGE_ALLOCATED] = { "mm_page_alloc", true },
	[TASK_EXITS] = { "sched_process_exit", true },
	[REQUEST_ISSUED] = { "block_rq_issue", true, true },
};

static void choose_probes(void)
{
	attachments[NODE_END].probe =
		PROBE_EITHER(mm_vmscan_direct_reclaim_end, end_6, end_7);
	attachments[NODE_BEGIN].probe =
		PROBE_EITHER(mm_vmscan_direct_reclaim_begin,
			     node_begin_6, node_begin_7);
#ifdef CONFIG_MEMCG
	attachments[MEMCG_END].probe =
		PROBE_EITHER(mm_vmscan_memcg_reclaim_end, end_6, end_7);
	attachments[MEMCG_BEGIN].probe =
		PROBE_EITHER(mm_vmscan_memcg_reclaim_begin,
			     memcg_begin_6, memcg_begin_7);
#endif
	attachments[ZONE_END].probe =
		PROBE_EITHER(mm_vmscan_node_reclaim_end, end_6, end_7);
	attachments[ZONE_BEGIN].probe =
		PROBE_ONE(mm_vmscan_node_reclaim_begin, zone_begin);
	attachments[WRITE_FOLIO].probe =
		PROBE_ONE(mm_vmscan_write_folio, write_folio);
	attachments[THROTTLED].probe =
		PROBE_ONE(mm_vmscan_throttled, throttled);
	attachments[BIO_QUEUED].probe =
		PROBE_ONE(block_bio_queue, bio_queued);
	attachments[PAGE_ALLOCATED].probe =
		PROBE_ONE(mm_page_alloc, page_allocated);
	attachments[TASK_EXITS].probe =
		PROBE_EITHER(sched_process_exit, task_exits_6, task_exits_7);
	attachments[REQUEST_ISSUED].probe =
		PROBE_ONE(block_rq_issue, request_issued);
}

static void match_tracepoint(struct tracepoint *tracepoint, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attachments); i++)
		if (!strcmp(attachments[i].name, tracepoint->name))
			attachments[i].tracepoint = tracepoint;
}

void tracepoints_detach(void)
{
	unsigned int i;

	/* begin probes first, so that all that began can end */
	for (i = ARRAY_SIZE(attachments); i--; ) {
		if (!attachments[i].attached)
			continue;
		tracepoint_probe_unregister(attachments[i].tracepoint,
					    attachments[i].probe, NULL);
		attachments[i].attached = false;
	}
	tracepoint_synchronize_unregister();
}

int tracepoints_attach(bool depth)
{
	unsigned int i;
	int error;

	choose_probes();
	for_each_kernel_tracepoint(match_tracepoint, NULL);
	for (i = 0; i < ARRAY_SIZE(attachments); i++) {
		struct attachment *attachment = &attachments[i];

		if (attachment->for_depth && !depth)
			continue;
		if (!attachment->tracepoint || !attachment->probe) {
			if (!attachment->required)
				continue;
			pr_err("this kernel has no tracepoint %s\n",
			       attachment->name);
			tracepoints_detach();
			return -ENOENT;
		}
		error = tracepoint_probe_register(attachment->tracepoint,
						  attachment->probe, NULL);
		if (error) {
			pr_err("cannot attach to %s: %d\n", attachment->name,
			       error);
			tracepoints_detach();
			return error;
		}
		attachment->attached = true;
	}
	return 0;
}

bool tracepoints_tell_throttling(void)
{
	return attachments[THROTTLED].attached;
}

void tracepoints_mark(enum recording_state state)
{
	if (!trace_reclaim_recording_enabled())
		return;
	tracepoint_synchronize_unregister();
	trace_reclaim_recording(state);
	tracepoint_synchronize_unregister();
}
