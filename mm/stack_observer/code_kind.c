// SPDX-License-Identifier: GPL-2.0-only
/* What kind of code is a return address in? */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "stack_observer.h"

#define SO_KNOWN_BITS	13	/* cached return addresses */

/* Return addresses whose kind is known: address << 3 | kind, one word each. */
static u64 *so_known;

static bool so_starts(const char *s, const char * const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (!strncmp(s, *prefixes, strlen(*prefixes)))
			return true;
	return false;
}

static enum so_kind so_kind_of_symbol(const char *s)
{
	static const char * const preempt[] = {
		"preempt_schedule", "dynamic_preempt_schedule",
		"__cond_resched", "dynamic_cond_resched",
		"dynamic_might_resched", NULL
	};
	/* Entered by a breakpoint or trap that a probe planted. */
	static const char * const trap[] = {
		"asm_exc_int3", "asm_exc_debug", NULL
	};
	static const char * const interrupt[] = {
		"asm_sysvec_", "asm_common_interrupt", "asm_spurious_interrupt",
		"asm_exc_", "asm_fred_", "common_interrupt_return",
		"nmi_restore", "end_repeat_nmi", NULL
	};
	static const char * const tracer[] = {
		"0x", "ftrace_", "__ftrace_", "arch_ftrace_", "function_trace_",
		"function_stack_trace_", "function_graph_", "trace_graph_",
		"stack_trace_call", "kprobe_", "kretprobe_", "aggr_",
		"opt_pre_handler", "optimized_callback", "arch_rethook_",
		"rethook_", "fprobe_", "bpf_trampoline_", "bpf_prog_",
		"__bpf_prog_", "bpf_trace_run", "perf_trace_", "perf_ftrace_",
		"trace_event_raw_event_", "__traceiter_", NULL
	};

	if (strstr(s, " [" KBUILD_MODNAME "]"))
		return SO_SELF;
	if (so_starts(s, trap) || so_starts(s, tracer))
		return SO_TRACER;
	/* A page fault in the kernel is the task's own work. */
	if (!strncmp(s, "asm_exc_page_fault", 18))
		return SO_TASK;
	if (so_starts(s, interrupt))
		return SO_INTERRUPT;
	if (so_starts(s, preempt))
		return SO_PREEMPT;
	return SO_TASK;
}

static enum so_kind so_kind_of(struct so_cpu *c, unsigned long ip)
{
	u64 *known = &so_known[hash_long(ip, SO_KNOWN_BITS)];
	u64 word = READ_ONCE(*known);
	enum so_kind kind;

	if (word >> 3 == (ip << 3) >> 3)
		return word & 7;
	/* The address follows the call, which can end its function. */
	sprint_symbol_no_offset(c->symbol, ip - 1);
	kind = so_kind_of_symbol(c->symbol);
	WRITE_ONCE(*known, (u64)ip << 3 | kind);
	return kind;
}

bool so_mark_kinds(struct so_cpu *c)
{
	struct so_stack *s = &c->scratch;
	enum so_kind kind = SO_TASK;
	u32 i;

	s->self = false;
	/* A kind holds from its outermost row to the deepest. */
	for (i = s->frames; i--;) {
		enum so_kind k = i ? so_kind_of(c, s->ip[i]) : SO_TASK;

		if (k == SO_SELF)
			s->self = true;
		if (k != SO_TASK && (kind == SO_TASK || k == SO_INTERRUPT))
			kind = k;
		s->kind[i] = kind;
	}
	return kind == SO_TASK;
}

int so_allocate_kinds(void)
{
	so_known = kvcalloc(1 << SO_KNOWN_BITS, sizeof(*so_known), GFP_KERNEL);
	return so_known ? 0 : -ENOMEM;
}

void so_clear_kinds(void)
{
	memset(so_known, 0, sizeof(u64) << SO_KNOWN_BITS);
}

void so_free_kinds(void)
{
	kvfree(so_known);
}
