// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-fold.c - stackdepth fold: "outermost;...;deepest BYTES" lines.
 *
 * FlameGraph and speedscope draw a frame as wide as its own weight and that of
 * all above it. A stack therefore gives a line per frame: the path to the frame,
 * weighted by the frame's own bytes.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "command.h"
#include "deepest.h"

enum { OPT_DEEPEST = SD_OPT_OWN };

struct fold {
	struct sd_common common;
	struct sd_output out;
	bool deepest;
	struct sd_deepest kept;
	uint64_t nr_lines;
	uint64_t nr_unsized;	/* stacks without sizes, which have no line */
	char unsized[256];	/* where the first of them is */
};

static void fold_text(struct fold *f, const struct sd_stack *st, size_t leaf)
{
	FILE *fp = f->out.fp;

	fputs(sd_class_name(st->class), fp);
	for (size_t i = st->nr_frames; i-- > leaf; )
		fprintf(fp, ";%s", st->frames[i].symbol);
	fprintf(fp, " %" PRId64 "\n", st->frames[leaf].bytes);
}

static int fold_json(struct fold *f, const struct sd_stack *st, size_t leaf)
{
	json_t *path = json_array();

	json_array_append_new(path, json_string(sd_class_name(st->class)));
	for (size_t i = st->nr_frames; i-- > leaf; )
		json_array_append_new(path, json_string(st->frames[i].symbol));
	fputs(f->nr_lines ? ",\n" : "", f->out.fp);
	return sd_json_write(f->out.fp, json_pack("{s:o,s:I}", "stack", path, "bytes",
						  (json_int_t)st->frames[leaf].bytes));
}

static int fold_stack(struct fold *f, const struct sd_stack *st)
{
	if (!st->nr_frames)
		return 0;
	if (!sd_has_sizes(st)) {
		if (!f->nr_unsized++)
			snprintf(f->unsized, sizeof(f->unsized), "%s:%lu", st->file, st->line);
		return 0;
	}
	for (size_t i = st->nr_frames; i-- > 0; ) {
		if (f->common.json && fold_json(f, st, i))
			return -1;
		if (!f->common.json)
			fold_text(f, st, i);
		f->nr_lines++;
	}
	return ferror(f->out.fp) ? -1 : 0;
}

/* Stacks without sizes cost nothing else, unless there are no others. */
static int say_unsized(struct fold *f)
{
	if (!f->nr_unsized)
		return 0;
	fprintf(stderr, "stackdepth: %s: expected sizes, found none in %" PRIu64
		" stack%s; --vmlinux computes them\n", f->unsized, f->nr_unsized,
		f->nr_unsized == 1 ? "" : "s");
	f->common.partial = true;
	return f->nr_lines && !f->common.strict ? 0 : -1;
}

static int on_stack(struct sd_stack *st, void *data)
{
	struct fold *f = data;

	return f->deepest ? sd_deepest_add(st, &f->kept) : fold_stack(f, st);
}

static int fold_files(struct fold *f, char **names)
{
	struct sd_sink sink = { on_stack, NULL, f };

	if (f->common.json)
		fputs("{\"schema\":1,\"folded\":[", f->out.fp);
	for (; *names; names++)
		if (sd_read_file(&f->common, *names, &sink))
			return -1;
	for (int i = 0; i < SD_NR_CLASSES; i++)
		if (f->kept.is_kept[i] && fold_stack(f, &f->kept.kept[i]))
			return -1;
	if (f->common.json)
		fputs("]}\n", f->out.fp);
	return say_unsized(f);
}

static const struct option options[] = {
	SD_COMMON_LONG,
	{ "deepest", no_argument, NULL, OPT_DEEPEST },
	{ NULL, 0, NULL, 0 },
};

static int parse_options(struct fold *f, int argc, char **argv, int *exit_code)
{
	int opt;

	while ((opt = getopt_long(argc, argv, SD_COMMON_SHORT, options, NULL)) != -1) {
		if (opt == OPT_DEEPEST)
			f->deepest = true;
		else if (sd_common_option(&f->common, &sd_command_fold, opt, exit_code))
			return -1;
	}
	if (optind == argc) {
		fputs("stackdepth fold: expected FILE\n", stderr);
		*exit_code = SD_USAGE;
		return -1;
	}
	return 0;
}

static int run(int argc, char **argv)
{
	struct fold *f = sd_alloc(1, sizeof(*f));
	int exit_code;

	sd_common_init(&f->common);
	if (!parse_options(f, argc, argv, &exit_code)) {
		exit_code = SD_BAD_INPUT;
		if (!sd_output_open(&f->out, f->common.output)) {
			if (fold_files(f, argv + optind))
				sd_output_discard(&f->out);
			else if (!sd_output_commit(&f->out))
				exit_code = sd_exit_code(&f->common);
		}
	}
	sd_deepest_free(&f->kept);
	sd_common_free(&f->common);
	free(f);
	return exit_code;
}

const struct sd_command sd_command_fold = {
	.name = "fold",
	.args = "FILE...",
	.what = "folded stacks weighted by bytes, for FlameGraph and speedscope",
	.options =
		"      --deepest            only the deepest stack of each class\n",
	.run = run,
};
