// SPDX-License-Identifier: GPL-2.0-only
/* Other programs: run, read from, ended with this one. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "util.h"

#define CHILDREN_MAX	256

static pid_t children[CHILDREN_MAX];
/* It was told to end: a second signal would stop it from tidying up. */
static bool told[CHILDREN_MAX];
static unsigned int children_count;
static volatile sig_atomic_t caught;
static void (*at_end)(void);

static void tell_children(void)
{
	unsigned int i;

	for (i = 0; i < children_count; i++) {
		if (!told[i])
			kill(-children[i], SIGTERM);
		told[i] = true;
	}
}

/*
 * The children at once: a wait that has just begun would not be interrupted.
 */
static void catch(int signal)
{
	caught = signal;
	tell_children();
}

void process_at_end(void (*function)(void))
{
	at_end = function;
}

static void forget(pid_t pid)
{
	unsigned int i;

	for (i = 0; i < children_count; i++) {
		if (children[i] != pid)
			continue;
		children[i] = children[--children_count];
		told[i] = told[children_count];
		break;
	}
}

/* However this program ends: a child that lived on would write its files. */
static void end_children(void)
{
	tell_children();
	while (children_count) {
		pid_t pid = waitpid(-1, NULL, 0);

		if (pid < 0 && errno != EINTR)
			break;
		forget(pid);
	}
	if (at_end)
		at_end();
}

void process_catch_signals(void)
{
	/* no SA_RESTART: a wait ends */
	struct sigaction action = { .sa_handler = catch };
	const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &action, NULL);
	atexit(end_children);
}

static void end_if_caught(void)
{
	if (caught)
		exit(128 + caught);
}

static void redirect(posix_spawn_file_actions_t *actions, int fd,
		     const char *path)
{
	if (path)
		posix_spawn_file_actions_addopen(actions, fd, path, O_WRONLY |
						 O_CREAT | O_TRUNC, 0644);
}

/* @pipe_end: becomes its standard output unless it is -1. */
static pid_t start(char *const argv[], const char *output, const char *error,
		   int pipe_end)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int failed;
	pid_t pid;

	end_if_caught();
	if (children_count == CHILDREN_MAX)
		fail("more than %d programs at once", CHILDREN_MAX);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	redirect(&actions, 1, output);
	redirect(&actions, 2, error);
	if (pipe_end >= 0)
		posix_spawn_file_actions_adddup2(&actions, pipe_end, 1);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
				 POSIX_SPAWN_SETSIGMASK);
	fflush(NULL);
	failed = posix_spawnp(&pid, argv[0], &actions, &attributes, argv,
			      environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (failed)
		fail("%s: %s", argv[0], strerror(failed));
	told[children_count] = false;
	children[children_count++] = pid;
	return pid;
}

pid_t process_start(char *const argv[], const char *output, const char *error)
{
	return start(argv, output, error, -1);
}

pid_t process_wait(pid_t pid, int *status)
{
	int raw;
	pid_t got;

	for (;;) {
		end_if_caught();
		got = waitpid(pid, &raw, 0);
		if (got > 0)
			break;
		if (errno != EINTR)
			fail("waiting for a program: %s", strerror(errno));
	}
	forget(got);
	*status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
	return got;
}

int process_run(char *const argv[])
{
	int status;

	process_wait(process_start(argv, NULL, NULL), &status);
	return status;
}

char *process_output(char *const argv[], int *status, bool quiet)
{
	size_t room = 4096, used = 0;
	char *text = xrealloc(NULL, room);
	int ends[2], own;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		fail("pipe: %s", strerror(errno));
	pid = start(argv, NULL, quiet ? "/dev/null" : NULL, ends[1]);
	close(ends[1]);
	for (;;) {
		ssize_t got = read(ends[0], text + used, room - used - 1);

		if (got < 0 && errno == EINTR) {
			end_if_caught();
			continue;
		}
		if (got <= 0)
			break;
		used += got;
		if (used + 1 == room)
			text = xrealloc(text, room *= 2);
	}
	close(ends[0]);
	while (used && text[used - 1] == '\n')
		used--;
	text[used] = '\0';
	process_wait(pid, &own);
	if (status)
		*status = own;
	else if (own)
		fail("%s failed with exit status %d", argv[0], own);
	return text;
}
