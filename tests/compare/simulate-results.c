// SPDX-License-Identifier: GPL-2.0-only
/* Prints an invented results.json, with histograms: see simulate.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "simulate.h"

/* A log-normal body with a tail to the longest latency of the cell. */
static json_t *histogram(const json_t *latency)
{
	double middle = json_number_value(json_object_get(latency, "p50"));
	double longest = json_number_value(json_object_get(latency, "max"));
	json_t *list = json_array();
	int i;

	for (i = -20; middle * pow(1.2, i) < longest; i++) {
		json_int_t count = (json_int_t)(90000 * exp(-0.1 * i * i) +
						3000 * exp(-0.12 * abs(i)));

		if (count)
			json_array_append_new(list, json_pack("[I, I]",
				(json_int_t)(middle * pow(1.2, i)), count));
	}
	json_array_append_new(list, json_pack("[I, I]", (json_int_t)longest,
					      (json_int_t)1));
	return list;
}

static void add_histograms(json_t *document)
{
	json_t *cells = json_object_get(document, "cells");
	json_t *cell;
	size_t i;

	json_array_foreach(cells, i, cell) {
		json_t *latencies = json_object_get(cell, "latency_ns");
		json_t *histograms = json_object();
		const char *name;
		json_t *latency;

		json_object_foreach(latencies, name, latency)
			if (json_object_get(latency, "p50"))
				json_object_set_new(histograms, name,
						    histogram(latency));
		if (latencies)
			json_object_set(cell, "histograms_ns", histograms);
		json_decref(histograms);
	}
}

int main(int argc, char **argv)
{
	json_t *document;

	if (argc < 4) {
		fputs("usage: simulate-results RNG_SEED SEEDS RATIO [VARIANT:FS:SEED:STATUS]...\n",
		      stderr);
		return 2;
	}
	document = simulate_results(strtoul(argv[1], NULL, 10), atoi(argv[2]),
				    atof(argv[3]), argv + 4, false);
	add_histograms(document);
	if (json_dumpf(document, stdout, JSON_INDENT(1)))
		return 1;
	putchar('\n');
	json_decref(document);
	return 0;
}
