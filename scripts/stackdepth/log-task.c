// SPDX-License-Identifier: GPL-2.0-only
/*
 * log-task.c - who prints in a log, and which of their traces are not yet whole.
 */
#include <string.h>

#include "log.h"
#include "pointers.h"

/* More frames than any real trace has: their memory is given back. */
#define FRAMES_KEPT	512

/* A line without any stamp goes on where the one before ended: it was wrapped. */
static struct log_task *find_task(struct log *l)
{
	const struct sd_prefix *p = &l->in->prefix;
	struct log_task *oldest = NULL;

	if (l->last && ((l->last->caller == p->caller && l->last->caller_id == p->caller_id) ||
			(!p->caller && !p->stamped)))
		return l->last;
	for (int i = 0; i < LOG_TASKS; i++) {
		struct log_task *t = &l->tasks[i];

		if (t->used && t->caller == p->caller && t->caller_id == p->caller_id)
			return t;
		if (!oldest || !t->used || (oldest->used && !t->trace &&
					    (oldest->trace || t->line_no < oldest->line_no)))
			oldest = t;
	}
	return oldest;
}

static void forget_facts(struct log_task *t)
{
	t->title[0] = '\0';
	t->has_ip = false;
	t->sp = t->low = t->high = 0;
}

/* Microseconds from one line to another, 0 if they are of different clocks. */
static int64_t time_between(const struct sd_prefix *from, const struct sd_prefix *to)
{
	if (!from->has_time || !to->has_time || from->has_monotonic != to->has_monotonic)
		return 0;
	return to->time_us - from->time_us;
}

void log_drop_stale(struct log *l, struct log_task *t)
{
	if (time_between(&t->facts, &l->in->prefix) > LOG_STALE_US ||
	    l->in->line_no - t->facts_line > LOG_STALE_LINES)
		forget_facts(t);
}

struct log_task *log_task_of(struct log *l)
{
	const struct sd_prefix *p = &l->in->prefix;
	struct log_task *t = find_task(l);

	if (!t->used || t->caller != p->caller || t->caller_id != p->caller_id) {
		if (t != l->last || p->caller || p->stamped) {
			t->used = true;
			t->trace = NULL;
			t->in_trace = true;
			forget_facts(t);
			t->caller = p->caller;
			t->caller_id = p->caller_id;
		}
	}
	t->line_no = l->in->line_no;
	l->last = t;
	return t;
}

void log_touch(struct log *l, struct log_trace *tr)
{
	if (l->in->prefix.has_time)
		tr->last = l->in->prefix;
	tr->line_no = l->in->line_no;
	tr->foreign = 0;
}

/* Only guessed frames are better than none; the others are better than guesses. */
static void drop_guessed(struct sd_stack *st)
{
	size_t sure = 0, to = 0, inl = 0;

	for (size_t i = 0; i < st->nr_frames; i++)
		sure += !st->frames[i].guessed && !st->frames[i].is_ip;
	if (!sure) {
		st->unreliable = true;
		for (size_t i = 0; i < st->nr_frames; i++)
			st->frames[i].unreliable = true;
		return;
	}
	for (size_t i = 0; i < st->nr_frames; i++) {
		for (; inl < st->nr_inlined && st->inlined[inl].frame == i; inl++)
			st->inlined[inl].frame = to;
		if (!st->frames[i].guessed)
			st->frames[to++] = st->frames[i];
	}
	st->nr_frames = to;
	while (st->nr_inlined && st->inlined[st->nr_inlined - 1].frame >= to)
		st->nr_inlined--;
}

static bool is_one_of(const struct sd_frame *f, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(f->symbol, names[i]))
			return true;
	return false;
}

#define IS_ONE_OF(f, names)	is_one_of(f, names, sizeof(names) / sizeof(*(names)))

/*
 * The registers are of an earlier report if what follows begins elsewhere. After a
 * stack overflow the rows of the overflow stack come first: they are not the task's.
 */
static void drop_other_stack(struct log_trace *tr)
{
	static const char *const dumps[] = {
		"dump_backtrace", "dump_stack", "dump_stack_lvl", "show_stack", "show_trace",
		"walk_stackframe", "unwind_backtrace", "panic", "vpanic",
	};
	static const char *const overflows[] = {
		"__bad_stack", "handle_bad_stack", "panic_bad_stack",
		"handle_kernel_stack_overflow",
	};
	struct sd_stack *st = &tr->st;
	size_t i = st->nr_frames;

	while (i && !IS_ONE_OF(&st->frames[i - 1], overflows))
		i--;
	if (i && i == st->nr_frames && st->frames[0].is_ip) {
		st->nr_frames = 1;	/* riscv shows nothing else of the task */
		st->nr_inlined = 0;
	} else if (i && i < st->nr_frames) {
		sd_stack_drop(st, 0, i);
	}
	if (st->nr_frames > 1 && st->frames[0].is_ip &&
	    (tr->ip_is_old || IS_ONE_OF(&st->frames[1], dumps)))
		sd_stack_drop(st, 0, 1);
}

static int hand_on(struct log *l, struct log_trace *tr)
{
	struct sd_stack *st = &tr->st;
	size_t least = tr->headed ? 1 : 2;

	if (tr->mode == LOG_LEFT) {
		l->in->unread.headless++;
		return l->sink->stack(st, l->sink->data);
	}
	if (tr->mode == LOG_TABLE) {
		unsigned long faults = l->in->unread.count;

		if (sd_rows_end(&tr->rows, st, l->in))
			return -1;
		tr->reported |= l->in->unread.count > faults || !tr->rows.expected;
	} else {
		/* Registers that no row followed were not within the trace. */
		if (st->nr_frames && st->frames[st->nr_frames - 1].is_ip)
			st->nr_frames--;
		drop_guessed(st);
		drop_other_stack(tr);
		sd_sizes_from_pointers(st);
	}
	if (tr->in_task && l->in->strict)
		return sd_bad(l->in, "expected </TASK> after the call trace: cut off?");
	if (tr->in_task)
		sd_stack_note(st, "</TASK> is missing: cut off?");
	if (!tr->headed && (tr->form == SD_ROW_PLAIN || tr->form == SD_ROW_CRASH))
		sd_stack_note(st, "it has no heading: its beginning may be missing");
	if (st->nr_frames >= least || (tr->form == SD_ROW_PROC && st->nr_frames)) {
		l->in->unread.headless += !tr->headed;
		return l->sink->stack(st, l->sink->data);
	}
	if (!tr->headed || tr->reported)
		return 0;
	return sd_unread(l->in, st->line, "expected rows under the heading, found none that can be used");
}

/* Hand on what is whole, but not before what began earlier. */
static int hand_on_done(struct log *l)
{
	for (;;) {
		struct log_trace *first = NULL;
		int err;

		for (int i = 0; i < LOG_TRACES; i++)
			if (l->traces[i].open &&
			    (!first || l->traces[i].serial < first->serial))
				first = &l->traces[i];
		if (!first || !first->done)
			return 0;
		err = hand_on(l, first);
		first->open = false;
		l->nr_open--;
		if (first->st.max_frames > FRAMES_KEPT)
			sd_stack_free(&first->st);
		if (err)
			return err;
	}
}

static void mark_done(struct log *l, struct log_trace *tr)
{
	tr->done = true;
	for (int i = 0; i < LOG_TASKS; i++)
		if (l->tasks[i].trace == tr)
			l->tasks[i].trace = NULL;
}

int log_end(struct log *l, struct log_trace *tr)
{
	mark_done(l, tr);
	return hand_on_done(l);
}

int log_finish(struct log *l)
{
	for (int i = 0; i < LOG_TRACES; i++)
		if (l->traces[i].open)
			mark_done(l, &l->traces[i]);
	return hand_on_done(l);
}

int log_age(struct log *l)
{
	bool any = false;

	for (int i = 0; i < LOG_TRACES; i++) {
		struct log_trace *tr = &l->traces[i];
		int64_t gap = time_between(&tr->last, &l->in->prefix);

		if (!tr->open || tr->done)
			continue;
		if (gap > LOG_IDLE_US || gap < -LOG_IDLE_US ||
		    l->in->line_no - tr->line_no > LOG_IDLE_LINES) {
			if (!log_is_outermost(&tr->st))
				l->cut_line = l->in->line_no;
			mark_done(l, tr);
			any = true;
		}
	}
	return any ? hand_on_done(l) : 0;
}

static struct log_trace *free_trace(struct log *l)
{
	struct log_trace *oldest = NULL;

	for (int i = 0; i < LOG_TRACES; i++) {
		if (!l->traces[i].open)
			return &l->traces[i];
		if (!oldest || l->traces[i].serial < oldest->serial)
			oldest = &l->traces[i];
	}
	return log_end(l, oldest) ? NULL : oldest;
}

static void give_facts(struct log_task *t, struct log_trace *tr)
{
	struct sd_stack *st = &tr->st;
	struct sd_frame *f;

	if (*t->title)
		st->title = sd_stack_text(st, t->title, strlen(t->title));
	if (tr->mode == LOG_TRACE && t->has_ip) {
		f = sd_location_add(st, &t->ip);
		f->is_ip = true;
		tr->ip_is_old = t->ip_is_old;
	}
	/* "stack is LOW..HIGH" and the stack pointer: all that was in use. */
	if (t->high > t->low && t->high - t->low <= SD_MAX_BYTES) {
		st->thread_size = t->high - t->low;
		if (t->sp < t->high && t->high - t->sp <= 2 * (t->high - t->low))
			st->total_bytes = t->high - t->sp;
	}
	forget_facts(t);
}

struct log_trace *log_begin(struct log *l, struct log_task *t, enum log_mode mode, bool headed)
{
	struct log_trace *tr = free_trace(l);
	struct sd_stack st;

	if (!tr)
		return NULL;
	st = tr->st;
	memset(tr, 0, sizeof(*tr));
	tr->st = st;
	if (!st.max_frames && !st.text)
		sd_stack_init(&tr->st);
	sd_stack_reset(&tr->st);
	tr->st.file = l->in->name;
	tr->st.line = l->in->line_no;
	tr->open = true;
	tr->serial = l->serial++;
	tr->mode = mode;
	tr->headed = headed;
	l->nr_open++;
	if (headed)
		l->in->unread.headings++;
	l->recognised = true;
	if (*l->kernel)
		tr->st.kernel = sd_stack_text(&tr->st, l->kernel, strlen(l->kernel));
	if (mode == LOG_LEFT)
		return tr;
	log_drop_stale(l, t);
	give_facts(t, tr);
	log_touch(l, tr);
	t->trace = tr;
	return tr;
}

void log_free(struct log *l)
{
	for (int i = 0; i < LOG_TRACES; i++)
		if (l->traces[i].st.max_frames || l->traces[i].st.text)
			sd_stack_free(&l->traces[i].st);
}
