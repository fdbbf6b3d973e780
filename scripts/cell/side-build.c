// SPDX-License-Identifier: GPL-2.0-only
/* Building the sides of a comparison: which script builds what. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "process.h"
#include "side.h"
#include "util.h"

static void note(const char *label, const char *text)
{
	fprintf(stderr, "%s: %s: %s\n", program_name, label, text);
}

/* A script that says itself what went wrong. */
static void must_run(const char *const argv[])
{
	if (process_run((char *const *)argv))
		exit(1);
}

/* BUILD/kernel/LABEL leads to the build directory of the side's kernel. */
static void link_kernel(const struct side *side, const struct place *place,
			const char *directory)
{
	char *link = xasprintf("%s/kernel/%s", place->build, side->label);
	char *parent = xasprintf("%s/kernel", place->build);
	struct stat stat_of;

	make_directory(parent);
	if (!lstat(link, &stat_of) && !S_ISLNK(stat_of.st_mode))
		fail("%s: in the way; expected a link or nothing", link);
	unlink(link);
	if (symlink(directory, link))
		fail("%s: cannot make this link", link);
	free(parent);
	free(link);
}

static char *first_line(const char *file)
{
	char *text = read_text(file, NULL);

	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

/* A tree of a user, by way of a copy. */
static void build_tree(struct side *side, const struct place *place)
{
	char sum[SUM_SIZE], *mirror, *kernel, *said, *state;
	const char *copy[] = { "scripts/kernel/mirror-tree", side->path, NULL,
		side->label, side->kind == SIDE_REF ? side->commit : "",
		side->patches, NULL };
	const char *head[] = { "env", "GIT_OPTIONAL_LOCKS=0", "git", "-c",
		"safe.directory=*", "-C", side->path, "rev-parse", "HEAD", NULL };
	const char *build[] = { "scripts/kernel/build-kernel", NULL, NULL, NULL };
	int status;

	said = xasprintf("%s%s%s", side->path, side->patches ? "+" : "",
			 side->patches ? side->patches : "");
	sum_bytes(sum, said, strlen(said));
	free(said);
	mirror = xasprintf("%s/trees/%s-%.8s", place->build, side->label, sum);
	kernel = xasprintf("%s/kernel/%s", place->build, side->label);
	said = xasprintf("reading %s%s%s%s%s", side->path,
			 side->ref ? " at " : "", side->ref ? side->ref : "",
			 side->patches ? " and " : "",
			 side->patches ? side->patches : "");
	note(side->label, said);
	free(said);
	copy[2] = mirror;
	said = process_output((char *const *)copy, &status, false);
	if (status)
		exit(1);
	state = strrchr(said, ' ');
	if (!state)
		fail("mirror-tree: expected \"TREE STATE\", found \"%s\"", said);
	*state++ = '\0';
	side->tree = said;
	if (!side->commit && (!strcmp(state, "clean") ||
			      !strcmp(state, "dirty"))) {
		char *commit = process_output((char *const *)head, NULL, true);

		side->commit = xasprintf("%s%s", commit,
					 strcmp(state, "dirty") ? "" : "-dirty");
		free(commit);
	}
	build[1] = mirror;
	build[2] = kernel;
	/* A tree that somebody edits is built often: not kept in the cache. */
	setenv("LAB_KEEP", side->kind == SIDE_REF || side->fetched ? "1" : "0",
	       1);
	must_run(build);
	unsetenv("LAB_KEEP");
	free(kernel);
	free(mirror);
}

static void copy_modules(const struct side *side, const char *from,
			 const char *to)
{
	DIR *directory = opendir(from);
	struct dirent *entry;
	bool any = false;

	while (directory && (entry = readdir(directory))) {
		const char *end = strrchr(entry->d_name, '.');
		char *source, *target, *bytes;
		size_t count;

		if (!end || strcmp(end, ".ko"))
			continue;
		source = xasprintf("%s/%s", from, entry->d_name);
		target = xasprintf("%s/%s", to, entry->d_name);
		bytes = read_text(source, &count);
		if (!bytes)
			fail("%s: cannot read it", source);
		write_bytes(target, bytes, count);
		free(bytes);
		free(target);
		free(source);
		any = true;
	}
	if (directory)
		closedir(directory);
	if (!any)
		fail("%s: %s: neither kernel headers (no Module.symvers) nor modules",
		     side->spec, side->modules);
}

/* The image as if it had been built here. */
static void place_image(const struct side *side, const struct place *place)
{
	char *image = xasprintf("%s/images/%s", place->build, side->label);
	char *file = xasprintf("%s/arch/x86/boot/bzImage", image), *bytes, *real;
	size_t count;

	bytes = read_text(side->path, &count);
	if (!bytes)
		fail("%s: cannot read it", side->path);
	write_bytes(file, bytes, count);
	free(bytes);
	free(file);
	file = xasprintf("%s/include/config/kernel.release", image);
	bytes = xasprintf("%s\n", side->version);
	write_bytes(file, bytes, strlen(bytes));
	real = realpath(image, NULL);
	link_kernel(side, place, real);
	free(real);
	free(bytes);
	free(file);
	free(image);
}

static void take_image(const struct side *side, const struct place *place)
{
	char *own = xasprintf("%s/modules/%s", place->build, side->label);
	char *given = xasprintf("%s/.lab-given", own), *headers, *symvers;
	const char *build[] = { "scripts/kernel/build-modules", NULL, own, NULL };

	if (side->build && !side->modules) {
		unlink(given);
		link_kernel(side, place, side->build);
		return;
	}
	place_image(side, place);
	remove_tree(own);
	make_directory(own);
	if (side->modules) {
		headers = user_path(side->modules);
		symvers = xasprintf("%s/Module.symvers", headers);
		build[1] = headers;
		if (is_file(symvers))
			must_run(build);
		else
			copy_modules(side, headers, own);
	} else {
		note(side->label, "no modules: depths per context, what reclaim writes and its latencies will be missing");
	}
	write_bytes(given, "", 0);
	free(given);
	free(own);
}

static void build_named(const struct side *sides, unsigned int count)
{
	const char *argv[4] = { "scripts/kernel/build-variants" };
	unsigned int i, n = 1;

	for (i = 0; i < count; i++)
		if (sides[i].kind == SIDE_NAMED && !sides[i].again)
			argv[n++] = sides[i].label;
	if (n > 1)
		must_run(argv);
}

/* B is A: its kernel and its initramfs are A's. */
static void share(struct side *side, const struct side *with,
		  const struct place *place)
{
	char *link = xasprintf("%s/kernel/%s", place->build, with->label);
	char *real = realpath(link, NULL);

	link_kernel(side, place, real);
	side->tree = with->tree;
	side->commit = with->commit;
	free(real);
	free(link);
}

/* The label that it was built under: of B that is A, A's. */
static const char *built_label(const struct side *side)
{
	if (!side->again)
		return side->label;
	/* "-again" is of the other's label, and nothing else is */
	return strndup(side->label, strlen(side->label) - strlen("-again"));
}

/* Where the images of a side's layouts are. */
static char *layouts_directory(const struct side *side,
			       const struct place *place)
{
	return xasprintf("%s/layouts/%s", place->build, built_label(side));
}

static void link_layouts(const struct side *side, const struct place *place)
{
	const char **argv = xcalloc(side->layouts.count + 4, sizeof(*argv));
	char *kernel = xasprintf("%s/kernel/%s", place->build, side->label);
	char *directory = layouts_directory(side, place);
	size_t i;

	argv[0] = "scripts/kernel/link-layouts";
	argv[1] = kernel;
	argv[2] = directory;
	for (i = 0; i < side->layouts.count; i++)
		argv[3 + i] = xasprintf("%lld", side->layouts.list[i]);
	must_run(argv);
	free(directory);
	free(kernel);
	free(argv);
}

void sides_build(struct side *sides, unsigned int count,
		 const struct place *place)
{
	const char *initramfs[] = { "scripts/guest/build-initramfs", NULL, NULL };
	unsigned int i;

	build_named(sides, count);
	for (i = 0; i < count; i++) {
		struct side *side = &sides[i];

		if (side->again)
			share(side, &sides[0], place);
		else if (side->kind == SIDE_TREE || side->kind == SIDE_REF)
			build_tree(side, place);
		else if (side->kind == SIDE_IMAGE)
			take_image(side, place);
		if (side->layouts.count)
			link_layouts(side, place);
		if (side->again)
			continue;
		initramfs[1] = side->label;
		must_run(initramfs);
	}
}

static void add_text(json_t *json, const char *key, const char *text)
{
	if (text && *text)
		json_object_set_new(json, key, json_string(text));
}

static void add_sum(json_t *json, const char *key, const char *file)
{
	char sum[SUM_SIZE];

	if (!is_file(file))
		return;
	sum_file(sum, file);
	json_object_set_new(json, key, json_string(sum));
}

/* Of a kernel of the lab: the commit of build/linux or build/linux-vanilla. */
static char *named_commit(const char *kernel)
{
	char *source = xasprintf("%s/..", kernel);
	const char *argv[] = { "git", "-C", source, "describe", "--always",
			       "--abbrev=40", "--dirty", NULL };
	char *commit;
	int status;

	commit = process_output((char *const *)argv, &status, true);
	free(source);
	return status ? NULL : commit;
}

static json_t *layouts_json(const struct side *side, const struct place *place)
{
	char *directory = layouts_directory(side, place), *image, *number;
	json_t *all = json_object(), *one;
	size_t i;

	for (i = 0; i < side->layouts.count; i++) {
		number = xasprintf("%lld", side->layouts.list[i]);
		image = xasprintf("%s/%s.bzImage", directory, number);
		if (!is_file(image))
			fail("%s: no such layout; run it without --built",
			     image);
		one = json_object();
		add_text(one, "image", image);
		add_sum(one, "image_sha256", image);
		json_object_set_new(all, number, one);
		free(image);
		free(number);
	}
	free(directory);
	return all;
}

/* What is known of what was built: "COMMIT+series.mbox", "COMMIT-dirty". */
static char *commit_of(const struct side *side, const char *kernel)
{
	if (side->kind == SIDE_NAMED)
		return named_commit(kernel);
	if (!side->commit || !side->patches)
		return side->commit;
	return xasprintf("%s+%s", side->commit,
			 strrchr(side->patches, '/') + 1);
}

json_t *side_json(const struct side *side, const struct place *place)
{
	const char *of = built_label(side);
	char *kernel = xasprintf("%s/kernel/%s", place->build, of);
	char *image = xasprintf("%s/arch/x86/boot/bzImage", kernel);
	char *initrd = xasprintf("%s/initramfs/%s.cpio", place->build, of);
	char *config = xasprintf("%s/.config", kernel);
	char *release = xasprintf("%s/include/config/kernel.release", kernel);
	char *provoker = xasprintf("%s/modules/%s/memalloc_provoker.ko",
				   place->build, of);
	json_t *json = json_object();

	if (!is_file(image))
		fail("%s: no kernel image; run make kernels", side->label);
	if (!is_file(initrd))
		fail("%s: no initramfs; run make initramfs", initrd);
	add_text(json, "given", side->spec);
	add_text(json, "kernel", first_line(release));
	add_text(json, "image", image);
	add_text(json, "initrd", initrd);
	add_sum(json, "image_sha256", image);
	add_sum(json, "initrd_sha256", initrd);
	add_sum(json, "config_sha256", config);
	add_text(json, "commit", commit_of(side, kernel));
	add_text(json, "patches", side->patches);
	add_text(json, "tree", side->tree);
	add_text(json, "append", side->append);
	json_object_set_new(json, "provoker", json_boolean(is_file(provoker)));
	if (side->layouts.count)
		json_object_set_new(json, "layouts", layouts_json(side, place));
	free(provoker);
	free(release);
	free(config);
	free(initrd);
	free(image);
	free(kernel);
	return json;
}
