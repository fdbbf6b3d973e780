/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Log-linear latency histogram, for kernel modules and for user space.
 *
 * Values below 64 have a bucket each. Above, every power of two is divided
 * into 64 buckets of equal width, so a bucket is never wider than 1/64 of its
 * lowest value: whatever is read back from a bucket is at most 1.6 % too
 * high. All 64-bit values have a bucket; no sample is ever dropped.
 */
#ifndef RECLAIM_LAB_LATENCY_HISTOGRAM_H
#define RECLAIM_LAB_LATENCY_HISTOGRAM_H

#ifdef __KERNEL__
#include <linux/types.h>
typedef u64 latency_value_t;
#else
#include <stdint.h>
typedef uint64_t latency_value_t;
#endif

#define LATENCY_SUB_BITS	6
#define LATENCY_SUB_BUCKETS	(1u << LATENCY_SUB_BITS)
#define LATENCY_BUCKETS		((64u - LATENCY_SUB_BITS + 1u) * LATENCY_SUB_BUCKETS)

/**
 * latency_bucket() - the bucket of a value
 * @value: any value, usually nanoseconds
 *
 * Return: an index below LATENCY_BUCKETS.
 */
static inline unsigned int latency_bucket(latency_value_t value)
{
	unsigned int exponent;

	if (value < LATENCY_SUB_BUCKETS)
		return (unsigned int)value;
	exponent = 63u - (unsigned int)__builtin_clzll(value);
	return (exponent - LATENCY_SUB_BITS + 1u) * LATENCY_SUB_BUCKETS +
		(unsigned int)((value >> (exponent - LATENCY_SUB_BITS)) &
			       (LATENCY_SUB_BUCKETS - 1u));
}

/**
 * latency_bucket_low() - the lowest value that falls into a bucket
 * @bucket: an index below LATENCY_BUCKETS
 *
 * Return: the value, in the unit that was recorded.
 */
static inline latency_value_t latency_bucket_low(unsigned int bucket)
{
	unsigned int shift = bucket / LATENCY_SUB_BUCKETS;
	latency_value_t sub = bucket % LATENCY_SUB_BUCKETS;

	if (!shift)
		return sub;
	return (sub + LATENCY_SUB_BUCKETS) << (shift - 1u);
}

/**
 * latency_bucket_high() - the highest value that falls into a bucket
 * @bucket: an index below LATENCY_BUCKETS
 *
 * Return: the value, in the unit that was recorded.
 */
static inline latency_value_t latency_bucket_high(unsigned int bucket)
{
	if (bucket + 1u >= LATENCY_BUCKETS)
		return ~(latency_value_t)0;
	return latency_bucket_low(bucket + 1u) - 1u;
}

#ifndef __KERNEL__
#include <stdio.h>

/**
 * struct latency_histogram - one distribution
 * @count: samples recorded
 * @max: highest sample, exact
 * @bucket: samples per bucket
 */
struct latency_histogram {
	uint64_t count;
	uint64_t max;
	uint64_t bucket[LATENCY_BUCKETS];
};

void latency_record(struct latency_histogram *histogram, uint64_t value);
void latency_merge(struct latency_histogram *into,
		   const struct latency_histogram *from);
uint64_t latency_quantile(const struct latency_histogram *histogram,
			  uint64_t per_mille);
void latency_print(FILE *out, const char *name,
		   const struct latency_histogram *histogram);
#endif /* !__KERNEL__ */

#endif /* RECLAIM_LAB_LATENCY_HISTOGRAM_H */
