// SPDX-License-Identifier: GPL-2.0-only
/*
 * turns - how long does a processor stand still while all of them are busy?
 *
 *	turns PROCESSORS
 *
 * One process on each, none of which sleeps, for SECONDS of CLOCK_MONOTONIC.
 * Prints "turns CPU LONGEST_NS": the longest time in which its clock was not
 * read.
 */
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECONDS	1

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int64_t longest_gap_ns(int64_t from, int64_t until)
{
	int64_t longest = 0, last = from;

	while (last < until) {
		int64_t now = now_ns();

		if (now - last > longest)
			longest = now - last;
		last = now;
	}
	return longest;
}

int main(int argc, char **argv)
{
	int processors = argc == 2 ? atoi(argv[1]) : 0, cpu, status;
	int64_t from = now_ns() + 100000000;

	if (processors < 1)
		return 2;
	for (cpu = 0; cpu < processors; cpu++) {
		cpu_set_t set;
		int64_t longest;

		if (fork())
			continue;
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			return 1;
		while (now_ns() < from)
			usleep(1000);
		longest = longest_gap_ns(from, from + SECONDS * 1000000000LL);
		printf("turns %d %lld\n", cpu, (long long)longest);
		return 0;
	}
	while (wait(&status) > 0)
		if (status)
			return 1;
	return 0;
}
