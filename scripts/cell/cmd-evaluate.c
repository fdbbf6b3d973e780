// SPDX-License-Identifier: GPL-2.0-only
/* lab evaluate: all of it, from two kernels to a report. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "files.h"
#include "process.h"
#include "results.h"
#include "util.h"

static const char usage[] =
"usage: lab evaluate --a SIDE [--b SIDE] [FLAG...]\n"
"\n"
"Builds the kernels, runs every cell that is missing, judges, compares, and\n"
"writes OUT/plan.json, OUT/cells/, OUT/results.json, OUT/compare.json and\n"
"OUT/report/; prints the table. With one side there is a table and no\n"
"comparison. Exit status 0 if every cell is ok.\n"
"\n"
"  --out DIR            where results go (out)\n"
"  --build DIR          where things are built (build)\n"
"  --built              take kernels and initramfs that are there as they are\n";

/* The comparison, and its renderings; of one side alone the medians. */
static void report_all(const struct flags *flags, const json_t *plan)
{
	const struct place *place = &flags->choice.place;
	char *lab = xasprintf("%s/lab", place->build);
	char *results = xasprintf("%s/results.json", place->out);
	const char *medians[] = { lab, "--top", ".", "compare", "--medians",
		"-", flags->choice.sides[0].label, results, NULL };
	const char *all[] = { "scripts/report/make-report", NULL };
	char share[32];

	snprintf(share, sizeof(share), "%g", flags->run.noise_limit);
	setenv("NOISE_LIMIT", share, 1);
	setenv("SUMMARY", "1", 1);
	unsetenv("A");
	unsetenv("B");
	process_run((char *const *)(json_object_get(plan, "compared") ? all :
				    medians));
	free(results);
	free(lab);
}

int cmd_evaluate(int argc, char **argv)
{
	char *help = xasprintf("%s\n%s\n%s", usage, flags_choice_help,
			       flags_run_help);
	struct flags flags;
	unsigned int broken;
	const char *out;
	char *path;
	json_t *plan;
	size_t bad;

	if (flags_parse(&flags, argc, argv, FLAGS_PLACE | FLAGS_CHOICE |
			FLAGS_RUN, help) != argc)
		fail("evaluate takes flags only; --help lists them");
	if (!flags.a)
		fail("expected --a SIDE");
	flags_sides(&flags);
	out = flags.choice.place.out;
	results_lock(&flags.choice.place);
	plan = plan_make(&flags.choice);
	path = xasprintf("%s/plan.json", out);
	write_json(path, plan);
	broken = plan_run(plan, &flags.run);
	bad = results_write(plan, &flags.choice.place);
	report_all(&flags, plan);
	if (bad || broken)
		fail("%zu of %zu cells are not ok; see %s/cells", bad,
		     json_array_size(json_object_get(plan, "cells")), out);
	printf("%s/results.json: %zu cells, all ok\n", out,
	       json_array_size(json_object_get(plan, "cells")));
	return 0;
}
