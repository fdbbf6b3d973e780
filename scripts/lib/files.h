/* SPDX-License-Identifier: GPL-2.0-only */
/* Files and directories. */
#ifndef LIB_FILES_H
#define LIB_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/** Length of a SHA-256 in hexadecimal, with its end. */
#define SUM_SIZE 65

/**
 * make_directory() - with all that lead to it, or fail
 * @path: its name
 */
void make_directory(const char *path);

/**
 * remove_tree() - remove a file, or a directory with all that is in it
 * @path: its name; it need not be there
 */
void remove_tree(const char *path);

/**
 * write_bytes() - write a file by way of a temporary name, or fail
 * @path: its name; directories that lead to it are made
 * @bytes: its content
 * @count: how many
 */
void write_bytes(const char *path, const void *bytes, size_t count);

/**
 * write_json() - write a document, indented, keys sorted, or fail
 * @path: its name
 * @document: what
 */
void write_json(const char *path, const json_t *document);

/**
 * is_file() - there is a regular file of that name
 * @path: its name
 *
 * Return: whether; an empty file counts.
 */
bool is_file(const char *path);

/**
 * sum_bytes() - the SHA-256 of bytes
 * @sum: where it goes
 * @bytes: of what
 * @count: how many
 */
void sum_bytes(char sum[SUM_SIZE], const void *bytes, size_t count);

/**
 * sum_file() - the SHA-256 of a file, or fail
 * @sum: where it goes
 * @path: its name
 */
void sum_file(char sum[SUM_SIZE], const char *path);

/**
 * need_space() - there is that much space on a disk, or fail
 * @directory: where; made if it is missing
 * @mib: how much, in MiB
 * @what: what it is for
 */
void need_space(const char *directory, uint64_t mib, const char *what);

/**
 * lock_file() - be the only one, until this program ends
 * @path: a file, made if it is missing
 * @what: what messages call it
 *
 * Waits, and says so, while another program has it.
 */
void lock_file(const char *path, const char *what);

/**
 * lock_directory() - be the only one that makes a directory, until the end
 * @directory: its path, with a slash in it and none at its end; it may be
 *	removed and made again meanwhile. Its parent must be there.
 *
 * The lock is a hidden file beside it, which is removed when this program ends.
 * Waits, and says so, while another program has it.
 */
void lock_directory(const char *directory);

/**
 * shell_quoted() - a word as a shell reads it
 * @word: any text
 *
 * Return: the word, quoted if it has to be; to be freed.
 */
char *shell_quoted(const char *word);

#endif
