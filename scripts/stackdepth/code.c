// SPDX-License-Identifier: GPL-2.0-only
/*
 * code.c - follow the stack pointer through a function's instructions.
 *
 * Makes passes in address order. A jump hands its state to its target; code
 * that only a later jump leads to gets its state in the next pass. Where ORC
 * uses %rsp, it is believed. Any other instruction that nothing leads to (the
 * target of a jump table, or of a jump label that is a nop in the vmlinux)
 * gets, in the last pass, the most common state of the instructions that ORC
 * does not know: that of the body.
 */
#include <capstone/capstone.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "model.h"

#define MAX_FUNCTION	(1 << 18)
#define MAX_PASSES	5
#define MAX_DEPTHS	32

enum { SP, BP, R10, R13, NR_TRACKED };

struct state {
	struct code_depth reg[NR_TRACKED];
	bool valid;
};

struct walk {
	const struct image *img;
	const struct image_symbol *sym;
	const uint8_t *code;
	size_t len;
	csh handle;
	cs_insn *insn;
	struct state *at;	/* per byte of the function: handed over by a jump */
	struct state now;
	struct state seen[MAX_DEPTHS];	/* distinct ones and how often */
	unsigned int times[MAX_DEPTHS];
	bool changed;		/* a jump led to something new */
	bool guess;		/* last pass */
};

static int tracked(unsigned int reg)
{
	switch (reg) {
	case X86_REG_RSP:
		return SP;
	case X86_REG_RBP:
		return BP;
	case X86_REG_R10:
		return R10;
	case X86_REG_R13:
		return R13;
	default:
		return -1;
	}
}

/* The stack grows down: a smaller address is a larger depth. */
static void move(struct code_depth *d, int64_t bytes)
{
	d->min += bytes;
	d->max += bytes;
}

/* "and $-N, %rsp": the end of a stack is a multiple of any N that is used. */
static void align(struct code_depth *d, int64_t n)
{
	if (n <= 0 || n & (n - 1)) {
		d->known = false;
		return;
	}
	if (d->min != d->max) {
		d->max += n - 8;
		return;
	}
	d->min = (d->min + n - 1) & -n;
	d->max = d->min;
}

static bool is_reg(const cs_x86_op *op, int want)
{
	return op->type == X86_OP_REG && tracked(op->reg) == want;
}

static void on_lea(struct state *s, int to, const cs_x86_op *from)
{
	int base = tracked(from->mem.base);

	if (from->type != X86_OP_MEM || base < 0 || from->mem.index != X86_REG_INVALID) {
		s->reg[to].known = false;
		return;
	}
	s->reg[to] = s->reg[base];
	move(&s->reg[to], -from->mem.disp);
}

static void on_arithmetic(struct state *s, unsigned int id, int to, const cs_x86_op *by)
{
	struct code_depth *d = &s->reg[to];

	if (by->type != X86_OP_IMM)
		d->known = false;
	else if (id == X86_INS_SUB)
		move(d, by->imm);
	else if (id == X86_INS_ADD)
		move(d, -by->imm);
	else
		align(d, -by->imm);
}

static void on_two_operands(struct state *s, unsigned int id, const cs_x86 *x)
{
	int to = x->op_count ? tracked(x->operands[0].reg) : -1;

	if (!x->op_count || x->operands[0].type != X86_OP_REG || to < 0)
		return;
	switch (id) {
	case X86_INS_SUB:
	case X86_INS_ADD:
	case X86_INS_AND:
		if (to == SP)
			on_arithmetic(s, id, to, &x->operands[1]);
		else
			s->reg[to].known = false;
		break;
	case X86_INS_LEA:
		on_lea(s, to, &x->operands[1]);
		break;
	case X86_INS_MOV:
		if (x->operands[1].type == X86_OP_REG && tracked(x->operands[1].reg) >= 0)
			s->reg[to] = s->reg[tracked(x->operands[1].reg)];
		else
			s->reg[to].known = false;
		break;
	case X86_INS_CMP:
	case X86_INS_TEST:
		break;
	default:
		s->reg[to].known = false;
	}
}

static void apply(struct state *s, const cs_insn *insn)
{
	const cs_x86 *x = &insn->detail->x86;

	switch (insn->id) {
	case X86_INS_PUSH:
	case X86_INS_PUSHFQ:
		move(&s->reg[SP], 8);
		break;
	case X86_INS_POP:
	case X86_INS_POPFQ:
		move(&s->reg[SP], -8);
		if (insn->id == X86_INS_POP && x->op_count == 1) {
			for (int r = BP; r < NR_TRACKED; r++)
				if (is_reg(&x->operands[0], r))
					s->reg[r].known = false;
		}
		break;
	case X86_INS_LEAVE:
		s->reg[SP] = s->reg[BP];
		move(&s->reg[SP], -8);
		s->reg[BP].known = false;
		break;
	case X86_INS_CALL:
		s->reg[R10].known = false;	/* not preserved */
		break;
	default:
		on_two_operands(s, insn->id, x);
	}
}

static bool jump_target(const cs_insn *insn, uint64_t *target)
{
	const cs_x86 *x = &insn->detail->x86;

	if (x->op_count != 1 || x->operands[0].type != X86_OP_IMM)
		return false;
	*target = x->operands[0].imm;
	return true;
}

static bool in_group(const cs_insn *insn, unsigned int group)
{
	for (int i = 0; i < insn->detail->groups_count; i++)
		if (insn->detail->groups[i] == group)
			return true;
	return false;
}

static bool ends_flow(const cs_insn *insn)
{
	return insn->id == X86_INS_JMP || insn->id == X86_INS_RET || insn->id == X86_INS_UD2 ||
	       insn->id == X86_INS_INT3 || insn->id == X86_INS_IRETQ;
}

static void hand_over(struct walk *w, const cs_insn *insn)
{
	uint64_t target;

	if (!w->now.valid || !in_group(insn, X86_GRP_JUMP) || !jump_target(insn, &target) ||
	    target < w->sym->addr || target - w->sym->addr >= w->len)
		return;
	if (!w->at[target - w->sym->addr].valid) {
		w->at[target - w->sym->addr] = w->now;
		w->changed = true;
	}
}

static void count(struct walk *w)
{
	for (int i = 0; i < MAX_DEPTHS; i++) {
		if (w->times[i] && w->seen[i].reg[SP].max != w->now.reg[SP].max)
			continue;
		w->seen[i] = w->now;
		w->times[i]++;
		return;
	}
}

static struct state most_frequent(const struct walk *w)
{
	int best = 0;

	for (int i = 1; i < MAX_DEPTHS; i++)
		if (w->times[i] > w->times[best])
			best = i;
	return w->seen[best];
}

static void arrive(struct walk *w, const cs_insn *insn, struct code_depth at_entry)
{
	const struct state *handed = &w->at[insn->address - w->sym->addr];
	const struct orc_entry *orc = image_orc(w->img, insn->address);

	if (!at_entry.known)
		return;
	if (!w->now.valid && handed->valid)
		w->now = *handed;
	if (orc && orc->type == ORC_CALL && orc->sp_reg == ORC_REG_SP) {
		/* CFA is 8 above the word that @at_entry is the depth of. */
		w->now.valid = true;
		w->now.reg[SP] = at_entry;
		move(&w->now.reg[SP], orc->sp_offset - 8);
		return;
	}
	if (!w->now.valid && w->guess)
		w->now = most_frequent(w);
	if (w->now.valid && w->now.reg[SP].known)
		count(w);
}

/* One pass; the last one calls @on_insn. */
static int pass(struct walk *w, struct code_depth at_entry,
		int (*on_insn)(const struct code_insn *insn, void *data), void *data)
{
	const uint8_t *code = w->code;
	uint64_t addr = w->sym->addr;
	size_t left = w->len;
	int ret = 0;

	w->changed = false;
	w->now = (struct state) { .valid = true };
	w->now.reg[SP] = at_entry;
	while (!ret && left) {
		if (!cs_disasm_iter(w->handle, &code, &left, &addr, w->insn)) {
			code++;		/* data between instructions */
			addr++;
			left--;
			continue;
		}
		arrive(w, w->insn, at_entry);
		if (on_insn) {
			struct code_insn now = { w->insn->address, addr, w->now.reg[SP],
						 w->insn->id == X86_INS_CALL, 0 };

			now.sp.known &= w->now.valid;
			if (now.is_call && !w->img->relocatable)
				jump_target(w->insn, &now.target);
			ret = on_insn(&now, data);
		}
		apply(&w->now, w->insn);
		hand_over(w, w->insn);
		if (ends_flow(w->insn))
			w->now.valid = false;
	}
	return ret;
}

int code_walk(const struct image *img, const struct image_symbol *sym,
	      struct code_depth at_entry,
	      int (*on_insn)(const struct code_insn *insn, void *data), void *data)
{
	struct walk *w = sd_alloc(1, sizeof(*w));
	int ret = -1;

	w->img = img;
	w->sym = sym;
	w->code = image_code(img, sym->addr, &w->len);
	if (w->code && cs_open(CS_ARCH_X86, CS_MODE_64, &w->handle) == CS_ERR_OK) {
		cs_option(w->handle, CS_OPT_DETAIL, CS_OPT_ON);
		if (w->len > sym->length)
			w->len = sym->length;
		if (w->len > MAX_FUNCTION)
			w->len = MAX_FUNCTION;
		w->at = sd_alloc(w->len, sizeof(*w->at));
		w->insn = cs_malloc(w->handle);
		w->changed = at_entry.known;
		for (int i = 0; w->changed && i < MAX_PASSES; i++)
			pass(w, at_entry, NULL, NULL);
		w->guess = true;
		ret = pass(w, at_entry, on_insn, data);
		cs_free(w->insn, 1);
		cs_close(&w->handle);
		free(w->at);
	}
	free(w);
	return ret;
}
