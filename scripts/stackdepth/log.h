/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log.h - a log being read: who prints in it, and the traces not yet whole.
 *
 * Each caller (CONFIG_PRINTK_CALLER; all the same without it) has a task with
 * the facts of its report, and perhaps a trace it is printing. Traces are handed
 * on in the order in which they began. Memory is bounded: the oldest gives way.
 */
#ifndef STACKDEPTH_LOG_H
#define STACKDEPTH_LOG_H

#include "parse.h"
#include "trace-row.h"

#define LOG_TASKS	16
#define LOG_TRACES	8
#define LOG_TITLE	200
#define LOG_KERNEL	80
/* A caller that is silent for so long has ended its trace: us, lines. */
#define LOG_IDLE_US	1000000
#define LOG_IDLE_LINES	400
/* Facts that are older belong to another report: us, lines. */
#define LOG_STALE_US	10000000
#define LOG_STALE_LINES	200
/* Lines of others within a trace that no </TASK> will end. */
#define LOG_FOREIGN	24
/* Lines in which a row follows a heading behind an unknown prefix. */
#define LOG_ODD_LINES	8

enum log_mode {
	LOG_TRACE,		/* rows of a call trace */
	LOG_TABLE,		/* depths and sizes, of ftrace */
	LOG_TOOL,		/* crash(8) and other programs */
	LOG_LEFT,		/* "used greatest stack depth", no trace at all */
};

struct log_trace {
	bool open, done;
	unsigned long serial;	/* in the order of their beginnings */
	enum log_mode mode;
	enum sd_row_form form;	/* of its first row */
	struct sd_stack st;
	struct sd_rows rows;
	bool headed;		/* there was a heading */
	bool in_task;		/* inside <TASK>: ends with </TASK> */
	bool other_stack;	/* of an interrupt: not wanted */
	bool ip_is_old;		/* as in struct log_task, of the first frame */
	bool link;		/* the last frame is what the link register said */
	bool after_blank;	/* of crash(8): an empty line came after its frames */
	bool reported;		/* something under the heading was counted */
	struct sd_prefix last;	/* of its last line */
	unsigned long line_no;	/* of its last line */
	unsigned int foreign;	/* lines that are none of its own since */
};

struct log_task {
	bool used;
	char caller;		/* as in struct sd_prefix */
	uint64_t caller_id;
	unsigned long line_no;	/* of its last line: the oldest gives way */
	struct log_trace *trace;	/* open and not done, or NULL */
	char title[LOG_TITLE];
	bool title_is_second;	/* "Oops:" and such: a better one may follow */
	struct sd_prefix facts;	/* of the line with the last of its facts */
	unsigned long facts_line;	/* and where it is */
	bool in_trace;		/* its last line was one of a trace, or this is its first */
	struct sd_location ip;	/* where it was, text below */
	char ip_text[SD_MAX_SYMBOL + SD_MAX_MODULE];
	bool has_ip;
	bool ip_is_old;		/* the kernel panicked since, or began another report */
	uint64_t sp, low, high;	/* stack pointer, bounds of the stack; or 0 */
};

struct log {
	struct sd_input *in;
	const struct sd_sink *sink;
	struct log_task tasks[LOG_TASKS];
	struct log_trace traces[LOG_TRACES];
	struct log_task *last;	/* who printed the line before */
	unsigned int nr_open;
	unsigned long serial;
	char kernel[LOG_KERNEL];
	unsigned long cut_line;	/* where a trace ended because its caller was silent, or 0 */
	bool stamped;		/* a line had a stamp: the kernel's log, no file of its */
	bool recognised;	/* there was a sign that this is a log */
	unsigned long odd_line;	/* with a heading behind an unknown prefix, or 0 */
	char odd[8];		/* the first characters of that prefix */
	bool after_stack;	/* of bpftrace: the rest of the key is no stack */
	char part[160];		/* first line of what a mailer wrapped */
	size_t part_len;
	bool part_is_left;	/* of a "used greatest stack depth" line */
	unsigned long part_line;
};

/* log-task.c */

/** log_task_of - the task that printed the current line. */
struct log_task *log_task_of(struct log *l);
/** log_begin - a trace of @t begins; what it knows so far goes into it. */
struct log_trace *log_begin(struct log *l, struct log_task *t, enum log_mode mode, bool headed);
/** log_end - nothing follows for this trace. Return: 0 or -1. */
int log_end(struct log *l, struct log_trace *tr);
/** log_age - end the traces of callers that have been silent. Return: 0 or -1. */
int log_age(struct log *l);
/** log_touch - the current line belongs to @tr. */
void log_touch(struct log *l, struct log_trace *tr);
/** log_finish - end all of them, in order. Return: 0 or -1. */
int log_finish(struct log *l);
/** log_free - give the memory back. */
void log_free(struct log *l);

/* log-facts.c */

/**
 * log_facts - what a line outside of traces tells of the next trace: title,
 * release, instruction and stack pointer, bounds of the stack
 */
void log_facts(struct log *l, struct log_task *t, const char *s, const char *end);
/** log_drop_stale - forget facts of a report that has ended without a trace. */
void log_drop_stale(struct log *l, struct log_task *t);
/** log_scan_ip - "RIP: 0010:symbol+0x1/0x2" and its like, of the kernel. */
bool log_scan_ip(const char *s, const char *end, struct sd_trace_row *row);
/** log_is_register - a line of registers or code within a trace. */
bool log_is_register(const char *s, const char *end);
/** log_ends_trace - does a line say that the report goes on with something else? */
bool log_ends_trace(const char *s, const char *end);
/** log_keep_printable - copy text, cut to @size; what is not ASCII is '?'. */
void log_keep_printable(char *to, size_t size, const char *from, size_t len);

/* log-trace.c */

/**
 * log_trace_line - a line while @t prints a trace
 *
 * Return: 1 if it belongs to the trace, 0 if not, -1.
 */
int log_trace_line(struct log *l, struct log_task *t, const char *s, const char *end);
/** log_is_outermost - does the last frame begin a stack? */
bool log_is_outermost(const struct sd_stack *st);
/** log_add_rows - add the rows of one line. Return: 0 or -1. */
int log_add_rows(struct log *l, struct log_trace *tr, const char *s, const char *end);

#endif /* STACKDEPTH_LOG_H */
