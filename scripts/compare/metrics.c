// SPDX-License-Identifier: GPL-2.0-only
/* The table that says in which unit and direction a figure counts. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

static const char *const directions[] = {
	[DIRECTION_LOWER] = "lower",
	[DIRECTION_HIGHER] = "higher",
	[DIRECTION_NONE] = "none",
	[DIRECTION_QUIET] = "quiet",
	[DIRECTION_IGNORE] = "ignore",
};

static const char *const scales[] = {
	[SCALE_RATIO] = "ratio",
	[SCALE_DIFFERENCE] = "difference",
};

static int find_word(const char *const *words, size_t count, const char *word)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(words[i], word))
			return (int)i;
	return -1;
}

/**
 * direction_name - the word of metrics.table for a direction
 * @direction: the direction
 *
 * Return: a static string.
 */
const char *direction_name(enum direction direction)
{
	return directions[direction];
}

/**
 * metrics_load - read metrics.table, or fail with file, line and reason
 * @table: where it goes
 * @path: file name
 */
void metrics_load(struct metric_table *table, const char *path)
{
	char *text = read_text(path, NULL);
	char *next = text;
	char *line;
	int number = 0;

	if (!text)
		fail("%s: %s", path, strerror(errno));
	table->metrics = NULL;
	table->count = 0;
	while ((line = strsep(&next, "\n"))) {
		char *words[4] = { NULL };
		struct metric *m;
		int direction, scale;
		char *word;
		size_t n = 0;

		number++;
		if (*line == '#')
			continue;
		while ((word = strsep(&line, " \t"))) {
			if (!*word)
				continue;
			if (n == ARRAY_SIZE(words))
				fail("%s:%d: expected four words: pattern unit direction scale",
				     path, number);
			words[n++] = word;
		}
		if (!n)
			continue;
		if (n != ARRAY_SIZE(words))
			fail("%s:%d: expected four words: pattern unit direction scale",
			     path, number);
		direction = find_word(directions, ARRAY_SIZE(directions), words[2]);
		if (direction < 0)
			fail("%s:%d: expected direction lower, higher, none, quiet or ignore, not '%s'",
			     path, number, words[2]);
		scale = find_word(scales, ARRAY_SIZE(scales), words[3]);
		if (scale < 0)
			fail("%s:%d: expected scale ratio or difference, not '%s'",
			     path, number, words[3]);
		table->metrics = xrealloc(table->metrics, (table->count + 1) *
					  sizeof(*table->metrics));
		m = &table->metrics[table->count++];
		m->pattern = xstrdup(words[0]);
		m->unit = xstrdup(words[1]);
		m->direction = direction;
		m->scale = scale;
	}
	free(text);
	if (!table->count)
		fail("%s: expected at least one figure", path);
}

/**
 * metrics_find - what the table says of a figure
 * @table: the table
 * @workload: the workload that it is a figure of
 * @name: name of the figure, its parts joined by dots
 *
 * Return: the first line that matches, or NULL.
 */
const struct metric *metrics_find(const struct metric_table *table,
				  const char *workload, const char *name)
{
	char *full = xasprintf("%s:%s", workload, name);
	const struct metric *found = NULL;
	size_t i;

	for (i = 0; i < table->count && !found; i++) {
		const char *pattern = table->metrics[i].pattern;

		if (!fnmatch(pattern, strchr(pattern, ':') ? full : name, 0))
			found = &table->metrics[i];
	}
	free(full);
	return found;
}
