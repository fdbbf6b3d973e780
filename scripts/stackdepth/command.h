/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * command.h - the subcommands and what they share.
 */
#ifndef STACKDEPTH_COMMAND_H
#define STACKDEPTH_COMMAND_H

#include <getopt.h>
#include <stdio.h>

#include <jansson.h>

#include "analyse.h"
#include "model.h"
#include "parse.h"
#include "table.h"

/* Exit codes; also in the manual page. */
enum {
	SD_OK = 0,
	SD_BAD_INPUT = 1,	/* unreadable, malformed, or cannot be written */
	SD_USAGE = 2,		/* the command line is wrong */
	SD_DIFFERS = 3,		/* diff --exit-code, frames --check: they differ */
	SD_PARTIAL = 3,		/* a part of the input could not be read */
};

struct sd_command {
	const char *name;
	const char *args;
	const char *what;
	const char *options;	/* the command's own, for --help */
	int (*run)(int argc, char **argv);
};

extern const struct sd_command sd_command_report;
extern const struct sd_command sd_command_diff;
extern const struct sd_command sd_command_fold;
extern const struct sd_command sd_command_draw;
extern const struct sd_command sd_command_frames;

/* All of them, ends with NULL. */
extern const struct sd_command *const sd_commands[];

/** struct sd_common - options of every command that reads stacks. */
struct sd_common {
	struct sd_tables *tables;
	const char *format;
	const char *output;	/* file name or NULL */
	const char *vmlinux;	/* for sizes that are not recorded, or NULL */
	struct sd_sizes *sizes;	/* opened from @vmlinux at first use */
	int64_t thread_size;
	bool json;
	bool strict, trimmed;	/* as in struct sd_input */
	bool partial;		/* some input was read in part only */
};

/* Short and long options that sd_common_option() understands. */
#define SD_COMMON_SHORT		"jo:h"
enum {
	SD_OPT_FORMAT = 256,
	SD_OPT_SUBSYSTEMS,
	SD_OPT_THREAD_SIZE,
	SD_OPT_VMLINUX,
	SD_OPT_STRICT,
	SD_OPT_TRIMMED,
	SD_OPT_OWN,		/* first of a command's own */
};
#define SD_COMMON_LONG							\
	{ "json", no_argument, NULL, 'j' },				\
	{ "output", required_argument, NULL, 'o' },			\
	{ "help", no_argument, NULL, 'h' },				\
	{ "format", required_argument, NULL, SD_OPT_FORMAT },		\
	{ "subsystems", required_argument, NULL, SD_OPT_SUBSYSTEMS },	\
	{ "thread-size", required_argument, NULL, SD_OPT_THREAD_SIZE },	\
	{ "vmlinux", required_argument, NULL, SD_OPT_VMLINUX },		\
	{ "strict", no_argument, NULL, SD_OPT_STRICT },			\
	{ "trimmed", no_argument, NULL, SD_OPT_TRIMMED }

void sd_common_init(struct sd_common *c);
void sd_common_free(struct sd_common *c);
/**
 * sd_common_option - take one option that getopt_long() returned
 *
 * Return: 0; -1 when the command shall end with *@exit_code (help was shown,
 * or the option is wrong and that was said).
 */
int sd_common_option(struct sd_common *c, const struct sd_command *cmd, int opt, int *exit_code);
void sd_show_help(FILE *fp, const struct sd_command *cmd);

/**
 * sd_read_file - read a file, analyse every stack and hand it on
 * @name: its name, "-" is standard input
 *
 * What could not be read is said on stderr and makes @c->partial true.
 * Return: 0 or -1 (said on stderr).
 */
int sd_read_file(struct sd_common *c, const char *name, const struct sd_sink *sink);

/** sd_exit_code - of a command that did what it should. */
int sd_exit_code(const struct sd_common *c);

/** sd_thread_size - as the option says, else as the file says, or SD_UNKNOWN. */
int64_t sd_thread_size(const struct sd_common *c, const struct sd_stack *st);
/** sd_headroom - bytes never used: THREAD_SIZE less the total, or SD_UNKNOWN. */
int64_t sd_headroom(const struct sd_common *c, const struct sd_stack *st);

/* output.c: all or nothing */

/** struct sd_output - what a command writes, kept aside until it is whole. */
struct sd_output {
	FILE *fp;		/* write here */
	const char *name;	/* final name, or NULL: standard output */
	char *temporary;	/* name beside it, or NULL */
};

/** sd_output_open - begin. Return: 0 or -1 (said on stderr). */
int sd_output_open(struct sd_output *out, const char *name);
/** sd_output_commit - it is whole: show it. Return: 0 or -1 (said on stderr). */
int sd_output_commit(struct sd_output *out);
/** sd_output_discard - it will not be whole: nothing is left of it. */
void sd_output_discard(struct sd_output *out);

/* json.c */

/** sd_json_stack - a stack as Documentation/stackdepth.md has it. */
json_t *sd_json_stack(const struct sd_common *c, const struct sd_stack *st);
/** sd_json_sums - {"subsystem": bytes}, largest first, zeroes left out. */
json_t *sd_json_sums(struct sd_tables *t, const int64_t *sums);
/** sd_json_write - write a value and give it back. Return: 0 or -1. */
int sd_json_write(FILE *fp, json_t *j);

/** sd_sorted_sums - indices of what is not 0, largest first; free() it. */
int *sd_sorted_sums(struct sd_tables *t, const int64_t *sums, size_t *n);

#endif /* STACKDEPTH_COMMAND_H */
