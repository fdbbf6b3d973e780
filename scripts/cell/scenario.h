/* SPDX-License-Identifier: GPL-2.0-only */
/* Scenarios: what a cell runs, resolved on the host and nowhere else. */
#ifndef CELL_SCENARIO_H
#define CELL_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

/** struct setting - one "key value" line */
struct setting {
	char *key;
	char *value;
};

/** struct settings - lines with different keys, in the order of their files */
struct settings {
	struct setting *list;
	size_t count;
};

/**
 * struct scenario - a scenario for one filesystem, complete
 * @fs: the filesystem, a folder of fs/
 * @name: of the scenario
 * @file: where it was read, for messages and for the command that runs it
 * @shipped: @file is the one of fs/@fs
 * @settings: its own, those of the scenario that it is like, and those of the
 *	filesystem
 */
struct scenario {
	char *fs;
	char *name;
	char *file;
	bool shipped;
	struct settings settings;
};

/**
 * settings_find() - look a setting up
 * @settings: where
 * @key: its name
 *
 * Return: the value, or NULL.
 */
const char *settings_find(const struct settings *settings, const char *key);

/**
 * settings_set() - add a setting, or give it another value
 * @settings: where
 * @key: its name
 * @value: its value
 */
void settings_set(struct settings *settings, const char *key,
		  const char *value);

/**
 * settings_number() - look up a whole number
 * @settings: where
 * @key: its name
 * @otherwise: when it is not there
 *
 * Return: the number.
 */
long long settings_number(const struct settings *settings, const char *key,
			  long long otherwise);

/**
 * settings_copy() - make another that can be changed
 * @settings: what to copy
 *
 * Return: the copy.
 */
struct settings settings_copy(const struct settings *settings);

/**
 * setting_check() - is this a setting that means something?
 * @key: its name
 * @value: its value
 *
 * Return: NULL, or what is wrong, to be freed.
 */
char *setting_check(const char *key, const char *value);

/**
 * settings_check() - do these settings go together? fails if not
 * @settings: of a cell, its words applied
 * @what: where they come from, for the message
 */
void settings_check(const struct settings *settings, const char *what);

/**
 * scenario_read() - read and complete a scenario for one filesystem, or fail
 * @file: its path
 * @fs: the filesystem; NULL: the first that the file names
 *
 * Lines that the file lacks come from the scenario that it is "like", and how
 * to make and check the filesystem from fs/@fs/filesystem.
 *
 * Return: the scenario.
 */
struct scenario *scenario_read(const char *file, const char *fs);

/**
 * scenario_folders() - the filesystems that a scenario of a user is for
 * @file: its path
 *
 * Return: names separated by blanks, from its line "fs", its line "like", or
 * the folder of fs/ that it lies in; to be freed. Fails if there is none.
 */
char *scenario_folders(const char *file);

/**
 * scenario_name() - the name of a scenario file, or fail if it cannot be one
 * @file: its path, NAME.scenario
 *
 * Return: the name, to be freed.
 */
char *scenario_name(const char *file);

/**
 * fs_check() - there is such a filesystem, or fail
 * @fs: its name
 * @what: what messages call the place that names it
 */
void fs_check(const char *fs, const char *what);

/**
 * words_apply() - take words for the kernel's command line apart
 * @settings: gets the lab's own: lab.set.KEY=VALUE sets KEY, lab.X=Y sets lab.X
 * @words: separated by blanks
 * @what: what messages call them
 *
 * Return: the words that are the kernel's, to be freed.
 */
char *words_apply(struct settings *settings, const char *words,
		  const char *what);

#endif
