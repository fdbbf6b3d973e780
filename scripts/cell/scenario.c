// SPDX-License-Identifier: GPL-2.0-only
/* Scenarios: what a cell runs, resolved on the host and nowhere else. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenario.h"
#include "util.h"

#define NUMBER_MAX	1000000000

/* What a value has to be. */
enum kind {
	TEXT,
	NUMBER,
	CLOCK,
	WORKLOAD,
	SWAP,
};

/*
 * The keys of a scenario, of a filesystem, and of the lab's own words on a
 * command line. A name that ends in a dot stands for all that begin with it:
 * the programs in the guest know which.
 */
static const struct key {
	const char *name;
	enum kind kind;
} keys[] = {
	{ "like", TEXT },
	{ "fs", TEXT },
	{ "append", TEXT },
	{ "seeds", TEXT },
	{ "clock", CLOCK },
	{ "workload", WORKLOAD },
	{ "mount_options", TEXT },
	{ "memory.virtual", NUMBER },
	{ "memory.host", NUMBER },
	{ "vcpus", NUMBER },
	{ "timeout", NUMBER },
	{ "free_mb", NUMBER },
	{ "disk_mb", NUMBER },
	{ "swap_mb", NUMBER },
	{ "swap.on", SWAP },
	{ "swap.dm", TEXT },
	{ "swap.type", TEXT },
	{ "swap.mkfs", TEXT },
	{ "swap.mount_options", TEXT },
	{ "disk.completion_nsec", NUMBER },
	{ "disk.queue_depth", NUMBER },
	{ "hog.", TEXT },
	{ "writer.", TEXT },
	{ "provoke.", TEXT },
	{ "psi.", TEXT },
	{ "sysctl.", TEXT },
	{ "sysfs.", TEXT },
	{ "type", TEXT },
	{ "mkfs", TEXT },
	{ "fsck", TEXT },
	{ "lab.stack", TEXT },
	{ "lab.selftest", TEXT },
	{ "lab.timeout", NUMBER },
	{ "lab.record", TEXT },
	{ "lab.record.events", TEXT },
	{ "lab.record.buffer_kb", NUMBER },
	{ "lab.record.buffer_mb", NUMBER },
	{ "lab.record.count", TEXT },
	{ "lab.record.hz", NUMBER },
};

const char *settings_find(const struct settings *settings, const char *key)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (!strcmp(settings->list[i].key, key))
			return settings->list[i].value;
	return NULL;
}

void settings_set(struct settings *settings, const char *key,
		  const char *value)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (!strcmp(settings->list[i].key, key))
			break;
	if (i == settings->count) {
		settings->list = xrealloc(settings->list, (i + 1) *
					  sizeof(*settings->list));
		settings->list[settings->count++].key = xstrdup(key);
	} else {
		free(settings->list[i].value);
	}
	settings->list[i].value = xstrdup(value);
}

long long settings_number(const struct settings *settings, const char *key,
			  long long otherwise)
{
	const char *value = settings_find(settings, key);

	return value ? strtoll(value, NULL, 10) : otherwise;
}

struct settings settings_copy(const struct settings *settings)
{
	struct settings copy = { NULL, 0 };
	size_t i;

	for (i = 0; i < settings->count; i++)
		settings_set(&copy, settings->list[i].key,
			     settings->list[i].value);
	return copy;
}

static const struct key *find_key(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		size_t length = strlen(keys[i].name);
		bool prefix = keys[i].name[length - 1] == '.';

		if (prefix ? !strncmp(keys[i].name, name, length) &&
			     name[length] : !strcmp(keys[i].name, name))
			return &keys[i];
	}
	return NULL;
}

static bool one_of(const char *value, const char *one, const char *other)
{
	return !strcmp(value, one) || !strcmp(value, other);
}

char *setting_check(const char *key, const char *value)
{
	const struct key *known = find_key(key);
	char *end;

	if (!known)
		return xasprintf("unknown key %s", key);
	switch (known->kind) {
	case NUMBER:
		errno = 0;
		if (*value >= '1' && *value <= '9' &&
		    strtoll(value, &end, 10) <= NUMBER_MAX && !*end && !errno)
			return NULL;
		return xasprintf("%s: expected a whole number above 0, found \"%s\"",
				 key, value);
	case CLOCK:
		if (one_of(value, "virtual", "host"))
			return NULL;
		return xasprintf("expected virtual or host, found \"%s\"",
				 value);
	case WORKLOAD:
		if (one_of(value, "writer", "provoke"))
			return NULL;
		return xasprintf("expected writer or provoke, found \"%s\"",
				 value);
	case SWAP:
		if (one_of(value, "disk", "file") || !strcmp(value, "loop"))
			return NULL;
		return xasprintf("expected disk, file or loop, found \"%s\"",
				 value);
	case TEXT:
		break;
	}
	return NULL;
}

static void read_line(struct settings *settings, const char *file,
		      unsigned int number, char *line)
{
	char *key = line + strspn(line, " \t"), *value, *end, *wrong;

	if (!*key || *key == '#')
		return;
	value = key + strcspn(key, " \t");
	if (*value)
		*value++ = '\0';
	value += strspn(value, " \t");
	for (end = value + strlen(value);
	     end > value && isspace((unsigned char)end[-1]); )
		*--end = '\0';
	if (!*value)
		fail("%s:%u: expected \"key value\", found \"%s\"", file,
		     number, key);
	if (settings_find(settings, key))
		fail("%s:%u: %s was given already", file, number, key);
	wrong = setting_check(key, value);
	if (wrong)
		fail("%s:%u: %s", file, number, wrong);
	settings_set(settings, key, value);
}

static struct settings read_settings(const char *file)
{
	struct settings settings = { NULL, 0 };
	char *text, *rest, *line;
	unsigned int number = 0;
	struct stat stat_of;

	text = !stat(file, &stat_of) && S_ISREG(stat_of.st_mode) ?
		read_text(file, NULL) : NULL;
	if (!text)
		fail("%s: no such scenario file", file);
	rest = text;
	while ((line = strsep(&rest, "\n")))
		read_line(&settings, file, ++number, line);
	free(text);
	return settings;
}

/* Add what @settings does not say. */
static void complete(struct settings *settings, const struct settings *from)
{
	size_t i;

	for (i = 0; i < from->count; i++)
		if (!settings_find(settings, from->list[i].key))
			settings_set(settings, from->list[i].key,
				     from->list[i].value);
}

void fs_check(const char *fs, const char *what)
{
	char *file = xasprintf("fs/%s/filesystem", fs);

	if (!*fs || strchr(fs, '/') || access(file, R_OK))
		fail("%s: no filesystem '%s' in fs/", what, fs);
	free(file);
}

char *scenario_name(const char *file)
{
	const char *base = strrchr(file, '/'), *c;
	size_t length;

	base = base ? base + 1 : file;
	length = strlen(base);
	for (c = base; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("_.-", *c))
			break;
	if (*c || length <= 9 || strcmp(base + length - 9, ".scenario"))
		fail("%s: expected a file name of letters, digits, _, . and - that ends in .scenario",
		     file);
	return strndup(base, length - 9);
}

/* The folder of fs/ that @file lies in, or NULL. */
static char *folder_of(const char *file)
{
	char *real = realpath(file, NULL), *shipped, *fs = NULL, *slash;
	char *top = realpath("fs", NULL);

	slash = real ? strrchr(real, '/') : NULL;
	if (slash && top) {
		*slash = '\0';
		slash = strrchr(real, '/');
		if (slash && (size_t)(slash - real) == strlen(top) &&
		    !strncmp(real, top, slash - real)) {
			shipped = xasprintf("fs/%s/filesystem", slash + 1);
			if (!access(shipped, R_OK))
				fs = xstrdup(slash + 1);
			free(shipped);
		}
	}
	free(top);
	free(real);
	return fs;
}

char *scenario_folders(const char *file)
{
	struct settings settings = read_settings(file);
	const char *value = settings_find(&settings, "fs");
	char *folders;

	if (value)
		return xstrdup(value);
	value = settings_find(&settings, "like");
	if (value && strchr(value, '/'))
		return strndup(value, strcspn(value, "/"));
	folders = folder_of(file);
	if (!folders)
		fail("%s: expected a line \"fs NAME\"", file);
	return folders;
}

struct scenario *scenario_read(const char *file, const char *fs)
{
	struct scenario *scenario = xcalloc(1, sizeof(*scenario));
	struct settings like;
	const char *value;
	char *path, *folder;

	scenario->name = scenario_name(file);
	scenario->file = xstrdup(file);
	scenario->settings = read_settings(file);
	if (fs) {
		scenario->fs = xstrdup(fs);
	} else {
		path = scenario_folders(file);
		scenario->fs = strndup(path, strcspn(path, " \t"));
		free(path);
	}
	fs_check(scenario->fs, file);
	folder = folder_of(file);
	scenario->shipped = folder && !strcmp(folder, scenario->fs);
	free(folder);
	value = settings_find(&scenario->settings, "like");
	if (value) {
		const char *slash = strchr(value, '/');

		path = xasprintf("fs/%s/%s.scenario", scenario->fs,
				 slash ? slash + 1 : value);
		if (access(path, R_OK))
			fail("%s: no scenario %s", file, path);
		like = read_settings(path);
		complete(&scenario->settings, &like);
		free(path);
	}
	path = xasprintf("fs/%s/filesystem", scenario->fs);
	like = read_settings(path);
	complete(&scenario->settings, &like);
	free(path);
	return scenario;
}

/* What is decided before the words are looked at. */
static bool settled(const char *key)
{
	static const char *const names[] = {
		"like", "fs", "append", "seeds", "clock", "workload",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], key))
			return true;
	return false;
}

void settings_check(const struct settings *settings, const char *what)
{
	static const char *const of_file[] = {
		"swap.type", "swap.mkfs", "swap.mount_options",
	};
	const char *on = settings_find(settings, "swap.on");
	bool file = on && strcmp(on, "disk");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(of_file); i++) {
		bool there = settings_find(settings, of_file[i]);

		if (there && !file)
			fail("%s: %s: expected swap.on file or loop with it",
			     what, of_file[i]);
		if (!there && file && i < 2)
			fail("%s: swap.on %s: expected %s with it", what, on,
			     of_file[i]);
	}
}

static void apply_word(struct settings *settings, char *word,
		       const char *what)
{
	char *value = strchr(word, '='), *wrong;
	bool set = !strncmp(word, "lab.set.", 8);

	if (!value || !value[1])
		fail("%s: expected %.*s=VALUE", what,
		     (int)strcspn(word, "="), word);
	*value++ = '\0';
	if (set)
		word += 8;
	wrong = setting_check(word, value);
	if (wrong)
		fail("%s: %s", what, wrong);
	if (set && !strncmp(word, "lab.", 4))
		fail("%s: expected lab.set. and a key of a scenario, found %s",
		     what, word);
	if (set && settled(word))
		fail("%s: lab.set.%s: expected a key that changes what a guest does; a scenario file or a flag says this one",
		     what, word);
	settings_set(settings, word, value);
}

char *words_apply(struct settings *settings, const char *words,
		  const char *what)
{
	char *copy = xstrdup(words), *rest = copy, *word;
	char *kernel = xstrdup("");

	while ((word = strsep(&rest, " \t\n"))) {
		char *longer;

		if (!*word)
			continue;
		if (!strncmp(word, "lab.", 4)) {
			apply_word(settings, word, what);
			continue;
		}
		longer = xasprintf("%s%s%s", kernel, *kernel ? " " : "", word);
		free(kernel);
		kernel = longer;
	}
	free(copy);
	return kernel;
}
