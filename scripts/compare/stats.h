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

struct moments stats_moments(const double *d, size_t n);
void stats_signed_rank(const double *d, size_t n, struct signed_rank *out);
void stats_bootstrap_t(const double *d, size_t n, double level,
		       unsigned int resamples, uint64_t seed,
		       struct interval *out);
void stats_bootstrap_bca(const double *d, size_t n, double level,
			 unsigned int resamples, uint64_t seed,
			 struct interval *out);
void stats_student(const double *d, size_t n, double level,
		   struct interval *out);
void stats_interval(const double *d, size_t n, double level,
		    unsigned int resamples, uint64_t seed,
		    struct interval *out);
void stats_holm(const double *p, size_t m, double *adjusted);
size_t stats_seeds_for_precision(double sd, double half_width, double level);
size_t stats_seeds_for_verdict(double alpha, size_t tests);
const char *stats_interval_name(enum interval_method method);
int stats_interval_find(const char *name);

#endif
