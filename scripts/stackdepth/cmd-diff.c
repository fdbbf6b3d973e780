// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-diff.c - stackdepth diff: by class, what grew and what shrank.
 *
 * Compares the deepest stack of each class in A with that in B.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "align.h"
#include "command.h"
#include "deepest.h"

enum { OPT_EXIT_CODE = SD_OPT_OWN };

struct diff {
	struct sd_common common;
	struct sd_output out;
	bool frames, exit_code;
	bool differs;
	struct sd_deepest side[2];
	int64_t sums[2][SD_MAX_SUBSYSTEMS];
};

static void print_change(FILE *fp, const char *what, int64_t a, int64_t b)
{
	if (a == SD_UNKNOWN || b == SD_UNKNOWN)
		return;
	fprintf(fp, "  %-12s %6" PRId64 " -> %6" PRId64 "  %+" PRId64 "\n", what, a, b, b - a);
}

static void print_bytes(FILE *fp, const struct sd_frame *f)
{
	if (f && f->bytes != SD_UNKNOWN)
		fprintf(fp, "%8" PRId64, f->bytes);
	else
		fprintf(fp, "%8s", "-");
}

static int64_t bytes_of(const struct sd_frame *f)
{
	return f && f->bytes != SD_UNKNOWN ? f->bytes : 0;
}

static const struct sd_frame *frame_of(const struct sd_stack *st, size_t i)
{
	return i == ALIGN_NONE ? NULL : &st->frames[i];
}

static void flush_same(FILE *fp, size_t *same)
{
	if (*same)
		fprintf(fp, "%26s  %zu frames of the same size\n", "", *same);
	*same = 0;
}

static void print_rows(struct diff *d, const struct sd_stack *a, const struct sd_stack *b)
{
	FILE *fp = d->out.fp;
	size_t n, same = 0;
	struct align_row *rows = align_stacks(a, b, &n);

	fprintf(fp, "       A       B    change  frame\n");
	for (size_t i = 0; i < n; i++) {
		const struct sd_frame *x = frame_of(a, rows[i].a), *y = frame_of(b, rows[i].b);

		if (!d->frames && x && y && x->bytes == y->bytes) {
			same++;
			continue;
		}
		flush_same(fp, &same);
		print_bytes(fp, x);
		print_bytes(fp, y);
		fprintf(fp, "  %+8" PRId64 "  %s (%s)%s\n", bytes_of(y) - bytes_of(x),
			(x ? x : y)->symbol,
			sd_subsystem_name(d->common.tables, (x ? x : y)->subsystem),
			!x ? " only in B" : !y ? " only in A" : "");
	}
	flush_same(fp, &same);
	free(rows);
}

static void sum_up(struct diff *d, const struct sd_stack *a, const struct sd_stack *b)
{
	sd_subsystem_sums(a, d->common.tables, d->sums[0]);
	sd_subsystem_sums(b, d->common.tables, d->sums[1]);
}

static void print_pair(struct diff *d, const struct sd_stack *a, const struct sd_stack *b)
{
	FILE *fp = d->out.fp;

	fprintf(fp, "%s: %s:%lu -> %s:%lu\n", sd_class_name(a->class), a->file, a->line,
		b->file, b->line);
	print_change(fp, "total", a->total_bytes, b->total_bytes);
	print_change(fp, "own", sd_own_bytes(a), sd_own_bytes(b));
	print_change(fp, "interrupt", a->interrupt_bytes, b->interrupt_bytes);
	print_change(fp, "tracer", a->tracer_bytes, b->tracer_bytes);
	print_change(fp, "left", a->left_bytes, b->left_bytes);
	fprintf(fp, "  %-12s %6zu -> %6zu  %+td\n", "frames", a->nr_frames, b->nr_frames,
		(ptrdiff_t)(b->nr_frames - a->nr_frames));
	fprintf(fp, "  %-12s %6zu -> %6zu  %+td\n", "splices", a->nr_splices, b->nr_splices,
		(ptrdiff_t)(b->nr_splices - a->nr_splices));
	sum_up(d, a, b);
	for (int i = 0; i < sd_nr_subsystems(d->common.tables); i++)
		if (d->sums[0][i] != d->sums[1][i])
			print_change(fp, sd_subsystem_name(d->common.tables, i), d->sums[0][i],
				     d->sums[1][i]);
	if (a->nr_frames || b->nr_frames)
		print_rows(d, a, b);
}

static void print_lone(struct diff *d, const struct sd_stack *st, char side)
{
	fprintf(d->out.fp, "%s: only in %c, %s:%lu", sd_class_name(st->class), side, st->file,
		st->line);
	if (sd_own_bytes(st) != SD_UNKNOWN)
		fprintf(d->out.fp, ", own %" PRId64, sd_own_bytes(st));
	if (st->left_bytes != SD_UNKNOWN)
		fprintf(d->out.fp, ", left %" PRId64, st->left_bytes);
	fputc('\n', d->out.fp);
}

static json_t *json_side(const struct sd_stack *st)
{
	json_t *o = json_pack("{s:s,s:I}", "file", st->file, "line", (json_int_t)st->line);

	if (st->total_bytes != SD_UNKNOWN) {
		json_object_set_new(o, "total_bytes", json_integer(st->total_bytes));
		json_object_set_new(o, "own_bytes", json_integer(sd_own_bytes(st)));
	}
	if (st->interrupt_bytes != SD_UNKNOWN) {
		json_object_set_new(o, "interrupt_bytes", json_integer(st->interrupt_bytes));
		json_object_set_new(o, "tracer_bytes", json_integer(st->tracer_bytes));
	}
	if (st->left_bytes != SD_UNKNOWN)
		json_object_set_new(o, "left_bytes", json_integer(st->left_bytes));
	json_object_set_new(o, "splices", json_integer(st->nr_splices));
	return o;
}

static json_t *json_rows(struct diff *d, const struct sd_stack *a, const struct sd_stack *b)
{
	json_t *out = json_array();
	size_t n;
	struct align_row *rows = align_stacks(a, b, &n);

	for (size_t i = 0; i < n; i++) {
		const struct sd_frame *x = frame_of(a, rows[i].a), *y = frame_of(b, rows[i].b);
		json_t *o = json_object();

		json_object_set_new(o, "symbol", json_string((x ? x : y)->symbol));
		json_object_set_new(o, "subsystem",
				    json_string(sd_subsystem_name(d->common.tables,
								  (x ? x : y)->subsystem)));
		if (x && x->bytes != SD_UNKNOWN)
			json_object_set_new(o, "a_bytes", json_integer(x->bytes));
		if (y && y->bytes != SD_UNKNOWN)
			json_object_set_new(o, "b_bytes", json_integer(y->bytes));
		json_object_set_new(o, "in", json_string(!x ? "b" : !y ? "a" : "both"));
		json_array_append_new(out, o);
	}
	free(rows);
	return out;
}

static json_t *json_class(struct diff *d, const struct sd_stack *a, const struct sd_stack *b)
{
	json_t *o = json_object(), *subsystems = json_object();

	json_object_set_new(o, "class", json_string(sd_class_name((a ? a : b)->class)));
	if (a)
		json_object_set_new(o, "a", json_side(a));
	if (b)
		json_object_set_new(o, "b", json_side(b));
	if (!a || !b) {
		json_decref(subsystems);
		return o;
	}
	if (sd_own_bytes(a) != SD_UNKNOWN && sd_own_bytes(b) != SD_UNKNOWN)
		json_object_set_new(o, "own_change",
				    json_integer(sd_own_bytes(b) - sd_own_bytes(a)));
	if (a->left_bytes != SD_UNKNOWN && b->left_bytes != SD_UNKNOWN)
		json_object_set_new(o, "left_change", json_integer(b->left_bytes - a->left_bytes));
	sum_up(d, a, b);
	for (int i = 0; i < sd_nr_subsystems(d->common.tables); i++)
		if (d->sums[0][i] || d->sums[1][i])
			json_object_set_new(subsystems, sd_subsystem_name(d->common.tables, i),
					    json_pack("{s:I,s:I,s:I}",
						      "a_bytes", (json_int_t)d->sums[0][i],
						      "b_bytes", (json_int_t)d->sums[1][i],
						      "change", (json_int_t)(d->sums[1][i] -
									     d->sums[0][i])));
	json_object_set_new(o, "subsystems", subsystems);
	json_object_set_new(o, "frames", json_rows(d, a, b));
	return o;
}

static void compare(struct diff *d, const struct sd_stack *a, const struct sd_stack *b,
		    json_t *classes)
{
	if (!a || !b || sd_own_bytes(a) != sd_own_bytes(b) || a->left_bytes != b->left_bytes)
		d->differs = true;
	if (classes)
		json_array_append_new(classes, json_class(d, a, b));
	else if (a && b)
		print_pair(d, a, b);
	else
		print_lone(d, a ? a : b, a ? 'A' : 'B');
}

static int diff_files(struct diff *d, char **names)
{
	json_t *classes = d->common.json ? json_array() : NULL;
	int printed = 0, err = 0;

	for (int i = 0; i < 2; i++) {
		struct sd_sink sink = { sd_deepest_add, NULL, &d->side[i] };

		if (sd_read_file(&d->common, names[i], &sink)) {
			json_decref(classes);
			return -1;
		}
	}
	for (int c = 0; c < SD_NR_CLASSES; c++) {
		const struct sd_stack *a = d->side[0].is_kept[c] ? &d->side[0].kept[c] : NULL;
		const struct sd_stack *b = d->side[1].is_kept[c] ? &d->side[1].kept[c] : NULL;

		if (!a && !b)
			continue;
		if (printed++ && !classes)
			fputc('\n', d->out.fp);
		compare(d, a, b, classes);
	}
	if (classes) {
		err = sd_json_write(d->out.fp, json_pack("{s:i,s:o}", "schema", 1, "classes",
							 classes));
		fputc('\n', d->out.fp);
	} else if (!printed) {
		fputs("no stack recorded in either file\n", d->out.fp);
	}
	return err;
}

static const struct option options[] = {
	SD_COMMON_LONG,
	{ "frames", no_argument, NULL, 'f' },
	{ "exit-code", no_argument, NULL, OPT_EXIT_CODE },
	{ NULL, 0, NULL, 0 },
};

static int parse_options(struct diff *d, int argc, char **argv, int *exit_code)
{
	int opt;

	while ((opt = getopt_long(argc, argv, SD_COMMON_SHORT "f", options, NULL)) != -1) {
		if (opt == 'f')
			d->frames = true;
		else if (opt == OPT_EXIT_CODE)
			d->exit_code = true;
		else if (sd_common_option(&d->common, &sd_command_diff, opt, exit_code))
			return -1;
	}
	if (argc - optind != 2) {
		fputs("stackdepth diff: expected two files, A and B\n", stderr);
		*exit_code = SD_USAGE;
		return -1;
	}
	return 0;
}

static int run(int argc, char **argv)
{
	struct diff *d = sd_alloc(1, sizeof(*d));
	int exit_code;

	sd_common_init(&d->common);
	if (!parse_options(d, argc, argv, &exit_code)) {
		exit_code = SD_BAD_INPUT;
		if (!sd_output_open(&d->out, d->common.output)) {
			if (diff_files(d, argv + optind))
				sd_output_discard(&d->out);
			else if (!sd_output_commit(&d->out))
				exit_code = d->exit_code && d->differs ? SD_DIFFERS :
								     sd_exit_code(&d->common);
		}
	}
	sd_deepest_free(&d->side[0]);
	sd_deepest_free(&d->side[1]);
	sd_common_free(&d->common);
	free(d);
	return exit_code;
}

const struct sd_command sd_command_diff = {
	.name = "diff",
	.args = "A B",
	.what = "by class, what grew and what shrank from A to B",
	.options =
		"  -f, --frames             list the frames that are the same too\n"
		"      --exit-code          end with 3 if any class's own bytes differ\n",
	.run = run,
};
