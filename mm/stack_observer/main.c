// SPDX-License-Identifier: GPL-2.0-only
/*
 * stack_observer - how deep does the task stack get, per context?
 *
 * A function-entry callback of ftrace computes the depth of every traced call
 * on the task stack and compares it with the maximum of each context class
 * that the task is in (callbacks.c, tasks.c). Only a new maximum makes it walk
 * the stack (maxima.c, code_kind.c).
 *
 * What the numbers mean, what they cost, and their limits:
 * Documentation/stack-observer.md. Output:
 * Documentation/stack-observer-format.md.
 */
#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <linux/version.h>

#include "stack_observer.h"
#include "tasks.h"

DEFINE_PER_CPU(struct so_cpu *, so_cpus);

static struct dentry *so_dir;

static char *entry_points = "";
module_param(entry_points, charp, 0444);
MODULE_PARM_DESC(entry_points,
		 "class:function[,...] besides the built-in ones");

static bool start = true;
module_param(start, bool, 0444);
MODULE_PARM_DESC(start, "observe from loading on (default true)");

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
	so_free_tasks();
	so_free_entry_points();
	so_free_kinds();
}

static int __init so_allocate(void)
{
	int cpu;

	if (so_allocate_tasks() || so_allocate_entry_points() ||
	    so_allocate_kinds())
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
	int ret;

	ret = so_allocate();
	if (ret)
		goto fail;
	so_clear();
	ret = so_add_default_entries();
	if (!ret)
		ret = so_add_entries(entry_points);
	if (!ret && start)
		ret = so_start();
	if (ret)
		goto fail;

	so_dir = debugfs_create_dir("stack_observer", NULL);
	so_create_report(so_dir);
	so_create_control(so_dir);
	so_create_entry_points(so_dir);
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
