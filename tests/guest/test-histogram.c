// SPDX-License-Identifier: GPL-2.0-only
/*
 * The latency histogram's promises, and the random numbers against their
 * published test vectors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "latency_histogram.h"
#include "prng.h"

static struct latency_histogram histogram, other;

static int clear(void **state)
{
	(void)state;
	memset(&histogram, 0, sizeof(histogram));
	memset(&other, 0, sizeof(other));
	return 0;
}

static void buckets_cover_everything(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(latency_bucket_low(0), 0);
	for (i = 0; i < LATENCY_BUCKETS; i++) {
		uint64_t low = latency_bucket_low(i);
		uint64_t high = latency_bucket_high(i);

		assert_true(low <= high);
		assert_int_equal(latency_bucket(low), i);
		assert_int_equal(latency_bucket(high), i);
		/* the next begins where this one ends */
		if (i + 1 < LATENCY_BUCKETS)
			assert_true(latency_bucket_low(i + 1) == high + 1);
		/* the bound on the error: 1/64 of the value */
		assert_true((high - low) <= low / 64);
	}
	assert_true(latency_bucket_high(LATENCY_BUCKETS - 1) == UINT64_MAX);
	assert_int_equal(latency_bucket(UINT64_MAX), LATENCY_BUCKETS - 1);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Every quantile lies between the exact one and 1/64 above it. */
static void quantiles_are_bounded(void **state)
{
	static const uint64_t per_mille[] = { 1, 500, 900, 990, 999, 1000 };
	enum { SAMPLES = 12345 };
	static uint64_t sample[SAMPLES];
	struct prng prng;
	unsigned int i;

	(void)state;
	prng_seed(&prng, 7, 0);
	for (i = 0; i < SAMPLES; i++) {
		sample[i] = prng_next(&prng) >> prng_below(&prng, 64);
		latency_record(&histogram, sample[i]);
	}
	qsort(sample, SAMPLES, sizeof(sample[0]), compare);
	assert_int_equal(histogram.count, SAMPLES);
	assert_true(histogram.max == sample[SAMPLES - 1]);
	for (i = 0; i < sizeof(per_mille) / sizeof(per_mille[0]); i++) {
		uint64_t rank = (SAMPLES * per_mille[i] + 999) / 1000;
		uint64_t exact = sample[rank - 1];
		uint64_t got = latency_quantile(&histogram, per_mille[i]);

		assert_true(got >= exact);
		assert_true(got - exact <= exact / 64);
	}
}

static void no_sample_is_no_quantile(void **state)
{
	(void)state;
	assert_int_equal(latency_quantile(&histogram, 999), 0);
	latency_record(&histogram, 1000000);
	/* one sample is all its quantiles, exactly: the maximum caps them */
	assert_int_equal(latency_quantile(&histogram, 1), 1000000);
	assert_int_equal(latency_quantile(&histogram, 1000), 1000000);
}

static void merging_is_recording_both(void **state)
{
	struct latency_histogram both = { .count = 0 };
	struct prng prng;
	unsigned int i;

	(void)state;
	prng_seed(&prng, 8, 0);
	for (i = 0; i < 5000; i++) {
		uint64_t value = prng_next(&prng) >> 30;

		latency_record(i & 1 ? &histogram : &other, value);
		latency_record(&both, value);
	}
	latency_merge(&histogram, &other);
	assert_memory_equal(&histogram, &both, sizeof(both));
}

/* What is printed has every sample, in buckets whose low value is theirs. */
static void print_loses_nothing(void **state)
{
	uint64_t low, count, sum = 0;
	char line[128];
	FILE *out;
	unsigned int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		latency_record(&histogram, (uint64_t)i * i * 1000);
	out = tmpfile();
	assert_non_null(out);
	latency_print(out, "fault", &histogram);
	rewind(out);
	while (fgets(line, sizeof(line), out)) {
		if (sscanf(line, "histogram fault %lu %lu", &low, &count) != 2)
			continue;
		assert_int_equal(latency_bucket_low(latency_bucket(low)), low);
		sum += count;
	}
	fclose(out);
	assert_int_equal(sum, 1000);
}

/* splitmix64 from state 0; xoshiro256** from state 1, 2, 3, 4. */
static void numbers_are_the_published_ones(void **state)
{
	struct prng prng = { .s = { 1, 2, 3, 4 } };

	(void)state;
	assert_true(prng_mix(0) == 0xe220a8397b1dcdafull);
	assert_true(prng_mix(0x9e3779b97f4a7c15ull) == 0x6e789e6aa1b965f4ull);
	assert_true(prng_next(&prng) == 11520);
	assert_true(prng_next(&prng) == 0);
	assert_true(prng_next(&prng) == 1509978240);
	assert_true(prng_next(&prng) == 1215971899390074240ull);
}

static void streams_differ_and_stay_below(void **state)
{
	struct prng a, b, again;
	unsigned int i, equal = 0;

	(void)state;
	prng_seed(&a, 1, 0);
	prng_seed(&b, 1, 1);
	prng_seed(&again, 1, 0);
	for (i = 0; i < 1000; i++) {
		uint64_t value = prng_next(&a);

		equal += value == prng_next(&b);
		assert_true(value == prng_next(&again));
		assert_true(prng_below(&b, 10) < 10);
		prng_next(&b);
		prng_below(&a, 1);
		prng_next(&again);
	}
	assert_int_equal(equal, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(buckets_cover_everything, clear),
		cmocka_unit_test_setup(quantiles_are_bounded, clear),
		cmocka_unit_test_setup(no_sample_is_no_quantile, clear),
		cmocka_unit_test_setup(merging_is_recording_both, clear),
		cmocka_unit_test_setup(print_loses_nothing, clear),
		cmocka_unit_test_setup(numbers_are_the_published_ones, clear),
		cmocka_unit_test_setup(streams_differ_and_stay_below, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
