/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A crew of worker processes that go through phases together, and the
 * lockstep with whoever started the program. Pipes only: a worker that is
 * killed is noticed at once, and nothing depends on process ids.
 */
#ifndef RECLAIM_LAB_CREW_H
#define RECLAIM_LAB_CREW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CREW_MAX	64

/**
 * struct crew - the parent's view of its workers
 * @size: number of workers
 * @pid: their process ids
 * @start: write end of each worker's pipe
 * @report: read end of each worker's other pipe
 * @failure: text about the first worker that died, empty without one
 */
struct crew {
	unsigned int size;
	pid_t pid[CREW_MAX];
	int start[CREW_MAX];
	int report[CREW_MAX];
	char failure[128];
};

/**
 * struct crew_member - a worker's view of itself
 * @index: 0 .. size - 1
 * @start: read end of the pipe that starts a phase
 * @report: write end of the pipe that ends one
 */
struct crew_member {
	unsigned int index;
	int start;
	int report;
};

typedef int (*crew_work_fn)(const struct crew_member *self, void *argument);

int crew_fork(struct crew *crew, unsigned int size, crew_work_fn work,
	      void *argument);
int crew_run_phase(struct crew *crew);
int crew_join(struct crew *crew);

void crew_await_start(const struct crew_member *self);
void crew_report_end(const struct crew_member *self);

void *crew_shared_memory(size_t bytes);
uint64_t monotonic_ns(void);

int lockstep_await(bool enabled, const char *announce, const char *command);

int enter_memcg(const char *name, uint64_t megabytes);

#endif /* RECLAIM_LAB_CREW_H */
