// SPDX-License-Identifier: GPL-2.0-only
/* Latencies of A and of B: the histograms of all pairs together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cells.h"
#include "picture.h"

/** struct bucket - samples of one latency, of all pairs together */
struct bucket {
	double low;
	double count;
};

/** struct histogram - buckets by rising latency */
struct histogram {
	struct bucket *buckets;
	size_t count;
	double samples;
};

static int bucket_compare(const void *left, const void *right)
{
	const struct bucket *a = left;
	const struct bucket *b = right;

	return (a->low > b->low) - (a->low < b->low);
}

static void histogram_add(struct histogram *h, const json_t *list)
{
	json_t *entry;
	size_t i;

	json_array_foreach((json_t *)list, i, entry) {
		struct bucket *b;

		h->buckets = xrealloc(h->buckets,
				      (h->count + 1) * sizeof(*h->buckets));
		b = &h->buckets[h->count++];
		b->low = json_number_value(json_array_get(entry, 0));
		b->count = json_number_value(json_array_get(entry, 1));
		h->samples += b->count;
	}
}

static void histogram_merge(struct histogram *h)
{
	size_t i, n = 0;

	if (!h->count)
		return;
	qsort(h->buckets, h->count, sizeof(*h->buckets), bucket_compare);
	for (i = 1; i < h->count; i++) {
		if (h->buckets[i].low == h->buckets[n].low)
			h->buckets[n].count += h->buckets[i].count;
		else
			h->buckets[++n] = h->buckets[i];
	}
	h->count = n + 1;
}

/*
 * The histograms of a cell, from cell.json in its own directory. Return: a new
 * reference, or NULL when there are none.
 */
static json_t *cell_histograms(const struct report *r, const struct ran *ran)
{
	json_t *own, *found;
	struct node node;
	char *path;

	if (!ran || !ran->id)
		return NULL;
	path = xasprintf("%s/cells/%s/cell.json", r->directory, ran->id);
	if (access(path, R_OK)) {
		free(path);
		return NULL;
	}
	own = read_json(path);
	node = node_top(own, path);
	cell_check(&node);
	found = json_object_get(own, "histograms_ns");
	json_incref(found);
	json_decref(own);
	free(path);
	return found;
}

/* The share of samples that took at least so long, ten points a doubling. */
static void write_tail(FILE *out, const struct histogram *h)
{
	double left = h->samples, last = 0;
	size_t i;

	for (i = 0; i < h->count; i++) {
		double low = fmax(h->buckets[i].low, 1);

		if (low >= last * 1.035 || i + 1 == h->count) {
			fprintf(out, "%.9g %.9g\n", low, left / h->samples);
			last = low;
		}
		left -= h->buckets[i].count;
	}
	fputs("\n\n", out);
}

/* What a latency is, in the words of its longest sample. */
static char *latency_words(const struct group *g, const char *name)
{
	char *metric = xasprintf("latency_ns.%s.p99", name);
	const struct row *row = find_row(g, metric);
	char *words = xstrdup(row ? row->words : name);
	char *end = strstr(words, ", p99");

	free(metric);
	if (end)
		*end = '\0';
	return words;
}

static void plot_tails(const struct report *r, struct drawing *d,
		       const struct histogram h[2])
{
	char *labels[2] = {
		label_text(r->c->variant[0].name),
		label_text(r->c->variant[1].name),
	};

	write_tail(d->to_data, &h[0]);
	write_tail(d->to_data, &h[1]);
	fputs("set logscale xy\nset yrange [*:1]\n"
	      "set format y '10^{%L}'\n"
	      "set xtics ('10 ns' 10, '100 ns' 100, '1 µs' 1e3, '10 µs' 1e4, '100 µs' 1e5, '1 ms' 1e6, '10 ms' 1e7, '100 ms' 1e8, '1 s' 1e9, '10 s' 1e10)\n"
	      "set ylabel 'share that took as long or longer' textcolor rgb INK\n"
	      "set key bottom left\n",
	      d->to_script);
	fprintf(d->to_script,
		"plot data index 0 with steps linewidth 2 linecolor rgb A title \"%s\", "
		"data index 1 with steps linewidth 2 linecolor rgb B title \"%s\"\n",
		labels[0], labels[1]);
	free(labels[0]);
	free(labels[1]);
}

static void draw_distribution(struct report *r, const struct group *g,
			      const char *name, const struct histogram h[2])
{
	unsigned int number = ++r->figures;
	char *title = place_short(&g->place);
	char *words = latency_words(g, name);
	char *label = xasprintf("%s of %s, share of samples that took longer",
				words, title);
	struct drawing d;

	drawing_begin(&d, number, 290);
	plot_tails(r, &d, h);
	fprintf(r->out, "<figure id=\"figure%u\"><figcaption>", number);
	put_format(r->out, "Distribution: %s, every sample of %zu pair%s (%.0f and %.0f samples). Further left is better.",
		   words, g->count, g->count == 1 ? "" : "s", h[0].samples,
		   h[1].samples);
	fputs("</figcaption>", r->out);
	drawing_end(r, &d, number, label);
	command_note(r, "Again:", r->c->command);
	fputs("</figure>\n", r->out);
	free(words);
	free(label);
	free(title);
}

/* Both have samples, and not all of them are 0: that is no picture. */
static bool worth_drawing(const struct histogram h[2])
{
	return h[0].samples > 0 && h[1].samples > 0 &&
	       (h[0].buckets[h[0].count - 1].low > 0 ||
		h[1].buckets[h[1].count - 1].low > 0);
}

/* The lists of buckets of all pairs, by latency: {name: [[A], [B]]}. */
static json_t *collect_histograms(const struct report *r,
				  const struct group *g)
{
	json_t *by_name = json_object();
	size_t i;
	int side;

	for (i = 0; i < 2 * g->count; i++) {
		json_t *histograms, *list;
		const char *name;

		side = i % 2;
		histograms = cell_histograms(r, find_ran(r, g, side,
							 g->seeds[i / 2]));
		json_object_foreach(histograms, name, list) {
			json_t *both = json_object_get(by_name, name);

			if (!both) {
				both = json_pack("[[], []]");
				json_object_set_new(by_name, name, both);
			}
			json_array_append(json_array_get(both, side), list);
		}
		json_decref(histograms);
	}
	return by_name;
}

void figure_distributions(struct report *r, const struct group *g)
{
	json_t *by_name = collect_histograms(r, g);
	json_t *both, *list;
	const char *name;
	size_t i;
	int side;

	fputs("<h3>Latency</h3><div class=\"figures\">", r->out);
	json_object_foreach(by_name, name, both) {
		struct histogram h[2] = { { 0 } };

		for (side = 0; side < 2; side++) {
			json_array_foreach(json_array_get(both, side), i, list)
				histogram_add(&h[side], list);
			histogram_merge(&h[side]);
		}
		if (worth_drawing(h))
			draw_distribution(r, g, name, h);
		free(h[0].buckets);
		free(h[1].buckets);
	}
	fputs("</div>", r->out);
	if (!json_object_size(by_name))
		fputs("<p class=\"note\">No histograms were recorded for these cells.</p>",
		      r->out);
	json_decref(by_name);
}
