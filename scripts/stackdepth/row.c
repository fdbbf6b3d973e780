// SPDX-License-Identifier: GPL-2.0-only
/*
 * row.c - "  7)     6840      40   symbol+0x11/0x20 [module] <kind>".
 *
 * kernel/trace/trace_stack.c prints a number, the depth, the size and "%pS".
 * A size is the difference of two depths, so all of it can be checked.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"

bool sd_rows_header(const char *line, size_t len, int64_t *expected)
{
	const char *s = line, *end = line + len;
	uint64_t n;

	*expected = SD_UNKNOWN;
	sd_skip_blanks(&s, end);
	if (!sd_scan_word(&s, end, "Depth"))
		return false;
	sd_skip_blanks(&s, end);
	if (!sd_scan_word(&s, end, "Size"))
		return false;
	sd_skip_blanks(&s, end);
	if (!sd_scan_word(&s, end, "Location"))
		return false;
	sd_skip_blanks(&s, end);
	if (sd_scan_word(&s, end, "(") && sd_scan_number(&s, end, &n) && n <= SD_MAX_FRAMES)
		*expected = n;
	return true;
}

bool sd_rows_is_row(const char *line, size_t len, uint64_t *number)
{
	const char *s = line, *end = line + len;

	sd_skip_blanks(&s, end);
	return sd_scan_number(&s, end, number) && s < end && *s == ')';
}

struct row {
	uint64_t number, depth, size;
	struct sd_location loc;
	bool no_location;	/* a mailer may have wrapped the line here */
};

/* Return: NULL, or in words what was expected. */
static const char *parse_row(const char *s, const char *end, struct row *r)
{
	const char *bad;

	r->no_location = false;
	sd_skip_blanks(&s, end);
	if (!sd_scan_number(&s, end, &r->number) || !sd_scan_word(&s, end, ")"))
		return "expected a row 'NUMBER) DEPTH SIZE SYMBOL+0xOFFSET/0xLENGTH'";
	sd_skip_blanks(&s, end);
	if (!sd_scan_number(&s, end, &r->depth) || r->depth > SD_MAX_BYTES)
		return "expected the depth in bytes after 'NUMBER)'";
	sd_skip_blanks(&s, end);
	if (!sd_scan_number(&s, end, &r->size) || r->size > SD_MAX_BYTES)
		return "expected the size in bytes after the depth";
	sd_skip_blanks(&s, end);
	r->no_location = s == end;
	bad = sd_location(s, end - s, &r->loc);
	/* An address of no function is printed as a number. */
	if (!bad && !r->loc.has_offset &&
	    (r->loc.symbol_len < 3 || memcmp(r->loc.symbol, "0x", 2)))
		bad = "expected symbol+0xOFFSET/0xLENGTH: cut off?";
	return bad;
}

bool sd_rows_is_whole(const char *line, size_t len)
{
	struct row r;

	return !parse_row(line, line + len, &r);
}

void sd_rows_begin(struct sd_rows *rows, int64_t expected)
{
	*rows = (struct sd_rows) { .expected = expected };
}

struct sd_frame *sd_rows_gap(struct sd_stack *st, uint64_t missing, int64_t bytes)
{
	struct sd_frame *f = sd_stack_add(st);
	char text[48];

	if (!f)
		return NULL;
	snprintf(text, sizeof(text), "(%" PRIu64 " row%s missing)", missing,
		 missing == 1 ? "" : "s");
	f->symbol = sd_stack_text(st, text, strlen(text));
	f->missing_rows = missing;
	f->bytes = bytes;
	return f;
}

static int say_missing(struct sd_input *in, uint64_t first, uint64_t last)
{
	if (first == last)
		return sd_unread(in, in->line_no, "expected row %" PRIu64 ", found row %" PRIu64
				 ": row %" PRIu64 " is missing; --trimmed takes that", first,
				 last + 1, first);
	return sd_unread(in, in->line_no, "expected row %" PRIu64 ", found row %" PRIu64
			 ": rows %" PRIu64 " to %" PRIu64 " are missing; --trimmed takes that",
			 first, last + 1, first, last);
}

/* Rows were left out, or could not be read: what is known of them. */
static int on_gap(struct sd_rows *rows, struct sd_stack *st, struct sd_input *in,
		  const struct row *r)
{
	const struct sd_frame *f = st->nr_frames ? &st->frames[st->nr_frames - 1] : NULL;
	uint64_t first = rows->next, last = r->number - 1;
	int64_t bytes = f ? f->depth - f->bytes - (int64_t)r->depth : SD_UNKNOWN;

	if (f && bytes < 0)
		return sd_unread(in, in->line_no, "expected row %" PRIu64 ", found row %" PRIu64
				 " with depth %" PRIu64 ", which is too deep", first, r->number,
				 r->depth) ? -1 : 1;
	if (!in->trimmed && !rows->skipped && say_missing(in, first, last))
		return -1;
	if (!sd_rows_gap(st, r->number - first, bytes))
		return sd_unread(in, in->line_no, "expected at most %d rows", SD_MAX_FRAMES) ?
			-1 : 1;
	if (f)			/* sd_rows_gap() may have moved it */
		st->frames[st->nr_frames - 1].depth = bytes + (int64_t)r->depth;
	return 0;
}

/* Every row but the first says how large the one before it must have been. */
static int check_previous(struct sd_stack *st, struct sd_input *in, uint64_t depth)
{
	struct sd_frame *f = &st->frames[st->nr_frames - 1];
	int64_t size = f->depth - (int64_t)depth, found = f->bytes;

	if (found == size || (f->missing_rows && f->depth == SD_UNKNOWN))
		return 0;
	if (size >= 0)		/* depths are what a size is made of */
		f->bytes = size;
	return sd_unread(in, in->line_no, "expected row %zu to have size %" PRId64 " (%" PRId64
			 " - %" PRIu64 "), found %" PRId64, st->nr_frames - 1, size, f->depth,
			 depth, found) ? -1 : size < 0;
}

static int take_row(struct sd_rows *rows, struct sd_stack *st, struct sd_input *in,
		    const struct row *r)
{
	struct sd_frame *f;
	int how = 0;

	if (r->number < rows->next || r->number > SD_MAX_FRAMES)
		return sd_unread(in, in->line_no, "expected row %" PRIu64 ", found row %" PRIu64,
				 rows->next, r->number);
	if (rows->expected != SD_UNKNOWN && (int64_t)r->number >= rows->expected &&
	    sd_unread(in, in->line_no, "expected %" PRId64
		      " rows as the header says, found more", rows->expected))
		return -1;
	if (r->number > rows->next)
		how = on_gap(rows, st, in, r);
	else if (st->nr_frames)
		how = check_previous(st, in, r->depth);
	if (how)		/* 1: the row itself cannot be used */
		return how < 0 ? -1 : 0;
	f = sd_location_add(st, &r->loc);
	if (!f)
		return sd_unread(in, in->line_no, "expected at most %d rows", SD_MAX_FRAMES);
	f->depth = r->depth;
	f->bytes = r->size;
	rows->next = r->number + 1;
	rows->skipped = false;
	return 0;
}

int sd_rows_add(struct sd_rows *rows, struct sd_stack *st, struct sd_input *in,
		const char *line, size_t len)
{
	struct row r;
	const char *bad;

	if (in->cut)
		return sd_unread(in, in->line_no, "expected a row of at most %d characters",
				 SD_LINE_MAX);
	rows->part_len = 0;
	bad = parse_row(line, line + len, &r);
	if (!bad)
		return take_row(rows, st, in, &r);
	if (r.no_location && !in->strict && len < sizeof(rows->part)) {
		memcpy(rows->part, line, len);
		rows->part_len = len;
		rows->part_line = in->line_no;
		return 0;
	}
	rows->skipped = true;
	return sd_unread(in, in->line_no, "%s", bad);
}

int sd_rows_continue(struct sd_rows *rows, struct sd_stack *st, struct sd_input *in,
		     const char *line, size_t len)
{
	char joined[sizeof(rows->part) + SD_MAX_SYMBOL + 128];
	struct sd_frame *f;
	struct sd_location loc = { .kind = -1 };
	const char *end = line + len;
	struct row r;

	if (rows->part_len && rows->part_len + 1 + len <= sizeof(joined)) {
		memcpy(joined, rows->part, rows->part_len);
		joined[rows->part_len] = ' ';
		memcpy(joined + rows->part_len + 1, line, len);
		if (!parse_row(joined, joined + rows->part_len + 1 + len, &r)) {
			rows->part_len = 0;
			return take_row(rows, st, in, &r) ? -1 : 1;
		}
	}
	f = st->nr_frames ? &st->frames[st->nr_frames - 1] : NULL;
	if (in->strict || !f || f->module || f->missing_rows || !len || *line != '[' ||
	    sd_scan_module(&line, end, &loc) || line != end)
		return 0;
	f->module = sd_stack_text(st, loc.module, loc.module_len);
	return 1;
}

int sd_rows_end(struct sd_rows *rows, struct sd_stack *st, struct sd_input *in)
{
	struct sd_frame *f;
	int64_t left, missing = 0;

	if (rows->part_len &&
	    sd_unread(in, rows->part_line, "expected symbol+0xOFFSET/0xLENGTH: cut off?"))
		return -1;
	if (rows->expected != SD_UNKNOWN)
		missing = rows->expected - (int64_t)rows->next;
	if (missing > 0 && !(in->trimmed && st->nr_frames) &&
	    sd_unread(in, in->line_no, "expected %" PRId64
		      " rows as the header says, found %zu: cut off?", rows->expected,
		      st->nr_frames))
		return -1;
	if (!st->nr_frames)
		return 0;
	f = &st->frames[st->nr_frames - 1];
	left = f->depth - f->bytes;
	if (left && missing <= 0 && !in->trimmed &&
	    sd_unread(in, in->line_no, "expected the last row's size to be its depth %" PRId64
		      ", found %" PRId64 ": cut off?", f->depth, f->bytes))
		return -1;
	if (left < 0)
		f->bytes = f->depth;
	else if (left && sd_rows_gap(st, missing > 0 ? missing : 1, left))
		st->frames[st->nr_frames - 1].depth = left;
	st->total_bytes = st->frames[0].depth;
	return 0;
}
