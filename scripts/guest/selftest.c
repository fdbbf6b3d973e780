// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cells that fail on purpose, so that tests can check that the host reports
 * each failure as what it is. LKDTM causes them (the kernel's
 * Documentation/fault-injection/provoke-crashes.rst).
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define LKDTM	"/sys/kernel/debug/provoke-crash/DIRECT"

static int provoke(const char *what)
{
	if (write_text(LKDTM, "%s\n", what))
		return guest_error(GUEST_SETUP_FAILED, LKDTM ": %s (is LKDTM in the kernel?)",
				   strerror(errno));
	return GUEST_OK;
}

static void sleep_forever(void)
{
	for (;;)
		pause();
}

/* In a child, which never comes back. If it does, it could not be hung. */
static int hang_task(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return guest_error(GUEST_SETUP_FAILED, "fork: %s",
				   strerror(errno));
	if (!pid) {
		provoke("HUNG_TASK");
		_exit(1);
	}
	if (waitpid(pid, &status, 0) != pid)
		sleep_forever();
	return guest_error(GUEST_SETUP_FAILED, LKDTM ": no task hangs (is LKDTM in the kernel?)");
}

/**
 * selftest_run() - do what lab.selftest asks for
 * @name: panic, oops, hang, hung_task, silent, warning; others return
 *
 * `warning` returns, and the cell goes on. `corrupt` and `fail` are the
 * business of the caller.
 *
 * Return: GUEST_OK, or the cell's status when the accident cannot be had.
 */
int selftest_run(const char *name)
{
	printf("lab: self test %s\n", name);
	if (!strcmp(name, "panic"))
		return provoke("PANIC");
	if (!strcmp(name, "oops"))
		return provoke("EXCEPTION");
	if (!strcmp(name, "warning"))
		return provoke("WARNING");
	if (!strcmp(name, "hung_task")) {
		return hang_task();
	} else if (!strcmp(name, "hang")) {
		sleep_forever();
	}
	return GUEST_OK;
}
