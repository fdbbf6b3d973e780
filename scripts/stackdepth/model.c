// SPDX-License-Identifier: GPL-2.0-only
/*
 * model.c - memory and names of a recorded stack.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define TEXT_CHUNK	4096

struct sd_text {
	struct sd_text *next;
	size_t used, size;
	char bytes[];
};

static const char *const class_names[SD_NR_CLASSES] = {
	[SD_DIRECT_RECLAIM]	= "direct_reclaim",
	[SD_MEMCG_RECLAIM]	= "memcg_reclaim",
	[SD_KSWAPD]		= "kswapd",
	[SD_FS_TRANSACTION]	= "fs_transaction",
	[SD_FLUSHER]		= "flusher",
	[SD_WORKQUEUE]		= "workqueue",
	[SD_PAGE_FAULT]		= "page_fault",
	[SD_SYSCALL]		= "syscall",
	[SD_KTHREAD]		= "kthread",
	[SD_INTERRUPT_ONLY]	= "interrupt",
	[SD_UNCLASSIFIED]	= "unknown",
};

static const char *const kind_names[] = {
	[SD_TASK]	= "task",
	[SD_INTERRUPT]	= "interrupt",
	[SD_PREEMPT]	= "preempt",
	[SD_TRACER]	= "tracer",
};

static int find_name(const char *const *names, size_t n, const char *s, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], s, len))
			return i;
	return -1;
}

const char *sd_class_name(enum sd_class class)
{
	return class_names[class < SD_NR_CLASSES ? class : SD_UNCLASSIFIED];
}

enum sd_class sd_class_by_name(const char *name, size_t len)
{
	int i = find_name(class_names, SD_NR_CLASSES, name, len);

	return i < 0 ? SD_NR_CLASSES : (enum sd_class)i;
}

const char *sd_kind_name(enum sd_kind kind)
{
	return kind_names[kind];
}

int sd_kind_by_name(const char *name, size_t len)
{
	return find_name(kind_names, sizeof(kind_names) / sizeof(*kind_names), name, len);
}

static void *check(void *p)
{
	if (!p) {
		fputs("stackdepth: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

void *sd_alloc(size_t n, size_t size)
{
	return check(calloc(n ? n : 1, size));
}

/* Double the array @p of *@max elements of @size bytes; new ones are zero. */
void *sd_grow(void *p, size_t *max, size_t size)
{
	size_t old = *max, new = old ? old * 2 : 16;

	if (new < old || new > SIZE_MAX / size)
		check(NULL);
	p = check(realloc(p, new * size));
	memset((char *)p + old * size, 0, (new - old) * size);
	*max = new;
	return p;
}

char *sd_strndup(const char *s, size_t len)
{
	char *p = sd_alloc(len + 1, 1);

	memcpy(p, s, len);
	return p;
}

static struct sd_text *new_chunk(size_t need)
{
	size_t size = need > TEXT_CHUNK ? need : TEXT_CHUNK;
	struct sd_text *t = sd_alloc(1, sizeof(*t) + size);

	t->size = size;
	return t;
}

static void free_chunks(struct sd_text *t)
{
	while (t) {
		struct sd_text *next = t->next;

		free(t);
		t = next;
	}
}

static void forget(struct sd_stack *st)
{
	st->nr_frames = 0;
	st->nr_splices = 0;
	st->nr_inlined = 0;
	st->nr_notes = 0;
	st->file = NULL;
	st->line = 0;
	st->title = NULL;
	st->kernel = NULL;
	st->class = SD_UNCLASSIFIED;
	st->class_recorded = false;
	st->classes = 0;
	st->thread_size = SD_UNKNOWN;
	st->total_bytes = SD_UNKNOWN;
	st->interrupt_bytes = SD_UNKNOWN;
	st->tracer_bytes = SD_UNKNOWN;
	st->left_bytes = SD_UNKNOWN;
	st->reclaim_at = SD_UNKNOWN;
	st->computed = false;
	st->unreliable = false;
	st->recursion = (struct sd_recursion) { 0 };
}

void sd_stack_init(struct sd_stack *st)
{
	memset(st, 0, sizeof(*st));
	forget(st);
}

void sd_stack_reset(struct sd_stack *st)
{
	if (st->text) {
		free_chunks(st->text->next);
		st->text->next = NULL;
		st->text->used = 0;
	}
	free(st->splices);
	st->splices = NULL;
	forget(st);
}

void sd_stack_free(struct sd_stack *st)
{
	free_chunks(st->text);
	free(st->frames);
	free(st->splices);
	free(st->inlined);
	sd_stack_init(st);
}

const char *sd_stack_text(struct sd_stack *st, const char *s, size_t len)
{
	struct sd_text *t = st->text;
	char *p;

	if (!t || t->size - t->used < len + 1) {
		t = new_chunk(len + 1);
		/* The first chunk stays first: it is the one that is kept. */
		if (st->text) {
			t->next = st->text->next;
			st->text->next = t;
		} else {
			st->text = t;
		}
	}
	p = t->bytes + t->used;
	memcpy(p, s, len);
	p[len] = '\0';
	t->used += len + 1;
	return p;
}

struct sd_frame *sd_stack_add(struct sd_stack *st)
{
	struct sd_frame *f;

	if (st->nr_frames >= SD_MAX_FRAMES)
		return NULL;
	if (st->nr_frames == st->max_frames)
		st->frames = sd_grow(st->frames, &st->max_frames, sizeof(*st->frames));
	f = &st->frames[st->nr_frames++];
	*f = (struct sd_frame) { .depth = SD_UNKNOWN, .bytes = SD_UNKNOWN };
	return f;
}

void sd_stack_drop(struct sd_stack *st, size_t first, size_t n)
{
	size_t to = 0;

	for (size_t i = first + n; i < st->nr_frames; i++)
		st->frames[i - n] = st->frames[i];
	st->nr_frames -= n;
	for (size_t i = 0; i < st->nr_inlined; i++) {
		struct sd_inlined in = st->inlined[i];

		if (in.frame >= first && in.frame < first + n)
			continue;
		in.frame -= in.frame < first ? 0 : n;
		st->inlined[to++] = in;
	}
	st->nr_inlined = to;
}

void sd_stack_note(struct sd_stack *st, const char *text)
{
	for (size_t i = 0; i < st->nr_notes; i++)
		if (!strcmp(st->notes[i], text))
			return;
	if (st->nr_notes < SD_MAX_NOTES)
		st->notes[st->nr_notes++] = sd_stack_text(st, text, strlen(text));
}

struct sd_inlined *sd_stack_inline(struct sd_stack *st, const char *symbol, size_t len)
{
	struct sd_inlined *in;

	if (st->nr_inlined >= SD_MAX_FRAMES)
		return NULL;
	if (st->nr_inlined == st->max_inlined)
		st->inlined = sd_grow(st->inlined, &st->max_inlined, sizeof(*st->inlined));
	in = &st->inlined[st->nr_inlined++];
	*in = (struct sd_inlined) { .symbol = sd_stack_text(st, symbol, len) };
	in->frame = st->nr_frames;
	return in;
}

static const char *copy_text(struct sd_stack *st, const char *s)
{
	return s ? sd_stack_text(st, s, strlen(s)) : NULL;
}

void sd_stack_copy(struct sd_stack *to, const struct sd_stack *from)
{
	struct sd_stack n = *from;

	n.text = NULL;
	n.max_frames = from->nr_frames;
	n.frames = sd_alloc(from->nr_frames, sizeof(*n.frames));
	for (size_t i = 0; i < from->nr_frames; i++) {
		n.frames[i] = from->frames[i];
		n.frames[i].symbol = copy_text(&n, from->frames[i].symbol);
		n.frames[i].module = copy_text(&n, from->frames[i].module);
		n.frames[i].source = copy_text(&n, from->frames[i].source);
		n.frames[i].inferred = copy_text(&n, from->frames[i].inferred);
	}
	n.inlined = NULL;
	n.max_inlined = from->nr_inlined;
	if (from->nr_inlined)
		n.inlined = sd_alloc(from->nr_inlined, sizeof(*n.inlined));
	for (size_t i = 0; i < from->nr_inlined; i++) {
		n.inlined[i] = from->inlined[i];
		n.inlined[i].symbol = copy_text(&n, from->inlined[i].symbol);
		n.inlined[i].source = copy_text(&n, from->inlined[i].source);
	}
	for (size_t i = 0; i < from->nr_notes; i++)
		n.notes[i] = copy_text(&n, from->notes[i]);
	n.splices = NULL;
	if (from->nr_splices)
		n.splices = sd_alloc(from->nr_splices, sizeof(*n.splices));
	for (size_t i = 0; i < from->nr_splices; i++) {
		n.splices[i] = from->splices[i];
		n.splices[i].into = copy_text(&n, from->splices[i].into);
	}
	n.title = copy_text(&n, from->title);
	n.kernel = copy_text(&n, from->kernel);
	n.file = copy_text(&n, from->file);
	*to = n;
}

uint32_t sd_hash(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

bool sd_has_sizes(const struct sd_stack *st)
{
	for (size_t i = 0; i < st->nr_frames; i++)
		if (st->frames[i].bytes == SD_UNKNOWN)
			return false;
	return st->nr_frames > 0;
}

int64_t sd_own_bytes(const struct sd_stack *st)
{
	if (st->total_bytes == SD_UNKNOWN)
		return SD_UNKNOWN;
	return st->total_bytes - (st->interrupt_bytes > 0 ? st->interrupt_bytes : 0) -
	       (st->tracer_bytes > 0 ? st->tracer_bytes : 0);
}
