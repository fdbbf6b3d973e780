// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings: the "key value" lines of a cell, as the host has put them together
 * (scripts/cell/scenario.c). There is no other source of them.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

#define SETTINGS_MAX	160

static struct {
	char *key;
	char *value;
} settings[SETTINGS_MAX];

static unsigned int settings_count;

static void set(const char *path, unsigned int line, const char *key,
		const char *value)
{
	if (setting(key, NULL))
		guest_fail(GUEST_BAD_SETTINGS, "%s:%u: %s was given already",
			   path, line, key);
	if (settings_count == SETTINGS_MAX)
		guest_fail(GUEST_BAD_SETTINGS, "%s: more than %d settings",
			   path, SETTINGS_MAX);
	settings[settings_count].key = strdup(key);
	settings[settings_count].value = strdup(value);
	settings_count++;
}

/**
 * settings_read() - read the settings of the cell
 * @path: of the file; empty lines and lines that start with # are skipped
 *
 * Ends the guest when the file cannot be read, a line has no value, or a key
 * is given twice.
 */
void settings_read(const char *path)
{
	char *content = read_whole_file(path, NULL);
	char *line, *rest = content;
	unsigned int number = 0;

	if (!content)
		guest_fail(GUEST_BAD_SETTINGS, "%s: %s", path,
			   strerror(errno));
	while ((line = strsep(&rest, "\n"))) {
		char *key, *value;

		number++;
		key = line + strspn(line, " \t");
		if (!*key || *key == '#')
			continue;
		value = key + strcspn(key, " \t");
		if (*value) {
			*value++ = '\0';
			value += strspn(value, " \t");
		}
		if (!*value)
			guest_fail(GUEST_BAD_SETTINGS,
				   "%s:%u: expected 'key value', found '%s'",
				   path, number, key);
		set(path, number, key, value);
	}
	free(content);
}

/**
 * setting() - look a setting up
 * @key: its name
 * @otherwise: returned when it is not set
 *
 * Return: the value.
 */
const char *setting(const char *key, const char *otherwise)
{
	unsigned int i;

	for (i = 0; i < settings_count; i++)
		if (!strcmp(settings[i].key, key))
			return settings[i].value;
	return otherwise;
}

/**
 * setting_required() - look up a setting without which there is no cell
 * @key: its name
 *
 * Return: the value; ends the guest when there is none.
 */
const char *setting_required(const char *key)
{
	const char *value = setting(key, NULL);

	if (!value)
		guest_fail(GUEST_BAD_SETTINGS, "'%s' is not set", key);
	return value;
}

/**
 * setting_number() - look up a number
 * @key: its name
 * @otherwise: returned when it is not set
 *
 * Return: the value; ends the guest when it is no whole number.
 */
uint64_t setting_number(const char *key, uint64_t otherwise)
{
	const char *text = setting(key, NULL);
	uint64_t value;
	char *end;

	if (!text)
		return otherwise;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end || !isdigit((unsigned char)*text))
		guest_fail(GUEST_BAD_SETTINGS,
			   "%s: expected a whole number, found '%s'", key,
			   text);
	return value;
}

/**
 * settings_each() - visit all settings whose names start with a prefix
 * @prefix: of the name; removed from the name that @fn gets
 * @fn: called in the order in which the settings were first set
 * @argument: passed to @fn
 */
void settings_each(const char *prefix, setting_fn fn, void *argument)
{
	unsigned int i, count = settings_count;
	size_t length = strlen(prefix);

	for (i = 0; i < count; i++)
		if (!strncmp(settings[i].key, prefix, length))
			fn(settings[i].key + length, settings[i].value,
			   argument);
}
