// SPDX-License-Identifier: GPL-2.0-only
/*
 * User space half of the latency histogram: recording, merging, quantiles,
 * and the lines of the result protocol.
 */
#include <inttypes.h>

#include "latency_histogram.h"

/**
 * latency_record() - count one sample
 * @histogram: where
 * @value: the sample, usually nanoseconds
 */
void latency_record(struct latency_histogram *histogram, uint64_t value)
{
	histogram->bucket[latency_bucket(value)]++;
	histogram->count++;
	if (value > histogram->max)
		histogram->max = value;
}

/**
 * latency_merge() - add all samples of one histogram to another
 * @into: changed
 * @from: added, unchanged
 */
void latency_merge(struct latency_histogram *into,
		   const struct latency_histogram *from)
{
	unsigned int i;

	for (i = 0; i < LATENCY_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
	into->count += from->count;
	if (from->max > into->max)
		into->max = from->max;
}

/**
 * latency_quantile() - a quantile, never too low and at most 1/64 too high
 * @histogram: where
 * @per_mille: 500 for the median, 990, 999; at most 1000
 *
 * The sample asked for is number ceil(count * per_mille / 1000) in rising
 * order. What is returned is the upper end of its bucket, or the maximum if
 * that is lower.
 *
 * Return: the quantile in the unit that was recorded, 0 without samples.
 */
uint64_t latency_quantile(const struct latency_histogram *histogram,
			  uint64_t per_mille)
{
	uint64_t rank, seen = 0;
	unsigned int i;

	if (!histogram->count)
		return 0;
	/* count / 1000 * per_mille would round; split to avoid overflow */
	rank = histogram->count / 1000 * per_mille +
		(histogram->count % 1000 * per_mille + 999) / 1000;
	if (!rank)
		rank = 1;
	for (i = 0; i < LATENCY_BUCKETS; i++) {
		seen += histogram->bucket[i];
		if (seen >= rank) {
			uint64_t high = latency_bucket_high(i);

			return high < histogram->max ? high : histogram->max;
		}
	}
	return histogram->max;
}

/**
 * latency_print() - write a histogram in the result protocol
 * @out: stream
 * @name: metric, for example "fault"
 * @histogram: what to write
 *
 * Five `latency` lines and one `histogram` line per bucket that is not
 * empty. Without samples only the count is written: a latency that was not
 * measured has no line.
 */
void latency_print(FILE *out, const char *name,
		   const struct latency_histogram *histogram)
{
	unsigned int i;

	fprintf(out, "latency %s count %" PRIu64 "\n", name, histogram->count);
	if (!histogram->count)
		return;
	fprintf(out, "latency %s p50 %" PRIu64 "\n", name,
		latency_quantile(histogram, 500));
	fprintf(out, "latency %s p99 %" PRIu64 "\n", name,
		latency_quantile(histogram, 990));
	fprintf(out, "latency %s p999 %" PRIu64 "\n", name,
		latency_quantile(histogram, 999));
	fprintf(out, "latency %s max %" PRIu64 "\n", name, histogram->max);
	for (i = 0; i < LATENCY_BUCKETS; i++)
		if (histogram->bucket[i])
			fprintf(out, "histogram %s %" PRIu64 " %" PRIu64 "\n",
				name, latency_bucket_low(i),
				histogram->bucket[i]);
}
