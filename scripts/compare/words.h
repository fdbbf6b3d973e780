/* SPDX-License-Identifier: GPL-2.0-only */
/* The vocabulary of a comparison: what a figure is, and what is said of it. */
#ifndef COMPARE_WORDS_H
#define COMPARE_WORDS_H

/**
 * enum figure_class - what a figure is, in the order in which they are shown
 * @CLASS_MECHANISM: what a patch of reclaim sets out to change: shown first,
 *	with its interval, without a verdict
 * @CLASS_OUTCOME: what a user feels: shown with a verdict, which counts
 * @CLASS_COUNTER: shown with its interval, without a verdict
 * @CLASS_HIDDEN: only in compare.json and with --all
 * @CLASS_IGNORE: not a figure of the kernel
 */
enum figure_class {
	CLASS_MECHANISM,
	CLASS_OUTCOME,
	CLASS_COUNTER,
	CLASS_HIDDEN,
	CLASS_IGNORE,
};

/** enum better - which way of an outcome is better */
enum better {
	BETTER_NEITHER,
	BETTER_LOWER,
	BETTER_HIGHER,
};

/** enum scale - how A and B are compared */
enum scale {
	SCALE_RATIO,
	SCALE_DIFFERENCE,
};

/**
 * enum verdict - what is said of a figure, in the order in which they are shown
 * @VERDICT_WORSE: B is worse
 * @VERDICT_BETTER: B is better
 * @VERDICT_NO_DIFFERENCE: the seeds show none
 * @VERDICT_TOO_NOISY: on the host clock, others had the machine as well
 * @VERDICT_NOT_TESTED: there is one pair, and it differs
 * @VERDICT_NONE: it is no outcome, or there is nothing to compare it with
 */
enum verdict {
	VERDICT_WORSE,
	VERDICT_BETTER,
	VERDICT_NO_DIFFERENCE,
	VERDICT_TOO_NOISY,
	VERDICT_NOT_TESTED,
	VERDICT_NONE,
	VERDICTS,
};

/* The words for each of them; static strings. */
const char *class_words(enum figure_class class);
const char *better_words(enum better better);
const char *scale_words(enum scale scale);
const char *verdict_words(enum verdict verdict);

/* And back: -1 when the word is none. */
int class_find(const char *word);
int better_find(const char *word);
int scale_find(const char *word);
int verdict_find(const char *word);

#endif
