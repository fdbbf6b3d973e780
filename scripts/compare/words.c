// SPDX-License-Identifier: GPL-2.0-only
/* The only place where a verdict, a class or a scale is put into words. */
#include <string.h>

#include "util.h"
#include "words.h"

static const char *const classes[] = {
	[CLASS_MECHANISM] = "mechanism",
	[CLASS_OUTCOME] = "outcome",
	[CLASS_COUNTER] = "counter",
	[CLASS_HIDDEN] = "hidden",
	[CLASS_IGNORE] = "ignore",
};

static const char *const betters[] = {
	[BETTER_NEITHER] = "-",
	[BETTER_LOWER] = "lower",
	[BETTER_HIGHER] = "higher",
};

static const char *const scales[] = {
	[SCALE_RATIO] = "ratio",
	[SCALE_DIFFERENCE] = "difference",
};

static const char *const verdicts[] = {
	[VERDICT_WORSE] = "worse",
	[VERDICT_BETTER] = "better",
	[VERDICT_NO_DIFFERENCE] = "no difference shown",
	[VERDICT_TOO_NOISY] = "too noisy to tell",
	[VERDICT_NOT_TESTED] = "not tested",
	[VERDICT_NONE] = "no verdict",
};

static int find_word(const char *const *words, size_t count, const char *word)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(words[i], word))
			return (int)i;
	return -1;
}

const char *class_words(enum figure_class class)
{
	return classes[class];
}

const char *better_words(enum better better)
{
	return betters[better];
}

const char *scale_words(enum scale scale)
{
	return scales[scale];
}

const char *verdict_words(enum verdict verdict)
{
	return verdicts[verdict];
}

int class_find(const char *word)
{
	return find_word(classes, ARRAY_SIZE(classes), word);
}

int better_find(const char *word)
{
	return find_word(betters, ARRAY_SIZE(betters), word);
}

int scale_find(const char *word)
{
	return find_word(scales, ARRAY_SIZE(scales), word);
}

int verdict_find(const char *word)
{
	return find_word(verdicts, ARRAY_SIZE(verdicts), word);
}
