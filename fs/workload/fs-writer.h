/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the workloads of fs-writer share.
 */
#ifndef RECLAIM_LAB_FS_WRITER_H
#define RECLAIM_LAB_FS_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crew.h"
#include "latency_histogram.h"
#include "prng.h"

/**
 * struct writer_options - what one run does
 * @directory: on the filesystem under test, made if missing
 * @processes: worker processes, each in a directory of its own
 * @operations: per process; fixed work, not fixed time
 * @files: files per process (writeback, read) or names per process (metadata)
 * @file_kb: size limit of a file in KiB (writeback), size (read)
 * @run_kb: longest write or read in KiB (writeback), size of a read (read)
 * @seed: same seed, same operations
 * @memcg_limit: MiB of a cgroup to run in, 0 for none
 * @drop_caches: drop clean caches before the final check
 * @lockstep: talk to the caller, see mm/crew.h
 */
struct writer_options {
	const char *directory;
	uint64_t processes;
	uint64_t operations;
	uint64_t files;
	uint64_t file_kb;
	uint64_t run_kb;
	uint64_t seed;
	uint64_t memcg_limit;
	bool drop_caches;
	bool lockstep;
};

/**
 * struct writer_result - of one process, in shared memory
 * @operation: latency of every operation, in ns
 * @fsync: latency of every fsync and fdatasync, in ns
 * @operations: done
 * @bytes_written: handed to write()
 * @bytes_checked: read back and compared
 * @wrong: comparisons that failed
 * @first: about the first of them
 * @runtime_ns: of the operations, without the final check
 */
struct writer_result {
	struct latency_histogram operation;
	struct latency_histogram fsync;
	uint64_t operations;
	uint64_t bytes_written;
	uint64_t bytes_checked;
	uint64_t wrong;
	char first[160];
	uint64_t runtime_ns;
};

/**
 * struct writer - one worker process
 * @options: of the run
 * @index: number of the process
 * @directory: its own directory, current working directory
 * @prng: its random numbers
 * @result: its results
 */
struct writer {
	const struct writer_options *options;
	unsigned int index;
	struct prng prng;
	struct writer_result *result;
	void *state;
};

/**
 * struct workload - what --workload selects
 * @name: as on the command line
 * @prepare: before the first operation, not measured
 * @operate: one operation
 * @verify: compare everything that exists with what should
 *
 * A callback ends the process with writer_die() when the filesystem returns
 * an error that it should not, and calls writer_wrong() for wrong content.
 */
struct workload {
	const char *name;
	void (*prepare)(struct writer *writer);
	void (*operate)(struct writer *writer);
	void (*verify)(struct writer *writer);
};

extern const struct workload writeback_workload;
extern const struct workload metadata_workload;
extern const struct workload read_workload;

uint64_t writer_pattern(const struct writer *writer, uint64_t object,
			uint32_t part, uint32_t generation);
void writer_fill(void *buffer, size_t bytes, uint64_t pattern);
size_t writer_matches(const void *buffer, size_t bytes, uint64_t pattern);

void writer_die(const struct writer *writer, const char *what)
	__attribute__((noreturn));
void writer_wrong(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void writer_fsync(struct writer *writer, int fd, bool data_only);

#endif /* RECLAIM_LAB_FS_WRITER_H */
