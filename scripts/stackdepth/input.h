/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * input.h - the lines of a file of any size, in constant memory.
 */
#ifndef STACKDEPTH_INPUT_H
#define STACKDEPTH_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "prefix.h"

/* A kernel symbol has at most 512 characters (KSYM_NAME_LEN), a line few more. */
#define SD_LINE_MAX	4096
#define SD_PEEK		65536

/** struct sd_unread - what of an input could not be read. */
struct sd_unread {
	unsigned long headings;	/* of stacks, seen */
	unsigned long read;	/* stacks that were handed on */
	unsigned long headless;	/* of these, those that have no heading */
	unsigned long count;	/* lines, or headings without a frame */
	unsigned long line_no;	/* the first of them */
	char why[200];		/* and its reason */
};

struct sd_input {
	FILE *fp;
	const char *name;	/* for messages; "-" is "standard input" */
	FILE *messages;		/* where sd_bad() writes, or NULL */
	unsigned long line_no;
	char *chunk;		/* what was read but not yet handed out */
	size_t pos, end;
	char *buffer;		/* the current line as it was read */
	char *line;		/* the current line, NUL terminated, no LF */
	size_t len;		/* its length, at most SD_LINE_MAX */
	bool cut;		/* the line was longer; the rest is skipped */
	bool read_error;
	bool begun, utf16;	/* after the first chunk; it has UTF-16's mark */
	bool peel;		/* @line is without what others put before it */
	bool strict;		/* nothing may be left unread */
	bool trimmed;		/* rows that were left out are no fault */
	struct sd_prefix prefix;	/* with @peel: what was before @line */
	struct sd_unread unread;
};

/** sd_input_open - read from @fp, which stays the caller's. */
void sd_input_open(struct sd_input *in, FILE *fp, const char *name, FILE *messages);
void sd_input_close(struct sd_input *in);

/**
 * sd_input_peek - the first bytes of the file, before any line is read
 * @len: how many there are, at most SD_PEEK
 */
const char *sd_input_peek(struct sd_input *in, size_t *len);

/** sd_input_line - step to the next line. Return: false at the end. */
bool sd_input_line(struct sd_input *in);

/**
 * sd_bad - say in one line what is wrong with the input
 *
 * "stackdepth: NAME:LINE: text". Bytes that are not printable ASCII come out
 * as '?'. Return: -1, to be returned by a parser.
 */
int sd_bad(const struct sd_input *in, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * sd_unread - count something that cannot be read, or refuse it if @in is strict
 * @line_no: where it is
 *
 * Text and arguments are those of sd_bad().
 * Return: 0, or -1 if strict, which is to be returned by a parser.
 */
int sd_unread(struct sd_input *in, unsigned long line_no, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** sd_say_unread - one line about what was counted. Return: was there any? */
bool sd_say_unread(const struct sd_input *in);

#endif /* STACKDEPTH_INPUT_H */
