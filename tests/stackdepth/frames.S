/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frames.S - functions with frames of known size and the ORC entries that
 * objtool would write for them, for tests of "stackdepth frames".
 *
 * known_frame has 48 bytes at its first call and 56 at its second (an argument
 * on the stack). realigned goes by %rbp: 32 bytes, and 8 more if its caller's
 * depth is a multiple of 16. entry keeps struct pt_regs. ORC_VERSION is that of
 * the kernel whose ORC format is written: 601, 603, 604 or 703.
 */
	.macro orc ip, sp_offset, sp_reg, type
	.pushsection .orc_unwind_ip, "a"
	.long \ip - .
	.popsection
	.pushsection .orc_unwind, "a"
	.short \sp_offset, 0
	.short \sp_reg | \type << 8
	.popsection
	.endm

	.ifndef ORC_VERSION
	.set ORC_VERSION, 703
	.endif

	.set ORC_BP, 4
	.if ORC_VERSION >= 703
	.set ORC_SP, 3
	.else
	.set ORC_SP, 5
	.endif
	.if ORC_VERSION >= 604
	.set ORC_CALL, 2
	.set ORC_REGS, 3
	.else
	.set ORC_CALL, 0
	.set ORC_REGS, 1
	.endif

	.if ORC_VERSION >= 603
	.section .orc_header, "a"
	.if ORC_VERSION >= 703
	.byte 0x13, 0x7c, 0x36, 0xad, 0x76, 0x27, 0xc4, 0xdd, 0x55, 0x93
	.byte 0x21, 0x76, 0xbb, 0x0e, 0xcd, 0xbd, 0x50, 0x41, 0xfc, 0x82
	.elseif ORC_VERSION >= 604
	.byte 0xfe, 0x5d, 0x32, 0xbf, 0x58, 0x1b, 0xd6, 0x3b, 0x2c, 0xa9
	.byte 0xa5, 0xc6, 0x5b, 0xa5, 0xa6, 0x25, 0xea, 0xb3, 0xfe, 0x24
	.else
	.byte 0xdb, 0x84, 0xae, 0xd4, 0x10, 0x3b, 0x31, 0xdd, 0x51, 0xe0
	.byte 0x17, 0xf8, 0xf7, 0x97, 0x83, 0xca, 0x98, 0x5c, 0x2c, 0x51
	.endif
	.endif

	.text
	.globl known_frame
	.type known_frame, @function
known_frame:
.Lknown_0:
	call	leaf
.Lknown_1:
	push	%rbx
.Lknown_2:
	sub	$32, %rsp
.Lknown_3:
	call	leaf
	push	$7
.Lknown_4:
	call	leaf
	pop	%rax
.Lknown_5:
	add	$32, %rsp
.Lknown_6:
	pop	%rbx
.Lknown_7:
	ret
	.size known_frame, . - known_frame
	orc .Lknown_0, 8, ORC_SP, ORC_CALL
	orc .Lknown_2, 16, ORC_SP, ORC_CALL
	orc .Lknown_3, 48, ORC_SP, ORC_CALL
	orc .Lknown_4, 56, ORC_SP, ORC_CALL
	orc .Lknown_5, 48, ORC_SP, ORC_CALL
	orc .Lknown_6, 16, ORC_SP, ORC_CALL
	orc .Lknown_7, 8, ORC_SP, ORC_CALL

	.globl realigned
	.type realigned, @function
realigned:
.Lrealigned_0:
	push	%rbp
.Lrealigned_1:
	mov	%rsp, %rbp
.Lrealigned_2:
	and	$-16, %rsp
	sub	$16, %rsp
	test	%rdi, %rdi
	je	1f
	call	known_frame
1:	jmp	3f
2:	push	$1
	call	leaf
	pop	%rax
	leave
.Lrealigned_3:
	ret
3:
.Lrealigned_4:
	call	leaf
	jmp	2b
	.size realigned, . - realigned
	orc .Lrealigned_0, 8, ORC_SP, ORC_CALL
	orc .Lrealigned_1, 16, ORC_SP, ORC_CALL
	orc .Lrealigned_2, 16, ORC_BP, ORC_CALL
	orc .Lrealigned_3, 8, ORC_SP, ORC_CALL
	orc .Lrealigned_4, 16, ORC_BP, ORC_CALL

	.globl leaf
	.type leaf, @function
leaf:
.Lleaf_0:
	ret
	.size leaf, . - leaf
	orc .Lleaf_0, 8, ORC_SP, ORC_CALL

	.globl entry
	.type entry, @function
entry:
.Lentry_0:
	call	realigned
	ud2
	.size entry, . - entry
	orc .Lentry_0, 0, ORC_SP, ORC_REGS

	.section .note.GNU-stack, "", @progbits
