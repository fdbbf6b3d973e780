// SPDX-License-Identifier: GPL-2.0-only
/*
 * reclaim_watch: what direct reclaim writes, and how long it takes.
 *
 * Attaches to the vmscan tracepoints, which kernels with and without the
 * series have, so that both are measured with the same ruler:
 *
 *   direct_reclaim_begin/end, memcg_reclaim_begin/end, node_reclaim_begin/end
 *	what lies between them in one task is "inside direct reclaim"
 *   write_folio
 *	a folio was handed to the swap device (or to shmem) by reclaim
 *   throttled
 *	reclaim slept
 *
 * With depth=1 it also attaches to two tracepoints of the block layer, and says
 * in a trace event of its own, reclaim_depth, how deep the stack was wherever
 * reclaim began, wrote a folio, or swap I/O was submitted and issued.
 *
 * A folio that kswapd, MADV_PAGEOUT, or a worker writes is written outside of
 * begin and end and is counted apart. The memcg tracepoints also fire for
 * proactive reclaim through memory.reclaim and for reclaim above memory.high;
 * the tracepoints do not tell these apart from reclaim at memory.max, and
 * neither does this module.
 *
 * Tasks inside reclaim stand in a table of fixed size that is searched and
 * changed without locks: a slot is taken with cmpxchg, and after that only
 * its own task touches it. Probes never allocate or sleep, and can be
 * interrupted and preempted anywhere. A task that finds no slot is counted in
 * watch_overflow; then direct_writes is too low, and the reader must not use
 * it.
 *
 * debugfs: reclaim_watch/control takes "reset", "stop" and "start";
 * reclaim_watch/results is described in Documentation/workloads.md.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/blkdev.h>
#include <linux/debugfs.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/seq_file.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <trace/events/block.h>
#include <trace/events/vmscan.h>

#include "../latency_histogram.h"

#define CREATE_TRACE_POINTS
#include "reclaim_watch_trace.h"

#define TABLE_BITS	12
#define TABLE_SLOTS	(1u << TABLE_BITS)
#define TABLE_WINDOW	16u

enum reclaim_kind {
	RECLAIM_NODE,
	RECLAIM_MEMCG,
	RECLAIM_KINDS,
};

static const char *const kind_names[RECLAIM_KINDS] = {
	[RECLAIM_NODE] = "direct_reclaim",
	[RECLAIM_MEMCG] = "memcg_reclaim",
};

/**
 * struct slot - a task inside direct reclaim
 * @task: who, NULL for a free slot
 * @begin_ns: when it began, CLOCK_MONOTONIC
 * @epoch: reset_epoch when it began
 * @kind: of the outermost reclaim
 * @nofs: it must not call into filesystems: the task is in a transaction, in
 *	writeback, or holds a filesystem's lock
 * @depth: begins without their end; above 1 only if reclaim were nested
 */
struct slot {
	struct task_struct *task;
	u64 begin_ns;
	unsigned int epoch;
	enum reclaim_kind kind;
	bool nofs;
	unsigned int depth;
};

struct histogram {
	atomic64_t count;
	atomic64_t max;
	atomic64_t bucket[LATENCY_BUCKETS];
};

static struct slot table[TABLE_SLOTS];
static struct histogram reclaim_time[RECLAIM_KINDS];
static struct histogram throttle_time;

static atomic64_t direct_writes[RECLAIM_KINDS];
static atomic64_t nofs_reclaims;
static atomic64_t nofs_writes;
static atomic64_t direct_write_pages;
static atomic64_t kswapd_writes;
static atomic64_t other_writes;
static atomic64_t overflow;
static atomic64_t unmatched;
static atomic64_t nested;

static bool recording = true;
static bool watch_depth;
module_param_named(depth, watch_depth, bool, 0444);
MODULE_PARM_DESC(depth, "attach to the block layer too, for the event reclaim_depth (0)");
static unsigned int reset_epoch;
static struct dentry *directory;

static void record(struct histogram *histogram, u64 value)
{
	s64 max = atomic64_read(&histogram->max);

	atomic64_inc(&histogram->bucket[latency_bucket(value)]);
	atomic64_inc(&histogram->count);
	while (value > (u64)max) {
		s64 old = atomic64_cmpxchg(&histogram->max, max, value);

		if (old == max)
			break;
		max = old;
	}
}

static unsigned int home_of(const struct task_struct *task)
{
	return hash_ptr((void *)task, TABLE_BITS);
}

/*
 * The slot of the running task, or NULL. A task stands in one of TABLE_WINDOW
 * slots from its home on, so that one that is not in the table, kswapd for
 * example, is known after looking at so many.
 */
static struct slot *find_slot(void)
{
	unsigned int home = home_of(current), i;

	for (i = 0; i < TABLE_WINDOW; i++) {
		struct slot *slot = &table[(home + i) % TABLE_SLOTS];

		if (READ_ONCE(slot->task) == current)
			return slot;
	}
	return NULL;
}

static struct slot *take_slot(void)
{
	unsigned int home = home_of(current), i;

	for (i = 0; i < TABLE_WINDOW; i++) {
		struct slot *slot = &table[(home + i) % TABLE_SLOTS];

		if (!READ_ONCE(slot->task) &&
		    !cmpxchg(&slot->task, NULL, current))
			return slot;
	}
	return NULL;
}

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

static enum reclaim_context context_of(const struct slot *slot)
{
	if (slot)
		return slot->kind == RECLAIM_NODE ? CONTEXT_DIRECT :
						    CONTEXT_MEMCG;
	return current->flags & PF_KSWAPD ? CONTEXT_KSWAPD : CONTEXT_OTHER;
}

static void begin(enum reclaim_kind kind, gfp_t gfp, const void *frame)
{
	struct slot *slot = find_slot();

	if (slot) {
		slot->depth++;
		atomic64_inc(&nested);
		return;
	}
	slot = take_slot();
	if (!slot) {
		atomic64_inc(&overflow);
		return;
	}
	slot->kind = kind;
	slot->nofs = !(gfp & __GFP_FS);
	slot->depth = 1;
	slot->epoch = READ_ONCE(reset_epoch);
	slot->begin_ns = ktime_get_ns();
	if (trace_reclaim_depth_enabled())
		show_depth(frame, POINT_BEGIN, context_of(slot));
}

static void end(void)
{
	struct slot *slot = find_slot();

	if (!slot) {
		/* began before the module was loaded, or found no slot */
		atomic64_inc(&unmatched);
		return;
	}
	if (--slot->depth)
		return;
	if (READ_ONCE(recording) && slot->epoch == READ_ONCE(reset_epoch)) {
		record(&reclaim_time[slot->kind],
		       ktime_get_ns() - slot->begin_ns);
		if (slot->nofs)
			atomic64_inc(&nofs_reclaims);
	}
	/* Whoever takes the slot next, in take_slot(), finds us done with it. */
	smp_store_release(&slot->task, NULL);
}

static void count_write(struct folio *folio)
{
	struct slot *slot;

	if (!READ_ONCE(recording))
		return;
	slot = find_slot();
	if (slot) {
		atomic64_inc(&direct_writes[slot->kind]);
		atomic64_add(folio_nr_pages(folio), &direct_write_pages);
		if (slot->nofs)
			atomic64_inc(&nofs_writes);
	} else if (current->flags & PF_KSWAPD) {
		atomic64_inc(&kswapd_writes);
	} else {
		atomic64_inc(&other_writes);
	}
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
	end();
}

static void end_7(void *data, unsigned long nr_reclaimed,
		  struct mem_cgroup *memcg)
{
	end();
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
			   context_of(find_slot()));
}

/* I/O of reclaim is all from inside of it, and swapping from elsewhere. */
static void show_io(const void *frame, enum reclaim_point point, blk_opf_t opf)
{
	struct slot *slot;

	if (!in_task())
		return;
	slot = find_slot();
	if (slot || ((opf & REQ_SWAP) && op_is_write(opf)))
		show_depth(frame, point, context_of(slot));
}

static void bio_queued(void *data, struct bio *bio)
{
	if (trace_reclaim_depth_enabled())
		show_io(__builtin_frame_address(0), POINT_BIO, bio->bi_opf);
}

static void request_issued(void *data, struct request *rq)
{
	if (trace_reclaim_depth_enabled())
		show_io(__builtin_frame_address(0), POINT_REQUEST,
			rq->cmd_flags);
}

static void throttled(void *data, int nid, int usec_timeout, int usec_delayed,
		      int reason)
{
	if (READ_ONCE(recording))
		record(&throttle_time, (u64)usec_delayed * NSEC_PER_USEC);
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
	[BIO_QUEUED] = { "block_bio_queue", true, true },
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

static void detach(void)
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

static int attach(void)
{
	unsigned int i;
	int error;

	choose_probes();
	for_each_kernel_tracepoint(match_tracepoint, NULL);
	for (i = 0; i < ARRAY_SIZE(attachments); i++) {
		struct attachment *attachment = &attachments[i];

		if (attachment->for_depth && !watch_depth)
			continue;
		if (!attachment->tracepoint || !attachment->probe) {
			if (!attachment->required)
				continue;
			pr_err("this kernel has no tracepoint %s\n",
			       attachment->name);
			detach();
			return -ENOENT;
		}
		error = tracepoint_probe_register(attachment->tracepoint,
						  attachment->probe, NULL);
		if (error) {
			pr_err("cannot attach to %s: %d\n", attachment->name,
			       error);
			detach();
			return error;
		}
		attachment->attached = true;
	}
	return 0;
}

static u64 quantile(const u64 *bucket, u64 count, u64 max, u64 per_mille)
{
	u64 rank = div_u64(count, 1000) * per_mille, seen = 0;
	unsigned int i;
	u32 rest;

	div_u64_rem(count, 1000, &rest);
	rank += (rest * per_mille + 999) / 1000;
	if (!rank)
		rank = 1;
	for (i = 0; i < LATENCY_BUCKETS; i++) {
		seen += bucket[i];
		if (seen >= rank)
			return min_t(u64, latency_bucket_high(i), max);
	}
	return max;
}

static int show_histogram(struct seq_file *out, const char *name,
			  struct histogram *histogram)
{
	u64 *bucket = vmalloc(array_size(LATENCY_BUCKETS, sizeof(*bucket)));
	u64 count = 0, max = atomic64_read(&histogram->max);
	unsigned int i;

	if (!bucket)
		return -ENOMEM;
	for (i = 0; i < LATENCY_BUCKETS; i++) {
		bucket[i] = atomic64_read(&histogram->bucket[i]);
		count += bucket[i];
	}
	seq_printf(out, "latency %s count %llu\n", name, count);
	if (count) {
		seq_printf(out, "latency %s p50 %llu\n", name,
			   quantile(bucket, count, max, 500));
		seq_printf(out, "latency %s p99 %llu\n", name,
			   quantile(bucket, count, max, 990));
		seq_printf(out, "latency %s p999 %llu\n", name,
			   quantile(bucket, count, max, 999));
		seq_printf(out, "latency %s max %llu\n", name, max);
	}
	for (i = 0; i < LATENCY_BUCKETS; i++)
		if (bucket[i])
			seq_printf(out, "histogram %s %llu %llu\n", name,
				   latency_bucket_low(i), bucket[i]);
	vfree(bucket);
	return 0;
}

static int results_show(struct seq_file *out, void *unused)
{
	s64 node = atomic64_read(&direct_writes[RECLAIM_NODE]);
	s64 memcg = atomic64_read(&direct_writes[RECLAIM_MEMCG]);
	unsigned int kind;
	int error = 0;

	seq_puts(out, "reclaim_watch 1\n");
	seq_printf(out, "value direct_writes %lld\n", node + memcg);
	seq_printf(out, "value direct_writes_node %lld\n", node);
	seq_printf(out, "value direct_writes_memcg %lld\n", memcg);
	seq_printf(out, "value direct_writes_nofs %lld\n",
		   (s64)atomic64_read(&nofs_writes));
	seq_printf(out, "value direct_reclaims_nofs %lld\n",
		   (s64)atomic64_read(&nofs_reclaims));
	seq_printf(out, "value direct_write_pages %lld\n",
		   (s64)atomic64_read(&direct_write_pages));
	seq_printf(out, "value kswapd_writes %lld\n",
		   (s64)atomic64_read(&kswapd_writes));
	seq_printf(out, "value other_writes %lld\n",
		   (s64)atomic64_read(&other_writes));
	seq_printf(out, "value watch_overflow %lld\n",
		   (s64)atomic64_read(&overflow));
	seq_printf(out, "value watch_unmatched %lld\n",
		   (s64)atomic64_read(&unmatched));
	seq_printf(out, "value watch_nested %lld\n",
		   (s64)atomic64_read(&nested));
	for (kind = 0; kind < RECLAIM_KINDS && !error; kind++)
		error = show_histogram(out, kind_names[kind],
				       &reclaim_time[kind]);
	if (!error && attachments[THROTTLED].attached)
		error = show_histogram(out, "throttle", &throttle_time);
	return error;
}
DEFINE_SHOW_ATTRIBUTE(results);

static void clear_histogram(struct histogram *histogram)
{
	unsigned int i;

	for (i = 0; i < LATENCY_BUCKETS; i++)
		atomic64_set(&histogram->bucket[i], 0);
	atomic64_set(&histogram->count, 0);
	atomic64_set(&histogram->max, 0);
}

/* What is inside reclaim now stays in the table, but is not recorded. */
static void reset(void)
{
	unsigned int kind;

	WRITE_ONCE(reset_epoch, reset_epoch + 1);
	for (kind = 0; kind < RECLAIM_KINDS; kind++) {
		clear_histogram(&reclaim_time[kind]);
		atomic64_set(&direct_writes[kind], 0);
	}
	clear_histogram(&throttle_time);
	atomic64_set(&direct_write_pages, 0);
	atomic64_set(&nofs_writes, 0);
	atomic64_set(&nofs_reclaims, 0);
	atomic64_set(&kswapd_writes, 0);
	atomic64_set(&other_writes, 0);
	atomic64_set(&overflow, 0);
	atomic64_set(&unmatched, 0);
	atomic64_set(&nested, 0);
	WRITE_ONCE(recording, true);
}

static ssize_t control_write(struct file *file, const char __user *user,
			     size_t count, loff_t *offset)
{
	char word[16];

	if (count >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, user, count))
		return -EFAULT;
	word[count] = '\0';
	if (sysfs_streq(word, "reset"))
		reset();
	else if (sysfs_streq(word, "stop"))
		WRITE_ONCE(recording, false);
	else if (sysfs_streq(word, "start"))
		WRITE_ONCE(recording, true);
	else
		return -EINVAL;
	return count;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
};

static int __init reclaim_watch_init(void)
{
	int error = attach();

	if (error)
		return error;
	directory = debugfs_create_dir("reclaim_watch", NULL);
	debugfs_create_file("control", 0200, directory, NULL, &control_fops);
	debugfs_create_file("results", 0400, directory, NULL, &results_fops);
	return 0;
}

static void __exit reclaim_watch_exit(void)
{
	debugfs_remove_recursive(directory);
	detach();
}

module_init(reclaim_watch_init);
module_exit(reclaim_watch_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counts folios written from inside direct reclaim, and times it");
