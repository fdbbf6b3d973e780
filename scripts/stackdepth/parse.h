/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parse.h - the formats that can be read, one file each.
 *
 * A parser reads one input to its end and hands every stack to the sink as
 * soon as it is complete, so that memory does not grow with the input. It
 * returns 0, or -1 after sd_bad() or when the sink asked it to stop.
 */
#ifndef STACKDEPTH_PARSE_H
#define STACKDEPTH_PARSE_H

#include <string.h>

#include "input.h"
#include "model.h"

/* KSYM_NAME_LEN of a kernel with Rust. */
#define SD_MAX_SYMBOL	512
#define SD_MAX_MODULE	64

struct sd_bucket {
	const char *entry;	/* entry point, a function */
	int64_t low_bytes;
	uint64_t count;
};

/** struct sd_observed - what the observer knows of a class besides stacks. */
struct sd_observed {
	enum sd_class class;
	int64_t max_bytes;			/* each or SD_UNKNOWN */
	int64_t max_bytes_with_interrupts;
	int64_t below_reclaim_bytes;
	int64_t hits;
	const struct sd_bucket *buckets;
	size_t nr_buckets;
};

struct sd_sink {
	int (*stack)(struct sd_stack *st, void *data);
	int (*observed)(const struct sd_observed *o, void *data);	/* or NULL */
	void *data;
};

struct sd_parser {
	const char *name;
	const char *what;
	/* Is @peek, the first @len bytes of a file, in this format? NULL: try it. */
	bool (*match)(const char *peek, size_t len);
	int (*parse)(struct sd_input *in, struct sd_stack *st, const struct sd_sink *sink);
};

extern const struct sd_parser sd_parse_tracedat;
extern const struct sd_parser sd_parse_observer;
extern const struct sd_parser sd_parse_tracecmd_stack;
extern const struct sd_parser sd_parse_ftrace;
extern const struct sd_parser sd_parse_dmesg;

/* All of them, in the order in which they are tried; ends with NULL. */
extern const struct sd_parser *const sd_parsers[];

/**
 * sd_parse - read one input in whatever format it is
 * @in: the input; @in->strict refuses it when anything cannot be read
 * @format: name of a parser, or NULL to find out
 * @sink: where the stacks go
 *
 * Return: 0; 1 if something could not be read, while the rest was; -1. Both of
 * the latter are said on @in's messages.
 */
int sd_parse(struct sd_input *in, const char *format, const struct sd_sink *sink);

/* location.c: what the text formats have in common */

/** struct sd_location - "symbol+0x1f/0x80 [module] <kind>" taken apart. */
struct sd_location {
	const char *symbol, *module;
	size_t symbol_len, module_len;
	uint64_t offset, length;
	bool has_offset;
	int kind;		/* enum sd_kind or -1 */
};

/**
 * sd_location - take a printed address apart
 *
 * Return: NULL, or in words what was expected.
 */
const char *sd_location(const char *s, size_t len, struct sd_location *loc);

/** sd_location_add - append a frame for @loc; NULL when there are too many. */
struct sd_frame *sd_location_add(struct sd_stack *st, const struct sd_location *loc);

/** sd_scan_symbol - the part up to the module, at @s. Return: as sd_location(). */
const char *sd_scan_symbol(const char **s, const char *end, struct sd_location *loc);
/** sd_scan_module - "[module buildid]", at @s. Return: as sd_location(). */
const char *sd_scan_module(const char **s, const char *end, struct sd_location *loc);

/* row.c: the rows of a table with depths and sizes */

/** struct sd_rows - state while the numbered rows of one stack are read. */
struct sd_rows {
	int64_t expected;	/* rows, as the header says, or SD_UNKNOWN */
	uint64_t next;		/* number of the next row */
	bool skipped;		/* a row that cannot be read came before it */
	char part[64];		/* first line of a row that a mailer wrapped */
	size_t part_len;
	unsigned long part_line;
};

void sd_rows_begin(struct sd_rows *rows, int64_t expected);
/** sd_rows_is_row - does this line look like "  12)  ..."? */
bool sd_rows_is_row(const char *line, size_t len, uint64_t *number);
/** sd_rows_is_whole - and is it all right up to its end? */
bool sd_rows_is_whole(const char *line, size_t len);
/**
 * sd_rows_add - read a row, check it against the one before
 *
 * What cannot be read is counted (sd_unread()). Rows that are missing become
 * one frame, with the bytes that the depths around them leave. Return: 0 or -1.
 */
int sd_rows_add(struct sd_rows *rows, struct sd_stack *st, struct sd_input *in,
		const char *line, size_t len);
/**
 * sd_rows_continue - is this line, no row by itself, the rest of the last one?
 *
 * Return: 1 if it is and was taken, 0 if not, -1 as sd_rows_add().
 */
int sd_rows_continue(struct sd_rows *rows, struct sd_stack *st, struct sd_input *in,
		     const char *line, size_t len);
/** sd_rows_gap - a frame for @missing rows. Return: NULL if there are too many. */
struct sd_frame *sd_rows_gap(struct sd_stack *st, uint64_t missing, int64_t bytes);
/** sd_rows_end - check what can be checked when the last row was read. */
int sd_rows_end(struct sd_rows *rows, struct sd_stack *st, struct sd_input *in);

/** sd_rows_header - is this ftrace's heading? Its number goes to @expected. */
bool sd_rows_header(const char *line, size_t len, int64_t *expected);

/* Scanning: each steps @s (up to @end) over what it read, false if not there. */
static inline void sd_skip_blanks(const char **s, const char *end)
{
	while (*s < end && (**s == ' ' || **s == '\t'))
		(*s)++;
}

static inline bool sd_scan_word(const char **s, const char *end, const char *word)
{
	size_t len;

	if (*s == end || **s != *word)	/* most are ruled out by this */
		return false;
	len = strlen(word);
	if ((size_t)(end - *s) < len || memcmp(*s, word, len))
		return false;
	*s += len;
	return true;
}

bool sd_scan_number(const char **s, const char *end, uint64_t *n);
bool sd_scan_hex(const char **s, const char *end, uint64_t *n);

#endif /* STACKDEPTH_PARSE_H */
