// SPDX-License-Identifier: GPL-2.0-only
/*
 * Part of icount-order.so: fair turns for the processors of a guest on the
 * virtual clock.
 *
 * QEMU runs the timers before the turn of the first processor only (QEMU 7.2,
 * accel/tcg/tcg-accel-ops-rr.c). As a turn ends when a timer is due, the second
 * one finds it due as well and may not run one instruction. And were it run,
 * turns would last as long as it happens to be from one timer to the next: with
 * the ticks of two processors a moment apart one gets nearly all the time, and
 * the other, with whatever lock it holds, stands still while the first neither
 * sleeps nor spins. So here timers that are due are run before each turn, and a
 * timer of our own ends a turn after TURN_NS.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "icount_turns.h"

/* of guest time; two processors are as good as parallel at this distance */
#define TURN_NS		100000

/* enum QEMUClockType, enum QEMUTimerAttr of QEMU's include/qemu/timer.h */
#define QEMU_CLOCK_VIRTUAL	1
#define QEMU_TIMER_ATTR_ALL	0xffffffff

/* more than the bytes of QEMU's struct QEMUTimer (56 in 7.2) */
#define QEMU_TIMER_BYTES	256

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

/**
 * turns_cancel() - all processors sleep, there is no turn to end
 *
 * Only for the processors' thread, with the big lock, before it waits.
 */
void turns_cancel(void)
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

/**
 * turns_begin() - run the timers that are due, and see to the turn's end
 *
 * Only for the processors' thread, without the big lock, between two turns.
 * Does nothing if QEMU does not have what it takes.
 */
void turns_begin(void)
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
