// SPDX-License-Identifier: GPL-2.0-only
/* A latency histogram that many tasks record in at once, without a lock. */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/vmalloc.h>

#include "histogram.h"

void histogram_record(struct histogram *histogram, u64 value)
{
	s64 max = atomic64_read(&histogram->max);

	atomic64_inc(&histogram->bucket[latency_bucket(value)]);
	while (value > (u64)max) {
		s64 old = atomic64_cmpxchg(&histogram->max, max, value);

		if (old == max)
			break;
		max = old;
	}
}

void histogram_clear(struct histogram *histogram)
{
	unsigned int i;

	for (i = 0; i < LATENCY_BUCKETS; i++)
		atomic64_set(&histogram->bucket[i], 0);
	atomic64_set(&histogram->max, 0);
}

static u64 quantile(const u64 *bucket, u64 count, u64 max, u64 per_mille)
{
	u64 rank = div_u64(count, 1000) * per_mille, seen = 0;
	unsigned int i;
	u32 rest;

	div_u64_rem(count, 1000, &rest);
	rank += (rest * per_mille + 999) / 1000;
	if (!rank)
		rank = 1;
	for (i = 0; i < LATENCY_BUCKETS; i++) {
		seen += bucket[i];
		if (seen >= rank)
			return min_t(u64, latency_bucket_high(i), max);
	}
	return max;
}

int histogram_show(struct seq_file *out, const char *name,
		   struct histogram *histogram)
{
	u64 *bucket = vmalloc(array_size(LATENCY_BUCKETS, sizeof(*bucket)));
	u64 count = 0, max = atomic64_read(&histogram->max);
	unsigned int i;

	if (!bucket)
		return -ENOMEM;
	for (i = 0; i < LATENCY_BUCKETS; i++) {
		bucket[i] = atomic64_read(&histogram->bucket[i]);
		count += bucket[i];
	}
	seq_printf(out, "latency %s count %llu\n", name, count);
	if (count) {
		seq_printf(out, "latency %s p50 %llu\n", name,
			   quantile(bucket, count, max, 500));
		seq_printf(out, "latency %s p99 %llu\n", name,
			   quantile(bucket, count, max, 990));
		seq_printf(out, "latency %s p999 %llu\n", name,
			   quantile(bucket, count, max, 999));
		seq_printf(out, "latency %s max %llu\n", name, max);
	}
	for (i = 0; i < LATENCY_BUCKETS; i++)
		if (bucket[i])
			seq_printf(out, "histogram %s %llu %llu\n", name,
				   latency_bucket_low(i), bucket[i]);
	vfree(bucket);
	return 0;
}
