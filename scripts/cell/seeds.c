// SPDX-License-Identifier: GPL-2.0-only
/* Lists of seeds. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "seeds.h"
#include "util.h"

#define SEEDS_MAX	100000

static int by_size(const void *left, const void *right)
{
	long long a = *(const long long *)left, b = *(const long long *)right;

	return (a > b) - (a < b);
}

/* A whole number above 0 at @text; *@end is what follows. */
static long long number(const char *text, const char **end)
{
	long long value = 0;

	*end = text;
	if (*text < '1' || *text > '9')
		return 0;
	while (isdigit((unsigned char)**end) && value <= SEED_MAX)
		value = value * 10 + (*(*end)++ - '0');
	return value <= SEED_MAX ? value : 0;
}

static void add_range(struct seeds *seeds, long long first, long long last)
{
	seeds->list = xrealloc(seeds->list, (seeds->count + last - first + 1) *
			       sizeof(*seeds->list));
	for (; first <= last; first++)
		seeds->list[seeds->count++] = first;
}

struct seeds seeds_parse(const char *text, const char *what)
{
	struct seeds seeds = { NULL, 0 };
	const char *at = text, *end;
	size_t i, kept = 0;

	if (!strpbrk(text, "-,")) {
		long long count = number(text, &end);

		if (!count || *end || count > SEEDS_MAX)
			fail("%s: expected a whole number above 0, got '%s'",
			     what, text);
		add_range(&seeds, 1, count);
		return seeds;
	}
	for (;;) {
		const char *part = at;
		long long first = number(at, &end), last = first;

		if (first && *end == '-')
			last = number(end + 1, &end);
		if (!first || !last || (*end && *end != ','))
			fail("%s: expected a whole number above 0, got '%s'",
			     what, text);
		if (last < first || last - first >= SEEDS_MAX)
			fail("%s: expected a range that goes up, got '%.*s'",
			     what, (int)(end - part), part);
		add_range(&seeds, first, last);
		if (!*end)
			break;
		at = end + 1;
	}
	qsort(seeds.list, seeds.count, sizeof(*seeds.list), by_size);
	for (i = 0; i < seeds.count; i++)
		if (!i || seeds.list[i] != seeds.list[kept - 1])
			seeds.list[kept++] = seeds.list[i];
	seeds.count = kept;
	return seeds;
}
