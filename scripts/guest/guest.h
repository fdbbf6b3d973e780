/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PID 1 of a guest: the interfaces between its parts.
 */
#ifndef RECLAIM_LAB_GUEST_H
#define RECLAIM_LAB_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* Exit status of a cell, the `exit` line of the result protocol. */
#define GUEST_OK		0
#define GUEST_WORKLOAD_FAILED	1
#define GUEST_BAD_SETTINGS	2
#define GUEST_TIMED_OUT		3
#define GUEST_SETUP_FAILED	4
#define GUEST_CHECK_FAILED	5

/*
 * A function that returns a status other than GUEST_OK has already reported why
 * with guest_error(); its caller passes it on, up to PID 1, which alone ends a
 * guest.
 */

/* settings.c: what this cell is */

int settings_read(const char *path);
const char *setting(const char *key, const char *otherwise);
int setting_required(const char *key, const char **value);
int setting_number(const char *key, uint64_t otherwise, uint64_t *value);
typedef int (*setting_fn)(const char *key, const char *value, void *argument);
int settings_each(const char *prefix, setting_fn fn, void *argument);

/* result.c: the result, in memory until the very end */

int guest_error(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void result_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void result_file(const char *name, const void *content, size_t bytes);
void result_write(int status);

/* system.c: files, programs, memory */

char *read_whole_file(const char *path, size_t *bytes);
int must_write(const char *path, const char *text);
int write_text(const char *path, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int run_tool(const char *command_line, char *log, size_t log_bytes);
int meminfo_kb(const char *name, uint64_t *kb);
int leave_free(uint64_t megabytes);
void release_memory(void);
int load_module(const char *name, const char *arguments, bool *loaded);
int write_bytes(const char *path, const void *bytes, size_t count);
uint64_t now_ns(void);

/* disks.c */

/**
 * struct disks - where the filesystem under test and the swap are
 * @fs: device node
 * @swap: device node
 */
struct disks {
	const char *fs;
	const char *swap;
};

int disks_set_up(struct disks *disks, bool virtual_clock, uint64_t fs_mb,
		 uint64_t swap_mb);
int fill_zeros(const char *device, uint64_t megabytes);

/* swap.c */

int swap_set_up(const char **device);
int swap_on(const char *path);

/* program.c: a workload in lockstep */

/**
 * struct program - a workload that runs as a child
 * @name: for messages
 * @pid: its process id, 0 when it is not running
 * @to: its stdin
 * @from: its stdout
 * @line: what of @from has not yet made a line
 * @used: bytes in @line
 */
struct program {
	const char *name;
	pid_t pid;
	int to;
	int from;
	char line[512];
	size_t used;
};

int program_start(struct program *program, const char *name, char *const *argv);
void program_command(struct program *program, const char *command);
int program_await(struct program *programs, unsigned int count,
		  const char *announcement, uint64_t deadline_ns);
int program_finish(struct program *program, uint64_t deadline_ns,
		   int *exit_status);
void programs_kill(void);

/* measure.c: counters and traces around the measured part */

int measure_prepare(const char *fs);
int measure_begin(void);
int measure_end(void);

/* pressure.c: stall times, in windows of the measured part */

int pressure_prepare(void);
void pressure_begin(void);
int pressure_tick(uint64_t *next_ns);
void pressure_stop(void);
int pressure_write(void);

/* record.c: the measured part for trace-cmd and perf */

bool record_wants_depth(void);
int record_prepare(void);
void record_mark(const char *text);
int record_begin(void);
int record_end(void);
int record_save(void);

/* provoke.c */

int provoke_run(const char *file, const char *device, int *verdict);

/* scramble.c: what a seed changes besides the workloads */

/**
 * scramble_state() - let the seed change the kernel's random numbers and the
 * order of free pages
 * @seed: of the cell
 *
 * Return: GUEST_OK, or the status to end with.
 */
int scramble_state(uint64_t seed);

/**
 * scramble_phase() - sleep for up to 20 ms, so that ticks and turns of
 * processors fall elsewhere in the measured part
 * @seed: of the cell
 */
void scramble_phase(uint64_t seed);

/* selftest.c: cells that fail on purpose */

int selftest_run(const char *name);

#endif /* RECLAIM_LAB_GUEST_H */
