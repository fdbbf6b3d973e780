/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Statistics of a paired comparison. Everything here works on the vector
 * of paired differences d[i]: the natural logarithm of B/A, or B - A.
 * Documentation/statistics.md explains each of these so that it can be
 * checked by hand.
 */
#ifndef COMPARE_STATS_H
#define COMPARE_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** enum interval_method - how a confidence interval of a mean is made */
enum interval_method {
	INTERVAL_NONE,		/* fewer than two pairs, or not finite */
	INTERVAL_POINT,		/* all differences are the same number */
	INTERVAL_BOOTSTRAP_T,	/* percentile-t (studentised) bootstrap */
	INTERVAL_BCA,		/* bias-corrected and accelerated bootstrap */
	INTERVAL_STUDENT,	/* Student's t, for comparison in the tests */
};

/**
 * struct interval - confidence interval of the mean of the differences
 * @method: what made it; low and high mean nothing for INTERVAL_NONE
 * @low: lower end, in the unit of the differences
 * @high: upper end, in the unit of the differences
 */
struct interval {
	enum interval_method method;
	double low;
	double high;
};

/**
 * struct signed_rank - a Wilcoxon signed-rank test
 * @n: pairs, zeros included
 * @zeros: pairs whose difference is exactly zero
 * @plus: sum of the ranks of the positive differences
 * @minus: sum of the ranks of the negative differences
 * @p: two-sided p-value; 1 when every difference is zero
 * @exact: the p-value comes from all sign patterns, not from the normal
 */
struct signed_rank {
	size_t n;
	size_t zeros;
	double plus;
	double minus;
	double p;
	bool exact;
};

/** struct moments - mean and spread of the differences */
struct moments {
	double mean;
	double sd;	/* sample standard deviation (n - 1); 0 when n < 2 */
};

/**
 * stats_moments() - mean and sample standard deviation
 * @d: the differences
 * @n: how many; 0 gives zeros
 *
 * Return: exactly the common value and exactly 0 when all are equal, so
 * that identical input compares as identical.
 */
struct moments stats_moments(const double *d, size_t n);

/**
 * stats_signed_rank() - Wilcoxon's signed-rank test, two-sided
 * @d: paired differences
 * @n: how many
 * @out: the result
 *
 * Zeros are treated as Pratt (1959) does: they take part in the ranking,
 * their ranks are then left out. Ties get the mean of their ranks. The
 * p-value is exact given the magnitudes, also with ties and zeros.
 */
void stats_signed_rank(const double *d, size_t n, struct signed_rank *out);

/**
 * stats_bootstrap_t() - percentile-t bootstrap interval of the mean
 * @d: paired differences
 * @n: how many
 * @level: confidence level, e.g. 0.95
 * @resamples: number of resamples, e.g. 9999
 * @seed: seed of the random numbers; the same seed gives the same interval
 * @out: the interval; INTERVAL_NONE when too many resamples have no spread
 */
void stats_bootstrap_t(const double *d, size_t n, double level,
		       unsigned int resamples, uint64_t seed,
		       struct interval *out);

/**
 * stats_bootstrap_bca() - bias-corrected, accelerated interval of the mean
 * @d: paired differences
 * @n: how many
 * @level: confidence level, e.g. 0.95
 * @resamples: number of resamples, e.g. 9999
 * @seed: seed of the random numbers; the same seed gives the same interval
 * @out: the interval
 *
 * The acceleration is that of the jackknife, which for a mean is
 * sum(x^3) / (6 sum(x^2)^1.5) with x the deviations from the mean.
 */
void stats_bootstrap_bca(const double *d, size_t n, double level,
			 unsigned int resamples, uint64_t seed,
			 struct interval *out);

/**
 * stats_student() - Student's t interval of the mean
 * @d: paired differences
 * @n: how many
 * @level: confidence level, e.g. 0.95
 * @out: the interval
 */
void stats_student(const double *d, size_t n, double level,
		   struct interval *out);

/**
 * stats_interval() - the interval that compare.json reports
 * @d: paired differences
 * @n: how many
 * @level: confidence level, e.g. 0.95
 * @resamples: number of resamples, e.g. 9999
 * @seed: seed of the random numbers
 * @out: percentile-t bootstrap; Student's t with fewer than
 *	 BOOTSTRAP_PAIRS_MIN pairs, or when the differences take too few
 *	 distinct values for a bootstrap; the point itself when they are
 *	 all the same; none with fewer than two
 */
void stats_interval(const double *d, size_t n, double level,
		    unsigned int resamples, uint64_t seed,
		    struct interval *out);

/**
 * stats_holm() - Holm's step-down adjustment of p-values
 * @p: the p-values
 * @m: how many tests were looked at
 * @adjusted: where the adjusted p-values go, in the order of @p
 *
 * The chance that any of the tests with an adjusted p-value of at most
 * alpha is a false alarm is at most alpha, however the tests depend on
 * each other.
 */
void stats_holm(const double *p, size_t m, double *adjusted);

/**
 * stats_seeds_for_precision() - seeds for an interval of a wanted half-width
 * @sd: standard deviation of the differences
 * @half_width: wanted half-width, in the unit of the differences, above 0
 * @level: confidence level
 *
 * Return: the smallest n with t(n - 1) * sd / sqrt(n) <= half_width; 2 when
 * there is no spread; 0 when more than a million would be needed.
 */
size_t stats_seeds_for_precision(double sd, double half_width, double level);

/**
 * stats_seeds_for_verdict() - the fewest seeds that can give any verdict
 * @alpha: level of the family of tests, e.g. 0.05
 * @tests: how many tests are looked at
 *
 * With n pairs, all pointing the same way, the signed-rank test gives
 * p = 2 / 2^n; Holm's first step asks for alpha / tests.
 *
 * Return: the smallest n with 2 / 2^n <= alpha / tests.
 */
size_t stats_seeds_for_verdict(double alpha, size_t tests);

/**
 * stats_interval_name() - the name of a method in compare.json
 * @method: the method
 *
 * Return: a static string; "none" for no interval.
 */
const char *stats_interval_name(enum interval_method method);

/**
 * stats_interval_find() - the method of a name in compare.json
 * @name: the name
 *
 * Return: the method, or -1.
 */
int stats_interval_find(const char *name);

#endif
