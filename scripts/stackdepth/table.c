// SPDX-License-Identifier: GPL-2.0-only
/*
 * table.c - which function belongs to which subsystem, and what it means.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "table.h"

#define CACHE_SIZE	4096
#define CACHED_SYMBOL	96
#define MAX_RULES	65536

struct rule {
	char *pattern;		/* glob; "[xfs]" is a module */
	size_t literal;		/* characters before the first wildcard */
	bool wild;
	int subsystem;		/* index, or -1: a role */
	struct sd_meaning meaning;
};

struct rules {
	struct rule *rule;
	size_t nr, max;
};

struct cached {
	char symbol[CACHED_SYMBOL];
	bool used;
	int subsystem;
	struct sd_meaning meaning;
};

struct sd_tables {
	struct rules subsystems, roles;
	char *names[SD_MAX_SUBSYSTEMS];
	unsigned int groups[SD_MAX_SUBSYSTEMS];
	int nr_names;
	struct cached *cache;
};

static const struct {
	const char *name;
	enum sd_group bit;
} groups[] = {
	{ "filesystem",	SD_GROUP_FILESYSTEM },
	{ "allocator",	SD_GROUP_ALLOCATOR },
	{ "spliced",	SD_GROUP_SPLICED },
	{ "layer",	SD_GROUP_LAYER },
	{ "starter",	SD_GROUP_STARTER },
	{ "common",	SD_GROUP_COMMON },
};

static const struct {
	const char *name;
	struct sd_meaning meaning;
} roles[] = {
	{ "@interrupt",	{ SD_ROLE_INTERRUPT, SD_NR_CLASSES, NULL } },
	{ "@preempt",	{ SD_ROLE_PREEMPT, SD_NR_CLASSES, NULL } },
	{ "@tracer",	{ SD_ROLE_TRACER, SD_NR_CLASSES, NULL } },
	{ "@wait",	{ SD_ROLE_WAIT, SD_NR_CLASSES, NULL } },
	{ "@user-exit",	{ SD_ROLE_USER_EXIT, SD_NR_CLASSES, NULL } },
	{ "@reclaim:direct", { SD_ROLE_RECLAIM, SD_DIRECT_RECLAIM, "direct reclaim" } },
	{ "@reclaim:node", { SD_ROLE_RECLAIM, SD_DIRECT_RECLAIM, "node reclaim" } },
	{ "@reclaim:memcg", { SD_ROLE_RECLAIM, SD_MEMCG_RECLAIM, "memcg reclaim" } },
	{ "@reclaim:compaction", { SD_ROLE_RECLAIM, SD_NR_CLASSES, "direct compaction" } },
};

static const char *const needed[] = {
	"other", "interrupt", "scheduler", "tracer", "writeback",
};

extern const char sd_builtin_subsystems[], sd_builtin_subsystems_end[];
extern const char sd_builtin_roles[], sd_builtin_roles_end[];

/* The data files themselves, so that the program needs none beside it. */
#define BUILTIN(name, file)					\
	__asm__(".pushsection .rodata\n"			\
		".globl " name "\n" name ": .incbin \"" file "\"\n" \
		".globl " name "_end\n" name "_end: .byte 0\n"	\
		".popsection\n")
BUILTIN("sd_builtin_subsystems", SD_SOURCE_DIR "/subsystems");
BUILTIN("sd_builtin_roles", SD_SOURCE_DIR "/roles");

int sd_subsystem_index(struct sd_tables *t, const char *name)
{
	for (int i = 0; i < t->nr_names; i++)
		if (!strcmp(t->names[i], name))
			return i;
	if (t->nr_names == SD_MAX_SUBSYSTEMS)
		return -1;
	t->names[t->nr_names] = sd_strndup(name, strlen(name));
	return t->nr_names++;
}

const char *sd_subsystem_name(const struct sd_tables *t, int i)
{
	return t->names[i];
}

unsigned int sd_subsystem_groups(const struct sd_tables *t, int i)
{
	return i < 0 ? 0 : t->groups[i];
}

int sd_nr_subsystems(const struct sd_tables *t)
{
	return t->nr_names;
}

static bool is_name(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("_-/", *s))
			return false;
	return true;
}

static int add_rule(struct rules *rules, const struct rule *new)
{
	if (rules->nr == MAX_RULES)
		return -1;
	if (rules->nr == rules->max)
		rules->rule = sd_grow(rules->rule, &rules->max, sizeof(*rules->rule));
	rules->rule[rules->nr] = *new;
	rules->rule[rules->nr].pattern = sd_strndup(new->pattern, strlen(new->pattern));
	rules->nr++;
	return 0;
}

static int parse_role(struct sd_input *in, struct rule *rule, const char *word)
{
	enum sd_class class;

	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		if (!strcmp(roles[i].name, word)) {
			rule->meaning = roles[i].meaning;
			return 0;
		}
	}
	class = sd_class_by_name(word + 1, strlen(word + 1));
	if (class == SD_NR_CLASSES)
		return sd_bad(in, "expected a role or a class after '@', found '%.40s'", word);
	rule->meaning = (struct sd_meaning) { SD_ROLE_CLASS, class, NULL };
	return 0;
}

static int parse_group(struct sd_tables *t, struct sd_input *in, char *word, char **save)
{
	word[strlen(word) - 1] = '\0';
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		if (strcmp(groups[i].name, word))
			continue;
		while ((word = strtok_r(NULL, " \t", save)) && *word != '#') {
			int s = is_name(word) ? sd_subsystem_index(t, word) : -1;

			if (s < 0)
				return sd_bad(in, "expected the name of a subsystem, found '%.40s'", word);
			t->groups[s] |= groups[i].bit;
		}
		return 0;
	}
	return sd_bad(in, "expected 'filesystem:', 'layer:', 'allocator:', 'spliced:', 'common:' or 'starter:', found '%.40s:'",
		      word);
}

static int parse_rule(struct sd_tables *t, struct sd_input *in, struct rules *subsystems,
		      struct rules *meanings)
{
	struct rule rule = { .subsystem = -1, .meaning = { SD_ROLE_NONE, SD_NR_CLASSES, NULL } };
	char *save = NULL, *pattern = strtok_r(in->line, " \t", &save), *word;

	if (!pattern || *pattern == '#')
		return 0;
	if (in->cut)
		return sd_bad(in, "expected a line of at most %d characters", SD_LINE_MAX);
	if (pattern[1] && pattern[strlen(pattern) - 1] == ':')
		return parse_group(t, in, pattern, &save);
	word = strtok_r(NULL, " \t", &save);
	if (!word || *word == '#')
		return sd_bad(in, "expected PATTERN SUBSYSTEM");
	rule.pattern = pattern;
	rule.literal = strcspn(pattern, "*?[\\");
	rule.wild = pattern[rule.literal] != '\0';
	if (*word == '@') {
		if (parse_role(in, &rule, word))
			return -1;
	} else {
		rule.subsystem = is_name(word) ? sd_subsystem_index(t, word) : -1;
		if (rule.subsystem < 0)
			return sd_bad(in, "expected the name of a subsystem, found '%.40s'", word);
	}
	word = strtok_r(NULL, " \t", &save);
	if (word && *word != '#')
		return sd_bad(in, "expected PATTERN SUBSYSTEM and nothing more, found '%.40s'", word);
	if (add_rule(rule.subsystem < 0 ? meanings : subsystems, &rule))
		return sd_bad(in, "expected at most %d patterns", MAX_RULES);
	return 0;
}

static void prepend(struct rules *to, struct rules *new)
{
	for (size_t i = 0; i < to->nr; i++) {
		add_rule(new, &to->rule[i]);
		free(to->rule[i].pattern);
	}
	free(to->rule);
	*to = *new;
}

static void free_rules(struct rules *r)
{
	for (size_t i = 0; i < r->nr; i++)
		free(r->rule[i].pattern);
	free(r->rule);
}

int sd_tables_extend(struct sd_tables *t, FILE *fp, const char *name, FILE *messages)
{
	struct rules subsystems = { 0 }, meanings = { 0 };
	struct sd_input in;
	int err = 0;

	sd_input_open(&in, fp, name, messages);
	while (!err && sd_input_line(&in))
		err = parse_rule(t, &in, &subsystems, &meanings);
	if (!err && in.read_error)
		err = sd_bad(&in, "cannot be read");
	sd_input_close(&in);
	if (err) {
		free_rules(&subsystems);
		free_rules(&meanings);
		return err;
	}
	prepend(&t->subsystems, &subsystems);
	prepend(&t->roles, &meanings);
	memset(t->cache, 0, CACHE_SIZE * sizeof(*t->cache));
	return 0;
}

static void builtin(struct sd_tables *t, const char *name, const char *from, const char *to)
{
	FILE *fp = fmemopen((void *)from, to - from, "r");

	if (!fp || sd_tables_extend(t, fp, name, stderr))
		exit(1);
	fclose(fp);
}

struct sd_tables *sd_tables_empty(void)
{
	struct sd_tables *t = sd_alloc(1, sizeof(*t));

	t->cache = sd_alloc(CACHE_SIZE, sizeof(*t->cache));
	/* The names that the analysis itself needs; they are always there. */
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		sd_subsystem_index(t, needed[i]);
	return t;
}

struct sd_tables *sd_tables_new(void)
{
	struct sd_tables *t = sd_tables_empty();

	builtin(t, "scripts/stackdepth/subsystems", sd_builtin_subsystems,
		sd_builtin_subsystems_end);
	builtin(t, "scripts/stackdepth/roles", sd_builtin_roles, sd_builtin_roles_end);
	return t;
}

void sd_tables_free(struct sd_tables *t)
{
	if (!t)
		return;
	free_rules(&t->subsystems);
	free_rules(&t->roles);
	for (int i = 0; i < t->nr_names; i++)
		free(t->names[i]);
	free(t->cache);
	free(t);
}

/*
 * Compilers clone functions: foo.constprop.0, foo.isra.0, foo.part.0,
 * foo.cold, foo.llvm.123. All of them are foo.
 */
static void plain_name(char *to, size_t size, const char *symbol)
{
	size_t n = strcspn(symbol, ".");

	if (!n)			/* ".L" and such: no clone */
		n = strlen(symbol);
	if (n >= size)
		n = size - 1;
	memcpy(to, symbol, n);
	to[n] = '\0';
}

static bool fits(const struct rule *r, const char *name)
{
	if (strncmp(r->pattern, name, r->literal))
		return false;
	if (!r->wild)
		return !name[r->literal];
	if (!strcmp(r->pattern + r->literal, "*"))
		return true;
	return !fnmatch(r->pattern, name, 0);
}

static int find_rule(const struct rules *rules, const char *name)
{
	for (size_t i = 0; i < rules->nr; i++)
		if (rules->rule[i].pattern[0] != '[' && fits(&rules->rule[i], name))
			return i;
	return -1;
}

/* "[xfs]" or "[nvme_*]" */
static bool module_fits(const char *pattern, const char *module)
{
	size_t len = strlen(pattern) - 1;

	if (*pattern != '[' || len < 2 || pattern[len] != ']')
		return false;
	if (pattern[len - 1] == '*')
		return !strncmp(pattern + 1, module, len - 2);
	return !strncmp(pattern + 1, module, len - 1) && !module[len - 1];
}

static int find_module(const struct rules *rules, const char *module)
{
	for (size_t i = 0; i < rules->nr; i++)
		if (module_fits(rules->rule[i].pattern, module))
			return i;
	return -1;
}

static struct cached *cache_slot(struct sd_tables *t, const char *name)
{
	return &t->cache[sd_hash(name) % CACHE_SIZE];
}

static void keep_name(struct cached *c, const char *name)
{
	c->used = strlen(name) < sizeof(c->symbol);
	if (c->used)
		strcpy(c->symbol, name);
}

static const struct cached *look_up(struct sd_tables *t, const char *symbol)
{
	char name[SD_MAX_SYMBOL + 1];
	struct cached *c;
	int i;

	plain_name(name, sizeof(name), symbol);
	c = cache_slot(t, name);
	if (c->used && !strcmp(c->symbol, name))
		return c;
	i = find_rule(&t->subsystems, name);
	c->subsystem = i < 0 ? -1 : t->subsystems.rule[i].subsystem;
	i = find_rule(&t->roles, name);
	c->meaning = i < 0 ? (struct sd_meaning) { SD_ROLE_NONE, SD_NR_CLASSES, NULL } :
		     t->roles.rule[i].meaning;
	keep_name(c, name);
	return c;
}

/* A module's own subsystem; there are more modules than names fit. */
static int subsystem_of_module(struct sd_tables *t, const char *module)
{
	int i = sd_subsystem_index(t, module);

	if (i < 0)
		return sd_subsystem_index(t, "other");
	if (!t->groups[i])
		t->groups[i] = SD_GROUP_MODULE;
	return i;
}

int sd_subsystem(struct sd_tables *t, const char *symbol, const char *module)
{
	char name[SD_MAX_MODULE + 4];
	struct cached *c;
	int i;

	if (!module)
		return look_up(t, symbol)->subsystem;
	/* No symbol has a bracket, so both have room in one cache. */
	snprintf(name, sizeof(name), "[%s]", module);
	c = cache_slot(t, name);
	if (c->used && !strcmp(c->symbol, name))
		return c->subsystem;
	i = find_module(&t->subsystems, module);
	c->subsystem = i < 0 ? subsystem_of_module(t, module) : t->subsystems.rule[i].subsystem;
	c->meaning = (struct sd_meaning) { SD_ROLE_NONE, SD_NR_CLASSES, NULL };
	keep_name(c, name);
	return c->subsystem;
}

struct sd_meaning sd_meaning(struct sd_tables *t, const char *symbol)
{
	return look_up(t, symbol)->meaning;
}
