// SPDX-License-Identifier: GPL-2.0-only
/*
 * stackdepth.c - who is on the stack, how deep, in which context.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "tracedat.h"

#define VERSION "1"

const struct sd_command *const sd_commands[] = {
	&sd_command_report,
	&sd_command_diff,
	&sd_command_fold,
	&sd_command_draw,
	&sd_command_frames,
	NULL,
};

static void usage(FILE *fp)
{
	fputs("usage: stackdepth COMMAND [OPTION]... [FILE]...\n\n"
	      "Who is on a kernel stack, how deep, in which context, and who put it there.\n\n"
	      "commands:\n", fp);
	for (const struct sd_command *const *c = sd_commands; *c; c++)
		fprintf(fp, "  %-8s %s\n", (*c)->name, (*c)->what);
	fputs("\n\"stackdepth COMMAND --help\" says more. A FILE may be - for standard input.\n\n"
	      "formats (detected, or given with --format):\n", fp);
	for (const struct sd_parser *const *p = sd_parsers; *p; p++)
		fprintf(fp, "  %-16s %s\n", (*p)->name, (*p)->what);
	fputs("\nexit codes: 0 done; 1 bad input, or output cannot be written; 2 wrong usage;\n"
	      "3 a part could not be read, or a difference that was asked for was found\n"
	      "(diff --exit-code, frames --check)\n", fp);
}

static void version(FILE *fp)
{
	fprintf(fp, "stackdepth %s\ntrace.dat: %s\n", VERSION, sd_tracedat_support());
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return SD_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		usage(stdout);
		return fflush(stdout) ? SD_BAD_INPUT : SD_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		version(stdout);
		return fflush(stdout) ? SD_BAD_INPUT : SD_OK;
	}
	for (const struct sd_command *const *c = sd_commands; *c; c++)
		if (!strcmp((*c)->name, argv[1]))
			return (*c)->run(argc - 1, argv + 1);
	fprintf(stderr, "stackdepth: there is no command '%s'; see stackdepth --help\n", argv[1]);
	return SD_USAGE;
}
