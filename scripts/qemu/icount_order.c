// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loaded into QEMU (LD_PRELOAD) for guests on the virtual clock: makes the
 * order in which its two threads run a matter of the guest alone.
 *
 * With -icount all virtual processors share one thread, in turns. A turn ends
 * at the next timer, and that thread runs the timers that are due. But QEMU's
 * main thread runs them as well, whenever it happens to wake up: if that is
 * between the turns of two processors, the second one does not find a timer
 * that is due and has a whole turn before the first one sees its interrupt. On
 * a busy host that happens every other run, and from there on two runs differ.
 *
 * The main thread is needed only when all processors sleep: it moves the clock
 * to the next timer. So here it comes back from ppoll() when the processors'
 * thread waits, and not before. It is let through after PATIENCE_MS all the
 * same: a guest that powers off spins until the main thread ends it.
 *
 * That leaves the timers to the processors' thread; see icount_turns.c. What
 * happens there happens when that thread lets go of QEMU's big lock.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "icount_turns.h"

#define PATIENCE_MS	2000

/* 1 while the processors' thread waits for something to do */
static atomic_int processors_idle;

/* what it waits on; NULL until it did for the first time */
static _Atomic(pthread_cond_t *) halt_condition;

/* the big lock: what that thread lets go of while it waits */
static _Atomic(pthread_mutex_t *) big_lock;

/* whether this is that thread: what asks for it is called for every turn */
static _Thread_local bool runs_processors;

static void *next_function(const char *name, const char *version)
{
	void *function = NULL;

	/* the condition variables of 2002, not those of LinuxThreads */
	if (version)
		function = dlvsym(RTLD_NEXT, name, version);
	if (!function)
		function = dlsym(RTLD_NEXT, name);
	if (!function)
		abort();
	return function;
}

static bool is_main_thread(void)
{
	return gettid() == getpid();
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	static int (*next)(pthread_mutex_t *mutex);
	int result;

	if (!next)
		next = next_function("pthread_mutex_unlock", NULL);
	result = next(mutex);
	if (!result && runs_processors && mutex == atomic_load(&big_lock))
		turns_begin();
	return result;
}

static void wait_for_idle(void)
{
	struct timespec now, until;

	if (!atomic_load(&halt_condition) || !is_main_thread())
		return;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE_MS / 1000;
	while (!atomic_load(&processors_idle)) {
		struct timespec rest;

		clock_gettime(CLOCK_MONOTONIC, &now);
		rest.tv_sec = until.tv_sec - now.tv_sec;
		rest.tv_nsec = until.tv_nsec - now.tv_nsec;
		if (rest.tv_nsec < 0) {
			rest.tv_nsec += 1000000000;
			rest.tv_sec--;
		}
		if (rest.tv_sec < 0)
			return;
		syscall(SYS_futex, &processors_idle, FUTEX_WAIT_PRIVATE, 0,
			&rest, NULL, 0);
	}
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
	static int (*next)(pthread_cond_t *condition, pthread_mutex_t *mutex);
	int result;

	if (!next)
		next = next_function("pthread_cond_wait", "GLIBC_2.3.2");
	if (is_main_thread())
		return next(condition, mutex);
	runs_processors = true;
	atomic_store(&big_lock, mutex);
	turns_cancel();
	/* the main thread goes on when this one lets go of the mutex */
	atomic_store(&halt_condition, condition);
	atomic_store(&processors_idle, 1);
	syscall(SYS_futex, &processors_idle, FUTEX_WAKE_PRIVATE, INT_MAX, NULL,
		NULL, 0);
	result = next(condition, mutex);
	atomic_store(&processors_idle, 0);
	return result;
}

int pthread_cond_broadcast(pthread_cond_t *condition)
{
	static int (*next)(pthread_cond_t *condition);

	if (!next)
		next = next_function("pthread_cond_broadcast", "GLIBC_2.3.2");
	/* woken, even if it takes the host a while to run it */
	if (condition == atomic_load(&halt_condition))
		atomic_store(&processors_idle, 0);
	return next(condition);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
	  const sigset_t *mask)
{
	static int (*next)(struct pollfd *fds, nfds_t count,
			   const struct timespec *timeout,
			   const sigset_t *mask);
	int result, error;

	if (!next)
		next = next_function("ppoll", NULL);
	result = next(fds, count, timeout, mask);
	error = errno;
	wait_for_idle();
	errno = error;
	return result;
}

/* What a program built with _FORTIFY_SOURCE calls. */
int __ppoll_chk(struct pollfd *fds, nfds_t count,
		const struct timespec *timeout, const sigset_t *mask,
		size_t bytes);

int __ppoll_chk(struct pollfd *fds, nfds_t count,
		const struct timespec *timeout, const sigset_t *mask,
		size_t bytes)
{
	if (bytes / sizeof(*fds) < count)
		abort();
	return ppoll(fds, count, timeout, mask);
}
