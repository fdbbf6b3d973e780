// SPDX-License-Identifier: GPL-2.0-only
/* lab: from kernels to cells to a comparison. scripts/lab runs it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "process.h"
#include "util.h"

static const struct command commands[] = {
	{ "evaluate", "all that follows, from two kernels to a report",
	  true, cmd_evaluate },
	{ "plan", "write down every cell, with all that decides it",
	  true, cmd_plan },
	{ "run", "run the cells of a plan, or one", true, cmd_run },
	{ "judge", "say what became of cells, from what was captured",
	  true, cmd_judge },
	{ "compare", "compare two variants of results.json",
	  false, cmd_compare },
	{ "layouts", "say how much of a difference layouts explain",
	  false, cmd_layouts },
	{ "report", "render compare.json", false, cmd_report },
	{ "show", "show one cell", true, cmd_show },
};

static void usage(FILE *out)
{
	size_t i;

	fputs("usage: lab COMMAND [ARGUMENT...]\n\n", out);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i].name,
			commands[i].words);
	fputs("\nlab COMMAND --help says more.\n", out);
}

/* BUILD and OUT are relative to the top of the checkout. */
static void enter(const char *top)
{
	lab_top = ".";
	user_directory = getcwd(NULL, 0);
	if (!user_directory || chdir(top))
		fail("%s: cannot get there", top);
}

int main(int argc, char **argv)
{
	size_t i;

	program_name = "lab";
	if (argc < 3 || strcmp(argv[1], "--top"))
		fail("run it as scripts/lab");
	if (argc == 3 || !strcmp(argv[3], "--help") ||
	    !strcmp(argv[3], "help")) {
		usage(argc == 3 ? stderr : stdout);
		return argc == 3;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[3], commands[i].name))
			break;
	if (i == ARRAY_SIZE(commands))
		fail("unknown command %s; lab --help lists them", argv[3]);
	lab_top = argv[2];
	if (commands[i].at_top) {
		enter(argv[2]);
		process_catch_signals();
	} else {
		argv[3] = xasprintf("lab %s", commands[i].name);
		program_name = argv[3];
	}
	return commands[i].run(argc - 3, argv + 3);
}
