// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workloads as children of PID 1, in lockstep: they report on stdout what
 * they have reached, and are told on stdin to go on.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define PROGRAMS_MAX	8

static struct program *running[PROGRAMS_MAX];

/**
 * program_start() - start a workload
 * @program: filled in
 * @name: for messages
 * @argv: its arguments, NULL-terminated; argv[0] is the path
 *
 * Return: GUEST_OK, or the cell's status when there is no process for it.
 */
int program_start(struct program *program, const char *name, char *const *argv)
{
	int to[2], from[2];
	unsigned int i;

	memset(program, 0, sizeof(*program));
	program->name = name;
	if (pipe(to) || pipe(from))
		return guest_error(GUEST_SETUP_FAILED, "pipe: %s", strerror(errno));
	fcntl(to[1], F_SETFD, FD_CLOEXEC);
	fcntl(from[0], F_SETFD, FD_CLOEXEC);
	program->pid = fork();
	if (program->pid < 0)
		return guest_error(GUEST_SETUP_FAILED, "fork: %s", strerror(errno));
	if (!program->pid) {
		write_text("/proc/self/oom_score_adj", "0\n");
		dup2(to[0], STDIN_FILENO);
		dup2(from[1], STDOUT_FILENO);
		close(to[0]);
		close(from[1]);
		execv(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	program->to = to[1];
	program->from = from[0];
	for (i = 0; i < PROGRAMS_MAX; i++) {
		if (!running[i]) {
			running[i] = program;
			break;
		}
	}
	return GUEST_OK;
}

/**
 * program_command() - tell a workload something
 * @program: workload
 * @command: the word
 */
void program_command(struct program *program, const char *command)
{
	dprintf(program->to, "%s\n", command);
}

static void forget(struct program *program)
{
	unsigned int i;

	for (i = 0; i < PROGRAMS_MAX; i++)
		if (running[i] == program)
			running[i] = NULL;
	program->pid = 0;
}

/* Lines of the result protocol are passed on; others go to the console. */
static void take_line(const char *line)
{
	if (!strncmp(line, "value ", 6) || !strncmp(line, "latency ", 8) ||
	    !strncmp(line, "histogram ", 10) || !strncmp(line, "check ", 6) ||
	    !strncmp(line, "param ", 6))
		result_line("%s", line);
	else
		printf("lab: %s\n", line);
}

enum seen {
	SEEN_LINES,
	SEEN_ANNOUNCEMENT,
	SEEN_END,
};

/*
 * Read what there is.
 * @seen: what was in it
 */
static int read_lines(struct program *program, const char *announcement,
		      enum seen *seen)
{
	ssize_t got;
	char *end;

	got = read(program->from, program->line + program->used,
		   sizeof(program->line) - 1 - program->used);
	*seen = SEEN_LINES;
	if (got < 0 && errno == EINTR)
		return GUEST_OK;
	if (got <= 0) {
		*seen = SEEN_END;
		return GUEST_OK;
	}
	program->used += got;
	program->line[program->used] = '\0';
	while ((end = strchr(program->line, '\n'))) {
		*end = '\0';
		if (announcement && !strcmp(program->line, announcement))
			*seen = SEEN_ANNOUNCEMENT;
		else
			take_line(program->line);
		program->used -= end + 1 - program->line;
		memmove(program->line, end + 1, program->used + 1);
	}
	if (program->used == sizeof(program->line) - 1)
		return guest_error(GUEST_WORKLOAD_FAILED, "%s: line too long",
				   program->name);
	return GUEST_OK;
}

static int collect(struct program *program)
{
	int status = 0;

	close(program->to);
	close(program->from);
	while (waitpid(program->pid, &status, 0) < 0)
		if (errno != EINTR)
			break;
	forget(program);
	return WIFEXITED(status) ? WEXITSTATUS(status) :
		128 + WTERMSIG(status);
}

/*
 * Wait for output of workloads, and meanwhile look at the stall times whenever
 * that is due.
 * @ready: as ppoll() returns it; 0 at @deadline_ns
 */
static int wait_readable(struct pollfd *fds, unsigned int count,
			 uint64_t deadline_ns, int *ready)
{
	for (;;) {
		struct timespec timeout = { 0 };
		uint64_t until, now;
		int status = pressure_tick(&until);

		*ready = 0;
		now = now_ns();
		if (status || now >= deadline_ns)
			return status;
		if (until > deadline_ns)
			until = deadline_ns;
		if (until > now) {
			timeout.tv_sec = (until - now) / 1000000000;
			timeout.tv_nsec = (until - now) % 1000000000;
		}
		*ready = ppoll(fds, count, &timeout, NULL);
		if (*ready)
			return GUEST_OK;
	}
}

/* What of @program is readable, which has yet to say @announcement. */
static int read_awaited(struct program *program, const char *announcement,
			bool *announced)
{
	enum seen seen;
	int status = read_lines(program, announcement, &seen);

	*announced = seen == SEEN_ANNOUNCEMENT;
	if (!status && seen == SEEN_END)
		return guest_error(GUEST_WORKLOAD_FAILED,
				   "%s ended with status %d instead of saying '%s'",
				   program->name, collect(program),
				   announcement);
	return status;
}

/**
 * program_await() - wait until all workloads have reached a point
 * @programs: array
 * @count: of @programs
 * @announcement: line that each prints there
 * @deadline_ns: of CLOCK_MONOTONIC
 *
 * Return: GUEST_OK; GUEST_TIMED_OUT at the deadline; GUEST_WORKLOAD_FAILED when
 * a workload ends instead.
 */
int program_await(struct program *programs, unsigned int count,
		  const char *announcement, uint64_t deadline_ns)
{
	struct pollfd fds[PROGRAMS_MAX];
	unsigned int i, left = count;

	for (i = 0; i < count; i++) {
		fds[i].fd = programs[i].from;
		fds[i].events = POLLIN;
	}
	while (left) {
		int ready;
		int status = wait_readable(fds, count, deadline_ns, &ready);

		if (status)
			return status;
		if (!ready)
			return guest_error(GUEST_TIMED_OUT,
					   "time limit reached, %u of %u workloads have not said '%s'",
					   left, count, announcement);
		for (i = 0; ready > 0 && i < count; i++) {
			bool announced;

			if (fds[i].fd < 0 || !fds[i].revents)
				continue;
			status = read_awaited(&programs[i], announcement,
					      &announced);
			if (status)
				return status;
			if (announced) {
				fds[i].fd = -1;
				left--;
			}
		}
	}
	return GUEST_OK;
}

/**
 * program_finish() - take the rest of a workload's output and its status
 * @program: workload
 * @deadline_ns: as for program_await()
 * @exit_status: its exit status, or 128 + signal
 *
 * Return: GUEST_OK; GUEST_TIMED_OUT at the deadline; GUEST_WORKLOAD_FAILED when
 * its output is none of a workload's.
 */
int program_finish(struct program *program, uint64_t deadline_ns,
		   int *exit_status)
{
	struct pollfd fd = { .fd = program->from, .events = POLLIN };

	for (;;) {
		enum seen seen = SEEN_LINES;
		int ready;
		int status = wait_readable(&fd, 1, deadline_ns, &ready);

		if (status)
			return status;
		if (!ready)
			return guest_error(GUEST_TIMED_OUT,
					   "time limit reached in the final check of %s",
					   program->name);
		if (ready > 0)
			status = read_lines(program, NULL, &seen);
		if (status)
			return status;
		if (seen == SEEN_END) {
			*exit_status = collect(program);
			return GUEST_OK;
		}
	}
}

/**
 * programs_kill() - kill what still runs
 */
void programs_kill(void)
{
	unsigned int i;

	for (i = 0; i < PROGRAMS_MAX; i++)
		if (running[i] && running[i]->pid > 0)
			kill(running[i]->pid, SIGKILL);
}
