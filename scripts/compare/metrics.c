// SPDX-License-Identifier: GPL-2.0-only
/* The table that says what each figure of a cell is. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "util.h"

#define STARS_MAX 4
#define WORDS 6

/** struct match - what the stars of a pattern stand for */
struct match {
	const char *start[STARS_MAX];
	size_t length[STARS_MAX];
	size_t count;
};

static const char *const units[] = {
	"ns", "bytes", "pages", "folios", "count", "share",
};

/* Whether a pattern matches all of a name; a star takes as little as it can. */
static bool matches(const char *pattern, const char *name, struct match *match)
{
	size_t own = match->count;
	const char *end;

	for (; *pattern && *pattern != '*'; pattern++, name++)
		if (*pattern != *name)
			return false;
	if (!*pattern)
		return !*name;
	for (end = name; ; end++) {
		match->start[own] = name;
		match->length[own] = (size_t)(end - name);
		match->count = own + 1;
		if (matches(pattern + 1, end, match))
			return true;
		if (!*end)
			break;
	}
	match->count = own;
	return false;
}

static bool metric_matches(const struct metric *metric, const char *workload,
			   const char *name, struct match *match)
{
	const char *colon = strchr(metric->pattern, ':');
	const char *pattern = metric->pattern;
	size_t length = strlen(workload);

	match->count = 0;
	if (colon) {
		if ((size_t)(colon - pattern) != length ||
		    strncmp(pattern, workload, length))
			return false;
		pattern = colon + 1;
	}
	return matches(pattern, name, match);
}

const struct metric *metrics_find(const struct metric_table *table,
				  const char *workload, const char *name)
{
	struct match match;
	size_t i;

	for (i = 0; i < table->count; i++)
		if (metric_matches(&table->metrics[i], workload, name, &match))
			return &table->metrics[i];
	return NULL;
}

char *metric_words(const struct metric *metric, const char *workload,
		   const char *name)
{
	size_t room = strlen(metric->words) + STARS_MAX * strlen(name) + 1;
	char *text = xcalloc(room, 1);
	size_t used = 0, next = 0, i;
	struct match match;
	const char *c;

	metric_matches(metric, workload, name, &match);
	for (c = metric->words; *c; c++) {
		if (*c != '*' && *c != '$') {
			text[used++] = *c;
			continue;
		}
		for (i = 0; i < match.length[next]; i++) {
			char copied = match.start[next][i];

			text[used++] = *c == '*' && copied == '_' ? ' ' :
				       copied;
		}
		next++;
	}
	return text;
}

static size_t count_of(const char *text, const char *any)
{
	size_t n = 0;

	for (; *text; text++)
		n += strchr(any, *text) != NULL;
	return n;
}

/* A line whose words are there; what they say is for check_line(). */
static void parse_line(struct metric *m, char *words[WORDS], const char *path,
		       int number)
{
	int scale = scale_find(words[2]);
	int class = class_find(words[3]);
	int better = better_find(words[4]);

	if (scale < 0)
		fail("%s:%d: expected scale ratio or difference, not '%s'",
		     path, number, words[2]);
	if (class < 0)
		fail("%s:%d: expected class outcome, mechanism, counter, hidden or ignore, not '%s'",
		     path, number, words[3]);
	if (better < 0)
		fail("%s:%d: expected better lower, higher or -, not '%s'",
		     path, number, words[4]);
	m->pattern = xstrdup(words[0]);
	m->unit = xstrdup(words[1]);
	m->scale = scale;
	m->class = class;
	m->better = better;
	m->words = xstrdup(words[5] ? words[5] : "");
}

static void check_line(const struct metric *m, const char *path, int number)
{
	size_t stars = count_of(m->pattern, "*");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(m->unit, units[i]))
			break;
	if (m->class != CLASS_IGNORE && i == ARRAY_SIZE(units))
		fail("%s:%d: expected unit ns, bytes, pages, folios, count or share, not '%s'",
		     path, number, m->unit);
	if (m->class == CLASS_OUTCOME && m->better == BETTER_NEITHER)
		fail("%s:%d: expected lower or higher: which way of an outcome is better",
		     path, number);
	if (m->class != CLASS_OUTCOME && m->better != BETTER_NEITHER)
		fail("%s:%d: expected -: only of an outcome one way is better, this is '%s'",
		     path, number, class_words(m->class));
	if (m->class != CLASS_IGNORE && !*m->words)
		fail("%s:%d: expected words for the figure", path, number);
	if (strpbrk(m->pattern, "?[]\\") || stars > STARS_MAX)
		fail("%s:%d: expected a pattern with at most %d *, and without ?, [ and \\",
		     path, number, STARS_MAX);
	if (count_of(m->words, "*$") > stars)
		fail("%s:%d: expected no more * and $ in the words than * in the pattern",
		     path, number);
}

/* Cut a line into its words; the last is all that is left. */
static size_t cut_line(char *line, char *words[WORDS])
{
	size_t n = 0;

	memset(words, 0, WORDS * sizeof(*words));
	for (;;) {
		line += strspn(line, " \t");
		if (!*line)
			return n;
		words[n++] = line;
		if (n == WORDS)
			return n;
		line += strcspn(line, " \t");
		if (*line)
			*line++ = '\0';
	}
}

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
		char *words[WORDS];
		size_t n;

		number++;
		if (*line == '#')
			continue;
		n = cut_line(line, words);
		if (!n)
			continue;
		if (n < WORDS - 1)
			fail("%s:%d: expected pattern unit scale class better words",
			     path, number);
		table->metrics = xrealloc(table->metrics, (table->count + 1) *
					  sizeof(*table->metrics));
		parse_line(&table->metrics[table->count], words, path, number);
		check_line(&table->metrics[table->count++], path, number);
	}
	free(text);
	if (!table->count)
		fail("%s: expected at least one figure", path);
}
