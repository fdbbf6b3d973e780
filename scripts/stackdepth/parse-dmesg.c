// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse-dmesg.c - kernel logs: call traces of oopses and warnings, "used
 * greatest stack depth" lines, and the table that a stack overflow prints.
 *
 * A log holds whatever people print, so lines that are none of these are
 * skipped. Call traces carry no sizes. Frames with '?' were not in the call
 * chain; frames between <IRQ> and </IRQ> were on another stack.
 */
#include <inttypes.h>
#include <string.h>

#include "parse.h"

struct log {
	struct sd_input *in;
	struct sd_stack *st;
	const struct sd_sink *sink;
	struct sd_rows rows;
	enum { OUTSIDE, IN_TRACE, IN_TABLE } state;
	bool in_task;			/* inside <TASK>: ends with </TASK> */
	bool other_stack;
	struct sd_location rip;		/* of the report at hand; text below */
	char rip_text[SD_MAX_SYMBOL + 160];
	bool has_rip;
	char title[200];
	char kernel[80];
};

/* First words of a report; the first of them is its title. */
static const char *const titles[] = {
	"WARNING: ", "BUG: ", "Oops: ", "kernel BUG at ", "general protection fault",
	"INFO: ", "Kernel panic", "Unable to handle ", "Internal error: ", "double fault",
	"stack segment", "divide error", "invalid opcode", "kernel tried to execute ",
};

/* Tokens that say on which stack the following frames are. */
static const struct {
	const char *text;
	bool ends;		/* it ends a stack that is not the task's */
} stacks[] = {
	{ "<IRQ>", false }, { "</IRQ>", true }, { "<EOI>", true },
	{ "<NMI>", false }, { "</NMI>", true }, { "<<EOE>>", true },
	{ "<SOFTIRQ>", false }, { "</SOFTIRQ>", true },
	{ "<#DF>", false }, { "</#DF>", true }, { "<#DB>", false }, { "</#DB>", true },
	{ "<#MC>", false }, { "</#MC>", true }, { "<#VC>", false }, { "</#VC>", true },
	{ "<#VC2>", false }, { "</#VC2>", true }, { "<#DF1>", false },
	{ "<ENTRY_TRAMPOLINE>", false }, { "</ENTRY_TRAMPOLINE>", true },
};

/* "[   12.345678]", then perhaps "[  T123]" */
static void skip_timestamp(const char **s, const char *end)
{
	const char *p = *s;
	uint64_t n;

	if (p < end && *p == '<') {
		p++;
		if (sd_scan_number(&p, end, &n) && p < end && *p == '>')
			*s = ++p;
		p = *s;
	}
	if (p >= end || *p != '[')
		return;
	p++;
	sd_skip_blanks(&p, end);
	if (!sd_scan_number(&p, end, &n) || !sd_scan_word(&p, end, ".") ||
	    !sd_scan_number(&p, end, &n) || !sd_scan_word(&p, end, "]"))
		return;
	*s = p;
	sd_skip_blanks(&p, end);
	if (!sd_scan_word(&p, end, "["))
		return;
	sd_skip_blanks(&p, end);
	if ((sd_scan_word(&p, end, "T") || sd_scan_word(&p, end, "C")) &&
	    sd_scan_number(&p, end, &n) && sd_scan_word(&p, end, "]"))
		*s = p;
}

/* Step over what syslog, journald and printk put in front of the text. */
static void skip_prefix(const char **s, const char *end)
{
	static const char syslog[] = " kernel: ";
	size_t len = end - *s;
	const char *p = memmem(*s, len > 200 ? 200 : len, syslog, sizeof(syslog) - 1);

	if (p)
		*s = p + sizeof(syslog) - 1;
	skip_timestamp(s, end);
	sd_skip_blanks(s, end);
}

static void keep_printable(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size)
		len = size - 1;
	for (size_t i = 0; i < len; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[len] = '\0';
}

static void begin(struct log *l)
{
	sd_stack_reset(l->st);
	l->st->file = l->in->name;
	l->st->line = l->in->line_no;
	if (*l->kernel)
		l->st->kernel = l->kernel;
	if (*l->title)
		l->st->title = l->title;
	l->rows.expected = SD_UNKNOWN;
	l->in_task = false;
	l->other_stack = false;
}

static int end_trace(struct log *l)
{
	int err = 0;

	if (l->state == IN_TABLE)
		err = sd_rows_end(&l->rows, l->st, l->in);
	if (!err && l->state != OUTSIDE && l->st->nr_frames)
		err = l->sink->stack(l->st, l->sink->data);
	l->state = OUTSIDE;
	l->has_rip = false;
	l->title[0] = '\0';
	return err;
}

static int add_frame(struct log *l, const struct sd_location *loc, bool is_ip)
{
	struct sd_frame *f;

	if (l->other_stack)
		return 0;
	f = sd_location_add(l->st, loc);
	if (!f)
		return sd_bad(l->in, "expected at most %d frames", SD_MAX_FRAMES);
	f->is_ip = is_ip;
	return 0;
}

static int begin_trace(struct log *l)
{
	if (end_trace(l))
		return -1;
	begin(l);
	l->state = IN_TRACE;
	return 0;
}

/* "RIP: 0010:symbol+0x1/0x2" of the kernel (0010), not of user space (0033) */
static bool scan_rip(const char *s, const char *end, struct sd_location *loc)
{
	uint64_t n;

	if (!sd_scan_word(&s, end, "RIP: ") && !sd_scan_word(&s, end, "pc : "))
		return false;
	if (sd_scan_word(&s, end, "0010:"))
		sd_skip_blanks(&s, end);
	while (sd_scan_word(&s, end, "[<")) {	/* until 4.9, once or twice */
		s = memchr(s, ']', end - s);
		if (!s)
			return false;
		s++;
		sd_skip_blanks(&s, end);
	}
	if (sd_scan_number(&s, end, &n))	/* "0033:": of user space */
		return false;
	return !sd_location(s, end - s, loc) && loc->has_offset;
}

static void keep_rip(struct log *l, const struct sd_location *loc)
{
	size_t module = loc->module ? loc->module_len : 0;

	l->rip = *loc;
	memcpy(l->rip_text, loc->symbol, loc->symbol_len);
	l->rip.symbol = l->rip_text;
	if (loc->module) {
		memcpy(l->rip_text + loc->symbol_len, loc->module, module);
		l->rip.module = l->rip_text + loc->symbol_len;
	}
	l->has_rip = true;
}

static bool on_stack_token(struct log *l, const char **s, const char *end)
{
	for (size_t i = 0; i < sizeof(stacks) / sizeof(*stacks); i++) {
		if (!sd_scan_word(s, end, stacks[i].text))
			continue;
		/* What came so far was not on the task's stack either. */
		l->other_stack = !stacks[i].ends;
		if (stacks[i].ends)
			l->st->nr_frames = 0;
		sd_skip_blanks(s, end);
		return true;
	}
	return false;
}

/* "[<ffffffff81000000>] symbol+0x1/0x2", as printed until 4.9 */
static void skip_address(const char **s, const char *end)
{
	const char *close;

	if (end - *s > 2 && (*s)[0] == '[' && (*s)[1] == '<') {
		close = memchr(*s, ']', end - *s);
		if (close)
			*s = close + 1;
		sd_skip_blanks(s, end);
	}
}

/* Return: 1 if the line belongs to the trace, 0 if not, -1 on error. */
static int on_trace_line(struct log *l, const char *s, const char *end)
{
	struct sd_location loc;

	if (sd_scan_word(&s, end, "<TASK>")) {
		l->in_task = true;
		return 1;
	}
	if (sd_scan_word(&s, end, "</TASK>"))
		return end_trace(l) ? -1 : 1;
	if (on_stack_token(l, &s, end) && s == end)
		return 1;
	skip_address(&s, end);
	if (sd_scan_word(&s, end, "? "))
		return 1;
	if (scan_rip(s, end, &loc))
		return add_frame(l, &loc, true) ? -1 : 1;
	if (!l->in->cut && !sd_location(s, end - s, &loc) && loc.has_offset)
		return add_frame(l, &loc, false) ? -1 : 1;
	return l->in_task || l->other_stack;
}

static int on_left(struct log *l, const char *s, const char *end)
{
	static const char words[] = "used greatest stack depth: ";
	const char *p = memmem(s, end - s, words, sizeof(words) - 1), *v;
	char who[64];
	uint64_t n;

	if (!p)
		return 0;
	v = p + sizeof(words) - 1;
	if (!sd_scan_number(&v, end, &n) || n > SD_MAX_BYTES ||
	    !sd_scan_word(&v, end, " bytes left"))
		return sd_bad(l->in, "expected 'used greatest stack depth: BYTES bytes left'");
	begin(l);
	keep_printable(who, sizeof(who), s, p > s ? (size_t)(p - s - 1) : 0);
	l->st->title = who;
	l->st->left_bytes = n;
	return l->sink->stack(l->st, l->sink->data) ? -1 : 1;
}

static int on_table_line(struct log *l, const char *s, const char *end)
{
	uint64_t number;

	if (end > s && *s == '-' && !l->st->nr_frames)
		return 1;
	if (!sd_rows_is_row(s, end - s, &number))
		return 0;
	return sd_rows_add(&l->rows, l->st, l->in, s, end - s) ? -1 : 1;
}

static int on_other_line(struct log *l, const char *s, const char *end)
{
	static const char version[] = "Linux version ";
	struct sd_location loc;
	int64_t expected;

	if (sd_scan_word(&s, end, version)) {
		const char *space = memchr(s, ' ', end - s);

		keep_printable(l->kernel, sizeof(l->kernel), s, (space ? space : end) - s);
		return 0;
	}
	for (size_t i = 0; !*l->title && i < sizeof(titles) / sizeof(*titles); i++)
		if ((size_t)(end - s) >= strlen(titles[i]) &&
		    !memcmp(s, titles[i], strlen(titles[i])))
			keep_printable(l->title, sizeof(l->title), s, end - s);
	if (scan_rip(s, end, &loc))
		keep_rip(l, &loc);
	if (sd_rows_header(s, end - s, &expected)) {
		begin(l);
		l->rows.expected = expected;
		l->state = IN_TABLE;
		return 0;
	}
	return on_left(l, s, end) < 0 ? -1 : 0;
}

static int on_line(struct log *l)
{
	const char *s = l->in->line, *end = s + l->in->len;
	int done = 0;

	skip_prefix(&s, end);
	if ((size_t)(end - s) >= 11 && (!memcmp(s, "Call Trace:", 11) ||
					!memcmp(s, "Call trace:", 11))) {
		struct sd_location rip = l->rip;
		bool has_rip = l->has_rip && l->state == OUTSIDE;
		char title[sizeof(l->title)];

		memcpy(title, l->title, sizeof(title));
		if (begin_trace(l))
			return -1;
		memcpy(l->title, title, sizeof(title));
		l->st->title = *l->title ? l->title : NULL;
		return has_rip ? add_frame(l, &rip, true) : 0;
	}
	if (l->state == IN_TRACE)
		done = on_trace_line(l, s, end);
	else if (l->state == IN_TABLE)
		done = on_table_line(l, s, end);
	if (done)
		return done < 0 ? -1 : 0;
	if (l->state != OUTSIDE && end_trace(l))
		return -1;
	return on_other_line(l, s, end);
}

static int parse(struct sd_input *in, struct sd_stack *st, const struct sd_sink *sink)
{
	struct log l = { .in = in, .st = st, .sink = sink };

	while (sd_input_line(in))
		if (on_line(&l))
			return -1;
	if (l.state == IN_TRACE && l.in_task)
		return sd_bad(in, "expected </TASK> after the call trace: cut off?");
	return end_trace(&l);
}

static bool match(const char *peek, size_t len)
{
	static const char *const signs[] = {
		"Call Trace:", "Call trace:", "used greatest stack depth: ", "Linux version ",
	};
	const char *s = peek, *end = peek + len;

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (memmem(peek, len, signs[i], strlen(signs[i])))
			return true;
	skip_timestamp(&s, end);
	return s != peek;
}

const struct sd_parser sd_parse_dmesg = {
	.name = "dmesg",
	.what = "kernel log with call traces",
	.match = match,
	.parse = parse,
};
