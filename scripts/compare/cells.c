// SPDX-License-Identifier: GPL-2.0-only
/* Reads and checks results.json. */
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "util.h"

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

static void cell_load(const struct node *node, struct cell *cell, bool planned)
{
	struct node vcpus;

	if (!json_is_object(node->json))
		node_fail(node, "expected an object");
	cell->index = node->index;
	cell->json = node->json;
	cell->variant = node_text(node, "variant");
	cell->id = node_optional_text(node, "id");
	cell->kernel = node_optional_text(node, "kernel");
	cell->command = node_optional_text(node, "command");
	cell->status = planned ? node_optional_text(node, "status") :
				 node_text(node, "status");
	cell->place.fs = node_text(node, "fs");
	cell->place.workload = node_text(node, "workload");
	cell->place.clock = node_text(node, "clock");
	cell->place.storage = node_optional_text(node, "storage");
	if (!cell->place.storage)
		cell->place.storage = "-";
	cell->seed = node_integer(node, "seed");
	cell->place.vcpus = -1;
	vcpus = node_member(node, "vcpus");
	if (vcpus.json) {
		cell->place.vcpus = json_integer_value(vcpus.json);
		if (cell->place.vcpus < 1)
			node_fail(&vcpus, "expected an integer above 0");
	}
	if (!planned)
		cell_check(node);
}

static void refuse_twins(const struct cells *cells, const char *name,
			 const struct cell *list, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++) {
		const struct cell *a = &list[i - 1];
		const struct cell *b = &list[i];

		if (!strcmp(a->variant, b->variant) && a->seed == b->seed &&
		    !place_compare(&a->place, &b->place))
			fail("%s: %s[%zu] and %s[%zu] are the same cell: %s %s seed %lld",
			     cells->path, name, a->index, name, b->index,
			     a->variant, place_name(&a->place),
			     (long long)a->seed);
	}
}

static struct cell *list_load(struct cells *cells, const char *name,
			      bool planned, size_t *count)
{
	struct node top = node_top(cells->document, cells->path);
	struct node list = node_member(&top, name);
	struct cell *result;
	size_t i;

	*count = 0;
	if (!list.json && planned)
		return NULL;
	*count = node_length(&list);
	result = xcalloc(*count, sizeof(*result));
	for (i = 0; i < *count; i++) {
		struct node element = node_element(&list, i);

		cell_load(&element, &result[i], planned);
	}
	qsort(result, *count, sizeof(*result), cell_compare);
	refuse_twins(cells, name, result, *count);
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

void cells_load(struct cells *cells, const char *path)
{
	cells_from_json(cells, read_json(path),
			strcmp(path, "-") ? path : "standard input");
}

bool cell_ok(const struct cell *cell)
{
	return cell && !strcmp(cell->status, "ok");
}

/* A cell as text, without what is about the host and its clock. */
static char *measured_text(const struct cell *cell)
{
	json_t *copy = json_copy((json_t *)cell->json);
	const char *key;
	json_t *value;
	void *next;
	char *text;

	json_object_foreach_safe(copy, next, key, value)
		if (!strncmp(key, "host_", 5))
			json_object_del(copy, key);
	text = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text)
		fail("out of memory");
	json_decref(copy);
	return text;
}

/*
 * The same for the same measurements, in whatever order, and whenever and how
 * often interrupted they were made.
 */
uint64_t cells_hash(const struct cells *cells)
{
	uint64_t hash = HASH_START;
	size_t i;

	for (i = 0; i < cells->count; i++) {
		char *text = measured_text(&cells->cells[i]);

		hash = hash_text(hash, text);
		free(text);
	}
	return hash;
}
