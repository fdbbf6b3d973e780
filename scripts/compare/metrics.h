/* SPDX-License-Identifier: GPL-2.0-only */
/* The table that says what each figure of a cell is. */
#ifndef COMPARE_METRICS_H
#define COMPARE_METRICS_H

#include <stddef.h>

#include "words.h"

/** struct metric - one line of metrics.table */
struct metric {
	char *pattern;
	char *unit;
	enum scale scale;
	enum figure_class class;
	enum better better;
	char *words;	/* with * and $ for what the pattern's * stand for */
};

/** struct metric_table - what is known about the figures of a cell */
struct metric_table {
	struct metric *metrics;
	size_t count;
};

/**
 * metrics_load() - read metrics.table, or fail with file, line and reason
 * @table: where it goes
 * @path: file name
 */
void metrics_load(struct metric_table *table, const char *path);

/**
 * metrics_find() - what the table says of a figure
 * @table: the table
 * @workload: the workload that it is a figure of
 * @name: name of the figure, its parts joined by dots
 *
 * Return: the first line that matches, or NULL.
 */
const struct metric *metrics_find(const struct metric_table *table,
				  const char *workload, const char *name);

/**
 * metric_words() - a figure in words
 * @metric: its line
 * @workload: the workload that it is a figure of
 * @name: its name
 *
 * Return: a string to free, e.g. "page fault, p99".
 */
char *metric_words(const struct metric *metric, const char *workload,
		   const char *name);

#endif
