// SPDX-License-Identifier: GPL-2.0-only
/*
 * fs-writer: several processes work on a filesystem and check what they get
 * back, against a model of what they did.
 *
 *   --workload writeback   data: see writeback.c
 *   --workload metadata    names: see metadata.c
 *   --workload read        clean page cache: see read.c
 *
 * The work is a fixed number of operations; the same --seed gives the same
 * operations in the same order within each process. After them, everything is
 * synced, clean caches are dropped if asked for, and every process compares
 * all that should exist with what does.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"
#include "fs-writer.h"

struct writer_run {
	struct writer_options options;
	const struct workload *workload;
	struct writer_result *result;
};

/**
 * writer_pattern() - start of the pattern of a piece of data
 * @writer: whose it is
 * @object: number of the file
 * @part: number of the block in the file
 * @generation: counts the writes to that block
 *
 * Return: a number that no other piece of data of this run has.
 */
uint64_t writer_pattern(const struct writer *writer, uint64_t object,
			uint32_t part, uint32_t generation)
{
	uint64_t place = (uint64_t)writer->index << 56 | object << 32 | part;

	return prng_mix(prng_mix(prng_mix(writer->options->seed) ^ place) ^
			generation);
}

/**
 * writer_fill() - write a pattern
 * @buffer: where
 * @bytes: how much; need not be a multiple of eight
 * @pattern: of writer_pattern()
 */
void writer_fill(void *buffer, size_t bytes, uint64_t pattern)
{
	unsigned char *to = buffer;

	while (bytes) {
		size_t part = bytes < 8 ? bytes : 8;

		memcpy(to, &pattern, part);
		pattern += 0x9e3779b97f4a7c15ull;
		to += part;
		bytes -= part;
	}
}

/**
 * writer_matches() - compare with a pattern
 * @buffer: what was read
 * @bytes: how much
 * @pattern: of writer_pattern()
 *
 * Return: number of leading bytes that are right; @bytes if all are.
 */
size_t writer_matches(const void *buffer, size_t bytes, uint64_t pattern)
{
	const unsigned char *from = buffer;
	size_t done = 0;

	while (done < bytes) {
		size_t part = bytes - done < 8 ? bytes - done : 8;

		if (memcmp(from + done, &pattern, part))
			return done;
		pattern += 0x9e3779b97f4a7c15ull;
		done += part;
	}
	return bytes;
}

/**
 * writer_die() - end the process: the filesystem returned an error
 * @writer: process
 * @what: the call that failed; errno is printed with it
 */
void writer_die(const struct writer *writer, const char *what)
{
	fprintf(stderr, "fs-writer: process %u, operation %" PRIu64 ": %s: %s\n",
		writer->index, writer->result->operations, what,
		strerror(errno));
	_exit(4);
}

/**
 * writer_wrong() - note that something was not what was written
 * @writer: process
 * @format: one line about it; the first is kept and printed at the end
 */
void writer_wrong(struct writer *writer, const char *format, ...)
{
	struct writer_result *result = writer->result;
	va_list arguments;

	if (result->wrong++)
		return;
	va_start(arguments, format);
	vsnprintf(result->first, sizeof(result->first), format, arguments);
	va_end(arguments);
}

/**
 * writer_fsync() - fsync or fdatasync, timed
 * @writer: process
 * @fd: open file or directory
 * @data_only: fdatasync
 */
void writer_fsync(struct writer *writer, int fd, bool data_only)
{
	uint64_t begin = monotonic_ns();

	if (data_only ? fdatasync(fd) : fsync(fd))
		writer_die(writer, "fsync");
	latency_record(&writer->result->fsync, monotonic_ns() - begin);
}

static int writer_work(const struct crew_member *self, void *argument)
{
	const struct writer_run *run = argument;
	struct writer writer = {
		.options = &run->options,
		.index = self->index,
		.result = &run->result[self->index],
	};
	char directory[32];
	uint64_t i, begin, now, last;

	prng_seed(&writer.prng, run->options.seed, 1000 + self->index);
	snprintf(directory, sizeof(directory), "process-%u", self->index);
	if (mkdir(directory, 0755) || chdir(directory))
		writer_die(&writer, directory);
	run->workload->prepare(&writer);
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		fprintf(stderr, "fs-writer: note: not locked in memory: %s\n",
			strerror(errno));

	crew_await_start(self);
	begin = monotonic_ns();
	last = begin;
	for (i = 0; i < run->options.operations; i++) {
		run->workload->operate(&writer);
		writer.result->operations++;
		now = monotonic_ns();
		latency_record(&writer.result->operation, now - last);
		last = now;
	}
	writer.result->runtime_ns = last - begin;
	crew_report_end(self);

	crew_await_start(self);
	run->workload->verify(&writer);
	crew_report_end(self);
	return 0;
}

/* Only the filesystem under test: the rest of the machine is not ours. */
static void sync_filesystem(void)
{
	int fd = open(".", O_RDONLY | O_DIRECTORY);

	if (fd < 0 || syncfs(fd))
		fprintf(stderr, "fs-writer: note: not synced: %s\n",
			strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	if (fd < 0 || write(fd, "3\n", 2) != 2)
		fprintf(stderr, "fs-writer: note: caches not dropped: %s\n",
			strerror(errno));
	if (fd >= 0)
		close(fd);
}

static int report(const struct writer_run *run, const struct crew *crew)
{
	static struct latency_histogram operation, sync;
	uint64_t operations = 0, written = 0, checked = 0, wrong = 0;
	uint64_t longest = 0;
	const char *first = NULL;
	unsigned int i;

	for (i = 0; i < run->options.processes; i++) {
		const struct writer_result *result = &run->result[i];

		latency_merge(&operation, &result->operation);
		latency_merge(&sync, &result->fsync);
		operations += result->operations;
		written += result->bytes_written;
		checked += result->bytes_checked;
		wrong += result->wrong;
		if (!first && result->wrong)
			first = result->first;
		if (result->runtime_ns > longest)
			longest = result->runtime_ns;
	}
	printf("value writer_operations %" PRIu64 "\n", operations);
	printf("value writer_bytes_written %" PRIu64 "\n", written);
	printf("value writer_bytes_checked %" PRIu64 "\n", checked);
	if (longest)
		printf("value writer_runtime_ns %" PRIu64 "\n", longest);
	latency_print(stdout, "writer_operation", &operation);
	latency_print(stdout, "writer_fsync", &sync);
	if (wrong) {
		printf("check writer corrupt %" PRIu64 " comparisons failed, first: %s\n",
		       wrong, first);
		return 1;
	}
	if (crew->failure[0]) {
		printf("check writer fail %s\n", crew->failure);
		return 1;
	}
	printf("check writer ok %" PRIu64 " bytes compared\n", checked);
	return 0;
}

static void usage(FILE *out)
{
	fputs("usage: fs-writer --directory DIR [options]\n"
	      "  --directory DIR     on the filesystem under test; made if missing\n"
	      "  --workload NAME     writeback, metadata or read (writeback)\n"
	      "  --processes N       processes, 1..64 (2)\n"
	      "  --operations N      operations per process (1000)\n"
	      "  --files N           files or names per process (8)\n"
	      "  --file-kb N         size limit of a file, KiB (8192; writeback, read)\n"
	      "  --run-kb N          longest write or read, KiB, 4..256 (256; writeback, read)\n"
	      "  --memcg-limit N     run in a cgroup with this memory.max, MiB\n"
	      "  --seed N            seed (1)\n"
	      "  --drop-caches       drop clean caches before the final check\n"
	      "  --lockstep          say ready/done, wait for go/verify on stdin\n"
	      "Prints lines of the result protocol, see Documentation/workloads.md.\n"
	      "Exit status: 0, 1 content wrong or a process died, 2 usage.\n", out);
}

static const struct workload *find_workload(const char *name)
{
	static const struct workload *const workloads[] = {
		&writeback_workload, &metadata_workload, &read_workload,
	};
	size_t i;

	for (i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++)
		if (!strcmp(name, workloads[i]->name))
			return workloads[i];
	return NULL;
}

static int parse_options(int argc, char **argv, struct writer_run *run)
{
	struct writer_options *options = &run->options;
	const char *workload = run->workload->name;
	const struct command_option table[] = {
		{ .name = "directory", .text = &options->directory },
		{ .name = "workload", .text = &workload },
		OPTION_NUMBER("processes", &options->processes, 1, CREW_MAX),
		OPTION_NUMBER("operations", &options->operations, 1, UINT32_MAX),
		OPTION_NUMBER("files", &options->files, 1, 1000000),
		OPTION_NUMBER("file-kb", &options->file_kb, 64, 1048576),
		OPTION_NUMBER("run-kb", &options->run_kb, 4, 256),
		OPTION_NUMBER("seed", &options->seed, 0, UINT32_MAX),
		OPTION_NUMBER("memcg-limit", &options->memcg_limit, 1, 1048576),
		{ .name = "drop-caches", .flag = &options->drop_caches },
		{ .name = "lockstep", .flag = &options->lockstep },
		{ .name = NULL },
	};

	if (options_parse("fs-writer", argc, argv, table, usage))
		return -1;
	run->workload = find_workload(workload);
	if (!run->workload) {
		fprintf(stderr,
			"fs-writer: --workload: '%s' is none of writeback, metadata and read\n",
			workload);
		return -1;
	}
	if (!options->directory) {
		fprintf(stderr, "fs-writer: --directory is missing\n");
		return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct writer_run run = {
		.options = {
			.processes = 2,
			.operations = 1000,
			.files = 8,
			.file_kb = 8192,
			.run_kb = 256,
			.seed = 1,
		},
		.workload = &writeback_workload,
	};
	const struct writer_options *options = &run.options;
	struct crew crew;
	int status;

	if (parse_options(argc, argv, &run)) {
		usage(stderr);
		return 2;
	}
	if ((mkdir(options->directory, 0755) && errno != EEXIST) ||
	    chdir(options->directory)) {
		fprintf(stderr, "fs-writer: %s: %s\n", options->directory,
			strerror(errno));
		return 2;
	}
	if (options->memcg_limit &&
	    enter_memcg("fs-writer", options->memcg_limit))
		return 2;
	run.result = crew_shared_memory(options->processes *
					sizeof(*run.result));
	if (crew_fork(&crew, options->processes, writer_work, &run)) {
		fprintf(stderr, "fs-writer: cannot start processes: %s\n",
			strerror(errno));
		return 2;
	}
	if (lockstep_await(options->lockstep, "ready", "go"))
		return 2;
	status = crew_run_phase(&crew);
	if (lockstep_await(options->lockstep, "done", "verify"))
		return 2;
	if (!status) {
		sync_filesystem();
		if (options->drop_caches)
			drop_caches();
		crew_run_phase(&crew);
	}
	crew_join(&crew);
	return report(&run, &crew);
}
