// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of functions, by ftrace: where reclaim is called, and what its
 * callers call after it. Tracepoints do not tell: reclaim's own lie inside of
 * what is measured, and a patch may do anything after them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "reclaim_watch.h"

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_ARGS

static void entered(enum reclaim_kind kind, unsigned long ip,
		    unsigned long parent_ip, struct ftrace_regs *fregs)
{
	int bit = ftrace_test_recursion_trylock(ip, parent_ip);

	if (bit < 0)
		return;
	if (in_task())
		reclaimer_entered(kind, ftrace_regs_get_stack_pointer(fregs));
	ftrace_test_recursion_unlock(bit);
}

static void node_entered(unsigned long ip, unsigned long parent_ip,
			 struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	entered(RECLAIM_NODE, ip, parent_ip, fregs);
}

static void memcg_entered(unsigned long ip, unsigned long parent_ip,
			  struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	entered(RECLAIM_MEMCG, ip, parent_ip, fregs);
}

static void stall_left(unsigned long ip, unsigned long parent_ip,
		       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	int bit = ftrace_test_recursion_trylock(ip, parent_ip);

	if (bit < 0)
		return;
	if (in_task())
		reclaimer_left(ftrace_regs_get_stack_pointer(fregs));
	ftrace_test_recursion_unlock(bit);
}

static void charge_tried(unsigned long ip, unsigned long parent_ip,
			 struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	int bit = ftrace_test_recursion_trylock(ip, parent_ip);

	if (bit < 0)
		return;
	if (in_task())
		reclaimer_charge(ftrace_regs_get_stack_pointer(fregs));
	ftrace_test_recursion_unlock(bit);
}

/**
 * struct hook - a function whose entries are looked at
 * @name: of the function
 * @optional: kernels that lack it call no reclaim there
 * @ops: with a filter for this function alone
 * @registered: @ops is
 */
struct hook {
	const char *name;
	bool optional;
	struct ftrace_ops ops;
	bool registered;
};

/*
 * In this order: nothing may be seen to begin whose end is not. The caller of
 * reclaim leaves a memory stall when reclaim, and in the allocator the next
 * try, is over.
 */
static struct hook hooks[] = {
	{ "psi_memstall_leave", false, { .func = stall_left } },
#ifdef CONFIG_MEMCG
	{ "page_counter_try_charge", false, { .func = charge_tried } },
	{ "try_to_free_mem_cgroup_pages", false, { .func = memcg_entered } },
#endif
	{ "node_reclaim", true, { .func = node_entered } },
	{ "try_to_free_pages", false, { .func = node_entered } },
};

void functions_detach(void)
{
	unsigned int i;

	for (i = ARRAY_SIZE(hooks); i--; ) {
		if (hooks[i].registered)
			unregister_ftrace_function(&hooks[i].ops);
		hooks[i].registered = false;
		ftrace_free_filter(&hooks[i].ops);
	}
}

bool functions_attach(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		struct hook *hook = &hooks[i];
		/* ftrace_set_filter() writes into it */
		char name[40];

		strscpy(name, hook->name, sizeof(name));
		/* without its filter it would be called for every function */
		if (!ftrace_set_filter(&hook->ops, name, strlen(name), 1) &&
		    !register_ftrace_function(&hook->ops)) {
			hook->registered = true;
		} else if (!hook->optional) {
			pr_info("no entries of %s: reclaim is not timed to its end\n",
				hook->name);
			functions_detach();
			return false;
		}
	}
	return true;
}

#else

void functions_detach(void)
{
}

bool functions_attach(void)
{
	pr_info("ftrace shows no stack pointers: reclaim is not timed to its end\n");
	return false;
}

#endif
