// SPDX-License-Identifier: GPL-2.0-only
/*
 * check.c - does a recorded frame have the size that the kernel says?
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyse.h"
#include "check.h"
#include "code.h"

/*
 * ftrace's trampoline keeps struct pt_regs below the return address of the
 * call to __fentry__; stack_trace finds the traced function in its ip, five
 * words early. With frame pointers it keeps five words more in between.
 */
#define TRAMPOLINE_BYTES		40
#define TRAMPOLINE_BYTES_FP		80
/* TOP_OF_KERNEL_STACK_PADDING of a kernel with CONFIG_X86_FRED */
#define FRED_PADDING_BYTES		16

static const char *const names[CHECK_NR_VERDICTS] = {
	[CHECK_SAME]		= "same",
	[CHECK_EXPLAINED]	= "explained",
	[CHECK_DIFFERS]		= "differs",
	[CHECK_UNKNOWN]		= "unknown",
};

const char *check_name(enum check_verdict verdict)
{
	return names[verdict];
}

struct site {
	uint64_t ret;
	bool is_end, is_call;
	uint64_t target;
};

static int on_insn(const struct code_insn *insn, void *data)
{
	struct site *s = data;

	if (insn->next != s->ret)
		return 0;
	s->is_end = true;
	s->is_call = insn->is_call;
	s->target = insn->target;
	return 1;
}

static struct site look_at_call(const struct sd_place *p)
{
	struct code_depth depth = { 0, 0, true };
	struct site s = { .ret = p->addr };

	code_walk(p->img, p->sym, depth, on_insn, &s);
	return s;
}

static void say(struct check *c, enum check_verdict verdict, const char *why)
{
	c->verdict = verdict;
	snprintf(c->why, sizeof(c->why), "%s", why ? why : "");
}

/* A call whose target is not the frame inside: it jumped on from there. */
static void note_tail_call(struct check *c, const struct sd_stack *st, size_t i,
			   const struct sd_place *p)
{
	const struct image_symbol *target;
	struct site s;

	if (!i || *c->why || p->how != FRAME_CALLED)
		return;
	s = look_at_call(p);
	if (!s.is_end)
		say(c, c->verdict, "no instruction ends there in the vmlinux: patched at boot");
	else if (!s.is_call)
		say(c, c->verdict, "no call ends there in the vmlinux: alternative or patched code");
	if (!s.target || !s.is_call)
		return;
	target = image_symbol_at(p->img, s.target);
	if (!target || !strcmp(target->name, st->frames[i - 1].symbol) ||
	    !strncmp(target->name, "__SCT__", 7) ||
	    !strncmp(target->name, "__x86_indirect", 14))
		return;
	if (target->addr != s.target)
		return;
	snprintf(c->why, sizeof(c->why), "calls %.80s, which jumped on (tail call)", target->name);
}

/* A stack being checked: each frame's place and size, and where it truly is. */
struct checked {
	const struct sd_sizes *sizes;
	const struct sd_stack *st;
	struct sd_place *place;
	struct framesize *size;
	int64_t *depth;
};

static int64_t outer_depth(const struct checked *k, size_t i)
{
	return i + 1 < k->st->nr_frames ? k->depth[i + 1] : 0;
}

static bool is_exact(const struct framesize *f)
{
	return f->known && f->min == f->max;
}

/*
 * ftrace looks for each return address from the deepest word on and takes the
 * first that fits. A copy of it further down is found before it: one left over
 * from an earlier call, or the one that a function keeps which realigns its
 * stack. The frame then seems to begin too deep. The same earlier calls may have
 * left copies of the next ones, too; further in all is right again. Find the
 * true depth of frame @i, outside of which all are known.
 */
static int64_t true_depth(struct checked *k, size_t i)
{
	int64_t recorded = k->st->frames[i].depth, computed, depth;

	if (!is_exact(&k->size[i]) || k->place[i].other_length)
		return recorded;
	computed = outer_depth(k, i) + k->size[i].min;
	if (computed >= recorded)
		return recorded;
	depth = computed;
	while (i-- > 0) {
		struct framesize inner = sd_sizes_static(k->st, i, &k->place[i], depth);

		if (!is_exact(&inner) || k->place[i].other_length)
			return recorded;
		depth += inner.min;
		if (depth == k->st->frames[i].depth)
			return computed;
		if (depth > k->st->frames[i].depth)
			return recorded;
	}
	return recorded;
}

static bool explain_registers(struct check *c, const struct sd_stack *st, size_t i)
{
	int64_t more = st->frames[i].bytes - c->bytes;

	if (!sd_shows_registers(st, i) || c->bytes != 8 ||
	    (more != TRAMPOLINE_BYTES && more != TRAMPOLINE_BYTES_FP))
		return false;
	c->verdict = CHECK_EXPLAINED;
	snprintf(c->why, sizeof(c->why),
		 "tracer: %" PRId64 " bytes of registers that ftrace's trampoline saved", more);
	return true;
}

static bool explain_copy(struct check *c, const struct checked *k, size_t i)
{
	int64_t own = k->st->frames[i].depth - k->depth[i];
	int64_t outer = i + 1 < k->st->nr_frames ? k->st->frames[i + 1].depth - k->depth[i + 1] : 0;
	const char *copy;

	if ((!own && !outer) || k->st->frames[i].bytes - c->bytes != own - outer)
		return false;
	copy = k->size[own ? i - 1 : i].copies_return ?
	       "that a realigned function keeps" : "left over from an earlier call";
	c->verdict = CHECK_EXPLAINED;
	snprintf(c->why, sizeof(c->why),
		 "ftrace took a copy of the return address %s: %" PRId64 " bytes %s", copy,
		 own ? own : outer, own ? "belong to the row above" : "are in the row below");
	return true;
}

static void explain_difference(struct check *c, const struct checked *k, size_t i)
{
	const struct sd_frame *f = &k->st->frames[i];
	int64_t more = f->bytes - c->bytes;

	if (explain_registers(c, k->st, i) || explain_copy(c, k, i))
		return;
	if (i + 1 == k->st->nr_frames && more == FRED_PADDING_BYTES) {
		say(c, CHECK_EXPLAINED, "16 bytes of padding that FRED needs above struct pt_regs");
		return;
	}
	c->verdict = CHECK_DIFFERS;
	if (more > 0)
		snprintf(c->why, sizeof(c->why),
			 "%" PRId64 " bytes more than this code uses: a frame that was not recorded?",
			 more);
	else
		snprintf(c->why, sizeof(c->why),
			 "%" PRId64 " bytes less than this code uses: another kernel?", -more);
}

static struct check check_frame(const struct checked *k, size_t i)
{
	const struct sd_frame *f = &k->st->frames[i];
	const struct sd_place *p = &k->place[i];
	const struct framesize *size = &k->size[i];
	struct check c = { .verdict = CHECK_UNKNOWN, .bytes = SD_UNKNOWN };

	if (!p->img && f->kind == SD_TRACER && !f->has_offset) {
		say(&c, CHECK_EXPLAINED, "tracer: a trampoline that ftrace made at run time");
		return c;
	}
	if (!p->img) {
		say(&c, CHECK_UNKNOWN, f->module ? "in a module that was not given" :
		    f->has_offset ? "no such function in this kernel" : "no offset recorded");
		return c;
	}
	if (p->other_length) {
		snprintf(c.why, sizeof(c.why),
			 "the function has 0x%" PRIx64 " bytes here, 0x%" PRIx64
			 " where this was recorded: another kernel", p->sym->length, f->length);
		c.verdict = CHECK_DIFFERS;
		return c;
	}
	if (!size->known || f->bytes == SD_UNKNOWN) {
		say(&c, CHECK_UNKNOWN, size->known ? "no size recorded" : size->why);
		return c;
	}
	c.bytes = size->max;
	say(&c, p->how == FRAME_INTERRUPTED ? CHECK_EXPLAINED : CHECK_SAME, size->why);
	if (f->bytes < size->min || f->bytes > size->max)
		explain_difference(&c, k, i);
	else
		c.bytes = f->bytes;
	if (c.verdict == CHECK_SAME)
		note_tail_call(&c, k->st, i, p);
	return c;
}

struct check *check_stack(const struct sd_sizes *sizes, const struct sd_stack *st)
{
	struct check *checks = sd_alloc(st->nr_frames, sizeof(*checks));
	struct checked k = {
		.sizes = sizes,
		.st = st,
		.place = sd_alloc(st->nr_frames, sizeof(*k.place)),
		.size = sd_alloc(st->nr_frames, sizeof(*k.size)),
		.depth = sd_alloc(st->nr_frames, sizeof(*k.depth)),
	};

	for (size_t i = 0; i < st->nr_frames; i++)
		k.place[i] = sd_sizes_place(sizes, st, i);
	for (size_t i = st->nr_frames; i-- > 0; ) {
		k.size[i] = sd_sizes_static(st, i, &k.place[i], outer_depth(&k, i));
		k.depth[i] = true_depth(&k, i);
	}
	for (size_t i = 0; i < st->nr_frames; i++)
		checks[i] = check_frame(&k, i);
	free(k.place);
	free(k.size);
	free(k.depth);
	return checks;
}
