// SPDX-License-Identifier: GPL-2.0-only
/* What a kernel log says about trouble. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "util.h"

static const char * const names[TROUBLE_COUNT] = {
	[TROUBLE_QEMU] = "qemu",
	[TROUBLE_OOPS] = "oops",
	[TROUBLE_PANIC] = "panic",
	[TROUBLE_CORRUPT] = "corrupt",
	[TROUBLE_HUNG_TASK] = "hung_task",
	[TROUBLE_LOCKDEP] = "lockdep",
	[TROUBLE_TIMEOUT] = "timeout",
	[TROUBLE_SILENT] = "silent",
	[TROUBLE_WARNING] = "warning",
	[TROUBLE_FAILED] = "failed",
};

/**
 * trouble_add() - note that something is wrong
 * @troubles: where
 * @kind: what
 * @format: one line that says more; bytes that are not ASCII become "?"
 */
void trouble_add(struct troubles *troubles, enum trouble kind,
		 const char *format, ...)
{
	char text[300];
	va_list arguments;
	char *c;

	troubles->seen[kind] = true;
	if (json_array_size(troubles->list) >= TROUBLES_KEPT)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	for (c = text; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	json_array_append_new(troubles->list,
			      json_pack("{s:s, s:s}", "kind", names[kind],
					"text", text));
}

/**
 * trouble_status() - the status of a cell
 * @troubles: all that was found
 *
 * Return: the name of the worst, "ok" if there is none.
 */
const char *trouble_status(const struct troubles *troubles)
{
	int kind;

	for (kind = 0; kind < TROUBLE_COUNT; kind++)
		if (troubles->seen[kind])
			return names[kind];
	return "ok";
}

/**
 * struct pattern - a message of the kernel that means trouble
 * @text: part of the message
 * @start: it must be at the start of the message
 * @kind: what it means; TROUBLE_COUNT: it is harmless after all
 *
 * The first that matches counts, so exceptions stand before rules.
 */
static const struct pattern {
	const char *text;
	bool start;
	enum trouble kind;
} patterns[] = {
	/* lockdep names its reports WARNING as well */
	{ "possible circular locking dependency", false, TROUBLE_LOCKDEP },
	{ "possible recursive locking", false, TROUBLE_LOCKDEP },
	{ "possible irq lock inversion", false, TROUBLE_LOCKDEP },
	{ "-safe -> ", false, TROUBLE_LOCKDEP },
	{ "inconsistent lock state", false, TROUBLE_LOCKDEP },
	{ "suspicious RCU usage", false, TROUBLE_LOCKDEP },
	{ "bad unlock balance", false, TROUBLE_LOCKDEP },
	{ "bad contention detected", false, TROUBLE_LOCKDEP },
	{ "held lock freed", false, TROUBLE_LOCKDEP },
	{ "lock held when returning to user space", false, TROUBLE_LOCKDEP },
	{ "still has locks held", false, TROUBLE_LOCKDEP },
	{ "Nested lock was not taken", false, TROUBLE_LOCKDEP },
	{ "Invalid wait context", false, TROUBLE_LOCKDEP },
	{ "INFO: trying to register non-static key", true, TROUBLE_LOCKDEP },
	{ "turning off the locking correctness validator", false, TROUBLE_LOCKDEP },

	{ "blocked for more than", false, TROUBLE_HUNG_TASK },
	{ "blocked in I/O wait for more than", false, TROUBLE_HUNG_TASK },
	{ "soft lockup - CPU", false, TROUBLE_HUNG_TASK },
	{ "hard LOCKUP", false, TROUBLE_HUNG_TASK },
	{ "detected stall on CPU", false, TROUBLE_HUNG_TASK },
	{ "detected stalls on CPU", false, TROUBLE_HUNG_TASK },
	{ "detected expedited stalls", false, TROUBLE_HUNG_TASK },
	{ "BUG: workqueue lockup", true, TROUBLE_HUNG_TASK },

	{ "BUG: sleeping function called", true, TROUBLE_WARNING },
	{ "BUG: scheduling while atomic", true, TROUBLE_WARNING },
	{ "BUG: using ", true, TROUBLE_WARNING },
	{ "BUG: ", true, TROUBLE_OOPS },
	{ "kernel BUG at ", false, TROUBLE_OOPS },
	{ "Oops: ", true, TROUBLE_OOPS },
	{ "general protection fault", false, TROUBLE_OOPS },
	{ "double fault: ", false, TROUBLE_OOPS },
	{ "UBSAN: ", true, TROUBLE_OOPS },
	{ "kernel stack overflow", false, TROUBLE_OOPS },
	{ "list_add corruption", true, TROUBLE_OOPS },
	{ "list_del corruption", true, TROUBLE_OOPS },

	{ "Kernel panic - not syncing", true, TROUBLE_PANIC },

	/* KUnit reports to the console, test cases with four blanks before */
	{ "not ok ", true, TROUBLE_FAILED },
	{ "    not ok ", true, TROUBLE_FAILED },

	{ "WARNING: ", true, TROUBLE_WARNING },
	{ "page allocation failure", false, TROUBLE_COUNT },
};

/*
 * The message of a line that the kernel wrote, after "[    1.234567] ".
 * A program may have written the start of the line. NULL if there is none.
 */
static const char *kernel_message(const char *line, const char *end)
{
	const char *c, *digit;

	for (c = line; c < end; c++) {
		if (*c != '[')
			continue;
		digit = c + 1;
		while (digit < end && *digit == ' ')
			digit++;
		if (digit == end || !isdigit((unsigned char)*digit))
			continue;
		while (digit < end && isdigit((unsigned char)*digit))
			digit++;
		if (digit == end || *digit != '.')
			continue;
		digit++;
		while (digit < end && isdigit((unsigned char)*digit))
			digit++;
		/* with CONFIG_PRINTK_CALLER: [    1.234567][    T1] */
		if (end - digit >= 2 && digit[0] == ']' && digit[1] == '[') {
			digit = memchr(digit + 1, ']', end - digit - 1);
			if (!digit)
				return NULL;
		}
		if (end - digit >= 2 && digit[0] == ']' && digit[1] == ' ')
			return digit + 2;
	}
	return NULL;
}

static const char *find(const char *text, const char *end, const char *what)
{
	return memmem(text, end - text, what, strlen(what));
}

static void scan_message(const char *message, const char *end,
			 struct troubles *troubles)
{
	static const char watchdog[] = "watchdog: ";
	const char *at;
	size_t i;

	if ((size_t)(end - message) >= sizeof(watchdog) - 1 &&
	    !memcmp(message, watchdog, sizeof(watchdog) - 1))
		message += sizeof(watchdog) - 1;
	for (i = 0; i < ARRAY_SIZE(patterns); i++) {
		at = find(message, end, patterns[i].text);
		if (!at || (patterns[i].start && at != message))
			continue;
		if (patterns[i].kind != TROUBLE_COUNT)
			trouble_add(troubles, patterns[i].kind, "%.*s",
				    (int)(end - message), message);
		return;
	}
}

/**
 * console_scan() - find trouble in the console log of a guest
 * @text: the log; any bytes
 * @length: of it
 * @troubles: what was found is added here
 * @oom_kills: how many times the kernel killed a process for memory
 *
 * Only lines with the kernel's time stamp count: programs may say anything.
 */
void console_scan(const char *text, size_t length, struct troubles *troubles,
		  unsigned int *oom_kills)
{
	const char *end = text + length, *eol, *message;

	*oom_kills = 0;
	for (; text < end; text = eol + 1) {
		eol = memchr(text, '\n', end - text);
		if (!eol)
			eol = end;
		message = kernel_message(text, eol);
		if (!message)
			continue;
		if (find(message, eol, "ut of memory: Killed process"))
			++*oom_kills;
		scan_message(message, eol > message && eol[-1] == '\r' ?
			     eol - 1 : eol, troubles);
	}
}
