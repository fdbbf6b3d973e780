// SPDX-License-Identifier: GPL-2.0-only
/* lab plan: write down every cell of a comparison. */
#include <string.h>

#include "command.h"
#include "files.h"
#include "util.h"

static const char usage[] =
"usage: lab plan --a SIDE [--b SIDE] [FLAG...]\n"
"\n"
"Builds what is missing of the kernels and writes OUT/plan.json: every cell,\n"
"with all that decides it. lab run runs it.\n"
"\n"
"  --out DIR            where results go (out)\n"
"  --build DIR          where things are built (build)\n"
"  --output FILE        the plan (OUT/plan.json)\n"
"  --built              take kernels and initramfs that are there as they are\n";

int cmd_plan(int argc, char **argv)
{
	char *help = xasprintf("%s\n%s", usage, flags_choice_help), *path;
	struct flags flags;

	if (flags_parse(&flags, argc, argv, FLAGS_PLACE | FLAGS_CHOICE,
			help) != argc)
		fail("plan takes flags only; --help lists them");
	if (!flags.a)
		fail("expected --a SIDE");
	flags_sides(&flags);
	path = flags.output ? user_path(flags.output) :
		xasprintf("%s/plan.json", flags.choice.place.out);
	write_json(path, plan_make(&flags.choice));
	printf("%s\n", path);
	return 0;
}
