// SPDX-License-Identifier: GPL-2.0-only
/* Who was spliced onto whom in a cell. */
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "process.h"
#include "splices.h"
#include "util.h"

static json_t *child(json_t *object, const char *key, json_t *otherwise)
{
	json_t *value = json_object_get(object, key);

	if (value) {
		json_decref(otherwise);
		return value;
	}
	json_object_set_new(object, key, otherwise);
	return otherwise;
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static json_int_t added(const json_t *splice)
{
	return json_integer_value(json_object_get(splice, "adds_bytes"));
}

static bool before(const json_t *a, const json_t *b)
{
	int order = strcmp(text(a, "into"), text(b, "into"));

	if (!order)
		order = strcmp(text(a, "by"), text(b, "by"));
	return order < 0;
}

/* Sorted by pair; of two of the same pair the larger stays, or the later. */
static void add_splice(json_t *list, json_t *splice)
{
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		json_t *other = json_array_get(list, i);

		if (before(other, splice))
			continue;
		if (before(splice, other))
			break;
		if (added(splice) >= added(other))
			json_array_set(list, i, splice);
		return;
	}
	json_array_insert(list, i, splice);
}

static json_t *report_of(const char *file, const char *build)
{
	char *program = xasprintf("%s/stackdepth", build), *said;
	const char *argv[] = { program, "report", "--json", file, NULL };
	json_error_t error;
	json_t *report;
	int status;

	said = process_output((char *const *)argv, &status, false);
	report = status ? NULL : json_loads(said, 0, &error);
	free(said);
	free(program);
	return report;
}

bool splices_add(json_t *cell, const char *directory, const char *build)
{
	char *file = xasprintf("%s/guest-stack_observer.txt", directory);
	json_t *report, *stack, *splice, *list, *classes;
	size_t i, j;

	if (!is_file(file)) {
		free(file);
		return true;
	}
	report = report_of(file, build);
	if (!report) {
		free(file);
		return false;
	}
	classes = child(cell, "stack", json_object());
	json_array_foreach(json_object_get(report, "stacks"), i, stack) {
		const char *class = text(stack, "class");

		if (!strcmp(text(stack, "title"), "max_bytes_with_interrupts") ||
		    !json_object_get(classes, class))
			continue;
		list = child(json_object_get(classes, class), "splices",
			     json_array());
		json_array_foreach(json_object_get(stack, "splices"), j, splice)
			add_splice(list, splice);
	}
	json_decref(report);
	free(file);
	return true;
}
