// SPDX-License-Identifier: GPL-2.0-only
/* The plan of a comparison: every cell, with all that decides it. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "again.h"
#include "files.h"
#include "plan.h"
#include "plan-cell.h"
#include "scenario.h"
#include "util.h"

/** struct workload - one scenario, with its seeds */
struct workload {
	struct scenario *scenario;
	const char *clock;
	struct seeds seeds;
	bool provokes;
};

struct workloads {
	struct workload *list;
	size_t count;
};

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);
	const char *at;

	for (at = words; (at = strstr(at, word)); at += length)
		if ((at == words || at[-1] == ' ') &&
		    (!at[length] || at[length] == ' '))
			return true;
	return false;
}

/* What the provoker does on the virtual clock is the same for every seed. */
static void choose_seeds(const struct choice *choice, struct workload *workload)
{
	const struct settings *settings = &workload->scenario->settings;
	const char *seeds = choice->seeds, *what = "SEEDS";
	char number[16], *own = NULL;

	if (!seeds) {
		seeds = settings_find(settings, "seeds");
		what = own = xasprintf("%s: seeds", workload->scenario->file);
	}
	if (!seeds) {
		snprintf(number, sizeof(number), "%u", choice->default_seeds);
		seeds = number;
	}
	workload->seeds = seeds_parse(seeds, what);
	if (workload->provokes && !strcmp(workload->clock, "virtual"))
		workload->seeds.count = 1;
	if (workload->seeds.list[workload->seeds.count - 1] >
	    SEED_MAX - choice->seed_offset)
		fail("%s: with the offset of B, %lld, there would be a seed above %lld",
		     what, choice->seed_offset, SEED_MAX);
	free(own);
}

static void add_workload(const struct choice *choice, struct workloads *all,
			 struct scenario *scenario)
{
	struct workload *workload;
	const char *value;

	all->list = xrealloc(all->list, (all->count + 1) * sizeof(*all->list));
	workload = &all->list[all->count++];
	workload->scenario = scenario;
	value = settings_find(&scenario->settings, "clock");
	workload->clock = choice->clock ? choice->clock :
			  value ? value : "virtual";
	value = settings_find(&scenario->settings, "workload");
	workload->provokes = value && !strcmp(value, "provoke");
	choose_seeds(choice, workload);
}

/* A file of a user, for each filesystem that it is for. */
static void add_file(const struct choice *choice, struct workloads *all,
		     const char *given)
{
	char *path = user_path(given), *name, *folders, *rest, *fs, *shipped;
	const char *file = is_file(path) ? path : given;
	struct scenario *scenario;

	name = scenario_name(is_file(path) ? path : given);
	if (!is_file(path))
		fail("%s: no such scenario file", given);
	folders = choice->folders ? xstrdup(choice->folders) :
				    scenario_folders(file);
	rest = folders;
	while ((fs = strsep(&rest, " \t"))) {
		if (!*fs)
			continue;
		fs_check(fs, given);
		scenario = scenario_read(file, fs);
		shipped = xasprintf("fs/%s/%s.scenario", fs, name);
		if (is_file(shipped) && !scenario->shipped)
			fail("%s: fs/%s has a scenario of that name; give it another",
			     given, fs);
		free(shipped);
		add_workload(choice, all, scenario);
	}
	free(folders);
	free(name);
	free(path);
}

static void add_shipped(const struct choice *choice, struct workloads *all,
			const char *fs)
{
	char *pattern = xasprintf("fs/%s/*.scenario", fs), *name;
	glob_t found;
	size_t i;

	if (!glob(pattern, 0, NULL, &found)) {
		for (i = 0; i < found.gl_pathc; i++) {
			name = scenario_name(found.gl_pathv[i]);
			if (!choice->names || has_word(choice->names, name))
				add_workload(choice, all, scenario_read(
					     found.gl_pathv[i], fs));
			free(name);
		}
		globfree(&found);
	}
	free(pattern);
}

static void add_all_shipped(const struct choice *choice, struct workloads *all)
{
	glob_t found;
	size_t i;

	if (glob("fs/*/filesystem", 0, NULL, &found))
		fail("fs/: no filesystem");
	for (i = 0; i < found.gl_pathc; i++) {
		char *fs = strndup(found.gl_pathv[i] + 3,
				   strcspn(found.gl_pathv[i] + 3, "/"));

		if (!choice->folders || has_word(choice->folders, fs))
			add_shipped(choice, all, fs);
		free(fs);
	}
	globfree(&found);
}

static struct workloads choose(const struct choice *choice)
{
	struct workloads all = { NULL, 0 };
	char *copy, *rest, *word;

	copy = xstrdup(choice->folders ? choice->folders : "");
	for (rest = copy; (word = strsep(&rest, " \t")); )
		if (*word)
			fs_check(word, "FS");
	free(copy);
	if (choice->file) {
		add_file(choice, &all, choice->file);
	} else if (!choice->files) {
		add_all_shipped(choice, &all);
	} else {
		copy = xstrdup(choice->files);
		for (rest = copy; (word = strsep(&rest, " \t")); )
			if (*word)
				add_file(choice, &all, word);
		free(copy);
	}
	if (!all.count)
		fail("no scenario '%s' in fs/", choice->names ?
		     choice->names : "");
	return all;
}

void choice_check(const struct choice *choice)
{
	struct workloads all = choose(choice);
	struct settings settings;
	unsigned int i;
	size_t j;

	for (j = 0; j < all.count; j++) {
		const char *own = settings_find(&all.list[j].scenario->settings,
						"append");

		settings = settings_copy(&all.list[j].scenario->settings);
		if (own)
			words_apply(&settings, own, all.list[j].scenario->file);
		words_apply(&settings, choice->append, "APPEND");
		for (i = 0; i < choice->side_count; i++) {
			struct settings side = settings_copy(&settings);

			if (choice->sides[i].append)
				words_apply(&side, choice->sides[i].append,
					    "--append-a, --append-b");
			settings_check(&side, all.list[j].scenario->file);
		}
	}
}

/* Scenarios that a kernel cannot run are left out, by name. */
static void leave_out(struct workloads *all, const json_t *variants)
{
	const char *label, *without = NULL;
	json_t *variant;
	size_t i, kept = 0;

	json_object_foreach((json_t *)variants, label, variant)
		if (!json_is_true(json_object_get(variant, "provoker")))
			without = label;
	for (i = 0; i < all->count; i++) {
		if (without && all->list[i].provokes)
			fprintf(stderr, "%s: %s %s: left out, %s has no modules\n",
				program_name, all->list[i].scenario->fs,
				all->list[i].scenario->name, without);
		else
			all->list[kept++] = all->list[i];
	}
	all->count = kept;
}

/* Two sides that were asked for as two, and came out as one. */
static void note_same_image(const struct choice *choice, const json_t *variants)
{
	const struct side *a = &choice->sides[0], *b = &choice->sides[1];

	if (choice->side_count == 2 && !b->again &&
	    json_equal(json_object_get(json_object_get(variants, a->label),
				       "image_sha256"),
		       json_object_get(json_object_get(variants, b->label),
				       "image_sha256")))
		fprintf(stderr, "%s: %s and %s are the same image, byte by byte\n",
			program_name, a->label, b->label);
}

static void add_pair(json_t *cells, const struct choice *choice,
		     const json_t *variants, const struct workload *workload,
		     size_t turn)
{
	bool host = !strcmp(workload->clock, "host");
	unsigned int i;

	for (i = 0; i < choice->side_count; i++) {
		unsigned int which = host && turn % 2 ?
			choice->side_count - 1 - i : i;
		const struct side *side = &choice->sides[which];
		struct asked asked = {
			.choice = choice,
			.side = side,
			.variant = json_object_get(variants, side->label),
			.scenario = workload->scenario,
			.clock = workload->clock,
			.seed = workload->seeds.list[turn] +
				(which ? choice->seed_offset : 0),
		};

		json_array_append_new(cells, planned_cell(&asked));
	}
}

/* Each cell has a directory of its own. */
static void check_ids(const json_t *cells, const char *what)
{
	json_t *seen = json_object(), *cell;
	size_t i;

	json_array_foreach(cells, i, cell) {
		const char *id = cell_text(cell, "id");

		if (!*id || *id == '.' || strchr(id, '/'))
			fail("%s: cells[%zu].id: expected a name, found \"%s\"",
			     what, i, id);
		if (json_object_get(seen, id))
			fail("%s: two cells are %s", what, id);
		json_object_set_new(seen, id, json_true());
	}
	json_decref(seen);
}

json_t *plan_make(const struct choice *choice)
{
	struct workloads all = choose(choice);
	json_t *variants = json_object(), *cells = json_array(), *plan;
	size_t turn, most = 0, j;
	char *command;
	unsigned int i;

	for (i = 0; i < choice->side_count; i++)
		json_object_set_new(variants, choice->sides[i].label,
				    side_json(&choice->sides[i],
					      &choice->place));
	note_same_image(choice, variants);
	leave_out(&all, variants);
	for (j = 0; j < all.count; j++)
		if (all.list[j].seeds.count > most)
			most = all.list[j].seeds.count;
	for (turn = 0; turn < most; turn++)
		for (j = 0; j < all.count; j++)
			if (turn < all.list[j].seeds.count)
				add_pair(cells, choice, variants, &all.list[j],
					 turn);
	check_ids(cells, "the scenarios");
	plan = json_pack("{s:i, s:o, s:o, s:I}", "schema", 1, "variants",
			 variants, "cells", cells, "limit_s",
			 (json_int_t)choice->limit);
	if (choice->side_count == 2) {
		command = again_comparison(choice);
		json_object_set_new(plan, "compared", json_pack(
			"{s:s, s:s, s:I, s:s}", "a", choice->sides[0].label,
			"b", choice->sides[1].label, "seed_offset",
			(json_int_t)choice->seed_offset, "command", command));
		free(command);
	}
	return plan;
}

const char *cell_text(const json_t *cell, const char *key)
{
	const char *text = json_string_value(json_object_get(cell, key));

	if (!text)
		fail("a planned cell: expected text \"%s\"", key);
	return text;
}

long long cell_number(const json_t *cell, const char *key)
{
	const json_t *number = json_object_get(cell, key);

	if (!json_is_integer(number))
		fail("a planned cell: expected a whole number \"%s\"", key);
	return json_integer_value(number);
}

json_t *plan_read(const char *path)
{
	static const char *const texts[] = {
		"id", "variant", "fs", "workload", "clock", "storage",
		"append", "image", "initrd", "key", "command", "kernel",
		"image_sha256", "initrd_sha256",
	};
	json_t *plan = read_json(path), *cells, *cell, *line;
	size_t i, j;

	cells = json_object_get(plan, "cells");
	if (json_integer_value(json_object_get(plan, "schema")) != 1 ||
	    !json_is_array(cells) ||
	    !json_is_object(json_object_get(plan, "variants")))
		fail("%s: expected a plan, as lab plan writes it", path);
	json_array_foreach(cells, i, cell) {
		for (j = 0; j < ARRAY_SIZE(texts); j++)
			if (!json_is_string(json_object_get(cell, texts[j])))
				fail("%s: cells[%zu]: expected text \"%s\"",
				     path, i, texts[j]);
		cell_number(cell, "seed");
		cell_number(cell, "vcpus");
		cell_number(cell, "memory_mib");
		if (!json_array_size(json_object_get(cell, "settings")))
			fail("%s: cells[%zu]: expected lines \"settings\"",
			     path, i);
		json_array_foreach(json_object_get(cell, "settings"), j, line)
			if (!json_is_string(line))
				fail("%s: cells[%zu].settings[%zu]: expected text",
				     path, i, j);
	}
	check_ids(cells, path);
	return plan;
}
