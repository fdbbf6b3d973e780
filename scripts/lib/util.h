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

/** What messages of fail() begin with. */
extern const char *program_name;

/** The top of the checkout, where tables and style sheets are. */
extern const char *lab_top;

/**
 * fail() - print one line on standard error and exit with status 1
 * @format: printf format of the line, without newline
 */
__attribute__((noreturn, format(printf, 1, 2)))
void fail(const char *format, ...);

/**
 * xcalloc() - calloc that does not return without memory
 * @count: elements
 * @size: bytes of one
 *
 * Return: zeroed memory.
 */
void *xcalloc(size_t count, size_t size);

/**
 * xrealloc() - realloc that does not return without memory
 * @old: memory to resize, or NULL
 * @size: new size in bytes
 *
 * Return: the memory; what is new is not zeroed.
 */
void *xrealloc(void *old, size_t size);

/**
 * xstrdup() - strdup that does not return without memory
 * @text: string to copy
 *
 * Return: the copy.
 */
char *xstrdup(const char *text);

/**
 * xasprintf() - asprintf that does not return without memory
 * @format: printf format
 *
 * Return: the formatted string.
 */
__attribute__((format(printf, 1, 2)))
char *xasprintf(const char *format, ...);

/**
 * hash_text() - FNV-1a hash of a string, to give each figure its own seed
 * @hash: hash so far
 * @text: string to add, its end included
 *
 * Return: the new hash.
 */
uint64_t hash_text(uint64_t hash, const char *text);

/**
 * read_text() - read a whole file
 * @path: its name; "-" is standard input
 * @length: where its length goes, or NULL
 *
 * Return: its bytes and a NUL; NULL with errno when it cannot be read.
 */
char *read_text(const char *path, size_t *length);

/**
 * read_json() - parse a JSON file, or fail with its name, line and reason
 * @path: its name; "-" is standard input
 *
 * Return: the document; the caller owns the reference.
 */
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

/**
 * output_open() - start a file that will appear whole or not at all
 * @out: the file
 * @path: final name; "-" is standard output
 */
void output_open(struct output *out, const char *path);

/**
 * output_close() - finish a file and give it its name, or fail
 * @out: the file
 */
void output_close(struct output *out);

#endif
