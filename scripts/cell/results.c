// SPDX-License-Identifier: GPL-2.0-only
/* All judged cells of a plan, in one file. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "plan.h"
#include "plan-cell.h"
#include "process.h"
#include "results.h"
#include "util.h"

static char *path_of(const struct place *place, const char *id,
		     const char *name)
{
	return xasprintf("%s/cells/%s/%s", place->out, id, name);
}

static int by_text(const json_t *a, const json_t *b, const char *key)
{
	return strcmp(json_string_value(json_object_get(a, key)),
		      json_string_value(json_object_get(b, key)));
}

static int by_number(const json_t *a, const json_t *b, const char *key)
{
	json_int_t one = json_integer_value(json_object_get(a, key));
	json_int_t other = json_integer_value(json_object_get(b, key));

	return (one > other) - (one < other);
}

static int by_place(const void *left, const void *right)
{
	const json_t *a = *(json_t *const *)left, *b = *(json_t *const *)right;
	int order = by_text(a, b, "fs");

	if (!order)
		order = by_text(a, b, "workload");
	if (!order)
		order = by_text(a, b, "clock");
	if (!order)
		order = by_number(a, b, "vcpus");
	if (!order)
		order = by_number(a, b, "seed");
	return order ? order : by_text(a, b, "variant");
}

/* The judged cells that are there, sorted; the raw histograms stay there. */
static json_t *all_cells(const json_t *plan, const struct place *place,
			 time_t *newest)
{
	const json_t *planned;
	json_t **cells, *list = json_array();
	struct stat stat_of;
	size_t i, count = 0;

	cells = xcalloc(json_array_size(json_object_get(plan, "cells")),
			sizeof(*cells));
	json_array_foreach(json_object_get(plan, "cells"), i, planned) {
		char *path = path_of(place, cell_text(planned, "id"),
				     "cell.json");

		if (!stat(path, &stat_of)) {
			cells[count] = read_json(path);
			json_object_del(cells[count++], "histograms_ns");
		}
		free(path);
		path = path_of(place, cell_text(planned, "id"), "raw/guest.end");
		if (!stat(path, &stat_of) && stat_of.st_mtime > *newest)
			*newest = stat_of.st_mtime;
		free(path);
	}
	qsort(cells, count, sizeof(*cells), by_place);
	for (i = 0; i < count; i++)
		json_array_append_new(list, cells[i]);
	free(cells);
	return list;
}

static json_t *first_line_of(const char *program, const char *argument)
{
	const char *argv[] = { program, argument, NULL };
	char *text = process_output((char *const *)argv, NULL, false);
	json_t *json;

	text[strcspn(text, "\n")] = '\0';
	json = json_string(text);
	free(text);
	return json;
}

static json_t *processor(void)
{
	char *text = read_text("/proc/cpuinfo", NULL), *at;
	json_t *json = json_string("");

	at = text ? strstr(text, "\nmodel name") : NULL;
	at = at ? strchr(at, ':') : NULL;
	if (at) {
		at += 2;
		at[strcspn(at, "\n")] = '\0';
		json_string_set(json, at);
	}
	free(text);
	return json;
}

/*
 * This machine, and when the last of the cells was captured: the same cells
 * give the same bytes, whenever they are put together.
 */
static json_t *host(time_t newest)
{
	struct utsname system;
	char *name, date[32];
	json_t *json;

	uname(&system);
	name = xasprintf("%s %s %s", system.sysname, system.release,
			 system.machine);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime(&newest));
	json = json_pack("{s:s, s:o, s:I, s:o, s:o, s:s}", "system", name,
			 "cpu", processor(), "cpus",
			 (json_int_t)sysconf(_SC_NPROCESSORS_ONLN),
			 "qemu", first_line_of(qemu_program(), "--version"),
			 "compiler", first_line_of("gcc", "--version"),
			 "date", date);
	free(name);
	return json;
}

/* What was asked for, with the command that runs each of the cells. */
static json_t *planned_cells(const json_t *plan)
{
	static const char *const fields[] = {
		"id", "fs", "workload", "storage", "clock", "vcpus", "seed",
		"variant", "command",
	};
	json_t *list = json_array(), *cell;
	const json_t *planned;
	size_t i, j;

	json_array_foreach(json_object_get(plan, "cells"), i, planned) {
		cell = json_object();
		for (j = 0; j < ARRAY_SIZE(fields); j++)
			json_object_set(cell, fields[j],
					json_object_get(planned, fields[j]));
		json_array_append_new(list, cell);
	}
	return list;
}

static json_int_t depth_of(const json_t *cell)
{
	json_int_t deepest = -1, bytes;
	const char *class;
	json_t *depths;

	json_object_foreach(json_object_get(cell, "stack"), class, depths) {
		bytes = json_integer_value(json_object_get(depths, "max_bytes"));
		if (bytes > deepest)
			deepest = bytes;
	}
	return deepest;
}

static void keep_stack(const struct place *place, const json_t *cell)
{
	static const char *const names[] = {
		"guest-stack_observer.txt", "guest-stack_trace.txt",
	};
	char *to = xasprintf("%s/stacks/%s-%s-%s.txt", place->out,
			     cell_text(cell, "fs"), cell_text(cell, "workload"),
			     cell_text(cell, "variant"));
	size_t i, count;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		char *from = path_of(place, cell_text(cell, "id"), names[i]);
		char *text = read_text(from, &count);

		free(from);
		if (!text)
			continue;
		write_bytes(to, text, count);
		free(text);
		break;
	}
	free(to);
}

/* @cells are sorted by place, but not by variant: each is looked at once. */
static void keep_stacks(const struct place *place, const json_t *cells)
{
	const json_t *cell, *other;
	size_t i, j;

	json_array_foreach(cells, i, cell) {
		if (depth_of(cell) < 0)
			continue;
		json_array_foreach(cells, j, other) {
			bool same = !by_text(cell, other, "fs") &&
				    !by_text(cell, other, "workload") &&
				    !by_text(cell, other, "variant");

			if (same && (depth_of(other) > depth_of(cell) ||
				     (depth_of(other) == depth_of(cell) &&
				      j < i)))
				break;
		}
		if (j == json_array_size(cells))
			keep_stack(place, cell);
	}
}

size_t results_write(const json_t *plan, const struct place *place)
{
	char *path = xasprintf("%s/results.json", place->out);
	size_t i, bad = json_array_size(json_object_get(plan, "cells"));
	json_t *cells, *results, *cell;
	time_t newest = 0;

	cells = all_cells(plan, place, &newest);
	json_array_foreach(cells, i, cell)
		bad -= !strcmp(cell_text(cell, "status"), "ok");
	results = json_pack("{s:i, s:o, s:O, s:o, s:O}", "schema", 1,
			    "host", host(newest), "variants",
			    json_object_get(plan, "variants"), "planned",
			    planned_cells(plan), "cells", cells);
	if (json_object_get(plan, "compared"))
		json_object_set(results, "compared",
				json_object_get(plan, "compared"));
	write_json(path, results);
	keep_stacks(place, cells);
	json_decref(cells);
	json_decref(results);
	free(path);
	return bad;
}

void results_lock(const struct place *place)
{
	char *path = xasprintf("%s/.lock", place->out);

	make_directory(place->out);
	lock_file(path, place->out);
	free(path);
}
