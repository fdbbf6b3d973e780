// SPDX-License-Identifier: GPL-2.0-only
/*
 * reclaim_watch: what direct reclaim writes, and how long it takes.
 *
 * Kernels with and without a patch are measured with the same ruler: I/O is
 * counted where it reaches the block layer, and reclaim's time lasts until its
 * task has tried to allocate again (tasks.c). Nothing of either is told by a
 * tracepoint that a patch to reclaim may move or redefine.
 *
 * debugfs: reclaim_watch/control takes "reset", "stop" and "start";
 * reclaim_watch/results is described in Documentation/workloads.md.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/tracepoint.h>
#include <linux/uaccess.h>

#include "reclaim_watch.h"

struct reclaim_counts counts;
bool recording = true;
unsigned int reset_epoch;

static bool depth;
module_param(depth, bool, 0444);
MODULE_PARM_DESC(depth, "attach to issued requests too, for the event reclaim_depth (0)");

static bool timed_to_the_end;
static struct dentry *directory;

static s64 sum(const atomic64_t *of)
{
	return atomic64_read(&of[RECLAIM_NODE]) +
	       atomic64_read(&of[RECLAIM_MEMCG]);
}

static void show_value(struct seq_file *out, const char *name, s64 value)
{
	seq_printf(out, "value %s %lld\n", name, value);
}

static int show_whole(struct seq_file *out)
{
	show_value(out, "reclaim_ns", sum(counts.whole_ns));
	show_value(out, "reclaim_ns_node",
		   atomic64_read(&counts.whole_ns[RECLAIM_NODE]));
	show_value(out, "reclaim_ns_memcg",
		   atomic64_read(&counts.whole_ns[RECLAIM_MEMCG]));
	show_value(out, "appended_bios", atomic64_read(&counts.appended_bios));
	return histogram_show(out, "reclaim", &counts.whole);
}

static int results_show(struct seq_file *out, void *unused)
{
	int error;

	seq_puts(out, "reclaim_watch 2\n");
	show_value(out, "direct_bios", sum(counts.bios));
	show_value(out, "direct_bios_node",
		   atomic64_read(&counts.bios[RECLAIM_NODE]));
	show_value(out, "direct_bios_memcg",
		   atomic64_read(&counts.bios[RECLAIM_MEMCG]));
	show_value(out, "direct_writes", sum(counts.writes));
	show_value(out, "direct_writes_node",
		   atomic64_read(&counts.writes[RECLAIM_NODE]));
	show_value(out, "direct_writes_memcg",
		   atomic64_read(&counts.writes[RECLAIM_MEMCG]));
	show_value(out, "direct_writes_nofs",
		   atomic64_read(&counts.nofs_writes));
	show_value(out, "direct_reclaims_nofs",
		   atomic64_read(&counts.nofs_reclaims));
	show_value(out, "direct_write_pages",
		   atomic64_read(&counts.write_pages));
	show_value(out, "kswapd_writes", atomic64_read(&counts.kswapd_writes));
	show_value(out, "other_writes", atomic64_read(&counts.other_writes));
	show_value(out, "watch_overflow", atomic64_read(&counts.overflow));
	show_value(out, "watch_unmatched", atomic64_read(&counts.unmatched));
	show_value(out, "watch_nested", atomic64_read(&counts.nested));
	error = histogram_show(out, "direct_reclaim",
			       &counts.inside[RECLAIM_NODE]);
	if (!error)
		error = histogram_show(out, "memcg_reclaim",
				       &counts.inside[RECLAIM_MEMCG]);
	if (!error && tracepoints_tell_throttling())
		error = histogram_show(out, "throttle", &counts.throttle);
	if (!error && timed_to_the_end)
		error = show_whole(out);
	return error;
}
DEFINE_SHOW_ATTRIBUTE(results);

static void start(void)
{
	tracepoints_mark(STATE_STARTING);
	WRITE_ONCE(reset_epoch, reset_epoch + 1);
	WRITE_ONCE(recording, true);
	tracepoints_mark(STATE_RECORDING);
}

/*
 * Wait for those who have seen recording on. What ftrace calls runs with
 * preemption off.
 */
static void wait_for_probes(void)
{
	tracepoint_synchronize_unregister();
	synchronize_rcu();
}

/* What is in reclaim now stays in the table, but is not recorded. */
static void reset(void)
{
	atomic64_t *const single[] = {
		&counts.write_pages, &counts.nofs_writes,
		&counts.nofs_reclaims, &counts.appended_bios,
		&counts.kswapd_writes, &counts.other_writes, &counts.overflow,
		&counts.unmatched, &counts.nested,
	};
	unsigned int i;

	WRITE_ONCE(recording, false);
	wait_for_probes();
	for (i = 0; i < RECLAIM_KINDS; i++) {
		histogram_clear(&counts.inside[i]);
		atomic64_set(&counts.whole_ns[i], 0);
		atomic64_set(&counts.writes[i], 0);
		atomic64_set(&counts.bios[i], 0);
	}
	histogram_clear(&counts.whole);
	histogram_clear(&counts.throttle);
	for (i = 0; i < ARRAY_SIZE(single); i++)
		atomic64_set(single[i], 0);
	start();
}

static void stop(void)
{
	tracepoints_mark(STATE_STOPPING);
	WRITE_ONCE(recording, false);
	wait_for_probes();
	tracepoints_mark(STATE_STOPPED);
}

static ssize_t control_write(struct file *file, const char __user *user,
			     size_t count, loff_t *offset)
{
	static DEFINE_MUTEX(lock);
	int error = 0;
	char word[16];

	if (count >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, user, count))
		return -EFAULT;
	word[count] = '\0';
	/* All of them sleep between their steps. */
	mutex_lock(&lock);
	if (sysfs_streq(word, "reset"))
		reset();
	else if (sysfs_streq(word, "stop"))
		stop();
	else if (sysfs_streq(word, "start"))
		start();
	else
		error = -EINVAL;
	mutex_unlock(&lock);
	return error ?: count;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
};

static int __init reclaim_watch_init(void)
{
	int error = tracepoints_attach(depth);

	if (error)
		return error;
	timed_to_the_end = functions_attach();
	directory = debugfs_create_dir("reclaim_watch", NULL);
	debugfs_create_file("control", 0200, directory, NULL, &control_fops);
	debugfs_create_file("results", 0400, directory, NULL, &results_fops);
	return 0;
}

static void __exit reclaim_watch_exit(void)
{
	debugfs_remove_recursive(directory);
	functions_detach();
	tracepoints_detach();
}

module_init(reclaim_watch_init);
module_exit(reclaim_watch_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counts I/O from inside direct reclaim, and times reclaim to its end");
