// SPDX-License-Identifier: GPL-2.0-only
/*
 * Part of icount-order.so: fair turns for the processors of a guest on the
 * virtual clock, short ones while a processor waits for another.
 *
 * QEMU runs the timers before the turn of the first processor only (QEMU 7.2,
 * accel/tcg/tcg-accel-ops-rr.c). As a turn ends when a timer is due, the second
 * one finds it due as well and may not run one instruction. And were it run,
 * turns would last as long as it happens to be from one timer to the next: with
 * the ticks of two processors a moment apart one gets nearly all the time, and
 * the other, with whatever lock it holds, stands still while the first neither
 * sleeps nor spins. So here timers that are due are run before each turn, and a
 * timer of our own ends a turn after TURN_NS.
 *
 * A processor that asks another for something, a reschedule or the flush of a
 * TLB, would wait for the rest of its own turn and for all of the other's, many
 * times what a machine takes. So a turn is interrupted where its processor uses
 * a device, of which the interrupt controller is one, or gives up: QEMU has the
 * next one run after PAUSE, which all code that spins executes. Then each of
 * the others gets a glance. What the processor asks for may take it several
 * accesses to say, so it gets a slice of SHORT_NS, undisturbed, and each of the
 * others one to answer; then the turn goes on for as long as it had left.
 *
 * Setting a timer makes QEMU take all processors out of the code that they run.
 * Before the one whose turn it is has been chosen that costs nothing; one that
 * has been chosen loses its turn by it. Between two turns QEMU comes by here
 * twice, and the second time, with the processor chosen, no timer is set.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "icount_turns.h"

/* Of guest time; two processors are as good as parallel at this distance. */
#define TURN_NS		30000

/* Enough instructions to answer an interrupt of another processor. */
#define SHORT_NS	450

/* What the others get before the one that asks has said all of it. */
#define GLANCE_NS	200

/*
 * The least that is left of a turn after slices: one that still waits gives up
 * in it again, instead of waiting for whole turns of others.
 */
#define REST_NS		2000

/*
 * If all others were halted, a turn is not interrupted again for so long: one
 * that polls a device would else do little else.
 */
#define ALONE_NS	5000

#define PROCESSORS_MAX	64

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
	void **current_cpu;
} qemu;

/* Processors in the order of their turns. */
static void *processors[PROCESSORS_MAX];
static unsigned int processor_count;

/**
 * struct turn - whose turn it is; only for the processors' thread
 * @ends_ns: when it ends, 0 for none
 * @seen_ns: when it was last looked after
 * @of: the processor that has it
 * @given_to: the processor for which it was meant; @of is another one if that is
 *	halted
 * @chosen: the processor that QEMU has chosen to run
 * @interrupted: the processor whose turn goes on after the slices, or NULL
 * @left_ns: of that turn
 * @sliced: it has had a slice itself
 * @others_wait: one of the others has given up in its slice
 * @others_ran: one of them was not halted
 * @alone_ns: when all others were last seen halted
 * @ends_later_ns: the end of a turn that is to be interrupted later, or 0
 */
static struct turn {
	int64_t ends_ns;
	int64_t seen_ns;
	void *of;
	void *given_to;
	void *chosen;
	void *interrupted;
	int64_t left_ns;
	bool sliced;
	bool others_wait;
	bool others_ran;
	int64_t alone_ns;
	int64_t ends_later_ns;
} turn;

static _Alignas(max_align_t) char turn_timer[QEMU_TIMER_BYTES];

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
	/* a variable of each thread: this is that of the processors' */
	qemu.current_cpu = dlsym(RTLD_DEFAULT, "current_cpu");
	return qemu.current_cpu && qemu.deadline_ns && qemu.now_ns && qemu.run_timers &&
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
	if (!turn.ends_ns)
		return;
	qemu.timer_del(turn_timer);
	turn.ends_ns = 0;
}

/* The processor that QEMU runs after @cpu; each is seen before any turn. */
static void *next_of(void *cpu)
{
	unsigned int i;

	for (i = 0; i < processor_count; i++)
		if (processors[i] == cpu)
			return processors[(i + 1) % processor_count];
	if (cpu && processor_count < PROCESSORS_MAX)
		processors[processor_count++] = cpu;
	return cpu;
}

/* It is @cpu's turn: a new one, a slice, or the rest of an interrupted one. */
static void give_turn(void *cpu, int64_t now_ns)
{
	bool own = cpu == turn.interrupted;
	int64_t ns = turn.sliced || own ? SHORT_NS : GLANCE_NS;

	if (!turn.interrupted) {
		ns = TURN_NS;
	} else if (own && turn.sliced && turn.others_wait) {
		/* one of them for this one, perhaps: a slice, and round again */
		turn.others_wait = false;
		turn.left_ns -= SHORT_NS;
	} else if (own && turn.sliced) {
		turn.interrupted = NULL;
		ns = turn.left_ns > REST_NS ? turn.left_ns : REST_NS;
		if (!turn.others_ran)
			turn.alone_ns = now_ns;
	}
	turn.sliced |= own;
	turn.of = cpu;
	turn.given_to = cpu;
	turn.ends_ns = now_ns + ns;
}

static void interrupt_turn(void *cpu, int64_t left_ns)
{
	turn.interrupted = cpu;
	turn.left_ns = left_ns;
	turn.sliced = false;
	turn.others_wait = false;
	turn.others_ran = false;
}

/* @cpu, whose turn it is, has given up or touched a device. */
static void gave_up(void *cpu, int64_t now_ns)
{
	if (turn.interrupted) {
		turn.others_wait = true;
	} else if (now_ns - turn.alone_ns >= ALONE_NS) {
		interrupt_turn(cpu, turn.ends_ns - now_ns);
	} else {
		if (!turn.ends_later_ns) {
			turn.ends_later_ns = turn.ends_ns;
			turn.ends_ns = turn.alone_ns + ALONE_NS;
		}
		return;
	}
	give_turn(next_of(cpu), now_ns);
}

/* The turn of @cpu is over, or is to be interrupted now. */
static void end_turn(void *cpu, int64_t now_ns)
{
	void *next = next_of(cpu);

	if (turn.ends_later_ns > now_ns)
		interrupt_turn(cpu, turn.ends_later_ns - now_ns);
	else if (cpu == turn.interrupted && cpu != turn.given_to)
		/* it had the slices of the others, which are halted */
		next = cpu;
	turn.ends_later_ns = 0;
	give_turn(next, now_ns);
}

/* Between two turns, or in one: @cpu has run, or was halted. */
static void look_after_turn(void *cpu, int64_t now_ns)
{
	bool ran = now_ns > turn.seen_ns;

	turn.seen_ns = now_ns;
	if (ran && cpu != turn.interrupted)
		turn.others_ran = true;
	if (now_ns >= turn.ends_ns) {
		end_turn(cpu, now_ns);
	} else if (cpu != turn.chosen) {
		/* whatever the turn has left is for the one that was chosen */
		turn.chosen = cpu;
		turn.of = cpu;
	} else if (cpu != turn.of || cpu == turn.interrupted ||
		   next_of(cpu) == cpu) {
		return;
	} else if (ran) {
		gave_up(cpu, now_ns);
	} else if (next_of(cpu) == turn.interrupted) {
		give_turn(turn.interrupted, now_ns);
	} else {
		/* halted: what it had is for the next one */
		turn.of = next_of(cpu);
	}
}

static void run_timers_and_begin_turn(void)
{
	int64_t now_ns = qemu.now_ns(QEMU_CLOCK_VIRTUAL);
	bool due = !qemu.deadline_ns(QEMU_CLOCK_VIRTUAL, QEMU_TIMER_ATTR_ALL);
	int64_t ended_ns = turn.ends_ns;

	look_after_turn(*qemu.current_cpu, now_ns);
	if (!due && turn.ends_ns == ended_ns)
		return;
	qemu.lock(__FILE__, __LINE__);
	if (due)
		qemu.run_timers(QEMU_CLOCK_VIRTUAL);
	if (turn.ends_ns != ended_ns)
		qemu.timer_mod_ns(turn_timer, turn.ends_ns);
	qemu.unlock();
}

/**
 * turns_begin() - run the timers that are due, and see to the turn's end
 *
 * Only for the processors' thread, without the big lock: between two turns, and
 * after a processor has touched a device.
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
