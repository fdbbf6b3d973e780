// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings: "key value" lines of /lab/fs/<fs>/filesystem and
 * /lab/fs/<fs>/<scenario>.scenario, and lab.* words of the kernel's command
 * line. lab.set.KEY=VALUE overrides KEY of the scenario.
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

/**
 * settings_set() - set or replace a setting
 * @key: its name
 * @value: its value
 */
void settings_set(const char *key, const char *value)
{
	unsigned int i;

	for (i = 0; i < settings_count; i++)
		if (!strcmp(settings[i].key, key))
			break;
	if (i == SETTINGS_MAX)
		guest_fail(GUEST_BAD_SETTINGS, "more than %d settings",
			   SETTINGS_MAX);
	if (i == settings_count) {
		settings[i].key = strdup(key);
		settings_count++;
	} else {
		free(settings[i].value);
	}
	settings[i].value = strdup(value);
}

/**
 * settings_read_file() - read a file of "key value" lines
 * @path: of the file; empty lines and lines that start with # are skipped
 *
 * Ends the guest when the file cannot be read or a line has no value.
 */
void settings_read_file(const char *path)
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
		settings_set(key, value);
	}
	free(content);
}

/**
 * settings_read_command_line() - take the lab.* words of /proc/cmdline
 */
void settings_read_command_line(void)
{
	char *content = read_whole_file("/proc/cmdline", NULL);
	char *word, *rest = content;

	if (!content)
		guest_fail(GUEST_BAD_SETTINGS, "/proc/cmdline: %s",
			   strerror(errno));
	while ((word = strsep(&rest, " \n"))) {
		char *value = strchr(word, '=');

		if (strncmp(word, "lab.", 4) || !value || !value[1])
			continue;
		*value++ = '\0';
		settings_set(word, value);
	}
	free(content);
}

static void apply_override(const char *key, const char *value, void *argument)
{
	(void)argument;
	settings_set(key, value);
}

/**
 * settings_apply_overrides() - let lab.set.KEY=VALUE replace KEY
 */
void settings_apply_overrides(void)
{
	settings_each("lab.set.", apply_override, NULL);
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
