// SPDX-License-Identifier: GPL-2.0-only
/* Reads and checks results.json. */
#include <stdlib.h>
#include <string.h>

#include "compare.h"

/**
 * place_compare - order two places
 * @a: one
 * @b: the other
 *
 * Return: less than, equal to or greater than 0.
 */
int place_compare(const struct place *a, const struct place *b)
{
	int order = strcmp(a->fs, b->fs);

	if (!order)
		order = strcmp(a->workload, b->workload);
	if (!order)
		order = strcmp(a->storage, b->storage);
	if (!order)
		order = strcmp(a->clock, b->clock);
	if (!order)
		order = (a->vcpus > b->vcpus) - (a->vcpus < b->vcpus);
	return order;
}

/**
 * place_name - a place in words
 * @place: the place
 *
 * Return: e.g. "xfs writeback on null_blk, virtual clock, 2 vCPUs".
 */
char *place_name(const struct place *place)
{
	if (place->vcpus < 0)
		return xasprintf("%s %s on %s, %s clock", place->fs,
				 place->workload, place->storage, place->clock);
	return xasprintf("%s %s on %s, %s clock, %lld vCPU%s", place->fs,
			 place->workload, place->storage, place->clock,
			 (long long)place->vcpus, place->vcpus == 1 ? "" : "s");
}

static int cell_compare(const void *left, const void *right)
{
	const struct cell *a = left;
	const struct cell *b = right;
	int order = strcmp(a->variant, b->variant);

	if (!order)
		order = place_compare(&a->place, &b->place);
	if (!order)
		order = (a->seed > b->seed) - (a->seed < b->seed);
	if (!order)
		order = (a->index > b->index) - (a->index < b->index);
	return order;
}

static const char *text_of(const struct cells *cells, const char *list,
			   size_t index, const json_t *json, const char *name,
			   bool required)
{
	const json_t *value = json_object_get(json, name);

	if (!value && !required)
		return NULL;
	if (!json_is_string(value) || !*json_string_value(value))
		fail("%s: %s[%zu].%s: expected a string that is not empty",
		     cells->path, list, index, name);
	return json_string_value(value);
}

static void cell_load(const struct cells *cells, const char *list,
		      size_t index, const json_t *json, struct cell *cell,
		      bool planned)
{
	const json_t *seed = json_object_get(json, "seed");
	const json_t *vcpus = json_object_get(json, "vcpus");

	if (!json_is_object(json))
		fail("%s: %s[%zu]: expected an object", cells->path, list, index);
	cell->index = index;
	cell->json = json;
	cell->id = text_of(cells, list, index, json, "id", false);
	cell->kernel = text_of(cells, list, index, json, "kernel", false);
	cell->variant = text_of(cells, list, index, json, "variant", true);
	cell->status = text_of(cells, list, index, json, "status", !planned);
	cell->place.fs = text_of(cells, list, index, json, "fs", true);
	cell->place.workload = text_of(cells, list, index, json, "workload", true);
	cell->place.clock = text_of(cells, list, index, json, "clock", true);
	cell->place.storage = text_of(cells, list, index, json, "storage", false);
	if (!cell->place.storage)
		cell->place.storage = "-";
	if (!json_is_integer(seed))
		fail("%s: %s[%zu].seed: expected an integer", cells->path, list,
		     index);
	cell->seed = json_integer_value(seed);
	cell->place.vcpus = -1;
	if (vcpus) {
		if (!json_is_integer(vcpus) || json_integer_value(vcpus) < 1)
			fail("%s: %s[%zu].vcpus: expected an integer above 0",
			     cells->path, list, index);
		cell->place.vcpus = json_integer_value(vcpus);
	}
}

static struct cell *list_load(struct cells *cells, const char *name,
			      bool planned, size_t *count)
{
	const json_t *list = json_object_get(cells->document, name);
	struct cell *result;
	size_t i;

	*count = 0;
	if (!list && planned)
		return NULL;
	if (!json_is_array(list))
		fail("%s: expected an array \"%s\"", cells->path, name);
	*count = json_array_size(list);
	result = xcalloc(*count, sizeof(*result));
	for (i = 0; i < *count; i++)
		cell_load(cells, name, i, json_array_get(list, i), &result[i],
			  planned);
	qsort(result, *count, sizeof(*result), cell_compare);
	for (i = 1; i < *count; i++) {
		const struct cell *a = &result[i - 1];
		const struct cell *b = &result[i];

		if (!strcmp(a->variant, b->variant) && a->seed == b->seed &&
		    !place_compare(&a->place, &b->place))
			fail("%s: %s[%zu] and %s[%zu] are the same cell: %s %s seed %lld",
			     cells->path, name, a->index, name, b->index,
			     a->variant, place_name(&a->place),
			     (long long)a->seed);
	}
	return result;
}

/*
 * A planned cell need not say on which storage: it is that of the cells of
 * the same workload.
 */
static void planned_storage(struct cells *cells)
{
	size_t i, j;

	for (i = 0; i < cells->planned_count; i++) {
		struct place *place = &cells->planned[i].place;

		if (json_object_get(cells->planned[i].json, "storage"))
			continue;
		for (j = 0; j < cells->count; j++) {
			struct place other = cells->cells[j].place;

			other.storage = place->storage;
			if (place_compare(&other, place))
				continue;
			place->storage = cells->cells[j].place.storage;
			break;
		}
	}
}

/**
 * cells_from_json - check the contents of results.json, or fail with a reason
 * @cells: where it goes; keeps the reference to the document
 * @document: the contents
 * @path: what messages call it
 */
void cells_from_json(struct cells *cells, json_t *document, const char *path)
{
	const json_t *schema;

	memset(cells, 0, sizeof(*cells));
	cells->path = path;
	cells->document = document;
	if (!json_is_object(cells->document))
		fail("%s: expected an object with \"schema\" and \"cells\"",
		     cells->path);
	schema = json_object_get(cells->document, "schema");
	if (!json_is_integer(schema) || json_integer_value(schema) != 1)
		fail("%s: expected \"schema\": 1", cells->path);
	cells->cells = list_load(cells, "cells", false, &cells->count);
	cells->planned = list_load(cells, "planned", true,
				   &cells->planned_count);
	planned_storage(cells);
}

/**
 * cells_load - read results.json, or fail with file and reason
 * @cells: where it goes
 * @path: file name; "-" is standard input
 */
void cells_load(struct cells *cells, const char *path)
{
	cells_from_json(cells, read_json(path),
			strcmp(path, "-") ? path : "standard input");
}
