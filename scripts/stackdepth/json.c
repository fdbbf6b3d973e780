// SPDX-License-Identifier: GPL-2.0-only
/*
 * json.c - a stack as JSON. What was not measured is left out.
 */
#include <stdlib.h>

#include "command.h"

static void set_bytes(json_t *o, const char *key, int64_t bytes)
{
	if (bytes != SD_UNKNOWN)
		json_object_set_new(o, key, json_integer(bytes));
}

static void set_source(json_t *o, const char *source, unsigned long line)
{
	if (!source)
		return;
	json_object_set_new(o, "file", json_string(source));
	if (line)
		json_object_set_new(o, "line", json_integer(line));
}

static json_t *json_frame(struct sd_tables *t, const struct sd_frame *f)
{
	json_t *o = json_object();

	json_object_set_new(o, "symbol", json_string(f->symbol));
	set_bytes(o, "bytes", f->bytes);
	json_object_set_new(o, "subsystem", json_string(sd_subsystem_name(t, f->subsystem)));
	set_bytes(o, "depth_bytes", f->depth);
	if (f->has_offset)
		json_object_set_new(o, "offset", json_integer(f->offset));
	if (f->length)
		json_object_set_new(o, "length", json_integer(f->length));
	if (f->module)
		json_object_set_new(o, "module", json_string(f->module));
	if (f->kind != SD_TASK)
		json_object_set_new(o, "kind", json_string(sd_kind_name(f->kind)));
	if (f->tracer_bytes)
		json_object_set_new(o, "tracer_bytes", json_integer(f->tracer_bytes));
	if (f->inferred) {
		json_object_set_new(o, "inferred", json_true());
		json_object_set_new(o, "inferred_from", json_string(f->inferred));
	}
	if (f->unreliable)
		json_object_set_new(o, "unreliable", json_true());
	if (f->missing_rows)
		json_object_set_new(o, "missing_rows", json_integer(f->missing_rows));
	set_source(o, f->source, f->source_line);
	return o;
}

static void add_inlined(const struct sd_stack *st, json_t *frames)
{
	for (size_t i = 0; i < st->nr_inlined; i++) {
		const struct sd_inlined *in = &st->inlined[i];
		json_t *f = json_array_get(frames, in->frame), *list, *o;

		if (!f)
			continue;
		list = json_object_get(f, "inlined");
		if (!list) {
			list = json_array();
			json_object_set_new(f, "inlined", list);
		}
		o = json_pack("{s:s}", "symbol", in->symbol);
		set_source(o, in->source, in->source_line);
		json_array_append_new(list, o);
	}
}

struct sum {
	int index;
	int64_t bytes;
};

static int larger_first(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return x->index - y->index;
}

int *sd_sorted_sums(struct sd_tables *t, const int64_t *sums, size_t *n)
{
	struct sum *s = sd_alloc(sd_nr_subsystems(t), sizeof(*s));
	int *index = sd_alloc(sd_nr_subsystems(t), sizeof(*index));

	*n = 0;
	for (int i = 0; i < sd_nr_subsystems(t); i++)
		if (sums[i])
			s[(*n)++] = (struct sum) { i, sums[i] };
	qsort(s, *n, sizeof(*s), larger_first);
	for (size_t i = 0; i < *n; i++)
		index[i] = s[i].index;
	free(s);
	return index;
}

json_t *sd_json_sums(struct sd_tables *t, const int64_t *sums)
{
	json_t *o = json_object();
	size_t n;
	int *index = sd_sorted_sums(t, sums, &n);

	for (size_t i = 0; i < n; i++)
		json_object_set_new(o, sd_subsystem_name(t, index[i]),
				    json_integer(sums[index[i]]));
	free(index);
	return o;
}

static json_t *json_splices(const struct sd_common *c, const struct sd_stack *st)
{
	int64_t *sums = sd_alloc(SD_MAX_SUBSYSTEMS, sizeof(*sums));
	json_t *a = json_array();

	for (size_t i = 0; i < st->nr_splices; i++) {
		const struct sd_splice *s = &st->splices[i];
		json_t *o = json_object();

		json_object_set_new(o, "into", json_string(s->into));
		json_object_set_new(o, "by", json_string(s->by));
		set_bytes(o, "at_bytes", s->at_bytes);
		set_bytes(o, "adds_bytes", s->adds_bytes);
		if (s->adds_bytes != SD_UNKNOWN) {
			sd_splice_sums(st, s, c->tables, sums);
			json_object_set_new(o, "entered", sd_json_sums(c->tables, sums));
		}
		json_array_append_new(a, o);
	}
	free(sums);
	return a;
}

static json_t *json_classes(const struct sd_stack *st)
{
	json_t *a = json_array();

	for (int i = 0; i < SD_UNCLASSIFIED; i++)
		if (st->classes & 1U << i)
			json_array_append_new(a, json_string(sd_class_name(i)));
	return a;
}

static json_t *json_recursion(const struct sd_stack *st)
{
	const struct sd_recursion *r = &st->recursion;
	json_t *functions = json_array();

	for (size_t i = 0; i < r->period; i++)
		json_array_append_new(functions, json_string(st->frames[r->frame + i].symbol));
	return json_pack("{s:I,s:I,s:o}", "period", (json_int_t)r->period, "times",
			 (json_int_t)r->times, "functions", functions);
}

static json_t *json_notes(const struct sd_stack *st)
{
	json_t *a = json_array();

	for (size_t i = 0; i < st->nr_notes; i++)
		json_array_append_new(a, json_string(st->notes[i]));
	return a;
}

json_t *sd_json_stack(const struct sd_common *c, const struct sd_stack *st)
{
	json_t *o = json_object(), *frames = json_array();
	int64_t *sums = sd_alloc(SD_MAX_SUBSYSTEMS, sizeof(*sums));

	json_object_set_new(o, "class", json_string(sd_class_name(st->class)));
	json_object_set_new(o, "classes", json_classes(st));
	json_object_set_new(o, "file", json_string(st->file));
	json_object_set_new(o, "line", json_integer(st->line));
	if (st->title)
		json_object_set_new(o, "title", json_string(st->title));
	if (st->kernel)
		json_object_set_new(o, "kernel", json_string(st->kernel));
	set_bytes(o, "total_bytes", st->total_bytes);
	set_bytes(o, "interrupt_bytes", st->interrupt_bytes);
	set_bytes(o, "tracer_bytes", st->tracer_bytes);
	set_bytes(o, "own_bytes", sd_own_bytes(st));
	set_bytes(o, "thread_size", sd_thread_size(c, st));
	set_bytes(o, "headroom_bytes", sd_headroom(c, st));
	if (st->reclaim_at != SD_UNKNOWN) {
		set_bytes(o, "reclaim_at_bytes", st->reclaim_at);
		if (sd_own_bytes(st) >= st->reclaim_at)
			set_bytes(o, "below_reclaim_bytes", sd_own_bytes(st) - st->reclaim_at);
	}
	if (st->computed)
		json_object_set_new(o, "sizes", json_string("static"));
	if (st->unreliable)
		json_object_set_new(o, "unreliable", json_true());
	if (st->recursion.times)
		json_object_set_new(o, "recursion", json_recursion(st));
	if (st->nr_notes)
		json_object_set_new(o, "notes", json_notes(st));
	for (size_t i = 0; i < st->nr_frames; i++)
		json_array_append_new(frames, json_frame(c->tables, &st->frames[i]));
	add_inlined(st, frames);
	json_object_set_new(o, "frames", frames);
	sd_subsystem_sums(st, c->tables, sums);
	json_object_set_new(o, "subsystems", sd_json_sums(c->tables, sums));
	json_object_set_new(o, "splices", json_splices(c, st));
	free(sums);
	return o;
}

int sd_json_write(FILE *fp, json_t *j)
{
	int err = json_dumpf(j, fp, JSON_COMPACT | JSON_PRESERVE_ORDER);

	json_decref(j);
	return err;
}
