// SPDX-License-Identifier: GPL-2.0-only
/*
 * ipi_wait: how long one processor waits for another to do something.
 *
 * Loading it times smp_call_function_single(), which waits, from the processor
 * that loads it to each of the others in turn. debugfs: ipi_wait has a line
 * "ipi NS" for each call.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>

static unsigned int calls = 2000;
module_param(calls, uint, 0444);
MODULE_PARM_DESC(calls, "how many (2000)");

static u64 *waits;
static struct dentry *file;

static void nothing(void *unused)
{
}

static int waits_show(struct seq_file *out, void *unused)
{
	unsigned int i;

	for (i = 0; i < calls; i++)
		seq_printf(out, "ipi %llu\n", waits[i]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(waits);

static int __init ipi_wait_init(void)
{
	unsigned int i, cpu = 0, self;

	waits = vcalloc(calls, sizeof(*waits));
	if (!waits)
		return -ENOMEM;
	for (i = 0; i < calls; i++) {
		u64 begin;

		self = get_cpu();
		do {
			cpu = cpumask_next(cpu, cpu_online_mask);
			if (cpu >= nr_cpu_ids)
				cpu = cpumask_first(cpu_online_mask);
		} while (cpu == self && num_online_cpus() > 1);
		begin = ktime_get_ns();
		smp_call_function_single(cpu, nothing, NULL, 1);
		waits[i] = ktime_get_ns() - begin;
		put_cpu();
		/* not in step with anything */
		ndelay(1000 + i * 7919 % 30000);
	}
	file = debugfs_create_file("ipi_wait", 0400, NULL, NULL, &waits_fops);
	return 0;
}

static void __exit ipi_wait_exit(void)
{
	debugfs_remove(file);
	vfree(waits);
}

module_init(ipi_wait_init);
module_exit(ipi_wait_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Times calls of functions on other processors");
