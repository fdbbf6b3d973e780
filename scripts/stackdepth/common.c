// SPDX-License-Identifier: GPL-2.0-only
/*
 * common.c - options and reading that the commands share.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "sizes.h"

void sd_common_init(struct sd_common *c)
{
	memset(c, 0, sizeof(*c));
	c->tables = sd_tables_new();
	c->thread_size = SD_UNKNOWN;
}

void sd_common_free(struct sd_common *c)
{
	sd_tables_free(c->tables);
	sd_sizes_close(c->sizes);
}

void sd_show_help(FILE *fp, const struct sd_command *cmd)
{
	fprintf(fp, "usage: stackdepth %s [OPTION]... %s\n\n%s\n\noptions:\n%s"
		"  -j, --json               print JSON (Documentation/stackdepth.md)\n"
		"  -o, --output FILE        write to FILE, which is replaced on success only\n"
		"      --strict             refuse a file if anything in it cannot be read\n"
		"      --trimmed            rows left out of a table are no fault\n"
		"      --format NAME        do not detect the format; see stackdepth --help\n"
		"      --subsystems FILE    more patterns, before those built in\n"
		"      --thread-size BYTES  size of a stack, if the file does not say\n"
		"      --vmlinux FILE       compute sizes that are not recorded (oops, trace.dat)\n"
		"  -h, --help               show this\n\n"
		"exit codes: 0 done; 1 bad input, or output cannot be written; 2 wrong usage;\n"
		"3 a part could not be read, or a difference that was asked for was found\n",
		cmd->name, cmd->args, cmd->what, cmd->options);
}

static int extend_tables(struct sd_common *c, const char *name)
{
	FILE *fp = fopen(name, "r");
	int err;

	if (!fp) {
		fprintf(stderr, "stackdepth: %s: %s\n", name, strerror(errno));
		return -1;
	}
	err = sd_tables_extend(c->tables, fp, name, stderr);
	fclose(fp);
	return err;
}

static int parse_thread_size(struct sd_common *c, const char *s)
{
	const char *p = s, *end = s + strlen(s);
	uint64_t n;

	if (!sd_scan_number(&p, end, &n) || p != end || !n || n > SD_MAX_BYTES) {
		fprintf(stderr, "stackdepth: --thread-size: expected bytes, found '%s'\n", s);
		return -1;
	}
	c->thread_size = n;
	return 0;
}

int sd_common_option(struct sd_common *c, const struct sd_command *cmd, int opt, int *exit_code)
{
	*exit_code = SD_USAGE;
	switch (opt) {
	case 'j':
		c->json = true;
		return 0;
	case 'o':
		c->output = optarg;
		return 0;
	case SD_OPT_FORMAT:
		c->format = optarg;
		return 0;
	case SD_OPT_STRICT:
		c->strict = true;
		return 0;
	case SD_OPT_TRIMMED:
		c->trimmed = true;
		return 0;
	case SD_OPT_VMLINUX:
		c->vmlinux = optarg;
		return 0;
	case SD_OPT_THREAD_SIZE:
		return parse_thread_size(c, optarg);
	case SD_OPT_SUBSYSTEMS:
		if (!extend_tables(c, optarg))
			return 0;
		*exit_code = SD_BAD_INPUT;
		return -1;
	case 'h':
		sd_show_help(stdout, cmd);
		*exit_code = fflush(stdout) ? SD_BAD_INPUT : SD_OK;
		return -1;
	default:
		fprintf(stderr, "see stackdepth %s --help\n", cmd->name);
		return -1;
	}
}

/* Between a parser and a command: analyse what comes. */
struct stage {
	struct sd_common *c;
	const struct sd_sink *next;
};

static int analyse_stack(struct sd_stack *st, void *data)
{
	struct stage *stage = data;
	int64_t size = sd_thread_size(stage->c, st);

	if (stage->c->sizes)
		sd_sizes_fill(stage->c->sizes, st);
	sd_analyse(st, stage->c->tables);
	/* "used greatest stack depth": all that was ever used, frames unknown. */
	if (!st->nr_frames && st->left_bytes != SD_UNKNOWN && st->left_bytes <= size)
		st->total_bytes = size - st->left_bytes;
	if (size != SD_UNKNOWN && st->total_bytes > size)
		sd_stack_note(st,
			      "deeper than the stack is large: it overflowed, or has another size");
	return stage->next->stack(st, stage->next->data);
}

static int pass_observed(const struct sd_observed *o, void *data)
{
	struct stage *stage = data;

	return stage->next->observed ? stage->next->observed(o, stage->next->data) : 0;
}

int sd_read_file(struct sd_common *c, const char *name, const struct sd_sink *sink)
{
	struct stage stage = { c, sink };
	struct sd_sink sink_of_parser = { analyse_stack, pass_observed, &stage };
	bool is_stdin = !strcmp(name, "-");
	struct sd_input in;
	FILE *fp;
	int err;

	if (c->vmlinux && !c->sizes) {
		c->sizes = sd_sizes_open(c->vmlinux, stderr);
		if (!c->sizes)
			return -1;
	}
	fp = is_stdin ? stdin : fopen(name, "r");
	if (!fp) {
		fprintf(stderr, "stackdepth: %s: %s\n", name, strerror(errno));
		return -1;
	}
	sd_input_open(&in, fp, is_stdin ? "standard input" : name, stderr);
	in.strict = c->strict;
	in.trimmed = c->trimmed;
	err = sd_parse(&in, c->format, &sink_of_parser);
	sd_input_close(&in);
	if (err > 0) {
		c->partial = true;
		err = 0;
	}
	if (!is_stdin)
		fclose(fp);
	return err;
}

int64_t sd_thread_size(const struct sd_common *c, const struct sd_stack *st)
{
	return c->thread_size != SD_UNKNOWN ? c->thread_size : st->thread_size;
}

int sd_exit_code(const struct sd_common *c)
{
	return c->partial ? SD_PARTIAL : SD_OK;
}

int64_t sd_headroom(const struct sd_common *c, const struct sd_stack *st)
{
	int64_t size = sd_thread_size(c, st);

	if (st->left_bytes != SD_UNKNOWN)
		return st->left_bytes;
	if (size == SD_UNKNOWN || st->total_bytes == SD_UNKNOWN)
		return SD_UNKNOWN;
	return size > st->total_bytes ? size - st->total_bytes : 0;
}
