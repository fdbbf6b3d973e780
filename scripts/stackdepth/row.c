// SPDX-License-Identifier: GPL-2.0-only
/*
 * row.c - "  7)     6840      40   symbol+0x11/0x20 [module] <kind>".
 *
 * kernel/trace/trace_stack.c prints a number, the depth, the size and "%pS".
 * A size is the difference of two depths, so all of it can be checked.
 */
#include <inttypes.h>
#include <string.h>

#include "parse.h"

void sd_skip_blanks(const char **s, const char *end)
{
	while (*s < end && (**s == ' ' || **s == '\t'))
		(*s)++;
}

bool sd_scan_number(const char **s, const char *end, uint64_t *n)
{
	const char *p = *s;

	for (*n = 0; p < end && *p >= '0' && *p <= '9'; p++) {
		if (*n > (UINT64_MAX - 9) / 10)
			return false;
		*n = *n * 10 + (*p - '0');
	}
	if (p == *s)
		return false;
	*s = p;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool sd_scan_hex(const char **s, const char *end, uint64_t *n)
{
	const char *p = *s, *digits;

	if (end - p < 3 || p[0] != '0' || p[1] != 'x')
		return false;
	p += 2;
	digits = p;
	for (*n = 0; p < end && hex_digit(*p) >= 0; p++) {
		if (*n >> 60)
			return false;
		*n = *n << 4 | hex_digit(*p);
	}
	if (p == digits)
		return false;
	*s = p;
	return true;
}

bool sd_scan_word(const char **s, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *s) < len || memcmp(*s, word, len))
		return false;
	*s += len;
	return true;
}

/* C, C++, Rust and assembler names; compilers append ".constprop.0" and such. */
static bool is_symbol_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("_.$@:<>,~&*()-", c));
}

static const char *scan_module(const char **s, const char *end, struct sd_location *loc)
{
	const char *close = memchr(*s, ']', end - *s);

	if (!close)
		return "expected ']' after a module's name";
	loc->module = *s + 1;
	loc->module_len = close - loc->module;
	for (size_t i = 0; i < loc->module_len; i++) {
		char c = loc->module[i];

		if (c == ' ') {		/* a build id follows */
			loc->module_len = i;
			break;
		}
		if (!is_symbol_char(c))
			return "expected a module's name between '[' and ']'";
	}
	if (!loc->module_len || loc->module_len > SD_MAX_MODULE)
		return "expected a module's name of 1 to 64 characters";
	*s = close + 1;
	return NULL;
}

static const char *scan_kind(const char **s, const char *end, struct sd_location *loc)
{
	const char *close = memchr(*s, '>', end - *s);

	if (close)
		loc->kind = sd_kind_by_name(*s + 1, close - *s - 1);
	if (loc->kind < 0)
		return "expected <interrupt>, <preempt>, <tracer> or <task>";
	*s = close + 1;
	return NULL;
}

const char *sd_location(const char *s, size_t len, struct sd_location *loc)
{
	const char *end = s + len, *bad = NULL;

	memset(loc, 0, sizeof(*loc));
	loc->kind = -1;
	sd_skip_blanks(&s, end);
	loc->symbol = s;
	while (s < end && is_symbol_char(*s))
		s++;
	loc->symbol_len = s - loc->symbol;
	if (!loc->symbol_len)
		return "expected a symbol";
	if (loc->symbol_len > SD_MAX_SYMBOL)
		return "expected a symbol of at most 512 characters";
	if (s < end && *s == '+') {
		s++;
		if (!sd_scan_hex(&s, end, &loc->offset) || !sd_scan_word(&s, end, "/") ||
		    !sd_scan_hex(&s, end, &loc->length))
			return "expected symbol+0xOFFSET/0xLENGTH";
		if (loc->offset > loc->length)
			return "expected an offset inside the function";
		loc->has_offset = true;
	}
	for (sd_skip_blanks(&s, end); s < end && !bad; sd_skip_blanks(&s, end)) {
		if (*s == '[' && !loc->module)
			bad = scan_module(&s, end, loc);
		else if (*s == '<' && loc->kind < 0)
			bad = scan_kind(&s, end, loc);
		else
			bad = "expected symbol+0xOFFSET/0xLENGTH [module] and nothing more";
	}
	return bad;
}

struct sd_frame *sd_location_add(struct sd_stack *st, const struct sd_location *loc)
{
	struct sd_frame *f = sd_stack_add(st);

	if (!f)
		return NULL;
	f->symbol = sd_stack_text(st, loc->symbol, loc->symbol_len);
	if (loc->module)
		f->module = sd_stack_text(st, loc->module, loc->module_len);
	f->offset = loc->offset;
	f->length = loc->length;
	f->has_offset = loc->has_offset;
	if (loc->kind >= 0) {
		f->kind = loc->kind;
		f->kind_recorded = true;
	}
	return f;
}

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

/* Every row but the first says how large the one before it must have been. */
static int check_previous(const struct sd_stack *st, const struct sd_input *in, uint64_t depth)
{
	const struct sd_frame *f = &st->frames[st->nr_frames - 1];
	int64_t size = f->depth - (int64_t)depth;

	if (f->bytes == size)
		return 0;
	return sd_bad(in, "expected row %zu to have size %" PRId64 " (%" PRId64 " - %" PRIu64
		      "), found %" PRId64, st->nr_frames - 1, size, f->depth, depth, f->bytes);
}

int sd_rows_add(struct sd_rows *rows, struct sd_stack *st, const struct sd_input *in,
		const char *line, size_t len)
{
	const char *s = line, *end = line + len, *bad;
	uint64_t number, depth, size;
	struct sd_location loc;
	struct sd_frame *f;

	if (in->cut)
		return sd_bad(in, "expected a row of at most %d characters", SD_LINE_MAX);
	sd_skip_blanks(&s, end);
	if (!sd_scan_number(&s, end, &number) || !sd_scan_word(&s, end, ")"))
		return sd_bad(in, "expected a row 'NUMBER) DEPTH SIZE SYMBOL+0xOFFSET/0xLENGTH'");
	if (number != st->nr_frames)
		return sd_bad(in, "expected row %zu, found row %" PRIu64, st->nr_frames, number);
	if (rows->expected != SD_UNKNOWN && (int64_t)number >= rows->expected)
		return sd_bad(in, "expected %" PRId64 " rows as the header says, found more",
			      rows->expected);
	sd_skip_blanks(&s, end);
	if (!sd_scan_number(&s, end, &depth) || depth > SD_MAX_BYTES)
		return sd_bad(in, "expected the depth in bytes after 'NUMBER)'");
	sd_skip_blanks(&s, end);
	if (!sd_scan_number(&s, end, &size) || size > SD_MAX_BYTES)
		return sd_bad(in, "expected the size in bytes after the depth");
	bad = sd_location(s, end - s, &loc);
	/* An address of no function is printed as a number. */
	if (!bad && !loc.has_offset && (loc.symbol_len < 3 || memcmp(loc.symbol, "0x", 2)))
		bad = "expected symbol+0xOFFSET/0xLENGTH: cut off?";
	if (bad)
		return sd_bad(in, "%s", bad);
	if (st->nr_frames && check_previous(st, in, depth))
		return -1;
	f = sd_location_add(st, &loc);
	if (!f)
		return sd_bad(in, "expected at most %d rows", SD_MAX_FRAMES);
	f->depth = depth;
	f->bytes = size;
	return 0;
}

int sd_rows_end(const struct sd_rows *rows, struct sd_stack *st, const struct sd_input *in)
{
	const struct sd_frame *f;

	if (rows->expected != SD_UNKNOWN && (int64_t)st->nr_frames != rows->expected)
		return sd_bad(in, "expected %" PRId64 " rows as the header says, found %zu: cut off?",
			      rows->expected, st->nr_frames);
	if (!st->nr_frames)
		return 0;
	f = &st->frames[st->nr_frames - 1];
	if (f->bytes != f->depth)
		return sd_bad(in, "expected the last row's size to be its depth %" PRId64
			      ", found %" PRId64 ": cut off?", f->depth, f->bytes);
	st->total_bytes = st->frames[0].depth;
	return 0;
}
