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

static int set(const char *path, unsigned int line, const char *key,
	       const char *value)
{
	if (setting(key, NULL))
		return guest_error(GUEST_BAD_SETTINGS, "%s:%u: %s was given already",
				   path, line, key);
	if (settings_count == SETTINGS_MAX)
		return guest_error(GUEST_BAD_SETTINGS, "%s: more than %d settings",
				   path, SETTINGS_MAX);
	settings[settings_count].key = strdup(key);
	settings[settings_count].value = strdup(value);
	settings_count++;
	return GUEST_OK;
}

/* @line of the file is cut into words. */
static int parse_line(const char *path, unsigned int number, char *line)
{
	char *key = line + strspn(line, " \t"), *value;

	if (!*key || *key == '#')
		return GUEST_OK;
	value = key + strcspn(key, " \t");
	if (*value) {
		*value++ = '\0';
		value += strspn(value, " \t");
	}
	if (!*value)
		return guest_error(GUEST_BAD_SETTINGS,
				   "%s:%u: expected 'key value', found '%s'",
				   path, number, key);
	return set(path, number, key, value);
}

/**
 * settings_read() - read the settings of the cell
 * @path: of the file; empty lines and lines that start with # are skipped
 *
 * Return: GUEST_OK, or the cell's status when the file cannot be read, a line
 * has no value, or a key is given twice.
 */
int settings_read(const char *path)
{
	char *content = read_whole_file(path, NULL);
	char *line, *rest = content;
	unsigned int number = 0;
	int status = GUEST_OK;

	if (!content)
		return guest_error(GUEST_BAD_SETTINGS, "%s: %s", path,
				   strerror(errno));
	while (!status && (line = strsep(&rest, "\n")))
		status = parse_line(path, ++number, line);
	free(content);
	return status;
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
 * @value: its value
 *
 * Return: GUEST_OK, or the cell's status when it is not set.
 */
int setting_required(const char *key, const char **value)
{
	*value = setting(key, NULL);
	if (!*value)
		return guest_error(GUEST_BAD_SETTINGS, "'%s' is not set", key);
	return GUEST_OK;
}

/**
 * setting_number() - look up a number
 * @key: its name
 * @otherwise: its value when it is not set
 * @value: its value
 *
 * Return: GUEST_OK, or the cell's status when it is no whole number.
 */
int setting_number(const char *key, uint64_t otherwise, uint64_t *value)
{
	const char *text = setting(key, NULL);
	char *end;

	*value = otherwise;
	if (!text)
		return GUEST_OK;
	errno = 0;
	*value = strtoull(text, &end, 10);
	if (errno || *end || !isdigit((unsigned char)*text))
		return guest_error(GUEST_BAD_SETTINGS,
				   "%s: expected a whole number, found '%s'", key,
				   text);
	return GUEST_OK;
}

/**
 * settings_each() - visit all settings whose names start with a prefix
 * @prefix: of the name; removed from the name that @fn gets
 * @fn: called in the order in which the settings were first set
 * @argument: passed to @fn
 *
 * Return: GUEST_OK, or the first status that @fn returned instead.
 */
int settings_each(const char *prefix, setting_fn fn, void *argument)
{
	size_t length = strlen(prefix);
	int status = GUEST_OK;
	unsigned int i;

	for (i = 0; !status && i < settings_count; i++)
		if (!strncmp(settings[i].key, prefix, length))
			status = fn(settings[i].key + length,
				    settings[i].value, argument);
	return status;
}
