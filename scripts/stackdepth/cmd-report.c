// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-report.c - stackdepth report: every stack, or the deepest of each class.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "deepest.h"

enum { OPT_DEEPEST = SD_OPT_OWN };

struct report {
	struct sd_common common;
	struct sd_output out;
	bool frames;
	bool deepest;
	struct sd_deepest kept;			/* with --deepest */
	uint64_t nr_stacks;			/* printed */
	json_t *observed;			/* bounded by what a reading holds */
	int64_t sums[SD_MAX_SUBSYSTEMS];
};

static void print_bytes(FILE *fp, const char *what, int64_t bytes, const char *note)
{
	if (bytes != SD_UNKNOWN)
		fprintf(fp, "  %-12s %6" PRId64 "%s\n", what, bytes, note);
}

/* "swap 104, block 832, driver 352" */
static void print_sums(struct report *r, const char *separator)
{
	struct sd_tables *t = r->common.tables;
	size_t n;
	int *index = sd_sorted_sums(t, r->sums, &n);

	for (size_t i = 0; i < n; i++)
		fprintf(r->out.fp, "%s%s %" PRId64, i ? separator : "",
			sd_subsystem_name(t, index[i]), r->sums[index[i]]);
	free(index);
}

static void print_interrupt(struct report *r, const struct sd_stack *st)
{
	size_t i = 0;

	if (st->interrupt_bytes <= 0)
		return;
	fprintf(r->out.fp, "  %-12s %6" PRId64, "interrupt", st->interrupt_bytes);
	while (i < st->nr_frames && st->frames[i].kind != SD_TASK)
		i++;
	if (i && i < st->nr_frames)
		fprintf(r->out.fp, "  above %s", st->frames[i].symbol);
	fputc('\n', r->out.fp);
}

static void print_splices(struct report *r, const struct sd_stack *st)
{
	for (size_t i = 0; i < st->nr_splices; i++) {
		const struct sd_splice *s = &st->splices[i];

		if (s->adds_bytes == SD_UNKNOWN) {
			fprintf(r->out.fp, "  splice              by %s onto %s\n", s->by, s->into);
			continue;
		}
		fprintf(r->out.fp, "  splice       %6" PRId64 "  by %s onto %s at %" PRId64 ": ",
			s->adds_bytes, s->by, s->into, s->at_bytes);
		sd_splice_sums(st, s, r->common.tables, r->sums);
		print_sums(r, ", ");
		fputc('\n', r->out.fp);
	}
}

static void print_frames(struct report *r, const struct sd_stack *st)
{
	FILE *fp = r->out.fp;

	if (!st->nr_frames)
		return;
	fprintf(fp, "        Depth    Size   %-12s Location    (%zu entries)\n"
		"        -----    ----   %-12s --------\n", "Subsystem", st->nr_frames, "---------");
	for (size_t i = 0; i < st->nr_frames; i++) {
		const struct sd_frame *f = &st->frames[i];

		fprintf(fp, "%3zu) ", i);
		if (f->depth == SD_UNKNOWN)
			fprintf(fp, "%8s ", "-");
		else
			fprintf(fp, "%8" PRId64 " ", f->depth);
		if (f->bytes == SD_UNKNOWN)
			fprintf(fp, "%7s   ", "-");
		else
			fprintf(fp, "%7" PRId64 "   ", f->bytes);
		fprintf(fp, "%-12s %s", sd_subsystem_name(r->common.tables, f->subsystem), f->symbol);
		if (f->has_offset)
			fprintf(fp, "+0x%" PRIx64, f->offset);
		if (f->length)
			fprintf(fp, "/0x%" PRIx64, f->length);
		if (f->module)
			fprintf(fp, " [%s]", f->module);
		if (f->source)
			fprintf(fp, " %s:%lu", f->source, f->source_line);
		if (f->unreliable)
			fputs(" (unreliable)", fp);
		if (f->kind != SD_TASK)
			fprintf(fp, " <%s>", sd_kind_name(f->kind));
		fputc('\n', fp);
	}
}

static void print_recursion(struct report *r, const struct sd_stack *st)
{
	const struct sd_recursion *c = &st->recursion;

	if (!c->times)
		return;
	fprintf(r->out.fp, "  recursion    period %zu, %zu times:", c->period, c->times);
	for (size_t i = 0; i < c->period; i++)
		fprintf(r->out.fp, " %s", st->frames[c->frame + i].symbol);
	fputc('\n', r->out.fp);
}

static void print_text(struct report *r, const struct sd_stack *st)
{
	FILE *fp = r->out.fp;
	int64_t size = sd_thread_size(&r->common, st);
	char of[48] = "";

	if (r->nr_stacks)
		fputc('\n', fp);
	fprintf(fp, "%s:%lu: %s", st->file, st->line, sd_class_name(st->class));
	if (st->nr_frames)
		fprintf(fp, ", %zu frames", st->nr_frames);
	if (st->title)
		fprintf(fp, ", %s", st->title);
	fputc('\n', fp);
	if (size != SD_UNKNOWN)
		snprintf(of, sizeof(of), "  of %" PRId64 "%s", size,
			 st->computed ? ", computed from the vmlinux" : "");
	print_bytes(fp, "total", st->total_bytes, of);
	print_bytes(fp, "own", sd_own_bytes(st), "");
	print_interrupt(r, st);
	if (st->tracer_bytes > 0)
		print_bytes(fp, "tracer", st->tracer_bytes, "");
	print_bytes(fp, "headroom", sd_headroom(&r->common, st), "");
	print_splices(r, st);
	sd_subsystem_sums(st, r->common.tables, r->sums);
	/* A log may tell how deep a stack was without any frame's size. */
	if (sd_has_sizes(st)) {
		fputs("  subsystems   ", fp);
		print_sums(r, ", ");
		fputc('\n', fp);
	} else if (st->nr_frames && st->frames[st->nr_frames - 1].bytes == SD_UNKNOWN) {
		fputs("  sizes are not recorded here; --vmlinux FILE computes them\n", fp);
	}
	if (st->unreliable)
		fprintf(fp, "  unreliable   %zu frames, all marked '?': perhaps not in the call chain\n",
			st->nr_frames);
	print_recursion(r, st);
	for (size_t i = 0; i < st->nr_notes; i++)
		fprintf(fp, "  note         %s\n", st->notes[i]);
	if (r->frames || !sd_has_sizes(st))
		print_frames(r, st);
}

static int print_stack(struct report *r, const struct sd_stack *st)
{
	int err = 0;

	if (r->common.json) {
		if (r->nr_stacks)
			fputs(",\n", r->out.fp);
		err = sd_json_write(r->out.fp, sd_json_stack(&r->common, st));
	} else {
		print_text(r, st);
	}
	r->nr_stacks++;
	return err || ferror(r->out.fp) ? -1 : 0;
}

static int on_stack(struct sd_stack *st, void *data)
{
	struct report *r = data;

	return r->deepest ? sd_deepest_add(st, &r->kept) : print_stack(r, st);
}

static void print_observed(struct report *r, const struct sd_observed *seen)
{
	FILE *fp = r->out.fp;

	fprintf(fp, "%sobserved: %s\n", r->nr_stacks ? "\n" : "", sd_class_name(seen->class));
	print_bytes(fp, "maximum", seen->max_bytes, "");
	print_bytes(fp, "with irqs", seen->max_bytes_with_interrupts, "");
	print_bytes(fp, "in reclaim", seen->below_reclaim_bytes, "  below its entry");
	print_bytes(fp, "hits", seen->hits, "");
	r->nr_stacks++;
}

static void set_count(json_t *o, const char *key, int64_t n)
{
	if (n != SD_UNKNOWN)
		json_object_set_new(o, key, json_integer(n));
}

static int on_observed(const struct sd_observed *seen, void *data)
{
	struct report *r = data;
	json_t *o, *histograms;

	if (!r->common.json)
		print_observed(r, seen);
	if (!r->common.json || json_array_size(r->observed) >= 4096)
		return 0;
	o = json_object();
	histograms = json_object();
	json_object_set_new(o, "class", json_string(sd_class_name(seen->class)));
	set_count(o, "max_bytes", seen->max_bytes);
	set_count(o, "max_bytes_with_interrupts", seen->max_bytes_with_interrupts);
	set_count(o, "below_reclaim_bytes", seen->below_reclaim_bytes);
	set_count(o, "hits", seen->hits);
	for (size_t i = 0; i < seen->nr_buckets; i++) {
		const struct sd_bucket *b = &seen->buckets[i];
		json_t *a = json_object_get(histograms, b->entry);

		if (!a) {
			a = json_array();
			json_object_set_new(histograms, b->entry, a);
		}
		json_array_append_new(a, json_pack("{s:I,s:I}", "low_bytes",
						   (json_int_t)b->low_bytes, "count",
						   (json_int_t)b->count));
	}
	json_object_set_new(o, "histograms", histograms);
	json_array_append_new(r->observed, o);
	return 0;
}

static int print_kept(struct report *r)
{
	for (int i = 0; i < SD_NR_CLASSES; i++)
		if (r->kept.is_kept[i] && print_stack(r, &r->kept.kept[i]))
			return -1;
	return 0;
}

static int report_files(struct report *r, char **names)
{
	struct sd_sink sink = { on_stack, on_observed, r };

	if (r->common.json)
		fputs("{\"schema\":1,\"stacks\":[", r->out.fp);
	for (; *names; names++)
		if (sd_read_file(&r->common, *names, &sink))
			return -1;
	if (print_kept(r))
		return -1;
	if (r->common.json) {
		fputs("]", r->out.fp);
		if (json_array_size(r->observed)) {
			fputs(",\n\"observed\":", r->out.fp);
			if (sd_json_write(r->out.fp, json_incref(r->observed)))
				return -1;
		}
		fputs("}\n", r->out.fp);
	} else if (!r->nr_stacks) {
		fputs("no stack recorded\n", r->out.fp);
	}
	return 0;
}

static const struct option options[] = {
	SD_COMMON_LONG,
	{ "frames", no_argument, NULL, 'f' },
	{ "deepest", no_argument, NULL, OPT_DEEPEST },
	{ NULL, 0, NULL, 0 },
};

static int parse_options(struct report *r, int argc, char **argv, int *exit_code)
{
	int opt;

	while ((opt = getopt_long(argc, argv, SD_COMMON_SHORT "f", options, NULL)) != -1) {
		if (opt == 'f')
			r->frames = true;
		else if (opt == OPT_DEEPEST)
			r->deepest = true;
		else if (sd_common_option(&r->common, &sd_command_report, opt, exit_code))
			return -1;
	}
	if (optind == argc) {
		fputs("stackdepth report: expected FILE\n", stderr);
		*exit_code = SD_USAGE;
		return -1;
	}
	return 0;
}

static int run(int argc, char **argv)
{
	struct report *r = sd_alloc(1, sizeof(*r));
	int exit_code;

	sd_common_init(&r->common);
	r->observed = json_array();
	if (!parse_options(r, argc, argv, &exit_code)) {
		exit_code = SD_BAD_INPUT;
		if (!sd_output_open(&r->out, r->common.output)) {
			if (report_files(r, argv + optind))
				sd_output_discard(&r->out);
			else if (!sd_output_commit(&r->out))
				exit_code = sd_exit_code(&r->common);
		}
	}
	sd_deepest_free(&r->kept);
	json_decref(r->observed);
	sd_common_free(&r->common);
	free(r);
	return exit_code;
}

const struct sd_command sd_command_report = {
	.name = "report",
	.args = "FILE...",
	.what = "bytes, headroom, subsystems and splices of every stack in the files",
	.options =
		"  -f, --frames             list the frames too\n"
		"      --deepest            only the deepest stack of each class\n",
	.run = run,
};
