// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stall times of /proc/pressure: their totals over the measured part, and for
 * memory how they are spread over it.
 *
 * The measured part is cut into windows of equal length. At the end of each,
 * PID 1, which waits for the workloads anyway, wakes up and reads how long
 * tasks were stalled in it: one system call on a file that stays open, into
 * memory that is locked. It has a real-time priority meanwhile, so that it
 * wakes up when the window ends rather than when a CPU becomes free.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "latency_histogram.h"

#define WINDOW_MS	100

/**
 * struct pressure - stall times of one resource
 * @name: file in /proc/pressure, first part of the names of the results
 * @fd: that file, -1 if there is none
 * @some: us in which at least one task waited, at the beginning
 * @full: us in which all that had something to do waited
 * @end_some: the same at the end
 * @end_full: the same
 */
static struct pressure {
	const char *name;
	int fd;
	uint64_t some;
	uint64_t full;
	uint64_t end_some;
	uint64_t end_full;
} pressures[] = { { .name = "memory", .fd = -1 }, { .name = "io", .fd = -1 } };

/**
 * struct spread - how the stall times of memory are spread over the windows
 * @window_ns: length of a window, 0 if nobody asked for this
 * @next_ns: CLOCK_MONOTONIC at the end of the window, 0 while not measuring
 * @punctual: PID 1 has a real-time priority
 * @late: windows whose end was missed; they share the time up to the next
 * @some: us at the end of the last window
 * @full: the same
 * @stalled_some: stall times of the windows, ns
 * @stalled_full: the same
 */
static struct spread {
	uint64_t window_ns;
	uint64_t next_ns;
	bool punctual;
	uint64_t late;
	uint64_t some;
	uint64_t full;
	struct latency_histogram stalled_some;
	struct latency_histogram stalled_full;
} spread;

static bool read_pressure(const struct pressure *pressure, uint64_t *some,
			  uint64_t *full)
{
	char text[256], *line;
	ssize_t got;

	if (pressure->fd < 0)
		return false;
	got = pread(pressure->fd, text, sizeof(text) - 1, 0);
	if (got <= 0)
		return false;
	text[got] = '\0';
	line = strchr(text, '\n');
	return line &&
	       sscanf(text, "some %*s %*s %*s total=%" SCNu64, some) == 1 &&
	       sscanf(line + 1, "full %*s %*s %*s total=%" SCNu64, full) == 1;
}

/**
 * pressure_prepare() - open what is read later, while there is memory
 *
 * Setting: psi.window_ms, milliseconds of a window; 0 for none.
 *
 * Return: GUEST_OK, or the cell's status when PID 1 cannot be kept in memory.
 */
int pressure_prepare(void)
{
	uint64_t window_ms;
	char path[64];
	unsigned int i;
	int status;

	for (i = 0; i < sizeof(pressures) / sizeof(pressures[0]); i++) {
		struct pressure *p = &pressures[i];

		snprintf(path, sizeof(path), "/proc/pressure/%s", p->name);
		p->fd = open(path, O_RDONLY | O_CLOEXEC);
		/* the kernel's buffer for it stays with the file */
		if (p->fd >= 0 && !read_pressure(p, &p->some, &p->full)) {
			close(p->fd);
			p->fd = -1;
		}
	}
	if (pressures[0].fd < 0)
		return GUEST_OK;
	status = setting_number("psi.window_ms", WINDOW_MS, &window_ms);
	if (status)
		return status;
	spread.window_ns = window_ms * 1000000;
	/* PID 1 must not wait for memory to see who waits for memory */
	if (spread.window_ns && mlockall(MCL_CURRENT))
		return guest_error(GUEST_SETUP_FAILED,
				   "locking PID 1 in memory: %s",
				   strerror(errno));
	return GUEST_OK;
}

static void set_priority(int policy, int priority)
{
	struct sched_param parameters = { .sched_priority = priority };

	if (sched_setscheduler(0, policy, &parameters))
		printf("lab: sched_setscheduler: %s\n", strerror(errno));
}

/**
 * pressure_begin() - the measured part begins
 */
void pressure_begin(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(pressures) / sizeof(pressures[0]); i++)
		read_pressure(&pressures[i], &pressures[i].some,
			      &pressures[i].full);
	if (!spread.window_ns)
		return;
	spread.some = pressures[0].some;
	spread.full = pressures[0].full;
	spread.next_ns = now_ns() + spread.window_ns;
}

/**
 * pressure_tick() - take the stall times of the windows that have ended
 *
 * For PID 1 while it waits. From the first call on it has a real-time priority;
 * one that allocates under it instead of waiting would get at reserves.
 *
 * @next_ns: CLOCK_MONOTONIC at which to call this again; UINT64_MAX for never
 *
 * Return: GUEST_OK, or the cell's status when stall times cannot be read.
 */
int pressure_tick(uint64_t *next_ns)
{
	uint64_t now, some, full, windows, i;

	*next_ns = UINT64_MAX;
	if (!spread.next_ns)
		return GUEST_OK;
	if (!spread.punctual) {
		spread.punctual = true;
		set_priority(SCHED_FIFO, 1);
	}
	now = now_ns();
	*next_ns = spread.next_ns;
	if (now < spread.next_ns)
		return GUEST_OK;
	if (!read_pressure(&pressures[0], &some, &full))
		return guest_error(GUEST_SETUP_FAILED, "/proc/pressure/memory: %s",
				   strerror(errno));
	windows = 1 + (now - spread.next_ns) / spread.window_ns;
	for (i = 0; i < windows; i++) {
		latency_record(&spread.stalled_some,
			       (some - spread.some) * 1000 / windows);
		latency_record(&spread.stalled_full,
			       (full - spread.full) * 1000 / windows);
	}
	spread.late += windows - 1;
	spread.some = some;
	spread.full = full;
	spread.next_ns += windows * spread.window_ns;
	*next_ns = spread.next_ns;
	return GUEST_OK;
}

static int write_spread(const char *name,
			const struct latency_histogram *histogram)
{
	char *text = NULL, *line, *rest;
	size_t bytes;
	FILE *out;

	if (!histogram->count)
		return GUEST_OK;
	out = open_memstream(&text, &bytes);
	if (!out)
		return guest_error(GUEST_SETUP_FAILED, "open_memstream: %s",
				   strerror(errno));
	latency_print(out, name, histogram);
	fclose(out);
	rest = text;
	while ((line = strsep(&rest, "\n")))
		if (*line)
			result_line("%s", line);
	free(text);
	return GUEST_OK;
}

/**
 * pressure_stop() - the measured part has ended
 *
 * The rest of a window at the end is in the totals only.
 */
void pressure_stop(void)
{
	unsigned int i;

	/* at once: kswapd goes on, and its time counts as stalled, too */
	for (i = 0; i < sizeof(pressures) / sizeof(pressures[0]); i++)
		read_pressure(&pressures[i], &pressures[i].end_some,
			      &pressures[i].end_full);
	spread.next_ns = 0;
	if (spread.punctual)
		set_priority(SCHED_OTHER, 0);
	spread.punctual = false;
}

/**
 * pressure_write() - write the results
 *
 * Return: GUEST_OK, or the cell's status when there is no memory for it.
 */
int pressure_write(void)
{
	unsigned int i;
	int status;

	for (i = 0; i < sizeof(pressures) / sizeof(pressures[0]); i++) {
		const struct pressure *p = &pressures[i];

		if (p->fd < 0)
			continue;
		result_line("psi %s_some_ns %" PRIu64, p->name,
			    (p->end_some - p->some) * 1000);
		result_line("psi %s_full_ns %" PRIu64, p->name,
			    (p->end_full - p->full) * 1000);
	}
	if (!spread.stalled_some.count)
		return GUEST_OK;
	result_line("value psi_window_ns %" PRIu64, spread.window_ns);
	result_line("value psi_windows_late %" PRIu64, spread.late);
	status = write_spread("psi_memory_some", &spread.stalled_some);
	if (!status)
		status = write_spread("psi_memory_full", &spread.stalled_full);
	return status;
}
