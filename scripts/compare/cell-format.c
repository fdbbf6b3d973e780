// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shape of a cell. Its numbers are figures under any name; everything else
 * has a shape that is known here, or the cell is refused.
 */
#include <string.h>

#include "cells.h"
#include "util.h"

static const char *const splice_fields[] = {
	"into", "by", "at_bytes", "adds_bytes", "entered",
};

static void check_numbers(const struct node *object)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object->json))
		node_fail(object, "expected an object of numbers");
	json_object_foreach((json_t *)object->json, key, value)
		node_number(object, key);
}

static void check_splice(const struct node *splice)
{
	struct node entered;

	node_keys(splice, splice_fields, ARRAY_SIZE(splice_fields));
	node_text(splice, "into");
	node_text(splice, "by");
	node_number(splice, "at_bytes");
	if (node_number(splice, "adds_bytes") < 0) {
		struct node adds = node_member(splice, "adds_bytes");

		node_fail(&adds, "expected a number from 0 on");
	}
	entered = node_member(splice, "entered");
	if (entered.json)
		check_numbers(&entered);
}

static void refuse_twin_splices(const struct node *list)
{
	size_t count = node_length(list), i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < i; j++) {
			struct node a = node_element(list, i);
			struct node b = node_element(list, j);

			if (json_equal(json_object_get(a.json, "into"),
				       json_object_get(b.json, "into")) &&
			    json_equal(json_object_get(a.json, "by"),
				       json_object_get(b.json, "by")))
				node_fail(&a, "expected one splice of this pair, as [%zu] is",
					  j);
		}
}

static void check_stack_class(const struct node *class)
{
	const char *key;
	json_t *value;

	if (!json_is_object(class->json))
		node_fail(class, "expected an object");
	json_object_foreach((json_t *)class->json, key, value) {
		struct node member = node_member(class, key);
		size_t i;

		if (strcmp(key, "splices")) {
			node_number(class, key);
			continue;
		}
		for (i = 0; i < node_length(&member); i++) {
			struct node splice = node_element(&member, i);

			check_splice(&splice);
		}
		refuse_twin_splices(&member);
	}
}

static void check_members(const struct node *object,
			  void (*check)(const struct node *member))
{
	const char *key;
	json_t *value;

	if (!json_is_object(object->json))
		node_fail(object, "expected an object");
	json_object_foreach((json_t *)object->json, key, value) {
		struct node member = node_member(object, key);

		check(&member);
	}
}

/* A histogram is a list of [lower bound, count]. */
static void check_histogram(const struct node *list)
{
	size_t i;

	for (i = 0; i < node_length(list); i++) {
		struct node bucket = node_element(list, i);

		if (node_length(&bucket) != 2 ||
		    !json_is_number(json_array_get(bucket.json, 0)) ||
		    !json_is_number(json_array_get(bucket.json, 1)))
			node_fail(&bucket, "expected [lower bound, count]");
	}
}

/* A list of objects of text: what went wrong, what was checked. */
static void check_texts(const struct node *list)
{
	size_t i;

	for (i = 0; i < node_length(list); i++) {
		struct node element = node_element(list, i);

		if (!json_is_object(element.json))
			node_fail(&element, "expected an object");
	}
}

static void check_member(const struct node *member)
{
	static const char *const texts[] = {
		"id", "kernel", "variant", "fs", "storage", "workload",
		"clock", "status",
	};
	size_t i;

	if (!strncmp(member->key, "host_", 5))
		return;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (!strcmp(member->key, texts[i]))
			return;
	if (!strcmp(member->key, "stack"))
		check_members(member, check_stack_class);
	else if (!strcmp(member->key, "latency_ns"))
		check_members(member, check_numbers);
	else if (!strcmp(member->key, "histograms_ns"))
		check_members(member, check_histogram);
	else if (!strcmp(member->key, "psi") || !strcmp(member->key, "vmstat"))
		check_numbers(member);
	else if (!strcmp(member->key, "troubles") ||
		 !strcmp(member->key, "checks"))
		check_texts(member);
	else if (!json_is_number(member->json))
		node_fail(member, "expected a number, or a field that is known");
}

void cell_check(const struct node *cell)
{
	check_members(cell, check_member);
}

const json_t *cell_splices(const json_t *cell, const char *class)
{
	const json_t *stack = json_object_get(cell, "stack");

	return json_object_get(json_object_get(stack, class), "splices");
}

bool cell_recorded_stacks(const json_t *cell)
{
	json_t *stack = json_object_get(cell, "stack");
	json_t *of_class;
	const char *class;

	json_object_foreach(stack, class, of_class)
		if (json_object_get(of_class, "splices"))
			return true;
	return false;
}

const char *cell_trouble(const json_t *cell)
{
	const json_t *first = json_array_get(json_object_get(cell, "troubles"),
					     0);

	return json_string_value(json_object_get(first, "text"));
}
