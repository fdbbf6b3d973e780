// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wilcoxon's signed-rank test, bootstrap intervals, Holm's correction and
 * sample sizes, on vectors of paired differences.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>

#include "stats.h"
#include "util.h"

/*
 * Above this many pairs the exact distribution of the rank sum, whose table
 * grows with the square of the pairs, gives way to the normal one. At that
 * size the two agree to four digits.
 */
#define EXACT_PAIRS_MAX 300

/* Ranks differ only when the magnitudes differ by more than rounding. */
#define TIE_RELATIVE 1e-12

/*
 * A studentised resample needs a spread of its own. With fewer pairs than
 * this, or when more than this share of the resamples has no spread because
 * the differences take few distinct values, the tails of the bootstrap are
 * made of such resamples, and Student's t covers better.
 */
#define BOOTSTRAP_PAIRS_MIN 6
#define FLAT_RESAMPLES_MAX 0.001

const char *stats_interval_name(enum interval_method method)
{
	switch (method) {
	case INTERVAL_POINT:
		return "point";
	case INTERVAL_BOOTSTRAP_T:
		return "bootstrap-t";
	case INTERVAL_BCA:
		return "bca";
	case INTERVAL_STUDENT:
		return "student";
	case INTERVAL_NONE:
		break;
	}
	return "none";
}

int stats_interval_find(const char *name)
{
	int method;

	for (method = INTERVAL_NONE; method <= INTERVAL_STUDENT; method++)
		if (!strcmp(stats_interval_name(method), name))
			return method;
	return -1;
}

struct moments stats_moments(const double *d, size_t n)
{
	struct moments m = { 0, 0 };
	double squares = 0;
	bool same = true;
	size_t i;

	if (!n)
		return m;
	for (i = 0; i < n; i++) {
		m.mean += d[i];
		same = same && d[i] == d[0];
	}
	m.mean /= (double)n;
	if (same) {
		m.mean = d[0];
		return m;
	}
	for (i = 0; i < n; i++)
		squares += (d[i] - m.mean) * (d[i] - m.mean);
	m.sd = sqrt(squares / (double)(n - 1));
	return m;
}

struct ranked {
	double magnitude;
	int sign;
	size_t twice_rank;
};

static int ranked_compare(const void *left, const void *right)
{
	const struct ranked *a = left;
	const struct ranked *b = right;

	return (a->magnitude > b->magnitude) - (a->magnitude < b->magnitude);
}

/*
 * Two-sided p-value of a rank sum, from all 2^k sign patterns of the k
 * differences that are not zero, each equally likely when A and B do not
 * differ. Ranks are doubled so that mid-ranks of ties are integers.
 */
static double exact_p(const struct ranked *r, size_t n, size_t twice_plus,
		      size_t twice_total)
{
	double *share = xcalloc(twice_total + 1, sizeof(*share));
	size_t reach = 0;
	double below = 0;
	double above = 0;
	size_t i, s;

	share[0] = 1;
	for (i = 0; i < n; i++) {
		if (!r[i].sign)
			continue;
		reach += r[i].twice_rank;
		for (s = reach + 1; s-- > 0;) {
			double without = share[s] / 2;

			if (s >= r[i].twice_rank)
				without += share[s - r[i].twice_rank] / 2;
			share[s] = without;
		}
	}
	for (s = 0; s <= twice_total; s++) {
		if (s <= twice_plus)
			below += share[s];
		if (s >= twice_plus)
			above += share[s];
	}
	free(share);
	return fmin(1, 2 * fmin(below, above));
}

void stats_signed_rank(const double *d, size_t n, struct signed_rank *out)
{
	struct ranked *r = xcalloc(n + 1, sizeof(*r));
	size_t twice_total = 0;
	size_t twice_plus = 0;
	double variance = 0;
	size_t i, j, k;

	memset(out, 0, sizeof(*out));
	out->n = n;
	out->p = 1;
	out->exact = true;
	for (i = 0; i < n; i++) {
		r[i].magnitude = fabs(d[i]);
		r[i].sign = (d[i] > 0) - (d[i] < 0);
		out->zeros += !r[i].sign;
	}
	qsort(r, n, sizeof(*r), ranked_compare);
	for (i = 0; i < n; i = j) {
		for (j = i + 1; j < n; j++)
			if (r[j].magnitude - r[j - 1].magnitude >
			    TIE_RELATIVE * r[j].magnitude)
				break;
		/* ranks i + 1 ... j share their mean, (i + 1 + j) / 2 */
		for (k = i; k < j; k++)
			r[k].twice_rank = i + 1 + j;
	}
	for (i = 0; i < n; i++) {
		if (!r[i].sign)
			continue;
		twice_total += r[i].twice_rank;
		if (r[i].sign > 0)
			twice_plus += r[i].twice_rank;
		variance += (double)r[i].twice_rank * (double)r[i].twice_rank / 16;
	}
	out->plus = (double)twice_plus / 2;
	out->minus = (double)(twice_total - twice_plus) / 2;
	if (out->zeros < n) {
		out->exact = n <= EXACT_PAIRS_MAX;
		if (out->exact) {
			out->p = exact_p(r, n, twice_plus, twice_total);
		} else {
			double distance = fabs(out->plus - out->minus) / 2 - 0.5;

			out->p = fmin(1, 2 * gsl_cdf_ugaussian_Q(fmax(0, distance) /
								 sqrt(variance)));
		}
	}
	free(r);
}

static int double_compare(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

/* The order statistic (B + 1) * share of B sorted numbers, within bounds. */
static double order_statistic(const double *sorted, size_t count, double share)
{
	double position = floor((double)(count + 1) * share + 0.5);

	if (position < 1)
		position = 1;
	if (position > (double)count)
		position = (double)count;
	return sorted[(size_t)position - 1];
}

static gsl_rng *rng_new(uint64_t seed)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	if (!rng)
		fail("out of memory for a random number generator");
	gsl_rng_set(rng, (unsigned long)(seed & 0xffffffffUL));
	return rng;
}

/* Handles what needs no resampling. Return: true when out is final. */
static bool interval_trivial(const struct moments *m, size_t n,
			     struct interval *out)
{
	out->method = INTERVAL_NONE;
	out->low = 0;
	out->high = 0;
	if (n < 2)
		return true;
	if (m->sd > 0)
		return false;
	out->method = INTERVAL_POINT;
	out->low = m->mean;
	out->high = m->mean;
	return true;
}

void stats_bootstrap_t(const double *d, size_t n, double level,
		       unsigned int resamples, uint64_t seed,
		       struct interval *out)
{
	struct moments m = stats_moments(d, n);
	double standard_error;
	unsigned int flat = 0;
	unsigned int i;
	double *t;
	gsl_rng *rng;

	if (interval_trivial(&m, n, out))
		return;
	t = xcalloc(resamples, sizeof(*t));
	rng = rng_new(seed);
	standard_error = m.sd / sqrt((double)n);
	for (i = 0; i < resamples; i++) {
		double sum = 0, squares = 0, mean, variance;
		size_t j;

		for (j = 0; j < n; j++) {
			double x = d[gsl_rng_uniform_int(rng, n)] - m.mean;

			sum += x;
			squares += x * x;
		}
		mean = sum / (double)n;
		variance = (squares - sum * mean) / (double)(n - 1);
		if (variance <= 1e-12 * m.sd * m.sd) {
			flat++;
			t[i] = mean == 0 ? 0 : copysign(INFINITY, mean);
			continue;
		}
		t[i] = mean / sqrt(variance / (double)n);
	}
	gsl_rng_free(rng);
	qsort(t, resamples, sizeof(*t), double_compare);
	out->low = m.mean - standard_error *
		   order_statistic(t, resamples, 1 - (1 - level) / 2);
	out->high = m.mean - standard_error *
		    order_statistic(t, resamples, (1 - level) / 2);
	free(t);
	if (flat <= FLAT_RESAMPLES_MAX * resamples && isfinite(out->low) &&
	    isfinite(out->high))
		out->method = INTERVAL_BOOTSTRAP_T;
}

void stats_bootstrap_bca(const double *d, size_t n, double level,
			 unsigned int resamples, uint64_t seed,
			 struct interval *out)
{
	struct moments m = stats_moments(d, n);
	double cubes = 0, squares = 0;
	double bias, acceleration;
	double below = 0;
	double ends[2];
	double *means;
	unsigned int i;
	gsl_rng *rng;
	size_t j;

	if (interval_trivial(&m, n, out))
		return;
	means = xcalloc(resamples, sizeof(*means));
	rng = rng_new(seed);
	for (i = 0; i < resamples; i++) {
		double sum = 0;

		for (j = 0; j < n; j++)
			sum += d[gsl_rng_uniform_int(rng, n)] - m.mean;
		means[i] = sum / (double)n;
		below += means[i] < 0 ? 1 : means[i] > 0 ? 0 : 0.5;
	}
	gsl_rng_free(rng);
	qsort(means, resamples, sizeof(*means), double_compare);
	for (j = 0; j < n; j++) {
		double x = d[j] - m.mean;

		squares += x * x;
		cubes += x * x * x;
	}
	acceleration = cubes / (6 * pow(squares, 1.5));
	below = fmin(fmax(below, 0.5), resamples - 0.5);
	bias = gsl_cdf_ugaussian_Pinv(below / resamples);
	ends[0] = gsl_cdf_ugaussian_Pinv((1 - level) / 2);
	ends[1] = -ends[0];
	for (i = 0; i < 2; i++) {
		double z = bias + ends[i];
		double share = gsl_cdf_ugaussian_P(bias + z / (1 - acceleration * z));

		ends[i] = m.mean + order_statistic(means, resamples, share);
	}
	free(means);
	out->method = INTERVAL_BCA;
	out->low = ends[0];
	out->high = ends[1];
}

void stats_student(const double *d, size_t n, double level,
		   struct interval *out)
{
	struct moments m = stats_moments(d, n);
	double half;

	if (interval_trivial(&m, n, out))
		return;
	half = gsl_cdf_tdist_Qinv((1 - level) / 2, (double)(n - 1)) * m.sd /
	       sqrt((double)n);
	out->method = INTERVAL_STUDENT;
	out->low = m.mean - half;
	out->high = m.mean + half;
}

void stats_interval(const double *d, size_t n, double level,
		    unsigned int resamples, uint64_t seed,
		    struct interval *out)
{
	if (n >= BOOTSTRAP_PAIRS_MIN) {
		stats_bootstrap_t(d, n, level, resamples, seed, out);
		if (out->method != INTERVAL_NONE)
			return;
	}
	stats_student(d, n, level, out);
}

struct indexed {
	double p;
	size_t index;
};

static int indexed_compare(const void *left, const void *right)
{
	const struct indexed *a = left;
	const struct indexed *b = right;

	if (a->p != b->p)
		return (a->p > b->p) - (a->p < b->p);
	return (a->index > b->index) - (a->index < b->index);
}

void stats_holm(const double *p, size_t m, double *adjusted)
{
	struct indexed *sorted = xcalloc(m + 1, sizeof(*sorted));
	double highest = 0;
	size_t i;

	for (i = 0; i < m; i++) {
		sorted[i].p = p[i];
		sorted[i].index = i;
	}
	qsort(sorted, m, sizeof(*sorted), indexed_compare);
	for (i = 0; i < m; i++) {
		highest = fmax(highest, (double)(m - i) * sorted[i].p);
		adjusted[sorted[i].index] = fmin(1, highest);
	}
	free(sorted);
}

static bool precise_enough(size_t n, double sd, double half_width, double level)
{
	double t = gsl_cdf_tdist_Qinv((1 - level) / 2, (double)(n - 1));

	return t * sd / sqrt((double)n) <= half_width;
}

size_t stats_seeds_for_precision(double sd, double half_width, double level)
{
	size_t low = 1;
	size_t high = 2;

	if (!(half_width > 0))
		return 0;
	while (!precise_enough(high, sd, half_width, level)) {
		if (high > 1000000)
			return 0;
		low = high;
		high *= 2;
	}
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (precise_enough(middle, sd, half_width, level))
			high = middle;
		else
			low = middle;
	}
	return high;
}

size_t stats_seeds_for_verdict(double alpha, size_t tests)
{
	double p = 1;
	size_t n = 1;

	if (!tests)
		tests = 1;
	while (p > alpha / (double)tests) {
		p /= 2;
		n++;
	}
	return n;
}
