// SPDX-License-Identifier: GPL-2.0-only
/*
 * location.c - "symbol+0x11/0x20 [module] <kind>", and the words of a line.
 */
#include <string.h>
#include <strings.h>

#include "parse.h"

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

/* C, C++, Rust and assembler names; compilers append ".constprop.0" and such. */
static bool is_symbol_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("_.$@:<>,~&*()-", c));
}

/* What people write in brackets where they left something out. */
static bool is_elision(const char *s, size_t len)
{
	static const char *const words[] = {
		"snip", "snipped", "cut", "trimmed", "truncated", "omitted", "skipped", "skip",
		"deleted", "removed", "elided", "etc", "lines", "more", "same",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == len && !strncasecmp(s, words[i], len))
			return true;
	return false;
}

/* Length of a module's name: "8250" is one, "1" is a footnote. */
static size_t module_length(const char *s, const char *end)
{
	size_t len, letters = 0;

	for (len = 0; s + len < end; len++) {
		char c = s[len];

		if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			letters++;
		else if (!(c >= '0' && c <= '9') && c != '_' && c != '-')
			break;
	}
	return (letters || len >= 4) && !is_elision(s, len) ? len : 0;
}

const char *sd_scan_module(const char **s, const char *end, struct sd_location *loc)
{
	const char *close = memchr(*s, ']', end - *s), *p = *s + 1;

	if (!close)
		return "expected ']' after a module's name";
	loc->module = p;
	loc->module_len = module_length(p, close);
	p += loc->module_len;
	/* a build id or taints may follow */
	if (p < close && *p != ' ' && *p != '(')
		loc->module_len = 0;
	while (p < close && *p && strchr(" ()+-0123456789abcdefABCDEFGHIJKLMNOPQRSTUVWXYZ", *p))
		p++;
	if (!loc->module_len || p < close) {
		loc->module = NULL;
		return "expected a module's name between '[' and ']'";
	}
	if (loc->module_len > SD_MAX_MODULE)
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

const char *sd_scan_symbol(const char **s, const char *end, struct sd_location *loc)
{
	loc->symbol = *s;
	while (*s < end && is_symbol_char(**s))
		(*s)++;
	loc->symbol_len = *s - loc->symbol;
	if (!loc->symbol_len)
		return "expected a symbol";
	if (loc->symbol_len > SD_MAX_SYMBOL)
		return "expected a symbol of at most 512 characters";
	if (*s < end && **s == '+') {
		(*s)++;
		if (!sd_scan_hex(s, end, &loc->offset) || !sd_scan_word(s, end, "/") ||
		    !sd_scan_hex(s, end, &loc->length))
			return "expected symbol+0xOFFSET/0xLENGTH";
		if (loc->offset > loc->length)
			return "expected an offset inside the function";
		loc->has_offset = true;
	}
	return NULL;
}

const char *sd_location(const char *s, size_t len, struct sd_location *loc)
{
	const char *end = s + len, *bad;

	memset(loc, 0, sizeof(*loc));
	loc->kind = -1;
	sd_skip_blanks(&s, end);
	bad = sd_scan_symbol(&s, end, loc);
	for (sd_skip_blanks(&s, end); s < end && !bad; sd_skip_blanks(&s, end)) {
		if (*s == '[' && !loc->module)
			bad = sd_scan_module(&s, end, loc);
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
