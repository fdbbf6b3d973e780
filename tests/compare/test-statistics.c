// SPDX-License-Identifier: GPL-2.0-only
/* Known answers: published examples, tables, and enumeration by brute force. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "layouts.h"
#include "stats.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void assert_near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.10g is not within %g of %.10g", value, tolerance,
			 expected);
}

/* Hollander & Wolfe (1973), p. 29: depression scale before and after. */
static void test_hollander_wolfe(void **state)
{
	static const double before[] = { 1.83, 0.50, 1.62, 2.48, 1.68, 1.88,
					 1.55, 3.06, 1.30 };
	static const double after[] = { 0.878, 0.647, 0.598, 2.05, 1.06, 1.29,
					1.06, 3.14, 1.29 };
	double d[LENGTH(before)];
	struct signed_rank r;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(d); i++)
		d[i] = before[i] - after[i];
	stats_signed_rank(d, LENGTH(d), &r);
	assert_near(r.plus, 40, 0);
	assert_near(r.p, 0.0390625, 1e-12);
	assert_true(r.exact);
}

/* Darwin's maize, crossed minus self-fertilised, in eighths of an inch. */
static void test_darwin(void **state)
{
	static const double d[] = { 49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56,
				    24, 75, 60, -48 };
	struct signed_rank r;

	(void)state;
	stats_signed_rank(d, LENGTH(d), &r);
	assert_near(r.minus, 24, 0);
	assert_near(r.plus, 96, 0);
	assert_near(r.p, 0.041259765625, 1e-12);
}

/* Student's (1908) sleep data: a zero and ties; nine of nine point one way. */
static void test_sleep(void **state)
{
	static const double d[] = { 1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8,
				    4.6, 1.4 };
	struct signed_rank r;
	struct interval in;

	(void)state;
	stats_signed_rank(d, LENGTH(d), &r);
	assert_int_equal(r.zeros, 1);
	assert_near(r.plus, 54, 0);
	assert_near(r.p, 2.0 / 512, 1e-15);
	assert_near(stats_moments(d, LENGTH(d)).mean, 1.58, 1e-12);
	assert_near(stats_moments(d, LENGTH(d)).sd, 1.229995, 1e-6);
	stats_student(d, LENGTH(d), 0.95, &in);
	assert_near(in.low, 0.7001142, 1e-6);
	assert_near(in.high, 2.4598858, 1e-6);
}

/* By hand: ranks 1 | 3 3 3 | 5, the zero's rank 1 is left out. */
static void test_pratt_by_hand(void **state)
{
	static const double d[] = { 0, 1, 1, -1, 2 };
	struct signed_rank r;

	(void)state;
	stats_signed_rank(d, LENGTH(d), &r);
	assert_near(r.plus, 11, 0);
	assert_near(r.minus, 3, 0);
	assert_near(r.p, 0.5, 1e-15);
}

/* Two-sided 5 % limits from the tables (Wilcoxon & Wilcox 1964). */
static void test_critical_values(void **state)
{
	static const struct {
		size_t n;
		unsigned int limit;
	} table[] = { { 6, 0 }, { 7, 2 }, { 8, 3 }, { 9, 5 }, { 10, 8 },
		      { 11, 10 }, { 12, 13 }, { 13, 17 }, { 14, 21 },
		      { 15, 25 }, { 16, 29 }, { 17, 34 }, { 18, 40 },
		      { 19, 46 }, { 20, 52 }, { 25, 89 }, { 30, 137 } };
	size_t i, j, more;

	(void)state;
	for (i = 0; i < LENGTH(table); i++)
		for (more = 0; more < 2; more++) {
			unsigned int left = table[i].limit + more;
			struct signed_rank r;
			double d[30];

			/* greedy: a set of ranks with the sum "left" */
			for (j = table[i].n; j-- > 0;) {
				bool minus = left >= j + 1;

				d[j] = minus ? -(double)(j + 1) : (double)(j + 1);
				left -= minus ? j + 1 : 0;
			}
			stats_signed_rank(d, table[i].n, &r);
			assert_near(r.minus, table[i].limit + more, 0);
			assert_true((r.p <= 0.05) == !more);
		}
}

/* Every one of the 2^n sign patterns, counted one by one. */
static double enumerate_p(const double *d, size_t n)
{
	double rank[16], plus = 0, total = 0;
	size_t i, j, pattern, below = 0, above = 0, patterns;

	for (i = 0; i < n; i++) {
		double less = 0, same = 0;

		for (j = 0; j < n; j++) {
			less += fabs(d[j]) < fabs(d[i]);
			same += fabs(d[j]) == fabs(d[i]);
		}
		rank[i] = d[i] == 0 ? 0 : less + (same + 1) / 2;
		plus += d[i] > 0 ? rank[i] : 0;
		total += rank[i];
	}
	patterns = (size_t)1 << n;
	for (pattern = 0; pattern < patterns; pattern++) {
		double sum = 0;

		for (i = 0; i < n; i++)
			sum += pattern >> i & 1 ? rank[i] : 0;
		below += sum <= plus;
		above += sum >= plus;
	}
	return fmin(1, 2.0 * fmin((double)below, (double)above) /
		    (double)patterns);
}

static void test_enumeration(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	size_t round, i;

	(void)state;
	for (round = 0; round < 300; round++) {
		size_t n = 1 + gsl_rng_uniform_int(rng, 11);
		struct signed_rank r;
		double d[16];

		/* few values: many ties and zeros */
		for (i = 0; i < n; i++)
			d[i] = (double)gsl_rng_uniform_int(rng, 9) - 3;
		stats_signed_rank(d, n, &r);
		assert_near(r.p, enumerate_p(d, n), 1e-12);
	}
	gsl_rng_free(rng);
}

/* With 300 pairs exact and with 301 normal: no jump at the seam. */
static void test_large(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct signed_rank exact, normal;
	double d[301];
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(d); i++)
		d[i] = gsl_ran_gaussian(rng, 1) + 0.12;
	d[300] = 1e-6;
	stats_signed_rank(d, 300, &exact);
	stats_signed_rank(d, 301, &normal);
	assert_true(exact.exact);
	assert_false(normal.exact);
	assert_true(exact.p < 0.2);
	assert_near(normal.p, exact.p, 0.05 * exact.p);
	gsl_rng_free(rng);
}

static void test_rounding_is_a_tie(void **state)
{
	double d[2] = { log(200.0 / 100), log(300.0 / 150) + 3e-16 };
	struct signed_rank r;

	(void)state;
	stats_signed_rank(d, 2, &r);
	assert_near(r.plus, 3, 0);
	d[1] = -d[1];
	stats_signed_rank(d, 2, &r);
	assert_near(r.plus, 1.5, 0);
}

static void test_nothing(void **state)
{
	static const double zeros[4];
	struct signed_rank r;
	struct interval in;

	(void)state;
	stats_signed_rank(zeros, 0, &r);
	assert_near(r.p, 1, 0);
	stats_signed_rank(zeros, 4, &r);
	assert_near(r.p, 1, 0);
	stats_interval(zeros, 4, 0.95, 999, 1, &in);
	assert_int_equal(in.method, INTERVAL_POINT);
	assert_near(in.low, 0, 0);
	assert_near(in.high, 0, 0);
	stats_interval(zeros, 1, 0.95, 999, 1, &in);
	assert_int_equal(in.method, INTERVAL_NONE);
	assert_near(stats_moments(zeros, 0).mean, 0, 0);
}

/* The example of Holm's procedure with p = 0.01, 0.04, 0.03, 0.005. */
static void test_holm(void **state)
{
	static const double p[] = { 0.01, 0.04, 0.03, 0.005 };
	double adjusted[4];

	(void)state;
	stats_holm(p, 4, adjusted);
	assert_near(adjusted[0], 0.03, 1e-15);
	assert_near(adjusted[1], 0.06, 1e-15);
	assert_near(adjusted[2], 0.06, 1e-15);
	assert_near(adjusted[3], 0.02, 1e-15);
	stats_holm(p, 0, adjusted);
}

static int compare_doubles(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

/*
 * With six pairs there are 6^6 resamples: go through all of them, once, for
 * the ideal intervals that random resampling approaches.
 */
static void test_bootstrap_enumerated(void **state)
{
	static const double d[6] = { -0.11, 0.02, 0.05, 0.07, 0.19, 0.30 };
	static double t[46656], means[46656];
	struct moments m = stats_moments(d, 6);
	struct interval in;
	double error = m.sd / sqrt(6);
	size_t round, i;

	(void)state;
	for (round = 0; round < LENGTH(t); round++) {
		size_t rest = round;
		struct moments star;
		double sample[6];

		for (i = 0; i < 6; i++, rest /= 6)
			sample[i] = d[rest % 6];
		star = stats_moments(sample, 6);
		means[round] = star.mean;
		t[round] = star.sd > 0 ? (star.mean - m.mean) /
			   (star.sd / sqrt(6)) :
			   copysign(INFINITY, star.mean - m.mean);
	}
	qsort(t, LENGTH(t), sizeof(*t), compare_doubles);
	qsort(means, LENGTH(means), sizeof(*means), compare_doubles);
	stats_bootstrap_t(d, 6, 0.95, 99999, 1, &in);
	assert_int_equal(in.method, INTERVAL_BOOTSTRAP_T);
	assert_near(in.low, m.mean - error * t[(size_t)(0.975 * LENGTH(t))],
		    0.1 * error);
	assert_near(in.high, m.mean - error * t[(size_t)(0.025 * LENGTH(t))],
		    0.1 * error);
	/* no skew: BCa is the plain percentile interval */
	stats_bootstrap_bca((double[]){ -3, -2, -1, 1, 2, 3 }, 6, 0.95, 99999,
			    1, &in);
	assert_near(in.low, -in.high, 0.1);
	stats_bootstrap_bca(d, 6, 0.95, 99999, 1, &in);
	assert_true(in.low > means[(size_t)(0.015 * LENGTH(t))]);
	assert_true(in.high < means[(size_t)(0.99 * LENGTH(t))]);
}

/* Other units, another origin: the same interval, expressed in them. */
static void test_bootstrap_equivariant(void **state)
{
	static const double d[8] = { 3, -1, 4, 1, -5, 9, 2, 6 };
	struct interval in, scaled, again;
	double moved[8];
	size_t i;

	(void)state;
	for (i = 0; i < 8; i++)
		moved[i] = 1000 * d[i] - 7;
	stats_interval(d, 8, 0.95, 999, 42, &in);
	stats_interval(moved, 8, 0.95, 999, 42, &scaled);
	stats_interval(d, 8, 0.95, 999, 42, &again);
	assert_near(scaled.low, 1000 * in.low - 7, 1e-6);
	assert_near(scaled.high, 1000 * in.high - 7, 1e-6);
	assert_true(again.low == in.low && again.high == in.high);
	stats_interval(d, 8, 0.95, 999, 43, &again);
	assert_true(again.low != in.low);
}

/* Few pairs or few distinct values: Student's t, never an infinite end. */
static void test_fallback(void **state)
{
	static const double rare[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5 };
	struct interval in;

	(void)state;
	stats_interval(rare, 12, 0.95, 999, 1, &in);
	assert_int_equal(in.method, INTERVAL_STUDENT);
	assert_true(in.low < 0 && in.high < 2);
	stats_interval((double[]){ 1, 2, 4 }, 3, 0.95, 999, 1, &in);
	assert_int_equal(in.method, INTERVAL_STUDENT);
}

static void test_sample_sizes(void **state)
{
	(void)state;
	/* t(17) 1/sqrt(18) = 0.4973, t(16) 1/sqrt(17) = 0.5142 */
	assert_int_equal(stats_seeds_for_precision(1, 0.5, 0.95), 18);
	assert_int_equal(stats_seeds_for_precision(0, 0.5, 0.95), 2);
	assert_int_equal(stats_seeds_for_precision(1, 0, 0.95), 0);
	assert_int_equal(stats_seeds_for_precision(1e9, 1, 0.95), 0);
	assert_int_equal(stats_seeds_for_verdict(0.05, 1), 6);
	assert_int_equal(stats_seeds_for_verdict(0.05, 65), 12);
}

/*
 * Snedecor & Cochran, Statistical Methods, 8th ed., 13.3: calcium in four leaves
 * of a turnip, four determinations each. Between 0.2961, within 0.0066; the
 * component between leaves is 0.0724.
 */
static void test_between_groups(void **state)
{
	static const double calcium[] = {
		3.28, 3.09, 3.03, 3.03, 3.52, 3.48, 3.38, 3.38,
		2.88, 2.80, 2.81, 2.76, 3.34, 3.38, 3.23, 3.26,
	};
	static const double two[] = { 1, 3, 11, 14, 17, 1 };
	static const json_int_t sizes[] = { 7, 7, 4, 4, 4, 7 };
	static const json_int_t one[] = { 2, 2, 2, 2, 2, 2 };
	static const json_int_t each[] = { 1, 2, 3, 4, 5, 6 };
	json_int_t leaf[LENGTH(calcium)];
	struct between b;
	size_t i;

	(void)state;
	for (i = 0; i < LENGTH(leaf); i++)
		leaf[i] = i / 4;
	assert_true(between_groups(calcium, leaf, LENGTH(leaf), &b));
	assert_int_equal(b.groups, 4);
	assert_near(b.share, 0.0724 / (0.0724 + 0.0066), 0.001);
	assert_true(b.p < 1e-6);
	/*
	 * Of 1, 3, 1 and 11, 14, 17: means 5/3 and 14, within (8/3 + 18) / 4,
	 * between 3 (37/6)^2 2, F = 228.17 / 5.1667; with 1 and 4 degrees of
	 * freedom F is t^2.
	 */
	assert_true(between_groups(two, sizes, 6, &b));
	assert_near(b.share, (228.1667 - 5.1667) / 3 /
		    ((228.1667 - 5.1667) / 3 + 5.1667), 1e-4);
	assert_near(b.p, 2 * gsl_cdf_tdist_Q(sqrt(228.1667 / 5.1667), 4), 1e-6);
	assert_false(between_groups(two, one, 6, &b));
	assert_false(between_groups(two, each, 6, &b));
	assert_false(between_groups(two, each, 0, &b));
	/* alike between groups, unlike within: not less than nothing */
	assert_true(between_groups((double[]){ 1, 9, 1, 9 },
				   (json_int_t[]){ 1, 1, 2, 2 }, 4, &b));
	assert_near(b.share, 0, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hollander_wolfe),
		cmocka_unit_test(test_darwin),
		cmocka_unit_test(test_sleep),
		cmocka_unit_test(test_pratt_by_hand),
		cmocka_unit_test(test_critical_values),
		cmocka_unit_test(test_enumeration),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_rounding_is_a_tie),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_holm),
		cmocka_unit_test(test_bootstrap_enumerated),
		cmocka_unit_test(test_bootstrap_equivariant),
		cmocka_unit_test(test_fallback),
		cmocka_unit_test(test_between_groups),
		cmocka_unit_test(test_sample_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
