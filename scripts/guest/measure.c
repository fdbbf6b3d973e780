// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters and traces around the measured part of a cell: /proc/vmstat,
 * reclaim_watch, and one of two that look at stacks, the module
 * stack_observer or ftrace's stack tracer. Not both: each would see the
 * other's frames.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define VMSTAT_MAX	512
#define WATCH		"/sys/kernel/debug/reclaim_watch"
#define OBSERVER	"/sys/kernel/debug/stack_observer"
#define TRACING		"/sys/kernel/tracing"
#define STACK_TRACER	"/proc/sys/kernel/stack_tracer_enabled"

enum stack_source {
	STACK_NONE,
	STACK_OBSERVER,
	STACK_TRACER_FTRACE,
};

static struct {
	char name[48];
	uint64_t value;
} before[VMSTAT_MAX];

static unsigned int before_count;
static bool watching, measuring;
static enum stack_source stacks;

static bool next_counter(char **rest, char *name, size_t bytes,
			 uint64_t *value)
{
	char *line;

	while ((line = strsep(rest, "\n"))) {
		size_t length = strcspn(line, " ");

		if (!line[length] || length >= bytes)
			continue;
		memcpy(name, line, length);
		name[length] = '\0';
		*value = strtoull(line + length + 1, NULL, 10);
		return true;
	}
	return false;
}

/* @before_mark, @after_mark: marks for a recorder around the reading */
static int read_vmstat(const char *before_mark, const char *after_mark,
		       char **content)
{
	/* fold the per-CPU parts of the nr_* counters, which lag behind */
	write_text("/proc/sys/vm/stat_refresh", "1\n");
	record_mark(before_mark);
	*content = read_whole_file("/proc/vmstat", NULL);
	record_mark(after_mark);
	if (!*content)
		return guest_error(GUEST_SETUP_FAILED, "/proc/vmstat: %s",
				   strerror(errno));
	return GUEST_OK;
}

static int snapshot(void)
{
	char *content, *rest;
	int status = read_vmstat("begin", "begun", &content);

	if (status)
		return status;
	rest = content;
	before_count = 0;
	while (before_count < VMSTAT_MAX &&
	       next_counter(&rest, before[before_count].name,
			    sizeof(before[0].name),
			    &before[before_count].value))
		before_count++;
	free(content);
	return GUEST_OK;
}

/*
 * All counters, also those that did not change: a counter that is missing is
 * one that the kernel does not have.
 */
static int write_deltas(void)
{
	char *content, *rest, name[48];
	unsigned int i = 0;
	uint64_t value;
	int status = read_vmstat("end", "ended", &content);

	if (status)
		return status;
	rest = content;
	while (next_counter(&rest, name, sizeof(name), &value)) {
		int64_t delta;

		/* both readings list the same counters in the same order */
		if (i >= before_count || strcmp(before[i].name, name)) {
			status = guest_error(GUEST_SETUP_FAILED,
					     "/proc/vmstat changed its counters at %s",
					     name);
			break;
		}
		delta = (int64_t)(value - before[i].value);
		i++;
		result_line("vmstat %s %" PRId64, name, delta);
		if (!strcmp(name, "oom_kill"))
			result_line("value oom_kills %" PRId64, delta);
	}
	free(content);
	return status;
}

static int load_observer(const char *fs, bool *loaded)
{
	char path[128], *table;
	size_t bytes;
	int status;

	status = load_module("stack_observer", "start=0", loaded);
	if (status || !*loaded)
		return status;
	snprintf(path, sizeof(path), "/lab/fs/%s/entry-points", fs);
	table = read_whole_file(path, &bytes);
	if (!table)
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", path,
				   strerror(errno));
	if (write_bytes(OBSERVER "/entry_points", table, bytes))
		status = guest_error(GUEST_SETUP_FAILED,
				     OBSERVER "/entry_points does not take %s: %s",
				     path, strerror(errno));
	free(table);
	return status;
}

/* Who looks at stacks: @stack is the setting lab.stack. */
static int choose_stacks(const char *stack, const char *fs)
{
	bool either = !strcmp(stack, "1"), loaded = false;
	int status;

	if (!strcmp(stack, "0"))
		return GUEST_OK;
	if (either || !strcmp(stack, "observer")) {
		status = load_observer(fs, &loaded);
		if (status)
			return status;
	}
	if (loaded)
		stacks = STACK_OBSERVER;
	else if ((either || !strcmp(stack, "tracer")) &&
		 !write_text(TRACING "/stack_max_size", "0\n"))
		stacks = STACK_TRACER_FTRACE;
	else if (either)
		printf("lab: nothing here looks at stacks\n");
	else
		return guest_error(GUEST_BAD_SETTINGS,
				   "lab.stack=%s: this guest has no such thing",
				   stack);
	return GUEST_OK;
}

/**
 * measure_prepare() - load what measures
 * @fs: name of the filesystem, for its table of entry points
 *
 * lab.stack selects who looks at stacks: 0 nobody, observer, tracer, or 1,
 * the default, which is the observer where its module is there and else the
 * tracer.
 *
 * Return: GUEST_OK, or the cell's status when one of them fails.
 */
int measure_prepare(const char *fs)
{
	int status;

	status = load_module("reclaim_watch",
			     record_wants_depth() ? "depth=1" : "", &watching);
	if (!status)
		status = record_prepare();
	if (!status)
		status = pressure_prepare();
	if (!status)
		status = choose_stacks(setting("lab.stack", "1"), fs);
	return status;
}

/**
 * measure_begin() - reset and switch on everything, then take the counters
 *
 * Return: GUEST_OK, or the cell's status when something does not start.
 */
int measure_begin(void)
{
	int error = 0, status;

	status = record_begin();
	if (status)
		return status;
	if (watching)
		error |= write_text(WATCH "/control", "reset\n");
	if (stacks == STACK_OBSERVER) {
		error |= write_text(OBSERVER "/control", "reset\n");
		error |= write_text(OBSERVER "/control", "start\n");
	} else if (stacks == STACK_TRACER_FTRACE) {
		error |= write_text(TRACING "/stack_max_size", "0\n");
		error |= write_text(STACK_TRACER, "1\n");
	}
	if (error)
		return guest_error(GUEST_SETUP_FAILED, "starting to measure: %s",
				   strerror(errno));
	pressure_begin();
	status = snapshot();
	measuring = !status;
	return status;
}

static int check_watch(const char *name, uint64_t value)
{
	if (!strcmp(name, "watch_overflow") && value)
		return guest_error(GUEST_CHECK_FAILED,
				   "reclaim_watch lost %" PRIu64 " reclaims, direct_writes is too low",
				   value);
	return GUEST_OK;
}

static int write_watch(void)
{
	char *content = read_whole_file(WATCH "/results", NULL);
	char *rest = content, *line, name[48];
	int status = GUEST_OK;
	uint64_t value;

	if (!content)
		return guest_error(GUEST_SETUP_FAILED, WATCH "/results: %s",
				   strerror(errno));
	line = strsep(&rest, "\n");
	if (strcmp(line, "reclaim_watch 2"))
		status = guest_error(GUEST_SETUP_FAILED,
				     WATCH "/results: expected version 2, found '%s'",
				     line);
	/* all of it, also when one figure says not to use them */
	while ((line = strsep(&rest, "\n"))) {
		if (*line)
			result_line("%s", line);
		if (!status &&
		    sscanf(line, "value %47s %" SCNu64, name, &value) == 2)
			status = check_watch(name, value);
	}
	free(content);
	return status;
}

static int write_observed(void)
{
	char *text, *copy, *rest, *line, class[48] = "", key[48];
	uint64_t value, deepest = 0;
	size_t bytes;

	text = read_whole_file(OBSERVER "/report", &bytes);
	if (!text)
		return guest_error(GUEST_SETUP_FAILED, OBSERVER "/report: %s",
				   strerror(errno));
	copy = strdup(text);
	rest = copy;
	while ((line = strsep(&rest, "\n"))) {
		if (sscanf(line, "class %47s", class) == 1 || !class[0])
			continue;
		if (sscanf(line, "%47s %" SCNu64, key, &value) != 2)
			continue;
		if (!strcmp(key, "max_bytes")) {
			result_line("stack %s max_bytes %" PRIu64, class,
				    value);
			if (value > deepest)
				deepest = value;
		} else if (!strcmp(key, "below_reclaim_bytes")) {
			result_line("stack %s below_reclaim_bytes %" PRIu64,
				    class, value);
		}
	}
	if (deepest)
		result_line("stack any max_bytes %" PRIu64, deepest);
	result_file("stack_observer", text, bytes);
	free(copy);
	free(text);
	return GUEST_OK;
}

static int write_traced(void)
{
	char *text, *number;
	int status = GUEST_OK;
	size_t bytes;

	number = read_whole_file(TRACING "/stack_max_size", NULL);
	text = read_whole_file(TRACING "/stack_trace", &bytes);
	if (number && text) {
		result_line("stack any max_bytes %llu",
			    strtoull(number, NULL, 10));
		result_file("stack_trace", text, bytes);
	} else {
		status = guest_error(GUEST_SETUP_FAILED,
				     TRACING "/stack_trace: %s",
				     strerror(errno));
	}
	free(number);
	free(text);
	return status;
}

/**
 * measure_end() - write what was counted since measure_begin()
 *
 * Does nothing when nothing is being measured, so that a cell that fails can
 * call it to keep its counters, OOM kills above all. What cannot be read does
 * not cost the rest.
 *
 * Return: GUEST_OK, or the cell's status of the first that could not be read.
 */
int measure_end(void)
{
	int status = GUEST_OK, next;

	if (!measuring)
		return GUEST_OK;
	measuring = false;
	pressure_stop();
	if (stacks == STACK_OBSERVER)
		status = must_write(OBSERVER "/control", "stop\n");
	else if (stacks == STACK_TRACER_FTRACE)
		status = must_write(STACK_TRACER, "0\n");
	next = watching ? must_write(WATCH "/control", "stop\n") : GUEST_OK;
	status = status ? status : next;
	next = write_deltas();
	status = status ? status : next;
	next = pressure_write();
	status = status ? status : next;
	next = record_end();
	status = status ? status : next;
	next = watching ? write_watch() : GUEST_OK;
	status = status ? status : next;
	if (stacks == STACK_OBSERVER)
		next = write_observed();
	else if (stacks == STACK_TRACER_FTRACE)
		next = write_traced();
	else
		next = GUEST_OK;
	return status ? status : next;
}
