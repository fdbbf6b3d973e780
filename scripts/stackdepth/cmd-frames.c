// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd-frames.c - stackdepth frames: sizes from the kernel itself.
 */
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "code.h"
#include "command.h"

enum { OPT_CHECK = SD_OPT_OWN, OPT_ALL };

struct frames {
	struct sd_common common;
	struct sd_output out;
	struct sd_sizes *sizes;
	const char *trace;	/* of --check */
	const char *pattern;	/* which functions, NULL: all */
	bool all;
	uint64_t nr_stacks, nr_listed;
	uint64_t verdicts[CHECK_NR_VERDICTS];
};

/* Listing */

struct listing {
	struct frames *f;
	const struct image *img;
	const struct image_symbol *sym;
	int err;
};

static void list_json(struct listing *l, const struct code_insn *insn,
		      const struct framesize *size, const struct image_symbol *target)
{
	json_t *o = json_object();

	json_object_set_new(o, "symbol", json_string(l->sym->name));
	json_object_set_new(o, "offset", json_integer(insn->next - l->sym->addr));
	json_object_set_new(o, "length", json_integer(l->sym->length));
	if (size->known) {
		json_object_set_new(o, "bytes", json_integer(size->max));
		if (size->min != size->max)
			json_object_set_new(o, "min_bytes", json_integer(size->min));
	}
	if (size->why)
		json_object_set_new(o, "why", json_string(size->why));
	if (target)
		json_object_set_new(o, "calls", json_string(target->name));
	fputs(l->f->nr_listed ? ",\n" : "", l->f->out.fp);
	if (sd_json_write(l->f->out.fp, o))
		l->err = -1;
}

static void list_text(struct listing *l, const struct code_insn *insn,
		      const struct framesize *size, const struct image_symbol *target)
{
	FILE *fp = l->f->out.fp;

	if (!size->known)
		fprintf(fp, "%9s", "-");
	else if (size->min != size->max)
		fprintf(fp, "%4" PRId64 "-%-4" PRId64, size->min, size->max);
	else
		fprintf(fp, "%9" PRId64, size->min);
	fprintf(fp, "  %s+0x%" PRIx64 "/0x%" PRIx64, l->sym->name, insn->next - l->sym->addr,
		l->sym->length);
	if (target)
		fprintf(fp, " -> %s", target->name);
	if (size->why)
		fprintf(fp, "  (%s)", size->why);
	fputc('\n', fp);
}

static int list_call(const struct code_insn *insn, void *data)
{
	struct listing *l = data;
	const struct image_symbol *target = NULL;
	struct framesize size;

	if (!insn->is_call)
		return 0;
	size = framesize(l->img, l->sym, insn->next, FRAME_CALLED, false, SD_UNKNOWN);
	if (insn->target)
		target = image_symbol_at(l->img, insn->target);
	if (l->f->common.json)
		list_json(l, insn, &size, target);
	else
		list_text(l, insn, &size, target);
	l->f->nr_listed++;
	return l->err || ferror(l->f->out.fp) ? -1 : 0;
}

static int list_image(struct frames *f, const struct image *img)
{
	struct code_depth depth = { .known = false };
	uint64_t last = UINT64_MAX;

	for (size_t i = 0; i < img->nr_symbols; i++) {
		struct listing l = { f, img, &img->symbols[i], 0 };

		if (f->pattern && fnmatch(f->pattern, l.sym->name, 0))
			continue;
		if (!f->pattern && l.sym->addr == last)
			continue;	/* another name of the same code */
		last = l.sym->addr;
		if (code_walk(img, l.sym, depth, list_call, &l) < 0)
			return -1;
	}
	return 0;
}

static int list(struct frames *f)
{
	if (f->common.json)
		fputs("{\"schema\":1,\"calls\":[", f->out.fp);
	for (size_t i = 0; i < sd_sizes_nr_images(f->sizes); i++)
		if (list_image(f, sd_sizes_image(f->sizes, i)))
			return -1;
	if (f->common.json)
		fputs("]}\n", f->out.fp);
	if (!f->nr_listed && f->pattern) {
		fprintf(stderr, "stackdepth: %s: expected a function that calls something, found none called '%s'\n",
			sd_sizes_image(f->sizes, 0)->name, f->pattern);
		return -1;
	}
	return 0;
}

/* Checking */

static json_t *check_json(const struct sd_frame *f, const struct check *c)
{
	json_t *o = json_object();

	json_object_set_new(o, "symbol", json_string(f->symbol));
	if (f->has_offset)
		json_object_set_new(o, "offset", json_integer(f->offset));
	if (f->bytes != SD_UNKNOWN)
		json_object_set_new(o, "bytes", json_integer(f->bytes));
	if (c->bytes != SD_UNKNOWN)
		json_object_set_new(o, "static_bytes", json_integer(c->bytes));
	json_object_set_new(o, "verdict", json_string(check_name(c->verdict)));
	if (*c->why)
		json_object_set_new(o, "why", json_string(c->why));
	return o;
}

static void check_text(struct frames *fr, size_t i, const struct sd_frame *f,
		       const struct check *c)
{
	char recorded[24] = "-", expected[24] = "-";

	if (!fr->all && c->verdict == CHECK_SAME)
		return;
	if (f->bytes != SD_UNKNOWN)
		snprintf(recorded, sizeof(recorded), "%" PRId64, f->bytes);
	if (c->bytes != SD_UNKNOWN)
		snprintf(expected, sizeof(expected), "%" PRId64, c->bytes);
	fprintf(fr->out.fp, "%3zu) %7s %7s  %-9s %s+0x%" PRIx64 "%s%s\n", i, recorded, expected,
		check_name(c->verdict), f->symbol, f->offset, *c->why ? ": " : "", c->why);
}

static int on_stack(struct sd_stack *st, void *data)
{
	struct frames *f = data;
	json_t *frames = f->common.json ? json_array() : NULL;
	uint64_t of[CHECK_NR_VERDICTS] = { 0 };
	struct check *checks;
	int err = 0;

	if (!frames)
		fprintf(f->out.fp, "%s%s:%lu: %s\n     recorded static\n", f->nr_stacks ? "\n" : "",
			st->file, st->line, sd_class_name(st->class));
	checks = check_stack(f->sizes, st);
	for (size_t i = 0; i < st->nr_frames; i++) {
		of[checks[i].verdict]++;
		if (frames)
			json_array_append_new(frames, check_json(&st->frames[i], &checks[i]));
		else
			check_text(f, i, &st->frames[i], &checks[i]);
	}
	free(checks);
	if (frames) {
		json_t *o = json_pack("{s:s,s:I,s:s,s:o}", "file", st->file, "line",
				      (json_int_t)st->line, "class", sd_class_name(st->class),
				      "frames", frames);

		for (int v = 0; v < CHECK_NR_VERDICTS; v++)
			json_object_set_new(o, check_name(v), json_integer(of[v]));
		fputs(f->nr_stacks ? ",\n" : "", f->out.fp);
		err = sd_json_write(f->out.fp, o);
	} else {
		fprintf(f->out.fp, "%zu frames: %" PRIu64 " same, %" PRIu64 " explained, %" PRIu64
			" differ, %" PRIu64 " unknown\n", st->nr_frames, of[CHECK_SAME],
			of[CHECK_EXPLAINED], of[CHECK_DIFFERS], of[CHECK_UNKNOWN]);
	}
	for (int v = 0; v < CHECK_NR_VERDICTS; v++)
		f->verdicts[v] += of[v];
	f->nr_stacks++;
	return err || ferror(f->out.fp) ? -1 : 0;
}

static int check(struct frames *f)
{
	struct sd_sink sink = { on_stack, NULL, f };

	if (f->common.json)
		fputs("{\"schema\":1,\"stacks\":[", f->out.fp);
	if (sd_read_file(&f->common, f->trace, &sink))
		return -1;
	if (!f->nr_stacks) {
		fprintf(stderr, "stackdepth: %s: expected a stack to check, found none\n", f->trace);
		return -1;
	}
	if (f->common.json)
		fputs("]}\n", f->out.fp);
	return 0;
}

static const struct option options[] = {
	SD_COMMON_LONG,
	{ "check", required_argument, NULL, OPT_CHECK },
	{ "all", no_argument, NULL, 'a' },
	{ NULL, 0, NULL, 0 },
};

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static int open_images(struct frames *f, char **names)
{
	f->sizes = sd_sizes_open(*names, stderr);
	if (!f->sizes)
		return -1;
	for (names++; *names; names++) {
		if (ends_with(*names, ".ko")) {
			if (sd_sizes_add(f->sizes, *names, stderr))
				return -1;
		} else {
			f->pattern = *names;
		}
	}
	return 0;
}

static int parse_options(struct frames *f, int argc, char **argv, int *exit_code)
{
	int opt;

	while ((opt = getopt_long(argc, argv, SD_COMMON_SHORT "a", options, NULL)) != -1) {
		if (opt == OPT_CHECK)
			f->trace = optarg;
		else if (opt == 'a')
			f->all = true;
		else if (sd_common_option(&f->common, &sd_command_frames, opt, exit_code))
			return -1;
	}
	if (optind == argc) {
		fputs("stackdepth frames: expected VMLINUX\n", stderr);
		*exit_code = SD_USAGE;
		return -1;
	}
	return 0;
}

static int run_frames(struct frames *f, char **names)
{
	int exit_code = SD_BAD_INPUT;

	if (open_images(f, names) || sd_output_open(&f->out, f->common.output))
		return SD_BAD_INPUT;
	if (f->trace ? check(f) : list(f))
		sd_output_discard(&f->out);
	else if (!sd_output_commit(&f->out))
		exit_code = f->verdicts[CHECK_DIFFERS] || f->verdicts[CHECK_UNKNOWN] ? SD_DIFFERS :
			    sd_exit_code(&f->common);
	return exit_code;
}

static int run(int argc, char **argv)
{
	struct frames f = { 0 };
	int exit_code;

	sd_common_init(&f.common);
	if (!parse_options(&f, argc, argv, &exit_code))
		exit_code = run_frames(&f, argv + optind);
	sd_sizes_close(f.sizes);
	sd_common_free(&f.common);
	return exit_code;
}

const struct sd_command sd_command_frames = {
	.name = "frames",
	.args = "VMLINUX [MODULE.ko]... [FUNCTION]",
	.what = "exact stack size at every call site, from a vmlinux with ORC tables",
	.options =
		"      --check TRACE        compare the frames of recorded stacks with these sizes\n"
		"  -a, --all                with --check: list the frames that are the same too\n",
	.run = run,
};
