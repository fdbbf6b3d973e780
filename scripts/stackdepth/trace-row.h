/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace-row.h - one row of a call trace, in whatever form it is printed.
 *
 * The kernel's own rows (arch/.../stacktrace.c, dumpstack.c and traps.c of all
 * architectures, of 2.6 as of today), as they are and as decode_stacktrace.sh
 * and syzbot rewrite them; and those of crash(8), perf script, bpftrace and
 * ftrace.
 */
#ifndef STACKDEPTH_TRACE_ROW_H
#define STACKDEPTH_TRACE_ROW_H

#include "parse.h"

enum sd_row_form {
	SD_ROW_NONE,		/* no row */
	SD_ROW_PLAIN,		/* "symbol+0x1/0x2", address or not */
	SD_ROW_PROC,		/* "[<0>] symbol+0x1/0x2" of /proc/PID/stack */
	SD_ROW_PAIR,		/* "[stack] [text] symbol+0x1/0x2" of powerpc */
	SD_ROW_FROM,		/* "callee from caller+0x1/0x2" of arm */
	SD_ROW_CRASH,		/* "#1 [stack] symbol at text" */
	SD_ROW_PERF,		/* "text symbol+0x1 (object)" */
	SD_ROW_BPF,		/* "symbol+1" */
	SD_ROW_FTRACE,		/* "=> symbol" */
	SD_ROW_INLINE,		/* "symbol file:line [inline]": no frame */
	SD_ROW_PART,		/* the beginning of a row: a mailer wrapped it */
};

/** struct sd_trace_row - a row taken apart; strings are in the line. */
struct sd_trace_row {
	enum sd_row_form form;
	struct sd_location loc;
	bool guessed;		/* '?', or parentheses of s390: found on the stack */
	bool doubtful;		/* "(unreliable)" of powerpc: perhaps not called */
	bool link;		/* "(L)" of arm64: the link register, perhaps stale */
	bool user;		/* not of the kernel */
	bool no_symbol;		/* an address of no function */
	bool bare_source;	/* @file without parentheses around it */
	bool has_sp;
	uint64_t sp;		/* where on the stack; ppc, crash */
	const char *file;	/* source, or NULL */
	size_t file_len;
	unsigned long line_no;
};

/**
 * sd_scan_address - hexadecimal digits, "0x" before them or not
 * @least: fewer of them are no address
 */
bool sd_scan_address(const char **s, const char *end, int least, uint64_t *n);

/** sd_row_begin - an empty row; @s to its first word. Return: false if there is none. */
bool sd_row_begin(const char **s, const char *end, struct sd_trace_row *row);

/**
 * sd_scan_row - take a row apart
 * @s: moved over what was read: 2.6 has several rows in a line
 *
 * Return: false if it is no row; @row->form is SD_ROW_NONE then.
 */
bool sd_scan_row(const char **s, const char *end, struct sd_trace_row *row);

/**
 * sd_scan_row_end - the second line of a row that a mailer wrapped
 *
 * "[module]", "(unreliable)", "file:line". Return: false if it is none.
 */
bool sd_scan_row_end(const char *s, const char *end, struct sd_trace_row *row);

/**
 * sd_scan_tool_row - sd_scan_row() for crash(8), perf script, bpftrace and ftrace
 *
 * Of a row of crash(8) that cannot be read, @row->sp may still be known.
 */
bool sd_scan_tool_row(const char **s, const char *end, struct sd_trace_row *row);

#endif /* STACKDEPTH_TRACE_ROW_H */
