// SPDX-License-Identifier: GPL-2.0-only
/*
 * ipi-wait: processors that are busy, and how long one waits for their TLBs.
 *
 *	ipi-wait busy PROCESSORS	keep all but the first busy, until killed
 *	ipi-wait flush PROCESSORS	print "flush NS" for each time that a page
 *					of a process that runs on all of them
 *					was made read-only: what its system call
 *					took beyond the median of a process that
 *					runs on one, for which nobody is asked
 */
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define FLUSHES	2000

static volatile uint64_t sink;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void pin(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		exit(1);
}

static void *compute(void *processor)
{
	uint64_t i;

	pin((int)(intptr_t)processor);
	for (i = 1; ; i += i << 7 ^ i >> 3)
		sink = i;
	return NULL;
}

static int by_size(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static void protect(uint64_t *waits)
{
	long bytes = sysconf(_SC_PAGESIZE);
	char *page = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned int i;

	for (i = 0; i < FLUSHES; i++) {
		struct timespec rest = { .tv_nsec = 20000 + i * 7919 % 30000 };
		uint64_t begin;

		page[0] = i;
		begin = now_ns();
		mprotect(page, bytes, PROT_READ);
		waits[i] = now_ns() - begin;
		mprotect(page, bytes, PROT_READ | PROT_WRITE);
		nanosleep(&rest, NULL);
	}
}

static void start_others(int processors)
{
	pthread_t thread;
	int i;

	for (i = 1; i < processors; i++)
		if (pthread_create(&thread, NULL, compute, (void *)(intptr_t)i))
			exit(1);
}

static int flush(int processors)
{
	static uint64_t alone[FLUSHES], waits[FLUSHES];
	unsigned int i;

	protect(alone);
	qsort(alone, FLUSHES, sizeof(*alone), by_size);
	start_others(processors);
	protect(waits);
	for (i = 0; i < FLUSHES; i++)
		printf("flush %lld\n", (long long)(waits[i] - alone[FLUSHES / 2]));
	printf("alone %llu\n", (unsigned long long)alone[FLUSHES / 2]);
	return 0;
}

int main(int argc, char **argv)
{
	int processors = argc == 3 ? atoi(argv[2]) : 0;

	if (processors < 1)
		return 2;
	pin(0);
	if (!strcmp(argv[1], "flush"))
		return flush(processors);
	start_others(processors);
	for (;;)
		pause();
}
