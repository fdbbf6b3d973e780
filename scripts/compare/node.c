// SPDX-License-Identifier: GPL-2.0-only
/* Reads JSON that has to have a certain shape. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"
#include "util.h"

struct node node_top(const json_t *json, const char *file)
{
	return (struct node){ .json = json, .file = file };
}

struct node node_member(const struct node *node, const char *key)
{
	if (!json_is_object(node->json))
		node_fail(node, "expected an object");
	return (struct node){
		.json = json_object_get(node->json, key),
		.file = node->file, .parent = node, .key = key,
	};
}

struct node node_element(const struct node *node, size_t index)
{
	return (struct node){
		.json = json_array_get(node->json, index),
		.file = node->file, .parent = node, .index = index,
	};
}

/* Where a node is, as "comparisons[0].metrics"; "" for the document. */
static char *node_path(const struct node *node)
{
	char *above, *path;

	if (!node->parent)
		return xstrdup("");
	above = node_path(node->parent);
	if (node->key)
		path = xasprintf("%s%s%s", above, *above ? "." : "", node->key);
	else
		path = xasprintf("%s[%zu]", above, node->index);
	free(above);
	return path;
}

void node_fail(const struct node *node, const char *format, ...)
{
	char *path = node_path(node);
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		fail("out of memory");
	va_end(args);
	fail("%s: %s%s%s", node->file, path, *path ? ": " : "", text);
}

size_t node_length(const struct node *node)
{
	if (!json_is_array(node->json))
		node_fail(node, "expected an array");
	return json_array_size(node->json);
}

void node_keys(const struct node *node, const char *const *allowed,
	       size_t count)
{
	json_t *value;
	const char *key;
	size_t i;

	if (!json_is_object(node->json))
		node_fail(node, "expected an object");
	json_object_foreach((json_t *)node->json, key, value) {
		struct node unknown = node_member(node, key);

		for (i = 0; i < count; i++)
			if (!strcmp(key, allowed[i]))
				break;
		if (i == count)
			node_fail(&unknown, "unknown field");
	}
}

char *node_optional_text(const struct node *node, const char *key)
{
	struct node member = node_member(node, key);

	if (!member.json)
		return NULL;
	if (!json_is_string(member.json) || !*json_string_value(member.json))
		node_fail(&member, "expected a string that is not empty");
	return xstrdup(json_string_value(member.json));
}

char *node_text(const struct node *node, const char *key)
{
	struct node member = node_member(node, key);
	char *text = node_optional_text(node, key);

	if (!text)
		node_fail(&member, "expected a string that is not empty");
	return text;
}

double node_optional_number(const struct node *node, const char *key,
			    double absent)
{
	struct node member = node_member(node, key);

	return member.json ? node_number(node, key) : absent;
}

double node_number(const struct node *node, const char *key)
{
	struct node member = node_member(node, key);

	if (!json_is_number(member.json))
		node_fail(&member, "expected a number");
	return json_number_value(member.json);
}

json_int_t node_integer(const struct node *node, const char *key)
{
	struct node member = node_member(node, key);

	if (!json_is_integer(member.json))
		node_fail(&member, "expected an integer");
	return json_integer_value(member.json);
}

size_t node_count(const struct node *node, const char *key)
{
	struct node member = node_member(node, key);

	if (!json_is_integer(member.json) ||
	    json_integer_value(member.json) < 0)
		node_fail(&member, "expected an integer from 0 on");
	return (size_t)json_integer_value(member.json);
}

size_t node_optional_count(const struct node *node, const char *key)
{
	struct node member = node_member(node, key);

	return member.json ? node_count(node, key) : 0;
}

bool node_bool(const struct node *node, const char *key)
{
	struct node member = node_member(node, key);

	if (!json_is_boolean(member.json))
		node_fail(&member, "expected true or false");
	return json_is_true(member.json);
}
