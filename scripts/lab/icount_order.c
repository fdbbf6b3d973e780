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
 * That leaves the timers to the processors' thread, which runs them before the
 * turn of the first processor only (QEMU 7.2, accel/tcg/tcg-accel-ops-rr.c). As
 * a turn ends when a timer is due, the second one finds it due as well and may
 * not run one instruction. And were it run, turns would last as long as it
 * happens to be from one timer to the next: with the ticks of two processors a
 * moment apart one gets nearly all the time, and the other, with whatever lock
 * it holds, stands still while the first neither sleeps nor spins. So here
 * timers that are due are run before each turn, when that thread lets go of
 * QEMU's big lock, and a timer of our own ends a turn after TURN_NS.
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
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS	2000

/* of guest time; two processors are as good as parallel at this distance */
#define TURN_NS		100000

/* enum QEMUClockType, enum QEMUTimerAttr of QEMU's include/qemu/timer.h */
#define QEMU_CLOCK_VIRTUAL	1
#define QEMU_TIMER_ATTR_ALL	0xffffffff

/* more than the bytes of QEMU's struct QEMUTimer (56 in 7.2) */
#define QEMU_TIMER_BYTES	256

/* 1 while the processors' thread waits for something to do */
static atomic_int processors_idle;

/* what it waits on; NULL until it did for the first time */
static _Atomic(pthread_cond_t *) halt_condition;

/* the big lock: what that thread lets go of while it waits */
static _Atomic(pthread_mutex_t *) big_lock;

/* that thread */
static atomic_int processors_thread;

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

/* What QEMU has for timers and its big lock, by name. */
static struct qemu {
	int64_t (*deadline_ns)(int clock, int attributes);
	int64_t (*now_ns)(int clock);
	bool (*run_timers)(int clock);
	void (*timer_init)(void *timer, void *group, int clock, int scale,
			   int attributes, void (*callback)(void *opaque),
			   void *opaque);
	void (*timer_mod_ns)(void *timer, int64_t expires_ns);
	void (*timer_del)(void *timer);
	void (*lock)(const char *file, int line);
	void (*unlock)(void);
} qemu;

/* The end of a turn; 0 for none. Only for the processors' thread. */
static _Alignas(max_align_t) char turn_timer[QEMU_TIMER_BYTES];
static int64_t turn_ends_ns;

/* Whether all of it is there: not every version has the same names. */
static bool find_qemu(void)
{
	qemu.deadline_ns = dlsym(RTLD_DEFAULT, "qemu_clock_deadline_ns_all");
	qemu.now_ns = dlsym(RTLD_DEFAULT, "qemu_clock_get_ns");
	qemu.run_timers = dlsym(RTLD_DEFAULT, "qemu_clock_run_timers");
	qemu.timer_init = dlsym(RTLD_DEFAULT, "timer_init_full");
	qemu.timer_mod_ns = dlsym(RTLD_DEFAULT, "timer_mod_ns");
	qemu.timer_del = dlsym(RTLD_DEFAULT, "timer_del");
	qemu.lock = dlsym(RTLD_DEFAULT, "qemu_mutex_lock_iothread_impl");
	qemu.unlock = dlsym(RTLD_DEFAULT, "qemu_mutex_unlock_iothread");
	return qemu.deadline_ns && qemu.now_ns && qemu.run_timers &&
	       qemu.timer_init && qemu.timer_mod_ns && qemu.timer_del &&
	       qemu.lock && qemu.unlock;
}

static void turn_is_over(void *opaque)
{
	(void)opaque;
}

/* All processors sleep: with the big lock, before that thread waits. */
static void cancel_turn(void)
{
	if (!turn_ends_ns)
		return;
	qemu.timer_del(turn_timer);
	turn_ends_ns = 0;
}

static void run_timers_and_begin_turn(void)
{
	int64_t now_ns = qemu.now_ns(QEMU_CLOCK_VIRTUAL);
	bool due = !qemu.deadline_ns(QEMU_CLOCK_VIRTUAL, QEMU_TIMER_ATTR_ALL);

	if (!due && now_ns < turn_ends_ns)
		return;
	qemu.lock(__FILE__, __LINE__);
	if (due)
		qemu.run_timers(QEMU_CLOCK_VIRTUAL);
	if (now_ns >= turn_ends_ns) {
		turn_ends_ns = now_ns + TURN_NS;
		qemu.timer_mod_ns(turn_timer, turn_ends_ns);
	}
	qemu.unlock();
}

/* Only for the processors' thread, without the big lock. */
static void begin_turn(void)
{
	static bool looked, found, busy;

	/* what this calls takes the big lock and lets go of it, too */
	if (busy)
		return;
	busy = true;
	if (!looked) {
		looked = true;
		found = find_qemu();
		if (found)
			qemu.timer_init(turn_timer, NULL, QEMU_CLOCK_VIRTUAL, 1,
					0, turn_is_over, NULL);
	}
	if (found)
		run_timers_and_begin_turn();
	busy = false;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	static int (*next)(pthread_mutex_t *mutex);
	int result;

	if (!next)
		next = next_function("pthread_mutex_unlock", NULL);
	result = next(mutex);
	if (!result && mutex == atomic_load(&big_lock) &&
	    gettid() == atomic_load(&processors_thread))
		begin_turn();
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
	atomic_store(&processors_thread, gettid());
	atomic_store(&big_lock, mutex);
	cancel_turn();
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
