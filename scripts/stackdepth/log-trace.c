// SPDX-License-Identifier: GPL-2.0-only
/*
 * log-trace.c - the lines of one trace in a log.
 *
 * Frames with '?' were found on the stack but are not in the call chain; frames
 * between <IRQ> and </IRQ> were on another stack.
 */
#include <string.h>

#include "log.h"

/* Tokens that say on which stack the following frames are. */
static const struct {
	const char *text;
	bool ends;		/* it ends a stack that is not the task's */
} stacks[] = {
	{ "<IRQ>", false }, { "</IRQ>", true }, { "<EOI>", true },
	{ "<NMI>", false }, { "</NMI>", true }, { "<<EOE>>", true },
	{ "<SOFTIRQ>", false }, { "</SOFTIRQ>", true }, { "<HARDIRQ>", false },
	{ "<#DF>", false }, { "</#DF>", true }, { "<#DB>", false }, { "</#DB>", true },
	{ "<#MC>", false }, { "</#MC>", true }, { "<#VC>", false }, { "</#VC>", true },
	{ "<#VC2>", false }, { "</#VC2>", true }, { "<#DF1>", false }, { "<<DOUBLEFAULT>>", false },
	{ "<<NMI>>", false }, { "<ENTRY_TRAMPOLINE>", false }, { "</ENTRY_TRAMPOLINE>", true },
};

static void forget_frames(struct log_trace *tr)
{
	tr->st.nr_frames = 0;
	tr->st.nr_inlined = 0;
}

static bool on_stack_token(struct log_trace *tr, const char **s, const char *end)
{
	if (*s == end || **s != '<')
		return false;
	for (size_t i = 0; i < sizeof(stacks) / sizeof(*stacks); i++) {
		if (!sd_scan_word(s, end, stacks[i].text))
			continue;
		/* What came so far was not on the task's stack either. */
		tr->other_stack = !stacks[i].ends;
		if (stacks[i].ends)
			forget_frames(tr);
		sd_skip_blanks(s, end);
		return true;
	}
	return false;
}

/* The row of the instruction pointer again: arm64, riscv and mips print both. */
static bool is_there(const struct sd_stack *st, const struct sd_trace_row *row)
{
	const struct sd_frame *f = st->frames;

	return st->nr_frames == 1 && f->is_ip && f->offset == row->loc.offset &&
	       strlen(f->symbol) == row->loc.symbol_len &&
	       !memcmp(f->symbol, row->loc.symbol, row->loc.symbol_len);
}

/* The link register still says where a function called, that is on the stack as well. */
static bool repeats_link(struct log_trace *tr, const struct sd_trace_row *row)
{
	struct sd_stack *st = &tr->st;
	size_t last = st->nr_frames - 1;

	if (!st->nr_frames || (!row->link && !tr->link) ||
	    strlen(st->frames[last].symbol) != row->loc.symbol_len ||
	    memcmp(st->frames[last].symbol, row->loc.symbol, row->loc.symbol_len))
		return false;
	if (row->link)
		return true;
	sd_stack_drop(st, last, 1);
	return false;
}

static int add_frame(struct log *l, struct log_trace *tr, const struct sd_trace_row *row,
		     bool is_ip)
{
	struct sd_stack *st = &tr->st;
	struct sd_frame *f;

	if (tr->other_stack)
		return 0;
	if (is_there(st, row)) {
		tr->ip_is_old = false;
		return 0;
	}
	if (repeats_link(tr, row))
		return 0;
	f = sd_location_add(st, &row->loc);
	if (!f) {
		tr->reported = true;
		return sd_unread(l->in, l->in->line_no, "expected at most %d frames",
				 SD_MAX_FRAMES);
	}
	tr->link = row->link;
	f->is_ip = is_ip;
	f->guessed = row->guessed;
	f->unreliable = row->doubtful;
	f->sp = row->sp;
	if (row->file) {
		f->source = sd_stack_text(st, row->file, row->file_len);
		f->source_line = row->line_no;
	}
	if (!tr->form)
		tr->form = row->form;
	return 0;
}

static void add_inlined(struct log_trace *tr, const struct sd_trace_row *row)
{
	struct sd_inlined *in;

	if (tr->other_stack)
		return;
	in = sd_stack_inline(&tr->st, row->loc.symbol, row->loc.symbol_len);
	if (in && row->file) {
		in->source = sd_stack_text(&tr->st, row->file, row->file_len);
		in->source_line = row->line_no;
	}
}

static int take_row(struct log *l, struct log_trace *tr, const struct sd_trace_row *row)
{
	if (row->form == SD_ROW_INLINE) {
		add_inlined(tr, row);
		return 0;
	}
	/* The end of a stack, or code that has no symbol. */
	if (row->user || (row->no_symbol && !row->sp))
		return 0;
	return add_frame(l, tr, row, false);
}

static bool scan_row(const struct log_trace *tr, const char **s, const char *end,
		     struct sd_trace_row *row)
{
	return tr->mode == LOG_TOOL ? sd_scan_tool_row(s, end, row) : sd_scan_row(s, end, row);
}

int log_add_rows(struct log *l, struct log_trace *tr, const char *s, const char *end)
{
	struct sd_trace_row row;

	do {
		if (!scan_row(tr, &s, end, &row) || row.form == SD_ROW_PART)
			return 0;
		if (take_row(l, tr, &row))
			return -1;
		sd_skip_blanks(&s, end);
	} while (s < end && (*s == '[' || *s == '<'));
	return 0;
}

/* A row that a mailer wrapped, put together. Return: as log_trace_line(). */
static int on_second_line(struct log *l, struct log_trace *tr, const char *s, const char *end)
{
	char joined[sizeof(l->part) + SD_MAX_SYMBOL + 256];
	const char *p = joined;
	size_t len = l->part_len;
	struct sd_trace_row row;

	l->part_len = 0;
	if (len + 1 + (end - s) <= sizeof(joined)) {
		memcpy(joined, l->part, len);
		joined[len++] = ' ';
		memcpy(joined + len, s, end - s);
		if (scan_row(tr, &p, joined + len + (end - s), &row) && row.form != SD_ROW_PART)
			return take_row(l, tr, &row) ? -1 : 1;
	}
	tr->reported = true;
	return sd_unread(l->in, l->part_line, "expected symbol+0xOFFSET/0xLENGTH after an address");
}

/* "[module]", "(unreliable)", "file:line": the rest of the last row. */
static bool on_row_end(struct log *l, struct log_trace *tr, const char *s, const char *end)
{
	struct sd_stack *st = &tr->st;
	struct sd_frame *f = st->nr_frames ? &st->frames[st->nr_frames - 1] : NULL;
	struct sd_trace_row row;

	if (l->in->prefix.has_monotonic || !f || f->is_ip || tr->other_stack ||
	    !sd_scan_row_end(s, end, &row) || (row.loc.module && f->module))
		return false;
	if (row.loc.module)
		f->module = sd_stack_text(st, row.loc.module, row.loc.module_len);
	f->unreliable |= row.doubtful;
	if (row.file && !f->source) {
		f->source = sd_stack_text(st, row.file, row.file_len);
		f->source_line = row.line_no;
	}
	return true;
}

static void keep_part(struct log *l, const char *s, const char *end)
{
	l->part_len = end - s < (ptrdiff_t)sizeof(l->part) ? end - s : 0;
	memcpy(l->part, s, l->part_len);
	l->part_line = l->in->line_no;
	l->part_is_left = false;
}

/* The first word has an offset, so it was meant to be a row. */
static bool is_broken_row(const char *s, const char *end)
{
	const char *plus, *blank;

	while (s < end && *s == '[') {
		s = memchr(s, ']', end - s);
		if (!s)
			return false;
		s++;
		sd_skip_blanks(&s, end);
	}
	if (end - s > 2 && *s == '?')
		s += 2;
	plus = memmem(s, end - s, "+0x", 3);
	blank = memchr(s, ' ', end - s);
	return plus && (!blank || plus < blank) && *s != '<' && !memchr(s, '=', plus - s);
}

static int on_row(struct log *l, struct log_trace *tr, const char *s, const char *end)
{
	struct sd_trace_row row;
	const char *p = s;

	if (l->in->cut)
		return 0;
	if (l->part_len && !l->part_is_left) {
		int done = on_second_line(l, tr, s, end);

		if (done)
			return done;
	}
	if (scan_row(tr, &p, end, &row)) {
		if (row.form == SD_ROW_PART)
			keep_part(l, s, end);
		else if (log_add_rows(l, tr, s, end))
			return -1;
		return 1;
	}
	if (on_row_end(l, tr, s, end))
		return 1;
	if (!is_broken_row(s, end))
		return 0;
	tr->reported = true;
	return sd_unread(l->in, l->in->line_no,
			 "expected symbol+0xOFFSET/0xLENGTH [module], found '%.*s'",
			 (int)(end - s > 60 ? 60 : end - s), s) ? -1 : 1;
}

/* "#5 [stack] " and what is no symbol: its bytes are known all the same. */
static int on_broken_crash_row(struct log *l, struct log_trace *tr, const char *s,
			       const char *end)
{
	struct sd_trace_row row;
	struct sd_frame *f = NULL;
	const char *p = s;

	sd_scan_tool_row(&p, end, &row);
	if (row.has_sp && !tr->other_stack)
		f = sd_rows_gap(&tr->st, 1, SD_UNKNOWN);
	if (f) {
		f->sp = row.sp;
		tr->form = SD_ROW_CRASH;
	}
	tr->reported = true;
	return sd_unread(l->in, l->in->line_no, "expected SYMBOL at ADDRESS, found '%.*s'",
			 (int)(end - s > 60 ? 60 : end - s), s) ? -1 : 1;
}

/* Registers, "[exception RIP: f+84]", "ffffb0d9401b7a10: 0000000000000000", "/file.c: 12" */
static bool is_of_crash(const char *s, const char *end)
{
	const char *p = s;

	while (p < end && ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'f')))
		p++;
	return *s == '[' || *s == '/' || (p - s >= 8 && p < end && *p == ':') ||
	       log_is_register(s, end);
}

/*
 * crash(8): "--- <IRQ stack> ---", "[exception RIP: f+84]", registers, data of
 * bt -f. After an empty line nothing else is of this task.
 */
static int on_crash_line(struct log *l, struct log_trace *tr, const char *s, const char *end)
{
	if (s == end) {
		tr->after_blank = tr->st.nr_frames > 0;
		return 0;
	}
	if (end - s > 5 && !memcmp(s, "--- <", 5)) {
		forget_frames(tr);
		return 1;
	}
	if (*s == '#')
		return on_broken_crash_row(l, tr, s, end);
	if (!tr->st.nr_frames && (*s == '(' && end[-1] == ')')) {
		l->in->unread.headings--;	/* "(active)": it has no stack to show */
		tr->reported = true;
		return log_end(l, tr);
	}
	if (tr->after_blank && !is_of_crash(s, end))
		return log_end(l, tr);
	return 1;
}

static int on_tool_line(struct log *l, struct log_trace *tr, const char *s, const char *end)
{
	int done = on_row(l, tr, s, end);

	if (done) {
		tr->after_blank = false;
		return done;
	}
	if (tr->form == SD_ROW_CRASH || !tr->form)
		return on_crash_line(l, tr, s, end);
	/* An event's stack ends with an empty line, a key of a map with "]:". */
	if (s < end && *s == ',' && tr->form == SD_ROW_BPF)
		l->after_stack = true;
	return log_end(l, tr);
}

static int on_table_line(struct log *l, struct log_trace *tr, const char *s, const char *end)
{
	uint64_t number;

	if (s < end && *s == '-' && !tr->st.nr_frames)
		return 1;
	if (!sd_rows_is_row(s, end - s, &number))
		return sd_rows_continue(&tr->rows, &tr->st, l->in, s, end - s);
	/* Another table, whose heading is missing. */
	if (!number && tr->rows.next)
		return 0;
	return sd_rows_add(&tr->rows, &tr->st, l->in, s, end - s) ? -1 : 1;
}

static int on_call_trace_line(struct log *l, struct log_trace *tr, const char *s, const char *end)
{
	struct sd_trace_row row;
	int done;

	if (*s == '<') {
		if (sd_scan_word(&s, end, "<TASK>")) {
			tr->in_task = true;
			return s == end ? 1 : on_row(l, tr, s, end);
		}
		if (sd_scan_word(&s, end, "</TASK>")) {
			tr->in_task = false;
			return log_end(l, tr) ? -1 : 1;
		}
		if (on_stack_token(tr, &s, end) && s == end)
			return 1;
	}
	done = on_row(l, tr, s, end);
	if (done)
		return done;
	if (log_scan_ip(s, end, &row))
		return add_frame(l, tr, &row, true) ? -1 : 1;
	return log_is_register(s, end);
}

bool log_is_outermost(const struct sd_stack *st)
{
	static const char *const names[] = {
		"entry_", "ret_from_fork", "ret_from_kernel", "el0", "ret_fast_syscall",
		"kernel_thread", "child_rip", "system_call", "secondary_startup", "start_kernel",
		"0xffffffffffffffff",
	};
	const char *s = st->nr_frames ? st->frames[st->nr_frames - 1].symbol : "";

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(s, names[i], strlen(names[i])))
			return true;
	return false;
}

int log_trace_line(struct log *l, struct log_task *t, const char *s, const char *end)
{
	struct log_trace *tr = t->trace;
	int done;

	if (s == end && tr->mode != LOG_TOOL)
		return 1;
	if (tr->mode == LOG_TABLE)
		done = on_table_line(l, tr, s, end);
	else if (tr->mode == LOG_TOOL)
		done = on_tool_line(l, tr, s, end);
	else
		done = on_call_trace_line(l, tr, s, end);
	if (t->trace != tr)	/* that was its last line, or the one after it */
		return done;
	if (done > 0)
		log_touch(l, tr);
	if (done)
		return done;
	if (!tr->in_task && !tr->other_stack &&
	    (log_ends_trace(s, end) || ++tr->foreign > LOG_FOREIGN ||
	     tr->form == SD_ROW_PROC || log_is_outermost(&tr->st)))
		return log_end(l, tr);
	if (tr->in_task && end - s > 8 && !memcmp(s, "---[ end", 8))
		return log_end(l, tr);
	return 0;
}
