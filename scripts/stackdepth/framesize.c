// SPDX-License-Identifier: GPL-2.0-only
/*
 * framesize.c - the size that a frame must have, from ORC and the code.
 *
 * For a function the ORC entry gives CFA, the address right above its own
 * return address, as register plus offset. With %rsp: a call pushes at
 * CFA - offset - 8, the function's own return address is at CFA - 8, so the
 * size is the offset. With %rbp or %r10 the stack pointer is followed through
 * the code instead.
 */
#include "code.h"
#include "framesize.h"
#include "model.h"

struct search {
	uint64_t addr;
	enum framesize_how how;
	struct code_depth sp;
	bool found;
};

static int on_insn(const struct code_insn *insn, void *data)
{
	struct search *s = data;

	/*
	 * An indirect call (6 bytes) or an alternative may have been patched
	 * with a direct call (5 bytes): the address is then inside of what the
	 * vmlinux has there.
	 */
	if (s->how == FRAME_CALLED ? insn->addr >= s->addr || s->addr > insn->next :
	    insn->addr != s->addr)
		return 0;
	s->sp = insn->sp;
	s->found = true;
	return 1;
}

static struct framesize unknown(const char *why)
{
	return (struct framesize) { .known = false, .why = why };
}

static struct framesize exact(int64_t bytes, const char *why)
{
	return (struct framesize) { .min = bytes, .max = bytes, .known = true, .why = why };
}

/* Depth of %rsp before the instruction, when that of the caller's is @parent. */
static struct framesize follow_code(const struct image *img, const struct image_symbol *sym,
				    uint64_t addr, enum framesize_how how, int64_t parent)
{
	struct code_depth entry = { parent, parent, true };
	struct search s = { .addr = addr, .how = how };

	/* Any alignment is possible if the caller's depth is not known. */
	if (parent == SD_UNKNOWN)
		entry = (struct code_depth) { 0, 8, true };
	if (code_walk(img, sym, entry, on_insn, &s) < 0 || !s.found)
		return unknown("the code there cannot be followed");
	if (!s.sp.known)
		return unknown("its stack has a variable length");
	return (struct framesize) {
		.min = s.sp.min - entry.min,
		.max = s.sp.max - entry.max,
		.known = true,
		.why = "finds its frame by a base register",
	};
}

static struct framesize of_registers(const struct orc_entry *orc, bool outermost)
{
	bool partial = orc->type == ORC_REGS_PARTIAL;
	int64_t bytes = orc->sp_offset + 8;

	if (orc->sp_reg != ORC_REG_SP)
		return unknown("entry code on another stack");
	if (outermost)
		return exact(bytes + (partial ? IRET_FRAME_BYTES : PT_REGS_BYTES),
			     "entry from user mode: struct pt_regs");
	return exact(bytes + (partial ? 0 : PT_REGS_IP), "entry: registers of what it interrupted");
}

static int64_t round_up_16(int64_t n)
{
	return (n + 15) & -16;
}

/* The CPU aligns the stack to 16 bytes, then pushes the five words of iret. */
static struct framesize add_iret_frame(struct framesize f, int64_t parent)
{
	if (!f.known)
		return f;
	f.why = "interrupted: 40 bytes that the CPU pushed, and up to 8 of alignment";
	if (parent != SD_UNKNOWN && f.min == f.max) {
		f.min = round_up_16(parent + f.min) - parent + IRET_FRAME_BYTES;
		f.max = f.min;
	} else {
		f.min += IRET_FRAME_BYTES;
		f.max += IRET_FRAME_BYTES + 8;
	}
	return f;
}

struct framesize framesize(const struct image *img, const struct image_symbol *sym,
			   uint64_t addr, enum framesize_how how, bool outermost,
			   int64_t parent_depth)
{
	const struct orc_entry *orc = image_orc(img, how == FRAME_CALLED ? addr - 1 : addr);
	struct framesize f;

	if (!orc || orc->type == ORC_UNDEFINED)
		return unknown("no ORC entry");
	if (orc->type == ORC_END)
		return outermost ? exact(PT_REGS_BYTES + 8, "start of a thread: struct pt_regs") :
		       unknown("the ORC table ends here, the trace does not");
	if (orc->type != ORC_CALL)
		return of_registers(orc, outermost);
	if (orc->sp_reg == ORC_REG_SP)
		f = exact(how == FRAME_INTERRUPTED ? orc->sp_offset - 8 : orc->sp_offset, NULL);
	else
		f = follow_code(img, sym, addr, how, parent_depth);
	f.copies_return = orc->sp_reg == ORC_REG_R10 || orc->sp_reg == ORC_REG_BP_INDIRECT;
	if (how != FRAME_INTERRUPTED && f.known && orc->sp_reg != ORC_REG_SP) {
		f.min += 8;	/* the call's own push */
		f.max += 8;
	}
	return how == FRAME_INTERRUPTED ? add_iret_frame(f, parent_depth) : f;
}
