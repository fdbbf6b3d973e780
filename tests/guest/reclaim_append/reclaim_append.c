// SPDX-License-Identifier: GPL-2.0-only
/*
 * reclaim_append: what a patch may do after reclaim. The callers of reclaim
 * get it back delay_us microseconds later, long after its tracepoints.
 *
 * Context of the handler: as the function that returns, preemption disabled;
 * so it spins.
 */
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/module.h>

/* Tasks that may be in reclaim at once. */
#define MAX_ACTIVE	64

static unsigned int delay_us;
module_param(delay_us, uint, 0644);
MODULE_PARM_DESC(delay_us, "how much longer every reclaim takes, in us (0)");

static int returns(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if (delay_us)
		mdelay(delay_us / USEC_PER_MSEC);
	return 0;
}

static struct kretprobe node = {
	.kp.symbol_name = "try_to_free_pages",
	.handler = returns,
	.maxactive = MAX_ACTIVE,
};

static struct kretprobe memcg = {
	.kp.symbol_name = "try_to_free_mem_cgroup_pages",
	.handler = returns,
	.maxactive = MAX_ACTIVE,
};

static int __init reclaim_append_init(void)
{
	int error = register_kretprobe(&node);

	if (error)
		return error;
	error = register_kretprobe(&memcg);
	if (error)
		unregister_kretprobe(&node);
	return error;
}

static void __exit reclaim_append_exit(void)
{
	unregister_kretprobe(&memcg);
	unregister_kretprobe(&node);
}

module_init(reclaim_append_init);
module_exit(reclaim_append_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Makes every reclaim longer after its end, for a test");
