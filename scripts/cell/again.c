// SPDX-License-Identifier: GPL-2.0-only
/* Commands that do again what was done, from the top of the checkout. */
#include <stdlib.h>
#include <string.h>

#include "again.h"
#include "files.h"
#include "util.h"

static void add_word(char **command, const char *option, const char *value)
{
	char *quoted = shell_quoted(value), *longer;

	longer = xasprintf("%s %s %s", *command, option, quoted);
	free(quoted);
	free(*command);
	*command = longer;
}

static void add_number(char **command, const char *option, long long value)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", value);
	add_word(command, option, number);
}

/* "scripts/lab SUBCOMMAND", after the variables that decide how guests run. */
static char *begin_command(const char *subcommand)
{
	static const char *const names[] = { "QEMU", "KVM", "TCG_THREAD" };
	char *command = xstrdup(""), *quoted, *longer;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);

		if (!value || !*value)
			continue;
		quoted = shell_quoted(value);
		longer = xasprintf("%s%s=%s ", command, names[i], quoted);
		free(quoted);
		free(command);
		command = longer;
	}
	longer = xasprintf("%sscripts/lab %s", command, subcommand);
	free(command);
	return longer;
}

/* A scenario of a user, complete, where the command finds it later. */
static char *kept_scenario(const struct asked *asked)
{
	const struct scenario *scenario = asked->scenario;
	char *path = xasprintf("%s/scenarios/%s/%s.scenario",
			       asked->choice->place.out, scenario->fs,
			       scenario->name);
	char *text = xstrdup(""), *longer;
	size_t i;

	for (i = 0; i < scenario->settings.count; i++) {
		const struct setting *setting = &scenario->settings.list[i];

		if (!strcmp(setting->key, "like"))
			continue;
		longer = xasprintf("%s%s %s\n", text, setting->key,
				   setting->value);
		free(text);
		text = longer;
	}
	write_bytes(path, text, strlen(text));
	free(text);
	return path;
}

/* What is not as everybody has it. */
static void add_own_choice(char **command, const struct choice *choice,
			   const struct side *side)
{
	if (strcmp(choice->place.build, "build"))
		add_word(command, "--build", choice->place.build);
	if (choice->kernel && side->kind == SIDE_NAMED)
		add_word(command, "--kernel", choice->kernel);
	if (choice->extra_memory)
		add_number(command, "--extra-memory", choice->extra_memory);
	if (choice->limit != CHOICE_LIMIT_S)
		add_number(command, "--limit", choice->limit);
}

static void add_side(char **command, const char *option,
		     const char *modules_option, const struct side *side)
{
	char *value;

	if (side->kind == SIDE_REF)
		/* a branch may have moved on by then */
		value = xasprintf("%s@%s", side->path, side->commit);
	else
		value = xstrdup(side->path);
	if (side->patches) {
		char *base = value;

		value = xasprintf("%s+%s", base, side->patches);
		free(base);
	}
	add_word(command, option, value);
	free(value);
	if (side->modules) {
		value = user_path(side->modules);
		add_word(command, modules_option, value);
		free(value);
	}
}

char *again_cell(const struct asked *asked, const char *append,
		 long long vcpus, long long layout)
{
	const struct side *side = asked->side->again ?
		&asked->choice->sides[0] : asked->side;
	char *command = begin_command("run"), *value;

	add_side(&command, "--side", "--modules", side);
	add_word(&command, "--fs", asked->scenario->fs);
	value = asked->scenario->shipped ? xstrdup(asked->scenario->name) :
					   kept_scenario(asked);
	add_word(&command, "--scenario", value);
	free(value);
	add_number(&command, "--seed", asked->seed);
	add_word(&command, "--clock", asked->clock);
	add_number(&command, "--vcpus", vcpus);
	add_own_choice(&command, asked->choice, side);
	if (layout)
		add_number(&command, "--layout", layout);
	if (*append)
		add_word(&command, "--append", append);
	return command;
}

/* Files of a user, from the top of the checkout. */
static char *absolute(const char *files)
{
	char *copy = xstrdup(files), *rest = copy, *word;
	char *all = xstrdup(""), *longer, *path;

	while ((word = strsep(&rest, " \t"))) {
		if (!*word)
			continue;
		path = user_path(word);
		longer = xasprintf("%s%s%s", all, *all ? " " : "", path);
		free(path);
		free(all);
		all = longer;
	}
	free(copy);
	return all;
}

static void add_text(char **command, const char *option, const char *text)
{
	if (text && *text)
		add_word(command, option, text);
}

char *again_comparison(const struct choice *choice)
{
	const struct side *a = &choice->sides[0], *b = &choice->sides[1];
	char *command = begin_command("evaluate"), *files;

	add_side(&command, "--a", "--a-modules", a);
	add_side(&command, "--b", "--b-modules", b->again ? a : b);
	add_own_choice(&command, choice, a->kind == SIDE_NAMED ? a : b);
	if (strcmp(choice->place.out, "out"))
		add_word(&command, "--out", choice->place.out);
	add_text(&command, "--fs", choice->folders);
	add_text(&command, "--scenarios", choice->names);
	files = absolute(choice->files ? choice->files : "");
	add_text(&command, "--scenario", files);
	free(files);
	if (choice->seeds)
		add_word(&command, "--seeds", choice->seeds);
	else
		add_number(&command, "--default-seeds", choice->default_seeds);
	if (choice->seed_offset)
		add_number(&command, "--seed-offset", choice->seed_offset);
	add_text(&command, "--clock", choice->clock);
	if (choice->vcpus)
		add_number(&command, "--vcpus", choice->vcpus);
	add_text(&command, "--append", choice->append);
	add_text(&command, "--append-a", a->append);
	add_text(&command, "--append-b", b->append);
	add_text(&command, "--layouts-a", a->layouts_given);
	add_text(&command, "--layouts-b", b->layouts_given);
	return command;
}
