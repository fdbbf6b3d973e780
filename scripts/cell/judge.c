// SPDX-License-Identifier: GPL-2.0-only
/*
 * What became of a cell: a function of what was asked for and of what was
 * captured, and of nothing else. Whoever changes it changes JUDGE, the sum of
 * its sources, and what is there is judged again.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "files.h"
#include "guest-end.h"
#include "judge.h"
#include "plan.h"
#include "splices.h"
#include "util.h"

/* A file of a cell; what is not there is empty. */
static char *read_part(const char *directory, const char *name, size_t *length)
{
	char *path = xasprintf("%s/%s", directory, name);
	char *text = read_text(path, length);

	if (!text)
		fail("%s: %s", path, strerror(errno));
	free(path);
	return text;
}

/* The guest must have run what it was asked to run. */
static void check_params(const json_t *cell, const struct result *result,
			 struct troubles *troubles)
{
	static const char * const pairs[][2] = {
		{ "fs", "fs" }, { "scenario", "workload" }, { "seed", "seed" },
		{ "clock", "clock" }, { "vcpus", "vcpus" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		const char *said = json_string_value(
			json_object_get(result->params, pairs[i][0]));
		const json_t *asked = json_object_get(cell, pairs[i][1]);
		char number[32];
		const char *text = json_string_value(asked);

		if (!asked)
			continue;
		if (!said) {
			trouble_add(troubles, TROUBLE_FAILED,
				    "the guest does not say which %s it ran",
				    pairs[i][0]);
			continue;
		}
		if (!text) {
			snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
				 json_integer_value(asked));
			text = number;
		}
		if (strcmp(said, text))
			trouble_add(troubles, TROUBLE_FAILED,
				    "the guest ran %s %s instead of %s",
				    pairs[i][0], said, text);
	}
}

static void judge_checks(const struct result *result,
			 struct troubles *troubles)
{
	json_t *check;
	size_t i;

	json_array_foreach(result->checks, i, check) {
		const char *name = json_string_value(
			json_object_get(check, "name"));
		const char *status = json_string_value(
			json_object_get(check, "status"));
		const char *text = json_string_value(
			json_object_get(check, "text"));

		if (!strcmp(status, "corrupt"))
			trouble_add(troubles, TROUBLE_CORRUPT, "%s: %s", name,
				    text);
		else if (!strcmp(status, "fail"))
			trouble_add(troubles, TROUBLE_FAILED, "%s: %s", name,
				    text);
	}
	if (result->exit_status == GUEST_TIMED_OUT)
		trouble_add(troubles, TROUBLE_TIMEOUT,
			    "the guest ended itself at its time limit");
	else if (result->exit_status)
		trouble_add(troubles, TROUBLE_FAILED, "exit status %d",
			    result->exit_status);
}

/*
 * The median of a latency, interpolated in its bucket, of which there are 64
 * for every power of two (mm/latency_histogram.h). p50 is the end of that
 * bucket and moves in steps of 1.6 %; this moves with the samples.
 */
static double median(const json_t *histogram)
{
	double samples = 0, below = 0;
	json_t *bucket;
	size_t i;

	json_array_foreach(histogram, i, bucket)
		samples += json_number_value(json_array_get(bucket, 1));
	json_array_foreach(histogram, i, bucket) {
		double low = json_number_value(json_array_get(bucket, 0));
		double count = json_number_value(json_array_get(bucket, 1));
		double width = low < 64 ? 1 : exp2(floor(log2(low)) - 6);

		if (count > 0 && below + count >= samples / 2)
			return low + width * (samples / 2 - below) / count;
		below += count;
	}
	return 0;
}

static void add_medians(const struct result *result)
{
	const char *name;
	json_t *histogram;

	json_object_foreach(result->histograms, name, histogram) {
		json_t *latency = json_object_get(result->latency, name);
		double middle = median(histogram);

		if (latency && middle > 0)
			json_object_set_new(latency, "median",
					    json_real(middle));
	}
}

/* Everything measured goes into the cell; what was not measured is absent. */
static void add_measured(json_t *cell, const struct result *result,
			 struct troubles *troubles)
{
	const char *release = json_string_value(
		json_object_get(result->params, "kernel"));
	const char *name;
	json_t *value;

	if (release)
		json_object_set_new(cell, "kernel", json_string(release));
	json_object_foreach(result->values, name, value) {
		if (json_object_get(cell, name) || !strncmp(name, "host_", 5))
			trouble_add(troubles, TROUBLE_FAILED,
				    "value %s: the name is taken", name);
		else
			json_object_set(cell, name, value);
	}
	if (json_object_size(result->psi))
		json_object_set(cell, "psi", result->psi);
	if (json_object_size(result->stack))
		json_object_set(cell, "stack", result->stack);
	add_medians(result);
	if (json_object_size(result->latency))
		json_object_set(cell, "latency_ns", result->latency);
	if (json_object_size(result->vmstat))
		json_object_set(cell, "vmstat", result->vmstat);
	if (json_array_size(result->checks))
		json_object_set(cell, "checks", result->checks);
	if (json_object_size(result->histograms))
		json_object_set(cell, "histograms_ns", result->histograms);
}

static void write_files(const char *directory, const char *text,
			const struct result *result)
{
	json_t *file;
	size_t i;

	json_array_foreach(result->files, i, file) {
		const char *name = json_string_value(
			json_object_get(file, "name"));
		/* none of them can have the name of a file of ours */
		char *path = xasprintf("%s/guest-%s%s", directory, name,
				       strchr(name, '.') ? "" : ".txt");

		write_bytes(path, text +
			    json_integer_value(json_object_get(file, "offset")),
			    json_integer_value(json_object_get(file, "bytes")));
		free(path);
	}
}

/* The fields of a planned cell that are in the judged one, too. */
static json_t *identity(const json_t *asked)
{
	static const char *const fields[] = {
		"id", "kernel", "variant", "fs", "storage", "workload",
		"clock", "vcpus", "memory_mib", "seed", "layout",
	};
	json_t *cell = json_object();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		json_object_set(cell, fields[i],
				json_object_get(asked, fields[i]));
	return cell;
}

static void judge_result(json_t *cell, const char *directory,
			 const char *build, struct troubles *troubles)
{
	struct result result;
	size_t length;
	char *text = read_part(directory, "raw/results.raw", &length);

	if (result_parse(text, length, &result)) {
		judge_checks(&result, troubles);
		check_params(cell, &result, troubles);
		add_measured(cell, &result, troubles);
		write_files(directory, text, &result);
		if (!splices_add(cell, directory, build))
			trouble_add(troubles, TROUBLE_FAILED,
				    "stackdepth cannot read guest-stack_observer.txt");
	} else {
		trouble_add(troubles, TROUBLE_SILENT, "results.raw: %s",
			    result.error);
	}
	result_free(&result);
	free(text);
}

static json_t *judge(const json_t *asked, const char *directory,
		     const char *build)
{
	struct troubles troubles = { .list = json_array() };
	char *path = xasprintf("%s/raw/guest.end", directory), *console;
	json_t *cell = identity(asked);
	struct guest_end end;
	unsigned int oom_kills;
	size_t length;

	guest_end_read(&end, path);
	console = read_part(directory, "raw/console.log", &length);
	if (end.qemu_exit && !end.timed_out)
		trouble_add(&troubles, TROUBLE_QEMU, "QEMU's exit status is %ld",
			    end.qemu_exit);
	console_scan(console, length, &troubles, &oom_kills);
	if (end.timed_out)
		trouble_add(&troubles, TROUBLE_TIMEOUT,
			    "ended by the host after %.0f s", end.seconds);
	judge_result(cell, directory, build, &troubles);
	if (oom_kills)
		json_object_set_new(cell, "console_oom_kills",
				    json_integer(oom_kills));
	json_object_set_new(cell, "status",
			    json_string(trouble_status(&troubles)));
	if (json_array_size(troubles.list))
		json_object_set(cell, "troubles", troubles.list);
	guest_end_add(cell, &end);
	json_decref(troubles.list);
	free(console);
	free(path);
	return cell;
}

/* The judge, the program that finds splices, and what they look at. */
static char *judged_key(const json_t *asked, const char *directory,
			const char *build)
{
	static const char *const parts[] = {
		"raw/console.log", "raw/results.raw", "raw/guest.end",
	};
	static char stackdepth[SUM_SIZE];
	char *key, *path, *longer, sum[SUM_SIZE];
	json_t *cell = identity(asked);
	size_t i;

	if (!*stackdepth) {
		path = xasprintf("%s/stackdepth", build);
		sum_file(stackdepth, path);
		free(path);
	}
	path = json_dumps(cell, JSON_COMPACT | JSON_SORT_KEYS);
	sum_bytes(sum, path, strlen(path));
	free(path);
	json_decref(cell);
	key = xasprintf("judge %s\nstackdepth %s\nasked %s\n", JUDGE,
			stackdepth, sum);
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		path = xasprintf("%s/%s", directory, parts[i]);
		sum_file(sum, path);
		longer = xasprintf("%s%s %s\n", key, parts[i], sum);
		free(path);
		free(key);
		key = longer;
	}
	return key;
}

const char *cell_judge(const json_t *asked, const char *directory,
		       const char *build)
{
	char *path = xasprintf("%s/cell.json", directory), *key, *had, *status;
	char *judged = xasprintf("%s/judged", directory);
	json_t *cell;

	key = judged_key(asked, directory, build);
	had = read_text(judged, NULL);
	if (had && !strcmp(had, key) && is_file(path)) {
		cell = read_json(path);
	} else {
		cell = judge(asked, directory, build);
		write_json(path, cell);
		/* last of all: without it the cell is not judged */
		write_bytes(judged, key, strlen(key));
	}
	status = xstrdup(cell_text(cell, "status"));
	json_decref(cell);
	free(had);
	free(key);
	free(judged);
	free(path);
	return status;
}
