/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of one guest. */
#ifndef CELL_JUDGE_H
#define CELL_JUDGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * enum trouble - what can be wrong with a cell, the worst first
 *
 * The worst that was seen is the status of the cell.
 */
enum trouble {
	TROUBLE_QEMU,		/* the guest could not be started */
	TROUBLE_OOPS,		/* an exception in the kernel, BUG(), KASAN */
	TROUBLE_PANIC,
	TROUBLE_CORRUPT,	/* a content check failed */
	TROUBLE_HUNG_TASK,	/* hung task, soft lockup, RCU stall */
	TROUBLE_LOCKDEP,
	TROUBLE_TIMEOUT,	/* ended by its time limit */
	TROUBLE_SILENT,		/* ended without a valid result */
	TROUBLE_WARNING,	/* any other warning of the kernel */
	TROUBLE_FAILED,		/* exit status or a check that is not ok */
	TROUBLE_COUNT,
};

/**
 * struct troubles - everything that was found wrong
 * @seen: which kinds
 * @list: {"kind", "text"} objects in the order found, at most TROUBLES_KEPT
 */
struct troubles {
	bool seen[TROUBLE_COUNT];
	json_t *list;
};

#define TROUBLES_KEPT	20

/* Exit status of the guest that says its own time limit ended it. */
#define GUEST_TIMED_OUT	3

void trouble_add(struct troubles *troubles, enum trouble kind,
		 const char *format, ...)
	__attribute__((format(printf, 3, 4)));
const char *trouble_status(const struct troubles *troubles);

void console_scan(const char *text, size_t length, struct troubles *troubles,
		  unsigned int *oom_kills);

/**
 * struct result - a parsed results.raw
 * @values: "value" lines by name
 * @vmstat: "vmstat" lines by counter
 * @latency: "latency" lines: by name, then by percentile
 * @histograms: "histogram" lines: by name an array of [low, count]
 * @psi: "psi" lines by name
 * @stack: "stack" lines: by class, then by what
 * @params: "param" lines by name
 * @checks: array of {"name", "status", "text"}
 * @files: array of {"name", "offset", "bytes"} into the text parsed
 * @exit_status: from "exit", -1 before
 * @error: of the first line that breaks the protocol, "" if none
 */
struct result {
	json_t *values, *vmstat, *latency, *histograms, *psi, *stack;
	json_t *params, *checks, *files;
	int exit_status;
	char error[256];
};

bool result_parse(const char *text, size_t length, struct result *result);
void result_free(struct result *result);

#endif
