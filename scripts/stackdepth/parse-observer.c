// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse-observer.c - Documentation/stack-observer-format.md, version 1.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

#define MAX_BUCKETS	65536

/* A reading being taken in: the class at hand and what it has so far. */
struct reading {
	struct sd_input *in;
	struct sd_stack *st;
	const struct sd_sink *sink;
	int64_t thread_size;
	char kernel[80];
	bool in_class;
	bool ended;
	bool lost_seen;
	unsigned int classes_seen;
	struct sd_observed seen;
	struct sd_bucket *buckets;
	size_t max_buckets;
};

struct word {
	const char *s;
	size_t len;
};

static bool next_word(const char **s, const char *end, struct word *w)
{
	sd_skip_blanks(s, end);
	w->s = *s;
	while (*s < end && **s != ' ' && **s != '\t')
		(*s)++;
	w->len = *s - w->s;
	return w->len > 0;
}

static bool is_word(const struct word *w, const char *text)
{
	return w->len == strlen(text) && !memcmp(w->s, text, w->len);
}

static bool next_number(const char **s, const char *end, uint64_t *n)
{
	struct word w;
	const char *p;

	if (!next_word(s, end, &w))
		return false;
	p = w.s;
	return sd_scan_number(&p, w.s + w.len, n) && p == w.s + w.len;
}

static bool next_bytes(const char **s, const char *end, int64_t *n)
{
	uint64_t u;

	if (!next_number(s, end, &u) || u > SD_MAX_BYTES)
		return false;
	*n = u;
	return true;
}

static int end_class(struct reading *r)
{
	int err = 0;

	if (r->in_class && r->sink->observed) {
		r->seen.buckets = r->buckets;
		err = r->sink->observed(&r->seen, r->sink->data);
	}
	for (size_t i = 0; i < r->seen.nr_buckets; i++)
		free((char *)r->buckets[i].entry);
	r->seen = (struct sd_observed) {
		.max_bytes = SD_UNKNOWN,
		.max_bytes_with_interrupts = SD_UNKNOWN,
		.below_reclaim_bytes = SD_UNKNOWN,
		.hits = SD_UNKNOWN,
	};
	r->in_class = false;
	return err;
}

static int on_thread_size(struct reading *r, const char *s, const char *end)
{
	if (!next_bytes(&s, end, &r->thread_size) || !r->thread_size)
		return sd_bad(r->in, "expected 'thread_size BYTES'");
	return 0;
}

static int on_kernel(struct reading *r, const char *s, const char *end)
{
	struct word w;

	if (!next_word(&s, end, &w) || w.len >= sizeof(r->kernel))
		return sd_bad(r->in, "expected 'kernel RELEASE' of less than 80 characters");
	for (size_t i = 0; i < w.len; i++)
		r->kernel[i] = w.s[i] > ' ' && w.s[i] <= '~' ? w.s[i] : '?';
	r->kernel[w.len] = '\0';
	return 0;
}

static int on_class(struct reading *r, const char *s, const char *end)
{
	enum sd_class class;
	struct word w;

	if (r->thread_size == SD_UNKNOWN || !*r->kernel)
		return sd_bad(r->in, "expected 'thread_size' and 'kernel' before the first class");
	if (end_class(r))
		return -1;
	class = next_word(&s, end, &w) ? sd_class_by_name(w.s, w.len) : SD_NR_CLASSES;
	if (class == SD_NR_CLASSES)
		return sd_bad(r->in, "expected the name of a class, found '%.*s'",
			      (int)(w.len > 40 ? 40 : w.len), w.s);
	if (r->classes_seen & 1U << class)
		return sd_bad(r->in, "expected class %s once, found it again", sd_class_name(class));
	r->classes_seen |= 1U << class;
	r->seen.class = class;
	r->in_class = true;
	return 0;
}

static int need_class(struct reading *r, const char *keyword)
{
	return r->in_class ? 0 : sd_bad(r->in, "expected 'class NAME' before '%s'", keyword);
}

static int read_length(struct reading *r, const char *s, const char *end, const char *keyword,
		       int64_t *to)
{
	if (need_class(r, keyword))
		return -1;
	return next_bytes(&s, end, to) ? 0 : sd_bad(r->in, "expected '%s BYTES'", keyword);
}

static int on_max(struct reading *r, const char *s, const char *end)
{
	return read_length(r, s, end, "max_bytes", &r->seen.max_bytes);
}

static int on_max_with(struct reading *r, const char *s, const char *end)
{
	return read_length(r, s, end, "max_bytes_with_interrupts",
			   &r->seen.max_bytes_with_interrupts);
}

static int on_below(struct reading *r, const char *s, const char *end)
{
	return read_length(r, s, end, "below_reclaim_bytes", &r->seen.below_reclaim_bytes);
}

static int on_hits(struct reading *r, const char *s, const char *end)
{
	uint64_t n;

	if (need_class(r, "hits"))
		return -1;
	if (!next_number(&s, end, &n) || n > INT64_MAX)
		return sd_bad(r->in, "expected 'hits COUNT'");
	r->seen.hits = n;
	return 0;
}

static int on_histogram(struct reading *r, const char *s, const char *end)
{
	struct sd_bucket b = { 0 };
	struct word w;

	if (need_class(r, "histogram"))
		return -1;
	if (!next_word(&s, end, &w) || w.len > SD_MAX_SYMBOL ||
	    !next_bytes(&s, end, &b.low_bytes) || !next_number(&s, end, &b.count))
		return sd_bad(r->in, "expected 'histogram ENTRY LOW_BYTES COUNT'");
	for (size_t i = 0; i < w.len; i++)
		if (w.s[i] <= ' ' || w.s[i] > '~')
			return sd_bad(r->in, "expected an entry point's name in ASCII");
	if (r->seen.nr_buckets == MAX_BUCKETS)
		return sd_bad(r->in, "expected at most %d histogram lines in a class", MAX_BUCKETS);
	if (r->seen.nr_buckets == r->max_buckets)
		r->buckets = sd_grow(r->buckets, &r->max_buckets, sizeof(b));
	b.entry = sd_strndup(w.s, w.len);
	r->buckets[r->seen.nr_buckets++] = b;
	return 0;
}

/* What the "stack" line promises of the rows that follow it. */
struct promise {
	int64_t rows, total, interrupt, tracer;
	int64_t of_max;		/* value of the maximum it is evidence for */
	enum { OF_NOTHING, OF_MAX, OF_MAX_WITH, OF_BELOW } of;
};

static int read_option(struct reading *r, const struct word *key, const struct word *value,
		       struct promise *p)
{
	const char *v = value->s;

	if (is_word(key, "reclaim_at"))
		return next_bytes(&v, v + value->len, &r->st->reclaim_at) ? 0 :
		       sd_bad(r->in, "expected 'reclaim_at BYTES'");
	if (!is_word(key, "of"))
		return 0;
	if (is_word(value, "max_bytes")) {
		p->of = OF_MAX;
		p->of_max = r->seen.max_bytes;
	} else if (is_word(value, "max_bytes_with_interrupts")) {
		p->of = OF_MAX_WITH;
		p->of_max = r->seen.max_bytes_with_interrupts;
	} else if (is_word(value, "below_reclaim_bytes")) {
		p->of = OF_BELOW;
		p->of_max = r->seen.below_reclaim_bytes;
	} else {
		return sd_bad(r->in, "expected 'of' max_bytes, max_bytes_with_interrupts or below_reclaim_bytes");
	}
	r->st->title = sd_stack_text(r->st, value->s, value->len);
	return 0;
}

static int read_promise(struct reading *r, const char *s, const char *end, struct promise *p)
{
	struct word key, value;
	uint64_t rows;

	if (!next_number(&s, end, &rows) || !rows || rows > SD_MAX_FRAMES ||
	    !next_word(&s, end, &key) || !is_word(&key, "total") ||
	    !next_bytes(&s, end, &p->total) ||
	    !next_word(&s, end, &key) || !is_word(&key, "interrupt") ||
	    !next_bytes(&s, end, &p->interrupt) ||
	    !next_word(&s, end, &key) || !is_word(&key, "tracer") ||
	    !next_bytes(&s, end, &p->tracer))
		return sd_bad(r->in, "expected 'stack ROWS total BYTES interrupt BYTES tracer BYTES'");
	p->rows = rows;
	while (next_word(&s, end, &key)) {
		if (!next_word(&s, end, &value))
			return sd_bad(r->in, "expected a value after '%.*s'",
				      (int)(key.len > 40 ? 40 : key.len), key.s);
		if (read_option(r, &key, &value, p))
			return -1;
	}
	return 0;
}

static int check_sum(struct reading *r, const char *what, int64_t found, int64_t promised)
{
	if (found == promised)
		return 0;
	return sd_bad(r->in, "expected rows with %s %" PRId64 " as the stack line says, found %"
		      PRId64, what, promised, found);
}

static int check_promise(struct reading *r, const struct promise *p)
{
	int64_t interrupt = 0, tracer = 0, evidence;
	struct sd_stack *st = r->st;

	for (size_t i = 0; i < st->nr_frames; i++) {
		struct sd_frame *f = &st->frames[i];

		if (f->kind == SD_INTERRUPT || f->kind == SD_PREEMPT)
			interrupt += f->bytes;
		else if (f->kind == SD_TRACER)
			tracer += f->bytes;
		f->kind_recorded = true;
	}
	if (check_sum(r, "total", st->total_bytes, p->total) ||
	    check_sum(r, "interrupt", interrupt, p->interrupt) ||
	    check_sum(r, "tracer", tracer, p->tracer))
		return -1;
	if (p->of == OF_NOTHING || p->of_max == SD_UNKNOWN)
		return 0;
	evidence = p->of == OF_MAX_WITH ? p->total : p->total - interrupt - tracer;
	if (p->of == OF_BELOW) {
		if (st->reclaim_at == SD_UNKNOWN)
			return sd_bad(r->in, "expected 'reclaim_at' for a stack of below_reclaim_bytes");
		evidence -= st->reclaim_at;
	}
	return check_sum(r, st->title, evidence, p->of_max);
}

static int on_stack(struct reading *r, const char *s, const char *end)
{
	struct promise p = { .of = OF_NOTHING };
	struct sd_rows rows;

	if (need_class(r, "stack"))
		return -1;
	sd_stack_reset(r->st);
	r->st->file = r->in->name;
	r->st->line = r->in->line_no;
	r->st->kernel = r->kernel;
	r->st->thread_size = r->thread_size;
	r->st->class = r->seen.class;
	r->st->class_recorded = true;
	if (read_promise(r, s, end, &p))
		return -1;
	sd_rows_begin(&rows, p.rows);
	for (int64_t i = 0; i < p.rows; i++) {
		if (!sd_input_line(r->in))
			return sd_bad(r->in, "expected %" PRId64 " rows, found %" PRId64 ": cut off?",
				      p.rows, i);
		if (sd_rows_add(&rows, r->st, r->in, r->in->line, r->in->len))
			return -1;
	}
	if (sd_rows_end(&rows, r->st, r->in) || check_promise(r, &p))
		return -1;
	return r->sink->stack(r->st, r->sink->data);
}

static int on_lost(struct reading *r, const char *s, const char *end)
{
	uint64_t n;

	if (!next_number(&s, end, &n))
		return sd_bad(r->in, "expected 'lost COUNT'");
	r->lost_seen = true;
	return end_class(r);
}

static int on_end(struct reading *r, const char *s, const char *end)
{
	(void)s;
	(void)end;
	if (!r->lost_seen)
		return sd_bad(r->in, "expected 'lost COUNT' before 'end'");
	r->ended = true;
	return 0;
}

static const struct {
	const char *keyword;
	int (*read)(struct reading *r, const char *s, const char *end);
} keywords[] = {
	{ "thread_size",		on_thread_size },
	{ "kernel",			on_kernel },
	{ "class",			on_class },
	{ "max_bytes",			on_max },
	{ "max_bytes_with_interrupts",	on_max_with },
	{ "below_reclaim_bytes",	on_below },
	{ "hits",			on_hits },
	{ "histogram",			on_histogram },
	{ "stack",			on_stack },
	{ "lost",			on_lost },
	{ "end",			on_end },
};

static int read_line(struct reading *r)
{
	const char *s = r->in->line, *end = s + r->in->len;
	struct word w;

	if (r->in->cut)
		return sd_bad(r->in, "expected a line of at most %d characters", SD_LINE_MAX);
	if (!next_word(&s, end, &w) || *w.s == '#')
		return 0;
	if (r->ended)
		return sd_bad(r->in, "expected nothing after 'end'");
	if (*w.s >= '0' && *w.s <= '9')
		return sd_bad(r->in, "expected a keyword, found a row that no stack line announced");
	if (*w.s < 'a' || *w.s > 'z')
		return sd_bad(r->in, "expected a keyword");
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (is_word(&w, keywords[i].keyword))
			return keywords[i].read(r, s, end);
	return 0;	/* of a later minor revision: to be ignored */
}

static int read_magic(struct sd_input *in)
{
	while (sd_input_line(in)) {
		const char *s = in->line, *end = s + in->len;
		uint64_t version;

		if (!in->len || *s == '#')
			continue;
		if (!sd_scan_word(&s, end, "stack-observer ") ||
		    !sd_scan_number(&s, end, &version) || s != end)
			break;
		if (version != 1)
			return sd_bad(in, "expected version 1, found %" PRIu64, version);
		return 0;
	}
	return sd_bad(in, "expected 'stack-observer 1'");
}

static int parse(struct sd_input *in, struct sd_stack *st, const struct sd_sink *sink)
{
	struct reading r = { .in = in, .st = st, .sink = sink, .thread_size = SD_UNKNOWN };
	int err;

	in->strict = true;	/* what is checked is worth nothing in parts */
	err = read_magic(in);
	end_class(&r);
	while (!err && sd_input_line(in))
		err = read_line(&r);
	if (!err && !r.ended)
		err = sd_bad(in, "expected 'end' as the last line: cut off?");
	r.in_class = false;
	end_class(&r);
	free(r.buckets);
	return err;
}

static bool match(const char *peek, size_t len)
{
	const char *end = peek + len, *s;
	char text[64];

	while ((s = sd_peek_text(&peek, end, text, sizeof(text))))
		if (*s && *s != '#')
			return sd_scan_word(&s, s + strlen(s), "stack-observer ");
	return false;
}

const struct sd_parser sd_parse_observer = {
	.name = "observer",
	.what = "reading of the stack observer",
	.match = match,
	.parse = parse,
};
