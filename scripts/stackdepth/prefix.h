/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prefix.h - what people and programs put before a line of the kernel's.
 *
 * One stage before every parser takes it off, in any order and to any depth:
 * quoting of mails, blanks (U+00A0 and its kin as well), a byte order mark,
 * colours, stamps of dmesg, syslog, journald and serial loggers, facility and
 * level, the caller of CONFIG_PRINTK_CALLER, and what ftrace prints before an
 * event's text. What it tells of time and caller is kept.
 */
#ifndef STACKDEPTH_PREFIX_H
#define STACKDEPTH_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** struct sd_prefix - what the prefix of a line tells. */
struct sd_prefix {
	bool stamped;		/* a stamp, a level or such, not only blanks */
	bool has_time;
	bool has_monotonic;	/* @time_us is of the kernel's clock */
	int64_t time_us;	/* microseconds since some time or other */
	char caller;		/* 'T' a task, 'C' a processor, 0 unknown */
	uint64_t caller_id;
	size_t indent;		/* blanks right before the text, a tab is eight */
};

/**
 * sd_peel - step over the prefix of a line
 * @line: the line, NUL terminated; special blanks in it become plain ones
 * @len: its length, changed to that of the text; blanks at its end go as well
 * @prefix: set
 *
 * Return: where the text begins, in @line.
 */
char *sd_peel(char *line, size_t *len, struct sd_prefix *prefix);

/**
 * sd_peek_text - the text of the next line of a file's beginning
 * @peek, @end: what is there; @peek is moved over the line
 * @to, @size: buffer for it, of a longer line only the beginning
 *
 * Return: its text, in @to; NULL when there is no line left.
 */
const char *sd_peek_text(const char **peek, const char *end, char *to, size_t size);

#endif /* STACKDEPTH_PREFIX_H */
