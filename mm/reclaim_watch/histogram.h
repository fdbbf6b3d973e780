/* SPDX-License-Identifier: GPL-2.0-only */
/* A latency histogram that many tasks record in at once, without a lock. */
#ifndef RECLAIM_WATCH_HISTOGRAM_H
#define RECLAIM_WATCH_HISTOGRAM_H

#include <linux/atomic.h>
#include <linux/seq_file.h>

#include "../latency_histogram.h"

/**
 * struct histogram - one distribution
 * @max: the largest of them, ns
 * @bucket: samples per bucket
 */
struct histogram {
	atomic64_t max;
	atomic64_t bucket[LATENCY_BUCKETS];
};

/**
 * histogram_record() - count one sample
 * @histogram: where
 * @value: in ns
 *
 * Context: any.
 */
void histogram_record(struct histogram *histogram, u64 value);

/**
 * histogram_clear() - forget all samples
 * @histogram: of which
 */
void histogram_clear(struct histogram *histogram);

/**
 * histogram_show() - write the lines of the result protocol for a distribution
 * @out: where
 * @name: of the latency
 * @histogram: which
 *
 * Return: 0, or -ENOMEM.
 */
int histogram_show(struct seq_file *out, const char *name,
		   struct histogram *histogram);

#endif /* RECLAIM_WATCH_HISTOGRAM_H */
