// SPDX-License-Identifier: GPL-2.0-only
/* Text that is safe in HTML, and names for people. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

/**
 * put - write text, escaped for HTML content and attributes
 * @out: where to
 * @text: any UTF-8 text
 */
void put(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

/**
 * put_format - write formatted text, all of it escaped
 * @out: where to
 * @format: printf format
 */
void put_format(FILE *out, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		fail("out of memory");
	va_end(args);
	put(out, text);
	free(text);
}

/**
 * text_of - a string of an object
 * @object: the object
 * @name: name of the member
 *
 * Return: the string, "" when there is none.
 */
const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/**
 * number_of - a number of an object
 * @object: the object
 * @name: name of the member
 *
 * Return: the number, 0 when there is none.
 */
double number_of(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

/**
 * is - whether a member is a certain string
 * @object: the object
 * @name: name of the member
 * @text: the string
 *
 * Return: true if it is.
 */
bool is(const json_t *object, const char *name, const char *text)
{
	return !strcmp(text_of(object, name), text);
}

/**
 * place_title - a workload and where it ran, in words
 * @place: an object with fs, workload, storage, clock, vcpus
 * @storage: name all of them, not only file system and workload
 *
 * Return: a string to free.
 */
char *place_title(const json_t *place, bool storage)
{
	const json_t *vcpus = json_object_get(place, "vcpus");
	char *cpus, *text;

	if (!storage)
		return xasprintf("%s %s", text_of(place, "fs"),
				 text_of(place, "workload"));
	cpus = vcpus ? xasprintf(", %lld vCPU%s",
				 (long long)json_integer_value(vcpus),
				 json_integer_value(vcpus) == 1 ? "" : "s") :
		       xstrdup("");
	text = xasprintf("%s, %s clock%s", text_of(place, "storage"),
			 text_of(place, "clock"), cpus);
	free(cpus);
	return text;
}

/**
 * place_anchor - an id for the section of a workload
 * @place: an object with fs, workload, storage, clock, vcpus
 *
 * Return: a string to free, of letters, digits and -.
 */
char *place_anchor(const json_t *place)
{
	char *text = xasprintf("%s-%s-%s-%s-%d", text_of(place, "fs"),
			       text_of(place, "workload"),
			       text_of(place, "storage"),
			       text_of(place, "clock"),
			       (int)number_of(place, "vcpus"));
	char *c;

	for (c = text; *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '-';
	return text;
}

/**
 * same_place - whether two cells or workloads are of the same place
 * @a: an object with fs, workload, storage, clock, vcpus
 * @b: another
 *
 * Return: true if they are.
 */
bool same_place(const json_t *a, const json_t *b)
{
	static const char *const names[] = { "fs", "workload", "clock" };
	const char *storage_a = text_of(a, "storage");
	const char *storage_b = text_of(b, "storage");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!is(a, names[i], text_of(b, names[i])))
			return false;
	/* compare.json writes - for cells that do not say */
	if (strcmp(*storage_a ? storage_a : "-", *storage_b ? storage_b : "-"))
		return false;
	return number_of(a, "vcpus") == number_of(b, "vcpus");
}

static const struct {
	const char *prefix;
	const char *words;
} metric_words[] = {
	{ "runtime_ns", "run time" },
	{ "hog_runtime_ns", "run time of the memory hog" },
	{ "writer_runtime_ns", "run time of the writer" },
	{ "cell_failed", "failed cells" },
	{ "direct_writes", "folios written from direct reclaim" },
	{ "oom_kills", "OOM kills" },
	{ "provoker_pages", "pages the provoker got" },
	{ "emergency_pages", "pages of emergency reclaim" },
	{ "psi.memory_some_ns", "stalled on memory, some task" },
	{ "psi.memory_full_ns", "stalled on memory, all tasks" },
	{ "psi.io_some_ns", "stalled on I/O, some task" },
	{ "psi.io_full_ns", "stalled on I/O, all tasks" },
};

/**
 * latency_name - what a member of latency_ns is, for people
 * @name: its name, e.g. direct_reclaim
 *
 * Return: a string to free, e.g. "direct reclaim latency".
 */
char *latency_name(const char *name)
{
	char *text, *c;

	if (!strcmp(name, "psi_memory_some"))
		return xstrdup("stalled on memory in a window, some task");
	if (!strcmp(name, "psi_memory_full"))
		return xstrdup("stalled on memory in a window, all tasks");
	text = xasprintf("%s latency", name);
	for (c = text; *c; c++)
		if (*c == '_')
			*c = ' ';
	return text;
}

/**
 * figure_name - a figure's name for people
 * @metric: name in compare.json, e.g. latency_ns.fault.p999
 *
 * Return: a string to free, e.g. "fault latency, p99.9".
 */
char *figure_name(const char *metric)
{
	char first[128], second[128], third[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(metric_words); i++)
		if (!strcmp(metric, metric_words[i].prefix))
			return xstrdup(metric_words[i].words);
	if (sscanf(metric, "%127[^.].%127[^.].%127s", first, second,
		   third) == 3) {
		if (!strcmp(first, "latency_ns")) {
			char *latency = latency_name(second);
			char *name = xasprintf("%s, %s", latency,
					       !strcmp(third, "p999") ? "p99.9" :
					       !strcmp(third, "max") ? "longest" :
					       !strcmp(third, "count") ? "samples" :
					       third);

			free(latency);
			return name;
		}
		for (i = 0; second[i]; i++)
			if (second[i] == '_')
				second[i] = ' ';
		if (!strcmp(first, "stack") && !strcmp(third, "max_bytes"))
			return xasprintf("deepest stack, %s",
					 !strcmp(second, "any") ? "any context" : second);
		if (!strcmp(first, "stack") &&
		    !strcmp(third, "below_reclaim_bytes"))
			return xasprintf("stack below reclaim, %s",
					 !strcmp(second, "any") ? "any context" : second);
		if (!strcmp(first, "stack") && !strcmp(third, "splices"))
			return xasprintf("splices, %s", second);
	}
	if (!strncmp(metric, "vmstat.", 7))
		return xstrdup(metric + 7);
	return xstrdup(metric);
}

/* The command that ran a cell, as results.json has it; "" if it does not say. */
static const char *planned_command(const struct report *r, const json_t *cell)
{
	json_t *planned = json_object_get(r->results, "planned");
	const char *id = text_of(cell, "id");
	const char *found = "";
	json_t *other;
	size_t i;

	json_array_foreach(planned, i, other) {
		if (*id && is(other, "id", id))
			return text_of(other, "command");
		if (!*id && is(other, "fs", text_of(cell, "fs")) &&
		    is(other, "workload", text_of(cell, "workload")) &&
		    is(other, "clock", text_of(cell, "clock")) &&
		    is(other, "variant", text_of(cell, "variant")) &&
		    number_of(other, "vcpus") == number_of(cell, "vcpus") &&
		    json_equal(json_object_get(other, "seed"),
			       json_object_get(cell, "seed")))
			found = text_of(other, "command");
	}
	return found;
}

/**
 * run_command - the command that runs one cell again
 * @r: the report
 * @cell: the cell, from results.json, or what is known of one that is missing
 *
 * Return: a string to free.
 */
char *run_command(const struct report *r, const json_t *cell)
{
	const char *planned = planned_command(r, cell);
	int vcpus = (int)number_of(cell, "vcpus");
	char *cpus = vcpus ? xasprintf(" --vcpus %d", vcpus) : xstrdup("");
	char *text;

	if (*planned) {
		free(cpus);
		return xasprintf("%s --output out/again", planned);
	}
	text = xasprintf("scripts/lab/run-cell --variant %s --fs %s --scenario %s --seed %lld --clock %s%s --output out/again",
			 text_of(cell, "variant"), text_of(cell, "fs"),
			 text_of(cell, "workload"),
			 (long long)json_integer_value(json_object_get(cell, "seed")),
			 text_of(cell, "clock"), cpus);
	free(cpus);
	return text;
}

/**
 * find_cell - the cell of A or B at a place with a seed
 * @r: the report
 * @place: the place
 * @side: 0 for A, 1 for B
 * @seed: seed of A in the pair
 *
 * Return: the cell of results.json, or NULL.
 */
const json_t *find_cell(const struct report *r, const json_t *place,
			int side, json_int_t seed)
{
	const json_t *method = json_object_get(r->compare, "method");
	json_t *cells = json_object_get(r->results, "cells");
	json_t *cell;
	size_t i;

	if (side)
		seed += json_integer_value(json_object_get(method,
							   "seed_offset"));
	json_array_foreach(cells, i, cell)
		if (json_integer_value(json_object_get(cell, "seed")) == seed &&
		    is(cell, "variant", r->names[side]) &&
		    same_place(cell, place))
			return cell;
	return NULL;
}
