/* SPDX-License-Identifier: GPL-2.0-only */
/* The subcommands of lab. */
#ifndef CELL_COMMAND_H
#define CELL_COMMAND_H

#include "plan.h"
#include "run.h"

/**
 * struct command - a subcommand
 * @name: what it is called
 * @words: one line for the list
 * @at_top: runs at the top of the checkout, and builds and runs things there;
 *	the others only read and write files, where the user is
 * @run: takes its own name as argv[0]; returns the exit status
 */
struct command {
	const char *name;
	const char *words;
	bool at_top;
	int (*run)(int argc, char **argv);
};

int cmd_evaluate(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_judge(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_layouts(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_show(int argc, char **argv);

/**
 * struct flags - what the flags of a subcommand say
 * @choice: which cells
 * @run: how they are run
 * @a: first side
 * @b: second side, or NULL
 * @modules: of both, as the user gave them
 * @append_of: words for the guest's command line of each side
 * @layouts_of: images of each side
 * @output: file or directory, as the user gave it
 * @overlay: one more archive for the guest, as the user gave it
 * @seed: of one cell
 * @built: kernels and initramfs are there and are taken as they are
 * @quiet: nothing that is only progress
 *
 * What was not given is NULL or 0.
 */
struct flags {
	struct choice choice;
	struct run_options run;
	const char *a;
	const char *b;
	const char *modules[2];
	const char *append_of[2];
	const char *layouts_of[2];
	const char *output;
	const char *overlay;
	const char *seed;
	bool built;
};

/** Flags that a subcommand may take, to be joined by |. */
enum flag_set {
	FLAGS_PLACE = 1,	/* --build, --out */
	FLAGS_CHOICE = 2,	/* which cells of which kernels */
	FLAGS_RUN = 4,		/* how they are run */
	FLAGS_CELL = 8,		/* one cell */
};

/**
 * flags_parse() - read the flags of a subcommand, or fail
 * @flags: filled in
 * @argc: of the subcommand
 * @argv: of the subcommand
 * @sets: which flags it takes, of enum flag_set
 * @usage: what --help prints
 *
 * An empty value is as good as no flag: make passes its variables that way.
 *
 * Return: index of the first argument that is no flag.
 */
int flags_parse(struct flags *flags, int argc, char **argv,
		unsigned int sets, const char *usage);

/**
 * flags_sides() - understand --a and --b, and build them unless --built
 * @flags: with choice.sides filled in after it
 */
void flags_sides(struct flags *flags);

/** What --help says of the flags of FLAGS_CHOICE and FLAGS_RUN. */
extern const char flags_choice_help[];
extern const char flags_run_help[];

#endif
