// SPDX-License-Identifier: GPL-2.0-only
/* Running the cells of a plan. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cell.h"
#include "files.h"
#include "host-pairs.h"
#include "plan.h"
#include "process.h"
#include "run.h"
#include "util.h"

/* MiB for the results, per guest with disks on the host, per cell. */
#define SPACE_MIB	64
#define SPACE_HOST_MIB	1024
#define SPACE_CELL_MIB	1

/** struct running - a guest that runs */
struct running {
	pid_t pid;
	const json_t *cell;
	time_t began;
};

/** struct progress - how far the plan is */
struct progress {
	const struct run_options *options;
	struct runner runner;
	struct running *running;
	unsigned int running_count;
	size_t total, done, before, broken;
	time_t began;
};

static char *scratch;

void scratch_remove(void)
{
	if (scratch)
		remove_tree(scratch);
	free(scratch);
	scratch = NULL;
}

const char *scratch_make(const char *parent)
{
	make_directory(parent);
	scratch = xasprintf("%s/.lab-XXXXXXXX", parent);
	if (!mkdtemp(scratch))
		fail("%s: cannot make a directory in it", parent);
	process_at_end(scratch_remove);
	return scratch;
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static char *directory_of(const struct progress *progress, const json_t *cell)
{
	return xasprintf("%s/cells/%s", progress->options->place.out,
			 cell_text(cell, "id"));
}

static char *duration(time_t seconds)
{
	if (seconds < 100)
		return xasprintf("%lld s", (long long)seconds);
	return xasprintf("%lld min", (long long)(seconds + 30) / 60);
}

static void show_running(const struct progress *progress)
{
	unsigned int i;

	if (!isatty(STDOUT_FILENO))
		return;
	printf("\r\033[K[%zu/%zu] running:", progress->done, progress->total);
	for (i = 0; i < progress->running_count; i++) {
		const json_t *cell = progress->running[i].cell;

		printf("%s %s %s %s seed %lld", i ? "," : "",
		       cell_text(cell, "fs"), cell_text(cell, "workload"),
		       cell_text(cell, "variant"), cell_number(cell, "seed"));
	}
	fflush(stdout);
}

/* The first thing that is wrong with a cell. */
static void show_trouble(const char *directory)
{
	char *path = xasprintf("%s/cell.json", directory);
	json_t *cell = read_json(path), *trouble;
	const char *kind, *text;

	trouble = json_array_get(json_object_get(cell, "troubles"), 0);
	if (!json_unpack(trouble, "{s:s, s:s}", "kind", &kind, "text", &text))
		printf("      %s: %s\n", kind, text);
	json_decref(cell);
	free(path);
}

static char *last_error(const char *directory)
{
	char *path = xasprintf("%s/error", directory);
	char *text = read_text(path, NULL), *line;

	free(path);
	if (!text)
		return xstrdup("");
	for (line = text + strlen(text); line > text && line[-1] == '\n'; )
		*--line = '\0';
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

static void report(struct progress *progress, const struct running *running,
		   const char *status)
{
	const json_t *cell = running->cell;
	char *directory = directory_of(progress, cell);
	char *so_far = duration(now() - progress->began), *left;
	int width = snprintf(NULL, 0, "%zu", progress->total);
	size_t done = progress->done - progress->before;
	char *error = status ? NULL : last_error(directory);

	left = duration((now() - progress->began) *
			(progress->total - progress->done) / done);
	if (isatty(STDOUT_FILENO))
		printf("\r\033[K");
	printf("[%*zu/%zu] %s %s %s seed %lld ... %s%s %lld s, %s so far%s%s\n",
	       width, progress->done, progress->total, cell_text(cell, "fs"),
	       cell_text(cell, "workload"), cell_text(cell, "variant"),
	       cell_number(cell, "seed"), status ? status : "not run: ",
	       error ? error : "", (long long)(now() - running->began), so_far,
	       progress->done < progress->total ? ", left: about " : "",
	       progress->done < progress->total ? left : "");
	if (status && strcmp(status, "ok"))
		show_trouble(directory);
	fflush(stdout);
	free(left);
	free(so_far);
	free(directory);
}

static void reap(struct progress *progress)
{
	struct running running;
	const char *verdict;
	char *directory;
	unsigned int i;
	int status;
	pid_t pid = process_wait(-1, &status);

	for (i = 0; i < progress->running_count; i++)
		if (progress->running[i].pid == pid)
			break;
	if (i == progress->running_count)
		return;
	running = progress->running[i];
	progress->running[i] = progress->running[--progress->running_count];
	directory = directory_of(progress, running.cell);
	verdict = cell_finish(running.cell, directory, &progress->runner,
			      status);
	progress->done++;
	if (!verdict)
		progress->broken++;
	report(progress, &running, verdict);
	show_running(progress);
	free(directory);
}

static void start(struct progress *progress, const json_t *cell)
{
	char *directory = directory_of(progress, cell);
	struct running *running =
		&progress->running[progress->running_count++];

	running->cell = cell;
	running->began = now();
	running->pid = cell_start(cell, directory, &progress->runner);
	show_running(progress);
	free(directory);
}

/* What has to be run; progress->done counts the rest. */
static bool *missing(struct progress *progress, const json_t *plan)
{
	const json_t *cells = json_object_get(plan, "cells"), *cell;
	bool *run = xcalloc(progress->total, sizeof(*run));
	enum cell_state *states = xcalloc(progress->total, sizeof(*states));
	size_t i, again;

	json_array_foreach(cells, i, cell) {
		char *directory = directory_of(progress, cell);

		states[i] = cell_state(cell, directory, &progress->runner);
		free(directory);
	}
	again = host_pairs_measure_again(plan, progress->options, states);
	if (again)
		printf("%zu cells are measured again: not next to the other of their pair, or disturbed\n",
		       again);
	json_array_foreach(cells, i, cell) {
		run[i] = states[i] == CELL_MISSING;
		progress->done += !run[i];
	}
	free(states);
	return run;
}

static unsigned int choose_jobs(const struct run_options *options, bool host)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (!options->jobs)
		return host || processors < 1 ? 1 : processors;
	if (host && options->jobs > 1)
		fprintf(stderr, "%s: %u guests at once on the host clock disturb each other\n",
			program_name, options->jobs);
	return options->jobs;
}

unsigned int plan_run(const json_t *plan, const struct run_options *options)
{
	const json_t *cells = json_object_get(plan, "cells"), *cell;
	struct progress progress = {
		.options = options,
		.total = json_array_size(cells),
		.runner = {
			.build = options->place.build,
			.limit_s = json_integer_value(
					json_object_get(plan, "limit_s")),
			.retry = options->retry,
		},
	};
	bool host = false, *run;
	unsigned int jobs;
	size_t i;

	json_array_foreach(cells, i, cell)
		host |= !strcmp(cell_text(cell, "clock"), "host");
	jobs = choose_jobs(options, host);
	run = missing(&progress, plan);
	if (progress.done == progress.total) {
		printf("nothing to do: all %zu cells are there\n",
		       progress.total);
		free(run);
		return 0;
	}
	if (progress.done)
		printf("%zu of %zu cells are there already\n", progress.done,
		       progress.total);
	need_space(options->place.out, SPACE_MIB +
		   (host ? jobs * SPACE_HOST_MIB : 0) +
		   (progress.total - progress.done) * SPACE_CELL_MIB,
		   "the results");
	progress.runner.scratch = scratch_make(options->place.out);
	progress.running = xcalloc(jobs, sizeof(*progress.running));
	progress.before = progress.done;
	progress.began = now();
	json_array_foreach(cells, i, cell) {
		if (!run[i])
			continue;
		if (progress.running_count == jobs)
			reap(&progress);
		start(&progress, cell);
	}
	while (progress.running_count)
		reap(&progress);
	scratch_remove();
	free(progress.running);
	free(run);
	return progress.broken;
}
