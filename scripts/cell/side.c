// SPDX-License-Identifier: GPL-2.0-only
/* What a user calls a kernel. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "process.h"
#include "side.h"
#include "util.h"

/* The oldest release that the lab's configuration and modules are for. */
#define OLDEST_MAJOR	6
#define OLDEST_MINOR	12
#define LABEL_MAX	60

/* Where the boot protocol of x86 has them: Documentation/arch/x86/boot.rst. */
#define MAGIC_AT	514
#define VERSION_AT	526
#define VERSION_BASE	512

/* Without these a guest cannot be booted, or cannot say what it measured. */
static const char *const image_needs[] = {
	"CONFIG_64BIT=y", "CONFIG_BLK_DEV_INITRD=y", "CONFIG_BLK_DEV_NULL_BLK=y",
	"CONFIG_CONFIGFS_FS=y", "CONFIG_DEVTMPFS=y", "CONFIG_PROC_FS=y",
	"CONFIG_SERIAL_8250_CONSOLE=y", "CONFIG_SWAP=y", "CONFIG_SYSFS=y",
};

char *user_directory;

char *user_path(const char *path)
{
	if (!strncmp(path, "~/", 2) && getenv("HOME"))
		return xasprintf("%s/%s", getenv("HOME"), path + 2);
	if (*path == '/')
		return xstrdup(path);
	return xasprintf("%s/%s", user_directory, path);
}

static bool exists(const char *directory, const char *name)
{
	char *path = xasprintf("%s/%s", directory, name);
	bool there = !access(path, F_OK);

	free(path);
	return there;
}

/* git in a tree of the user: no lock, no refreshed index, whoever owns it. */
static char *git(const char *tree, int *status, const char *verb,
		 const char *one, const char *two, const char *three)
{
	const char *argv[] = { "env", "GIT_OPTIONAL_LOCKS=0", "git", "-c",
		"safe.directory=*", "-c", "core.fsmonitor=false", "-C", tree,
		verb, one, two, three, NULL };

	return process_output((char *const *)argv, status, true);
}

/* Like 7.3.4 or 7.4-rc1, from the text of a Makefile; NULL: it is none. */
static char *version_of(const char *makefile)
{
	static const char *const names[] = {
		"VERSION", "PATCHLEVEL", "SUBLEVEL", "EXTRAVERSION",
	};
	char *copy = xstrdup(makefile), *rest = copy, *line, *version = NULL;
	char value[4][32] = { "", "", "", "" }, name[32], text[32];
	size_t i;

	while ((line = strsep(&rest, "\n")) && strncmp(line, "NAME", 4))
		for (i = 0; i < ARRAY_SIZE(names); i++)
			if (sscanf(line, "%31[A-Z] = %31s", name, text) == 2 &&
			    !strcmp(name, names[i]))
				strcpy(value[i], text);
	if (*value[0] && *value[1])
		version = xasprintf("%s.%s%s%s%s", value[0], value[1],
				    strcmp(value[2], "0") && *value[2] ? "." : "",
				    strcmp(value[2], "0") ? value[2] : "",
				    value[3]);
	free(copy);
	return version;
}

static char *label_of(const char *text)
{
	char *label = strndup(text + strspn(text, ".-"), LABEL_MAX), *c, *other;

	for (c = label; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._@-", *c))
			*c = '-';
	c = label + strspn(label, ".-");
	other = xstrdup(*c ? c : "tree");
	free(label);
	if (!strcmp(other, "vanilla") || !strcmp(other, "patched") ||
	    !strncmp(other, "vanilla-", 8) || !strncmp(other, "patched-", 8)) {
		label = xasprintf("%s-tree", other);
		free(other);
		return label;
	}
	return other;
}

static void check_version(struct side *side, char *version)
{
	int major, minor;

	if (sscanf(version, "%d.%d", &major, &minor) != 2 ||
	    major < OLDEST_MAJOR ||
	    (major == OLDEST_MAJOR && minor < OLDEST_MINOR))
		fail("%s=%s is Linux %s, expected %d.%d or newer", side->name,
		     side->spec, version, OLDEST_MAJOR, OLDEST_MINOR);
	side->version = version;
}

static void parse_ref(struct side *side, const char *spec)
{
	char *text = xstrdup(spec), *at = text, *commit, *object, *makefile;
	char *full = NULL, *version, *base;
	struct stat stat_of;
	int status;

	/* A path may have an @ in it, and so may a ref. */
	while ((at = strchr(at, '@'))) {
		*at = '\0';
		free(full);
		full = user_path(text);
		if (!stat(full, &stat_of) && S_ISDIR(stat_of.st_mode))
			break;
		*at++ = '@';
	}
	if (!at)
		fail("%s=%s: no such tree: %.*s", side->name, side->spec,
		     (int)strcspn(spec, "@"), spec);
	if (!at[1])
		fail("%s=%s: expected TREE@REF", side->name, side->spec);
	side->kind = SIDE_REF;
	side->path = realpath(full, NULL);
	side->ref = xstrdup(at + 1);
	free(git(side->path, &status, "rev-parse", "--git-dir", NULL, NULL));
	if (status)
		fail("%s=%s: %s is no git tree", side->name, side->spec,
		     side->path);
	object = xasprintf("%s^{commit}", side->ref);
	commit = git(side->path, &status, "rev-parse", "--verify", "-q", object);
	if (status)
		fail("%s=%s: %s has no commit '%s'", side->name, side->spec,
		     side->path, side->ref);
	side->commit = commit;
	free(object);
	object = xasprintf("%s:Makefile", commit);
	makefile = git(side->path, &status, "show", object, NULL, NULL);
	version = status ? NULL : version_of(makefile);
	if (!version)
		fail("%s=%s: no kernel source at '%s'", side->name, side->spec,
		     side->ref);
	check_version(side, version);
	base = strrchr(side->path, '/');
	object = xasprintf("%s@%s", base + 1, side->ref);
	side->label = label_of(object);
	free(text);
	free(full);
}

static void parse_tree(struct side *side)
{
	char *path = xasprintf("%s/Makefile", side->path);
	char *makefile = read_text(path, NULL);
	char *version = makefile && exists(side->path, "mm/vmscan.c") ?
		version_of(makefile) : NULL;

	if (!version)
		fail("%s=%s: neither kernel source nor a kernel image",
		     side->name, side->spec);
	side->kind = SIDE_TREE;
	check_version(side, version);
	side->label = label_of(strrchr(side->path, '/') + 1);
	free(makefile);
	free(path);
}

/* The release that an image says it is, up to the blank; NULL: no image. */
static char *image_release(const char *path)
{
	unsigned char head[VERSION_AT + 2];
	char text[128] = "";
	FILE *file = fopen(path, "re");
	bool good;

	if (!file)
		return NULL;
	good = fread(head, 1, sizeof(head), file) == sizeof(head) &&
	       !memcmp(head + MAGIC_AT, "HdrS", 4) &&
	       !fseek(file, VERSION_BASE + head[VERSION_AT] +
		      256 * head[VERSION_AT + 1], SEEK_SET);
	if (good && fread(text, 1, sizeof(text) - 1, file))
		text[strcspn(text, " \n")] = '\0';
	fclose(file);
	return good ? xstrdup(text) : NULL;
}

/* What the configuration of a build directory lacks; to be freed. */
static char *image_lacks(const char *build)
{
	char *path = xasprintf("%s/.config", build);
	char *config = read_text(path, NULL), *lacks = xstrdup("");
	size_t i;

	for (i = 0; config && i < ARRAY_SIZE(image_needs); i++) {
		char *line = xasprintf("\n%s\n", image_needs[i]);
		size_t head = strlen(image_needs[i]);
		char *longer;

		if (!strstr(config, line) &&
		    (strncmp(config, image_needs[i], head) ||
		     config[head] != '\n')) {
			longer = xasprintf("%s%s%s", lacks, *lacks ? " " : "",
					   image_needs[i]);
			free(lacks);
			lacks = longer;
		}
		free(line);
	}
	free(config);
	free(path);
	return lacks;
}

static void parse_image(struct side *side)
{
	static const char suffix[] = "/arch/x86/boot/bzImage";
	char *release = image_release(side->path), *path, *lacks;
	size_t length = strlen(side->path), tail = strlen(suffix);

	if (!release)
		fail("%s=%s: neither kernel source nor a kernel image",
		     side->name, side->spec);
	side->kind = SIDE_IMAGE;
	side->version = release;
	if (length > tail && !strcmp(side->path + length - tail, suffix)) {
		side->build = strndup(side->path, length - tail);
		if (!exists(side->build, "Module.symvers") ||
		    !exists(side->build, ".config"))
			side->build = NULL;
	}
	if (side->build) {
		path = xasprintf("%s/include/config/kernel.release", side->build);
		side->version = read_text(path, NULL);
		if (!side->version)
			fail("%s=%s: %s has no include/config/kernel.release",
			     side->name, side->spec, side->build);
		side->version[strcspn(side->version, "\n")] = '\0';
		lacks = image_lacks(side->build);
		if (*lacks)
			fail("%s=%s: a guest needs what its configuration has not: %s",
			     side->name, side->spec, lacks);
	}
	if (!*side->version)
		fail("%s=%s: the image does not say which release it is",
		     side->name, side->spec);
	path = strrchr(side->build ? side->build : side->path, '/') + 1;
	if (side->build)
		path = xasprintf("%s-bzImage", path);
	side->label = label_of(path);
}

/* Like 6.12 or 7.3: what fetch-kernel gets. */
static bool is_release(const char *spec)
{
	size_t major = strspn(spec, "0123456789"), minor;

	if (!major || spec[major] != '.')
		return false;
	minor = strspn(spec + major + 1, "0123456789");
	return minor && !spec[major + 1 + minor];
}

/* The source of a release, or of the base of vanilla. */
static void fetch(struct side *side, const char *release)
{
	const char *argv[] = { "scripts/kernel/fetch-kernel", release, NULL };
	int status;

	side->path = process_output((char *const *)argv, &status, false);
	/* it has said why */
	if (status)
		exit(1);
	parse_tree(side);
	side->fetched = true;
}

static bool is_named(const char *spec)
{
	return !strcmp(spec, "vanilla") || !strcmp(spec, "patched") ||
	       !strcmp(spec, "vanilla-debug") || !strcmp(spec, "patched-debug");
}

/* What is before the "+PATCHES" of a side, if that names a file or directory. */
static char *without_patches(struct side *side, const char *spec)
{
	char *before, *after, *base;
	const char *plus = spec;
	struct stat stat_of;

	while ((plus = strchr(plus + 1, '+'))) {
		after = user_path(plus + 1);
		if (plus[1] && !stat(after, &stat_of)) {
			side->patches = realpath(after, NULL);
			base = strrchr(side->patches, '/');
			if (base == side->patches && !base[1])
				fail("%s=%s: / is no series of patches",
				     side->name, side->spec);
			before = strndup(spec, plus - spec);
			free(after);
			return before;
		}
		free(after);
	}
	return NULL;
}

static void parse(struct side *side, const char *spec)
{
	const char *name = side->name, *kernel = getenv("KERNEL");
	struct stat stat_of;
	char *path, *image;

	if (side->patches && !strcmp(spec, "vanilla")) {
		fetch(side, kernel && *kernel ? kernel : NULL);
		return;
	}
	if (is_named(spec)) {
		side->kind = SIDE_NAMED;
		side->label = xstrdup(spec);
		side->path = xstrdup(spec);
		return;
	}
	path = user_path(spec);
	if (stat(path, &stat_of)) {
		char *before = side->patches ? NULL : without_patches(side, spec);

		if (before)
			parse(side, before);
		else if (is_release(spec))
			fetch(side, spec);
		else if (!strchr(spec, '@'))
			fail("%s=%s: not vanilla or patched, and no such directory or file",
			     name, side->spec);
		else
			parse_ref(side, spec);
		return;
	}
	side->path = realpath(path, NULL);
	image = xasprintf("%s/arch/x86/boot/bzImage", side->path);
	if (S_ISDIR(stat_of.st_mode) && !exists(side->path, "mm/vmscan.c") &&
	    !access(image, R_OK)) {
		side->path = image;
		stat_of.st_mode = S_IFREG;
	}
	if (S_ISDIR(stat_of.st_mode))
		parse_tree(side);
	else
		parse_image(side);
}

/* The name of the patches, without what says that they are some. */
static void label_patches(struct side *side)
{
	static const char *const endings[] = {
		".mbox", ".mbx", ".patch", ".diff", ".eml",
	};
	char *name = xstrdup(strrchr(side->patches, '/') + 1), *label, *dot;
	size_t i;

	dot = strrchr(name, '.');
	for (i = 0; dot && dot > name && i < ARRAY_SIZE(endings); i++)
		if (!strcmp(dot, endings[i]))
			*dot = '\0';
	label = xasprintf("%s-%s", side->label, name);
	free(side->label);
	side->label = label_of(label);
	free(label);
	free(name);
}

void side_parse(struct side *side, const char *name, const char *spec)
{
	memset(side, 0, sizeof(*side));
	side->name = name;
	side->spec = spec;
	if (!*spec)
		fail("%s: expected vanilla, patched, a release, a directory, TREE@REF (each may have +PATCHES) or a bzImage",
		     name);
	parse(side, spec);
	if (!side->patches)
		return;
	if (side->kind != SIDE_TREE && side->kind != SIDE_REF)
		fail("%s=%s: patches can be put on vanilla, a release, a directory or TREE@REF",
		     name, spec);
	label_patches(side);
}

void sides_tell_apart(const struct side *a, struct side *b)
{
	const char *ref_a = a->ref ? a->ref : "", *ref_b = b->ref ? b->ref : "";
	const char *patches_a = a->patches ? a->patches : "";
	const char *patches_b = b->patches ? b->patches : "";

	if (a->kind == b->kind && !strcmp(a->path, b->path) &&
	    !strcmp(ref_a, ref_b) && !strcmp(patches_a, patches_b)) {
		b->label = xasprintf("%s-again", a->label);
		b->again = true;
	} else if (!strcmp(a->label, b->label)) {
		b->label = xasprintf("%s-2", b->label);
	}
}
