/* SPDX-License-Identifier: GPL-2.0-only */
/* Small helpers shared by the comparison and the report. */
#ifndef COMPARE_UTIL_H
#define COMPARE_UTIL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Where the hash of a sequence of texts begins. */
#define HASH_START 0xcbf29ce484222325ULL

extern const char *program_name;

__attribute__((noreturn, format(printf, 1, 2)))
void fail(const char *format, ...);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
__attribute__((format(printf, 1, 2)))
char *xasprintf(const char *format, ...);
uint64_t hash_text(uint64_t hash, const char *text);
char *read_text(const char *path, size_t *length);
json_t *read_json(const char *path);

/**
 * struct output - a file that appears whole or not at all
 * @stream: write here
 * @path: final name
 * @temporary: name while it is being written; NULL for standard output
 */
struct output {
	FILE *stream;
	char *path;
	char *temporary;
};

void output_open(struct output *out, const char *path);
void output_close(struct output *out);

#endif
