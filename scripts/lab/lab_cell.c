// SPDX-License-Identifier: GPL-2.0-only
/*
 * lab-cell: decide what became of one guest and write its cell.json.
 *
 * Reads console.log, results.raw and guest.end of a directory, as run-guest
 * left them. The files that the guest sent are written beside them.
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab_cell.h"

static const char usage_text[] =
"usage: lab-cell --id ID --kernel RELEASE --variant NAME --fs NAME\n"
"                --storage NAME --workload NAME --clock virtual|host\n"
"                --vcpus N --memory MIB --seed N DIRECTORY\n"
"       lab-cell --crc < TEXT\n"
"\n"
"Writes DIRECTORY/cell.json from console.log, results.raw and guest.end in it\n"
"and prints the status: ok, panic, oops, warning, hung_task, lockdep, timeout,\n"
"corrupt, silent, failed or qemu. --crc prints the line that ends a result.\n"
"\n"
"Exit status: 0 if the cell is ok, 2 if it is not, 1 if it could not be judged.\n";

static void die(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

static void die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("lab-cell: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

static char *path_of(const char *directory, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		die("no memory");
	return path;
}

static char *read_stream(FILE *file, const char *path, size_t *length)
{
	size_t room = 1 << 16, used = 0, got;
	char *text = malloc(room);

	while (text && (got = fread(text + used, 1, room - used - 1, file))) {
		used += got;
		if (room - used < room / 4) {
			room *= 2;
			text = realloc(text, room);
		}
	}
	if (!text)
		die("no memory");
	if (ferror(file))
		die("%s: %s", path, strerror(errno));
	text[used] = '\0';
	*length = used;
	return text;
}

static char *read_file(const char *directory, const char *name, size_t *length)
{
	char *path = path_of(directory, name);
	FILE *file = fopen(path, "re");
	char *text;

	if (!file)
		die("%s: %s", path, strerror(errno));
	text = read_stream(file, path, length);
	fclose(file);
	free(path);
	return text;
}

/* Write by way of a temporary name. */
static void write_file(const char *directory, const char *name,
		       const char *bytes, size_t count)
{
	char *path = path_of(directory, name), *temporary;
	FILE *file;

	if (asprintf(&temporary, "%s.tmp", path) < 0)
		die("no memory");
	file = fopen(temporary, "we");
	if (!file || fwrite(bytes, 1, count, file) != count || fclose(file) ||
	    rename(temporary, path))
		die("%s: %s", path, strerror(errno));
	free(temporary);
	free(path);
}

/**
 * struct guest_end - what run-guest saw of the end
 * @qemu_exit: exit status of QEMU
 * @timed_out: it was ended by the time limit
 * @seconds: of the host's clock
 * @accelerator: of QEMU
 * @began: time of day at which it was started, 0 if not known
 * @machine_ms: CPU time that all processors of the host had meanwhile, 0 if not
 *	known
 * @guest_ms: of it, used by QEMU
 * @others_ms: of it, used by anything else
 * @stolen_ms: of it, not given to this host by its hypervisor
 */
struct guest_end {
	long qemu_exit;
	bool timed_out;
	double seconds;
	char accelerator[32];
	long long began;
	long long machine_ms;
	long long guest_ms;
	long long others_ms;
	long long stolen_ms;
};

static void read_end_line(char *line, struct guest_end *end, unsigned int *seen)
{
	const struct {
		const char *key;
		long long *number;
	} numbers[] = {
		{ "host-began", &end->began },
		{ "machine-cpu-ms", &end->machine_ms },
		{ "guest-cpu-ms", &end->guest_ms },
		{ "others-cpu-ms", &end->others_ms },
		{ "stolen-cpu-ms", &end->stolen_ms },
	};
	const char *key = strsep(&line, " ");
	size_t i;

	if (!line)
		return;
	if (!strcmp(key, "qemu-exit")) {
		end->qemu_exit = strtol(line, NULL, 10);
		*seen |= 1;
	} else if (!strcmp(key, "timed-out")) {
		end->timed_out = strtol(line, NULL, 10);
		*seen |= 2;
	} else if (!strcmp(key, "host-seconds")) {
		end->seconds = strtod(line, NULL);
		*seen |= 4;
	} else if (!strcmp(key, "accelerator")) {
		snprintf(end->accelerator, sizeof(end->accelerator), "%s",
			 line);
		*seen |= 8;
	}
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!strcmp(key, numbers[i].key))
			*numbers[i].number = strtoll(line, NULL, 10);
}

static void read_end(const char *directory, struct guest_end *end)
{
	size_t length;
	char *text = read_file(directory, "guest.end", &length);
	char *line, *rest = text;
	unsigned int seen = 0;

	while ((line = strsep(&rest, "\n")))
		read_end_line(line, end, &seen);
	if (seen != 15)
		die("%s/guest.end: expected qemu-exit, timed-out, host-seconds and accelerator",
		    directory);
	free(text);
}

/*
 * What is about the host and not about the guest: nobody expects these to be
 * the same when a cell is run again. "disturbed" is the share of the CPU time
 * of the machine that others than the guest had.
 */
static void add_host(json_t *cell, const struct guest_end *end)
{
	double others = end->others_ms + end->stolen_ms;

	json_object_set_new(cell, "host_seconds", json_real(end->seconds));
	json_object_set_new(cell, "host_accelerator",
			    json_string(end->accelerator));
	if (end->began)
		json_object_set_new(cell, "host_began",
				    json_integer(end->began));
	if (end->machine_ms > 0)
		json_object_set_new(cell, "host_cpu", json_pack(
			"{s:I, s:I, s:I, s:I, s:f}",
			"machine_ms", (json_int_t)end->machine_ms,
			"guest_ms", (json_int_t)end->guest_ms,
			"others_ms", (json_int_t)end->others_ms,
			"stolen_ms", (json_int_t)end->stolen_ms,
			"disturbed", others / end->machine_ms));
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

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *said = json_string_value(
			json_object_get(result->params, pairs[i][0]));
		const json_t *asked = json_object_get(cell, pairs[i][1]);
		char number[32];
		const char *text = json_string_value(asked);

		if (!said || !asked)
			continue;
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
		char *full;

		/* none of them can have the name of a file of ours */
		if (asprintf(&full, "guest-%s%s", name,
			     strchr(name, '.') ? "" : ".txt") < 0)
			die("no memory");
		write_file(directory, full,
			   text + json_integer_value(json_object_get(file, "offset")),
			   json_integer_value(json_object_get(file, "bytes")));
		free(full);
	}
}

static int judge(const char *directory, json_t *cell)
{
	struct troubles troubles = { .list = json_array() };
	struct guest_end end = { 0 };
	size_t console_length, length;
	unsigned int oom_kills;
	char *console, *text, *json;
	struct result result;
	const char *status;

	read_end(directory, &end);
	console = read_file(directory, "console.log", &console_length);
	text = read_file(directory, "results.raw", &length);

	if (end.qemu_exit && !end.timed_out)
		trouble_add(&troubles, TROUBLE_QEMU, "QEMU's exit status is %ld",
			    end.qemu_exit);
	console_scan(console, console_length, &troubles, &oom_kills);
	if (end.timed_out)
		trouble_add(&troubles, TROUBLE_TIMEOUT,
			    "ended by the host after %.0f s", end.seconds);
	if (result_parse(text, length, &result)) {
		judge_checks(&result, &troubles);
		check_params(cell, &result, &troubles);
		add_measured(cell, &result, &troubles);
		write_files(directory, text, &result);
	} else {
		trouble_add(&troubles, TROUBLE_SILENT, "results.raw: %s",
			    result.error);
	}
	if (oom_kills)
		json_object_set_new(cell, "console_oom_kills",
				    json_integer(oom_kills));
	status = trouble_status(&troubles);
	json_object_set_new(cell, "status", json_string(status));
	if (json_array_size(troubles.list))
		json_object_set(cell, "troubles", troubles.list);
	add_host(cell, &end);
	json = json_dumps(cell, JSON_INDENT(2) | JSON_SORT_KEYS |
			  JSON_REAL_PRECISION(6));
	if (!json)
		die("%s: cannot write the cell as JSON", directory);
	puts(status);
	/* last of all: the cell counts as done when this file is there */
	write_file(directory, "cell.json", json, strlen(json));
	free(json);
	free(text);
	free(console);
	json_decref(troubles.list);
	result_free(&result);
	return strcmp(status, "ok") ? 2 : 0;
}

static json_t *positive(const char *option, const char *text, long long least)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || *end || end == text || value < least)
		die("--%s: expected a whole number from %lld on, found '%s'",
		    option, least, text);
	return json_integer(value);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "id", required_argument, NULL, 's' },
		{ "kernel", required_argument, NULL, 's' },
		{ "variant", required_argument, NULL, 's' },
		{ "fs", required_argument, NULL, 's' },
		{ "storage", required_argument, NULL, 's' },
		{ "workload", required_argument, NULL, 's' },
		{ "clock", required_argument, NULL, 's' },
		{ "vcpus", required_argument, NULL, 'n' },
		{ "memory", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 'z' },
		{ "crc", no_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	json_t *cell = json_object();
	int option, index, i, status;
	bool crc = false;

	while ((option = getopt_long(argc, argv, "", options, &index)) != -1) {
		const char *name = options[index].name;

		switch (option) {
		case 's':
			json_object_set_new(cell, name, json_string(optarg));
			break;
		case 'n':
			json_object_set_new(cell, !strcmp(name, "memory") ?
					    "memory_mib" : name,
					    positive(name, optarg, 1));
			break;
		case 'z':
			json_object_set_new(cell, name,
					    positive(name, optarg, 0));
			break;
		case 'c':
			crc = true;
			break;
		case 'h':
			fputs(usage_text, stdout);
			return 0;
		default:
			return 1;
		}
	}
	if (crc) {
		size_t length;
		char *text = read_stream(stdin, "standard input", &length);

		printf("end %08x\n", crc32_zlib(text, length));
		return 0;
	}
	if (optind != argc - 1)
		die("expected one directory; --help says more");
	for (i = 0; options[i].val == 's' || options[i].val == 'n' ||
	     options[i].val == 'z'; i++) {
		const char *name = !strcmp(options[i].name, "memory") ?
			"memory_mib" : options[i].name;

		if (!json_object_get(cell, name))
			die("--%s is missing; --help says more",
			    options[i].name);
	}
	status = judge(argv[optind], cell);
	json_decref(cell);
	return status;
}
