/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of a workload, from a table. */
#ifndef RECLAIM_LAB_OPTIONS_H
#define RECLAIM_LAB_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct command_option - one option; has exactly one of number, text and flag
 * @name: without the dashes; NULL ends a table
 * @number: where its value goes, a whole number from @low to @high
 * @low: least value allowed
 * @high: greatest value allowed
 * @text: where its value goes as it is
 * @flag: set by an option without a value
 */
struct command_option {
	const char *name;
	uint64_t *number;
	uint64_t low;
	uint64_t high;
	const char **text;
	bool *flag;
};

#define OPTION_NUMBER(option, where, least, greatest) \
	{ .name = option, .number = where, .low = least, .high = greatest }

int options_parse(const char *program, int argc, char **argv,
		  const struct command_option *table,
		  void (*usage)(FILE *out));

#endif /* RECLAIM_LAB_OPTIONS_H */
