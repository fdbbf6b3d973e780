/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads JSON that has to have a certain shape. A node knows where it is, so
 * that what is wrong is named by file and path:
 *
 *	compare.json: comparisons[0].metrics[3].unit: expected a string
 */
#ifndef COMPARE_NODE_H
#define COMPARE_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/**
 * struct node - a value of a JSON document, and where it is
 * @json: the value; NULL when it is absent
 * @file: name of the file
 * @parent: what it is a member or an element of; NULL for the document
 * @key: its name, if the parent is an object
 * @index: its index, if the parent is an array
 */
struct node {
	const json_t *json;
	const char *file;
	const struct node *parent;
	const char *key;
	size_t index;
};

/** node_top() - the document itself. @file: name of the file */
struct node node_top(const json_t *json, const char *file);

/** node_member() - a member of an object; fails if @node is none */
struct node node_member(const struct node *node, const char *key);

/** node_element() - an element of an array that is known to be one */
struct node node_element(const struct node *node, size_t index);

/** node_fail() - say where, and what was expected; does not return */
__attribute__((noreturn, format(printf, 2, 3)))
void node_fail(const struct node *node, const char *format, ...);

/** node_length() - number of elements; fails if @node is no array */
size_t node_length(const struct node *node);

/** node_keys() - fail at a member whose name is not in the list */
void node_keys(const struct node *node, const char *const *allowed,
	       size_t count);

/*
 * A member of an object. Those without "optional" fail when it is absent, and
 * all of them when it is something else. Text is copied; an absent one is NULL.
 */
char *node_text(const struct node *node, const char *key);
char *node_optional_text(const struct node *node, const char *key);
double node_number(const struct node *node, const char *key);
double node_optional_number(const struct node *node, const char *key,
			    double absent);
json_int_t node_integer(const struct node *node, const char *key);
size_t node_count(const struct node *node, const char *key);
size_t node_optional_count(const struct node *node, const char *key);
bool node_bool(const struct node *node, const char *key);

#endif
