// SPDX-License-Identifier: GPL-2.0-only
/* Pairs on the host clock are measured together. */
#include <stdlib.h>
#include <string.h>

#include "host-pairs.h"
#include "plan.h"
#include "util.h"

/* Seconds between the end of one cell of a pair and the start of the other. */
#define TOGETHER_S	60

/** struct measured - when a cell ran, and how disturbed it was */
struct measured {
	double began, seconds, disturbed;
};

static struct measured measured_of(const char *out, const json_t *planned)
{
	char *path = xasprintf("%s/cells/%s/cell.json", out,
			       cell_text(planned, "id"));
	json_t *cell = read_json(path), *cpu, *share;
	struct measured measured = { .disturbed = 1 };

	measured.began = json_number_value(json_object_get(cell, "host_began"));
	measured.seconds = json_number_value(
				json_object_get(cell, "host_seconds"));
	cpu = json_object_get(cell, "host_cpu");
	share = json_object_get(cpu, "disturbed");
	if (share)
		measured.disturbed = json_number_value(share);
	json_decref(cell);
	free(path);
	return measured;
}

static bool stands(const struct run_options *options, const json_t *one,
		   const json_t *other)
{
	struct measured a = measured_of(options->place.out, one);
	struct measured b = measured_of(options->place.out, other);

	if (a.began > b.began) {
		struct measured first = b;

		b = a;
		a = first;
	}
	if (b.began - a.began - a.seconds > TOGETHER_S)
		return false;
	return !options->retry || (a.disturbed <= options->noise_limit &&
				   b.disturbed <= options->noise_limit);
}

/* A pair of which one is ok and the other is not is not measured again. */
static bool complete(enum cell_state a, enum cell_state b)
{
	return a != CELL_MISSING && b != CELL_MISSING;
}

size_t host_pairs_measure_again(const json_t *plan,
				const struct run_options *options,
				enum cell_state *states)
{
	const json_t *cells = json_object_get(plan, "cells");
	size_t i, again = 0;

	if (!json_object_get(plan, "compared"))
		return 0;
	for (i = 0; i + 1 < json_array_size(cells); i += 2) {
		const json_t *a = json_array_get(cells, i);
		const json_t *b = json_array_get(cells, i + 1);

		if (strcmp(cell_text(a, "clock"), "host"))
			continue;
		if (complete(states[i], states[i + 1]) &&
		    (states[i] == CELL_NOT_OK || states[i + 1] == CELL_NOT_OK ||
		     stands(options, a, b)))
			continue;
		again += (states[i] == CELL_OK) + (states[i + 1] == CELL_OK);
		if (states[i] == CELL_OK)
			states[i] = CELL_MISSING;
		if (states[i + 1] == CELL_OK)
			states[i + 1] = CELL_MISSING;
	}
	return again;
}
