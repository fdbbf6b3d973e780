// SPDX-License-Identifier: GPL-2.0-only
/* lab run: the cells of a plan, or one that the flags say. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell.h"
#include "command.h"
#include "files.h"
#include "process.h"
#include "results.h"
#include "util.h"

#define EXIT_NOT_OK	2

static const char usage[] =
"usage: lab run PLAN [--out DIR] [--build DIR] [FLAG...]\n"
"       lab run --side SIDE --fs FS --scenario NAME|FILE --seed N --output DIR\n"
"\n"
"Runs the cells of a plan that are missing, and writes OUT/results.json. Or\n"
"runs one cell, unless DIR has it already, and prints its status.\n"
"\n"
"Exit status: 0 if all are ok, 2 if one is not, 1 if it could not be run.\n"
"\n"
"Of one cell, besides: --clock, --vcpus, --append, --modules, --extra-memory,\n"
"--kernel as for lab plan; --overlay FILE, a cpio archive more for the guest;\n"
"--limit SECONDS; --retry; --built, take kernel and initramfs that are there.\n";

static int run_plan(const struct flags *flags, const char *given)
{
	char *path = user_path(given);
	json_t *plan = plan_read(path);
	unsigned int broken;
	size_t bad;

	results_lock(&flags->choice.place);
	broken = plan_run(plan, &flags->run);
	bad = results_write(plan, &flags->choice.place);

	printf("%s/results.json: %zu of %zu cells are not ok\n",
	       flags->choice.place.out, bad,
	       json_array_size(json_object_get(plan, "cells")));
	return broken ? 1 : bad ? EXIT_NOT_OK : 0;
}

/* fs/FS/NAME.scenario, or a file. */
static char *scenario_file(const struct flags *flags)
{
	const char *given = flags->choice.files;

	if (strchr(given, '/') || strchr(given, '.'))
		return user_path(given);
	return xasprintf("fs/%s/%s.scenario", flags->choice.folders, given);
}

static const char *run_cell(const json_t *cell, const char *directory,
			    const struct runner *runner)
{
	const char *verdict;
	int status;

	process_wait(cell_start(cell, directory, runner), &status);
	verdict = cell_finish(cell, directory, runner, status);
	if (!verdict) {
		char *path = xasprintf("%s/error", directory);
		char *text = read_text(path, NULL);

		fputs(text ? text : "", stderr);
		exit(1);
	}
	return verdict;
}

/* It is emptied before the guest runs: not a directory with anything else. */
static char *output_directory(const char *given)
{
	char *directory = user_path(given), *path;
	size_t length = strlen(directory);
	struct dirent **entries;
	int count;

	while (length > 1 && directory[length - 1] == '/')
		directory[--length] = '\0';
	path = xasprintf("%s/raw", directory);
	count = scandir(directory, &entries, NULL, NULL);
	if (count < 0 ? errno != ENOENT : count > 2 && access(path, F_OK))
		fail("%s: expected the directory of a cell, or none", given);
	free(path);
	return directory;
}

static int run_one(struct flags *flags)
{
	struct choice *choice = &flags->choice;
	char *directory = output_directory(flags->output), *file;
	struct runner runner = {
		.build = choice->place.build,
		.retry = flags->run.retry,
	};
	const char *status = "ok";
	enum cell_state state;
	char *path;
	json_t *plan, *cell;

	file = scenario_file(flags);
	if (!is_file(file))
		fail("%s: no such scenario", file);
	choice->file = realpath(file, NULL);
	choice->seeds = xasprintf("%s-%s", flags->seed, flags->seed);
	flags_sides(flags);
	plan = plan_make(choice);
	if (!json_array_size(json_object_get(plan, "cells")))
		return 1;
	cell = json_array_get(json_object_get(plan, "cells"), 0);
	json_object_set_new(cell, "id", json_string(
			    strrchr(directory, '/') + 1));
	runner.limit_s = choice->limit;
	runner.overlay = flags->overlay ? user_path(flags->overlay) : NULL;
	/* with its slash: it may be the root */
	path = strndup(directory, strrchr(directory, '/') + 1 - directory);
	make_directory(path);
	lock_directory(directory);
	state = cell_state(cell, directory, &runner);
	if (state == CELL_MISSING) {
		runner.scratch = scratch_make(path);
		status = run_cell(cell, directory, &runner);
	} else if (state == CELL_NOT_OK) {
		status = cell_judge(cell, directory, runner.build);
	}
	free(path);
	printf("%s\n", status);
	return strcmp(status, "ok") ? EXIT_NOT_OK : 0;
}

int cmd_run(int argc, char **argv)
{
	char *help = xasprintf("%s\n%s", usage, flags_run_help);
	struct flags flags;
	int next = flags_parse(&flags, argc, argv, FLAGS_PLACE | FLAGS_RUN |
			       FLAGS_CELL, help);

	if (next + 1 == argc && !flags.a)
		return run_plan(&flags, argv[next]);
	if (next != argc || !flags.a || !flags.choice.folders ||
	    !flags.choice.files || !flags.seed || !flags.output)
		fail("expected a plan, or --side, --fs, --scenario, --seed and --output; --help says more");
	return run_one(&flags);
}
