// SPDX-License-Identifier: GPL-2.0-only
/*
 * memalloc_provoker: allocates under PF_MEMALLOC until nothing is left.
 *
 * Writing "PAGES" to debugfs memalloc_provoker/run allocates order-0 pages as
 * a task inside reclaim would (PF_MEMALLOC, an allocation that may block)
 * until one fails or PAGES are reached, then frees all of them. What happened
 * is in memalloc_provoker/results, described in Documentation/workloads.md.
 *
 * A kernel without emergency reclaim fails when free memory, reserves
 * included, is used up, however much clean page cache there is. kswapd is not
 * woken by these allocations, so that what it frees does not hide that;
 * "PAGES kswapd" wakes it.
 *
 * The machine is out of memory during the run. The run is bounded by PAGES,
 * yields the CPU now and then, ends on a fatal signal, and allocates nothing
 * else.
 */
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/vmstat.h>

#include "../latency_histogram.h"

#define RESCHED_PAGES	64

/**
 * struct report - what the last run did; all amounts in pages
 * @limit: asked for
 * @pages: got
 * @free_before: free memory when it began, reserves included
 * @free_after: when it stopped, before anything was freed
 * @clean_before: file pages on the LRU that are neither dirty, under
 *	writeback nor mapped
 * @clean_after: the same when it stopped
 * @failed: it stopped because an allocation failed
 * @interrupted: it stopped because of a signal
 * @max_ns: longest allocation
 */
struct report {
	unsigned long limit;
	unsigned long pages;
	unsigned long free_before;
	unsigned long free_after;
	unsigned long clean_before;
	unsigned long clean_after;
	bool failed;
	bool interrupted;
	u64 max_ns;
};

static DEFINE_MUTEX(run_lock);
static struct report report;
static u64 buckets[LATENCY_BUCKETS];
static struct dentry *directory;

static unsigned long clean_file_pages(void)
{
	unsigned long file = global_node_page_state(NR_ACTIVE_FILE) +
		global_node_page_state(NR_INACTIVE_FILE);
	unsigned long busy = global_node_page_state(NR_FILE_DIRTY) +
		global_node_page_state(NR_WRITEBACK) +
		global_node_page_state(NR_FILE_MAPPED);

	return file > busy ? file - busy : 0;
}

static struct page *timed_alloc(gfp_t gfp)
{
	u64 begin = ktime_get_ns(), took;
	struct page *page = alloc_page(gfp);

	took = ktime_get_ns() - begin;
	buckets[latency_bucket(took)]++;
	report.max_ns = max(report.max_ns, took);
	return page;
}

static void run(unsigned long limit, bool wake_kswapd)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;
	struct page *page, *next;
	unsigned int flags;
	LIST_HEAD(pages);

	if (!wake_kswapd)
		gfp &= ~__GFP_KSWAPD_RECLAIM;
	memset(&report, 0, sizeof(report));
	memset(buckets, 0, sizeof(buckets));
	report.limit = limit;
	report.free_before = global_zone_page_state(NR_FREE_PAGES);
	report.clean_before = clean_file_pages();

	flags = memalloc_noreclaim_save();
	while (report.pages < limit) {
		page = timed_alloc(gfp);
		if (!page) {
			report.failed = true;
			break;
		}
		list_add(&page->lru, &pages);
		report.pages++;
		if (report.pages % RESCHED_PAGES)
			continue;
		cond_resched();
		if (fatal_signal_pending(current)) {
			report.interrupted = true;
			break;
		}
	}
	memalloc_noreclaim_restore(flags);

	report.free_after = global_zone_page_state(NR_FREE_PAGES);
	report.clean_after = clean_file_pages();
	list_for_each_entry_safe(page, next, &pages, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
}

static ssize_t run_write(struct file *file, const char __user *user,
			 size_t count, loff_t *offset)
{
	char text[48], word[8] = "";
	unsigned long limit;
	int words;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, user, count))
		return -EFAULT;
	text[count] = '\0';
	words = sscanf(text, "%lu %7s", &limit, word);
	if (words < 1 || (words == 2 && strcmp(word, "kswapd")) || !limit ||
	    limit > totalram_pages())
		return -EINVAL;
	if (mutex_lock_interruptible(&run_lock))
		return -EINTR;
	run(limit, words == 2);
	mutex_unlock(&run_lock);
	return count;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = run_write,
};

static u64 quantile(u64 count, u64 per_mille)
{
	u64 rank = div_u64(count * per_mille + 999, 1000), seen = 0;
	unsigned int i;

	for (i = 0; i < LATENCY_BUCKETS; i++) {
		seen += buckets[i];
		if (seen >= rank && seen)
			return min(latency_bucket_high(i), report.max_ns);
	}
	return report.max_ns;
}

static void show_histogram(struct seq_file *out)
{
	static const char name[] = "provoker_alloc";
	u64 count = 0;
	unsigned int i;

	for (i = 0; i < LATENCY_BUCKETS; i++)
		count += buckets[i];
	seq_printf(out, "latency %s count %llu\n", name, count);
	if (!count)
		return;
	seq_printf(out, "latency %s p50 %llu\n", name, quantile(count, 500));
	seq_printf(out, "latency %s p99 %llu\n", name, quantile(count, 990));
	seq_printf(out, "latency %s p999 %llu\n", name, quantile(count, 999));
	seq_printf(out, "latency %s max %llu\n", name, report.max_ns);
	for (i = 0; i < LATENCY_BUCKETS; i++)
		if (buckets[i])
			seq_printf(out, "histogram %s %llu %llu\n", name,
				   latency_bucket_low(i), buckets[i]);
}

static int results_show(struct seq_file *out, void *unused)
{
	unsigned long beyond;

	mutex_lock(&run_lock);
	beyond = report.pages > report.free_before ?
		report.pages - report.free_before : 0;
	seq_puts(out, "memalloc_provoker 1\n");
	seq_printf(out, "value provoker_limit %lu\n", report.limit);
	seq_printf(out, "value provoker_pages %lu\n", report.pages);
	seq_printf(out, "value provoker_pages_beyond_free %lu\n", beyond);
	seq_printf(out, "value provoker_free_before %lu\n",
		   report.free_before);
	seq_printf(out, "value provoker_free_after %lu\n", report.free_after);
	seq_printf(out, "value provoker_clean_before %lu\n",
		   report.clean_before);
	seq_printf(out, "value provoker_clean_after %lu\n",
		   report.clean_after);
	seq_printf(out, "value provoker_failed %d\n", report.failed);
	seq_printf(out, "value provoker_interrupted %d\n",
		   report.interrupted);
	show_histogram(out);
	mutex_unlock(&run_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

static int __init provoker_init(void)
{
	directory = debugfs_create_dir("memalloc_provoker", NULL);
	debugfs_create_file("run", 0200, directory, NULL, &run_fops);
	debugfs_create_file("results", 0400, directory, NULL, &results_fops);
	return 0;
}

static void __exit provoker_exit(void)
{
	debugfs_remove_recursive(directory);
}

module_init(provoker_init);
module_exit(provoker_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Allocates under PF_MEMALLOC until nothing is left");
