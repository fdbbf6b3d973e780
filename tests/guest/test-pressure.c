// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stall times in windows: scripts/guest/pressure.c itself, with the time, the
 * files of /proc/pressure and the priority made up.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define MS 1000000ull

static uint64_t now, window_ms, stalled_some_us, stalled_full_us;
static unsigned int reads, locked, errors;
static int scheduled;
static bool psi, lock_fails, read_fails;
static char written[16384];

static int fake_open(const char *path)
{
	if (!psi)
		return -1;
	return !strcmp(path, "/proc/pressure/memory") ? 5 : 6;
}

static ssize_t fake_read(int fd, char *text, size_t size)
{
	reads++;
	if (read_fails)
		return -1;
	return snprintf(text, size, "some avg10=1.00 avg60=0.50 avg300=0.10 total=%" PRIu64 "\n"
				    "full avg10=0.00 avg60=0.00 avg300=0.00 total=%" PRIu64 "\n",
			fd == 5 ? stalled_some_us : 7, fd == 5 ? stalled_full_us : 7);
}

#define open(path, flags)	fake_open(path)
#define pread(fd, text, size, offset)	fake_read(fd, text, size)
#define close(fd)		((void)(fd))
#define mlockall(flags)		(locked++, lock_fails ? -1 : 0)
#define sched_setscheduler(pid, new_policy, parameters)	(scheduled = (new_policy), (void)(parameters), 0)

#include "../../scripts/guest/pressure.c"

uint64_t now_ns(void)
{
	return now;
}

int setting_number(const char *key, uint64_t otherwise, uint64_t *value)
{
	assert_string_equal(key, "psi.window_ms");
	*value = window_ms == UINT64_MAX ? otherwise : window_ms;
	return GUEST_OK;
}

void result_line(const char *format, ...)
{
	size_t used = strlen(written);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(written + used, sizeof(written) - used - 1, format, arguments);
	va_end(arguments);
	strcat(written, "\n");
}

int guest_error(int status, const char *format, ...)
{
	(void)format;
	errors++;
	return status;
}

/* When PID 1 is to look again. */
static uint64_t tick(void)
{
	uint64_t next;

	assert_int_equal(pressure_tick(&next), GUEST_OK);
	return next;
}

static int clear(void **state)
{
	(void)state;
	memset(&spread, 0, sizeof(spread));
	written[0] = '\0';
	now = 5000 * MS;
	window_ms = UINT64_MAX;
	stalled_some_us = 1000;
	stalled_full_us = 500;
	reads = 0;
	locked = 0;
	errors = 0;
	lock_fails = false;
	read_fails = false;
	scheduled = SCHED_OTHER;
	psi = true;
	return 0;
}

static void has_line(const char *line)
{
	if (!strstr(written, line))
		fail_msg("expected '%s' in:\n%s", line, written);
}

static void every_window_is_a_sample(void **state)
{
	unsigned int i;

	(void)state;
	pressure_prepare();
	assert_int_equal(locked, 1);
	pressure_begin();
	for (i = 0; i < 20; i++) {
		now += 100 * MS;
		/* one window of twenty in which everything stood still */
		stalled_some_us += i == 7 ? 100000 : 20000;
		stalled_full_us += i == 7 ? 100000 : 0;
		assert_true(tick() == now + 100 * MS);
	}
	/* what is behind the last window is in the totals only */
	now += 60 * MS;
	stalled_some_us += 60000;
	assert_int_equal(scheduled, SCHED_FIFO);
	pressure_stop();
	assert_int_equal(scheduled, SCHED_OTHER);
	assert_true(tick() == UINT64_MAX);
	pressure_write();
	has_line("psi memory_some_ns 540000000\n");
	has_line("psi memory_full_ns 100000000\n");
	has_line("psi io_some_ns 0\n");
	has_line("value psi_window_ns 100000000\n");
	has_line("value psi_windows_late 0\n");
	has_line("latency psi_memory_some count 20\n");
	has_line("latency psi_memory_some p99 100000000\n");
	has_line("latency psi_memory_some max 100000000\n");
	has_line("latency psi_memory_full p50 0\n");
	has_line("latency psi_memory_full max 100000000\n");
	has_line("histogram psi_memory_full 0 19\n");
	assert_int_equal(spread.stalled_some.bucket[latency_bucket(20 * MS)], 19);
}

static void nothing_is_read_before_its_time(void **state)
{
	unsigned int before;

	(void)state;
	pressure_prepare();
	pressure_begin();
	before = reads;
	now += 99 * MS;
	assert_true(tick() == 5100 * MS);
	assert_true(tick() == 5100 * MS);
	assert_int_equal(reads, before);
	now += 1 * MS;
	assert_true(tick() == 5200 * MS);
	assert_int_equal(reads, before + 1);
}

static void late_windows_share_and_keep_the_grid(void **state)
{
	(void)state;
	pressure_prepare();
	pressure_begin();
	now += 350 * MS;
	stalled_some_us += 240000;
	assert_true(tick() == 5400 * MS);
	assert_int_equal(spread.late, 2);
	assert_int_equal(spread.stalled_some.count, 3);
	assert_int_equal(spread.stalled_some.bucket[latency_bucket(80 * MS)], 3);
	now = 5400 * MS;
	stalled_some_us += 30000;
	assert_true(tick() == 5500 * MS);
	assert_int_equal(spread.stalled_some.count, 4);
	assert_int_equal(spread.late, 2);
}

/* The provoker allocates as PID 1; with a real-time priority it would get more. */
static void who_does_not_wait_keeps_its_priority(void **state)
{
	(void)state;
	pressure_prepare();
	pressure_begin();
	now += 1000 * MS;
	stalled_some_us += 9;
	assert_int_equal(scheduled, SCHED_OTHER);
	pressure_stop();
	pressure_write();
	has_line("psi memory_some_ns 9000\n");
	assert_null(strstr(written, "latency"));
	assert_null(strstr(written, "psi_window"));
}

static void windows_can_be_switched_off_or_be_others(void **state)
{
	(void)state;
	window_ms = 0;
	pressure_prepare();
	assert_int_equal(locked, 0);
	pressure_begin();
	assert_true(tick() == UINT64_MAX);
	assert_int_equal(scheduled, SCHED_OTHER);
	window_ms = 20;
	pressure_prepare();
	pressure_begin();
	assert_true(tick() == 5020 * MS);
}

static void a_kernel_without_psi_has_no_lines(void **state)
{
	(void)state;
	psi = false;
	pressure_prepare();
	pressure_begin();
	assert_true(tick() == UINT64_MAX);
	pressure_stop();
	pressure_write();
	assert_string_equal(written, "");
}

/* PID 1 has to hear of it: a part neither ends the guest nor goes on. */
static void what_fails_is_returned(void **state)
{
	uint64_t next;

	(void)state;
	lock_fails = true;
	assert_int_equal(pressure_prepare(), GUEST_SETUP_FAILED);
	assert_int_equal(errors, 1);
	lock_fails = false;
	assert_int_equal(pressure_prepare(), GUEST_OK);
	pressure_begin();
	now += 100 * MS;
	read_fails = true;
	assert_int_equal(pressure_tick(&next), GUEST_SETUP_FAILED);
	assert_int_equal(errors, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_window_is_a_sample, clear),
		cmocka_unit_test_setup(nothing_is_read_before_its_time, clear),
		cmocka_unit_test_setup(late_windows_share_and_keep_the_grid, clear),
		cmocka_unit_test_setup(who_does_not_wait_keeps_its_priority, clear),
		cmocka_unit_test_setup(windows_can_be_switched_off_or_be_others, clear),
		cmocka_unit_test_setup(a_kernel_without_psi_has_no_lines, clear),
		cmocka_unit_test_setup(what_fails_is_returned, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
