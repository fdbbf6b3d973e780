// SPDX-License-Identifier: GPL-2.0-only
/*
 * Worker processes in phases. See crew.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crew.h"

static int read_byte(int fd)
{
	char byte;
	ssize_t got;

	do {
		got = read(fd, &byte, 1);
	} while (got < 0 && errno == EINTR);
	return got == 1 ? 0 : -1;
}

static int write_byte(int fd)
{
	ssize_t done;

	do {
		done = write(fd, "", 1);
	} while (done < 0 && errno == EINTR);
	return done == 1 ? 0 : -1;
}

/**
 * crew_fork() - start the workers; each waits for its first phase
 * @crew: filled in
 * @size: how many, 1 .. CREW_MAX
 * @work: what each runs; its return value is the worker's exit status
 * @argument: passed to @work
 *
 * Workers die with their parent.
 *
 * Return: 0, or -1 with errno set; then some workers may run, call
 * crew_join().
 */
int crew_fork(struct crew *crew, unsigned int size, crew_work_fn work,
	      void *argument)
{
	int start[2], report[2];
	unsigned int i;

	memset(crew, 0, sizeof(*crew));
	if (!size || size > CREW_MAX) {
		errno = EINVAL;
		return -1;
	}
	signal(SIGPIPE, SIG_IGN);
	fflush(NULL);
	for (i = 0; i < size; i++) {
		if (pipe(start) || pipe(report))
			return -1;
		crew->pid[i] = fork();
		if (crew->pid[i] < 0)
			return -1;
		if (!crew->pid[i]) {
			struct crew_member self = {
				.index = i,
				.start = start[0],
				.report = report[1],
			};

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(start[1]);
			close(report[0]);
			_exit(work(&self, argument));
		}
		close(start[0]);
		close(report[1]);
		crew->start[i] = start[1];
		crew->report[i] = report[0];
		crew->size = i + 1;
	}
	return 0;
}

/* Keep one line about the first worker that did not end as it should. */
static void note_failure(struct crew *crew, unsigned int index, int status)
{
	if (crew->failure[0])
		return;
	if (WIFSIGNALED(status))
		snprintf(crew->failure, sizeof(crew->failure),
			 "worker %u killed by signal %d", index,
			 WTERMSIG(status));
	else
		snprintf(crew->failure, sizeof(crew->failure),
			 "worker %u exited with status %d", index,
			 WEXITSTATUS(status));
}

/**
 * crew_run_phase() - let all workers run one phase and wait for its end
 * @crew: of crew_fork()
 *
 * Return: 0, or -1 when a worker ended instead of reporting; the others are
 * killed then, and crew->failure says which it was.
 */
int crew_run_phase(struct crew *crew)
{
	unsigned int i, other;
	int status = 0;

	/* A worker that is gone is noticed below. */
	for (i = 0; i < crew->size; i++)
		write_byte(crew->start[i]);
	for (i = 0; i < crew->size; i++)
		if (read_byte(crew->report[i]))
			break;
	if (i == crew->size)
		return 0;
	/* Its end of the pipe is closed, so it is exiting or has done so. */
	while (waitpid(crew->pid[i], &status, 0) < 0)
		if (errno != EINTR)
			break;
	crew->pid[i] = 0;
	note_failure(crew, i, status);
	for (other = 0; other < crew->size; other++)
		if (crew->pid[other] > 0)
			kill(crew->pid[other], SIGKILL);
	return -1;
}

/**
 * crew_join() - wait until all workers have ended
 * @crew: of crew_fork()
 *
 * Return: 0 if all exited with status 0, else -1 with crew->failure set to
 * one line about the first that did not.
 */
int crew_join(struct crew *crew)
{
	unsigned int i;
	int status;

	for (i = 0; i < crew->size; i++) {
		if (crew->pid[i] <= 0)
			continue;
		close(crew->start[i]);
		while (waitpid(crew->pid[i], &status, 0) < 0)
			if (errno != EINTR)
				return -1;
		crew->pid[i] = 0;
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			note_failure(crew, i, status);
	}
	return crew->failure[0] ? -1 : 0;
}

/**
 * crew_await_start() - worker: sleep until the next phase starts
 * @self: the worker
 *
 * Ends the process when the parent has gone.
 */
void crew_await_start(const struct crew_member *self)
{
	if (read_byte(self->start))
		_exit(3);
}

/**
 * crew_report_end() - worker: say that the phase is done
 * @self: the worker
 */
void crew_report_end(const struct crew_member *self)
{
	if (write_byte(self->report))
		_exit(3);
}

/**
 * crew_shared_memory() - zeroed memory that parent and workers share
 * @bytes: size
 *
 * The memory is locked where that is allowed, so that recording a sample
 * never faults.
 *
 * Return: the memory; ends the program with a message when there is none.
 */
void *crew_shared_memory(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (memory == MAP_FAILED) {
		fprintf(stderr, "shared memory of %zu bytes: %s\n", bytes,
			strerror(errno));
		exit(2);
	}
	if (mlock(memory, bytes))
		fprintf(stderr, "note: memory is not locked: %s\n",
			strerror(errno));
	return memory;
}

/**
 * monotonic_ns() - CLOCK_MONOTONIC
 *
 * Return: nanoseconds since boot.
 */
uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

/**
 * lockstep_await() - tell stdout what was reached, wait for a word on stdin
 * @enabled: false makes this return 0 at once
 * @announce: line written to stdout, for example "ready"
 * @command: line expected on stdin, for example "go"
 *
 * Return: 0, or -1 when stdin ended or said something else.
 */
int lockstep_await(bool enabled, const char *announce, const char *command)
{
	char line[64];
	size_t used = 0;

	if (!enabled)
		return 0;
	printf("%s\n", announce);
	fflush(stdout);
	/* byte by byte: nothing may be taken from the next command */
	while (used < sizeof(line) - 1) {
		ssize_t got = read(STDIN_FILENO, line + used, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got != 1)
			return -1;
		if (line[used] == '\n')
			break;
		used++;
	}
	line[used] = '\0';
	return strcmp(line, command) ? -1 : 0;
}

static int write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return -1;
	if (fputs(text, file) < 0) {
		fclose(file);
		return -1;
	}
	return fclose(file);
}

/**
 * enter_memcg() - move this process, and so its children to come, into a
 *	cgroup of their own
 * @name: of the group and of the program
 * @megabytes: its memory.max, MiB
 *
 * Return: 0, or -1 with a message on stderr.
 */
int enter_memcg(const char *name, uint64_t megabytes)
{
	char text[32], group[64], path[96];

	write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	snprintf(group, sizeof(group), "/sys/fs/cgroup/%s", name);
	if (mkdir(group, 0755) && errno != EEXIST)
		goto failed;
	snprintf(path, sizeof(path), "%s/memory.max", group);
	snprintf(text, sizeof(text), "%" PRIu64 "M", megabytes);
	if (write_file(path, text))
		goto failed;
	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	if (write_file(path, "0"))
		goto failed;
	return 0;
failed:
	fprintf(stderr, "%s: memory limit in %s: %s\n", name, group,
		strerror(errno));
	return -1;
}
