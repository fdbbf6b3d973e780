/* SPDX-License-Identifier: GPL-2.0-only */
/* The sides of a comparison: which kernel, and how it is built. */
#ifndef CELL_SIDE_H
#define CELL_SIDE_H

#include <stdbool.h>

#include <jansson.h>

#include "seeds.h"

enum side_kind {
	SIDE_NAMED,	/* vanilla, patched, vanilla-debug, patched-debug */
	SIDE_TREE,	/* a directory of kernel source, as it is */
	SIDE_REF,	/* TREE@REF: a git tree at a commit, branch or tag */
	SIDE_IMAGE,	/* a bzImage, or the build directory that it is in */
};

/**
 * struct side - one kernel
 * @kind: what it was given as
 * @name: what messages call it: A, B, --side
 * @spec: as the user gave it
 * @label: the variant of its cells
 * @path: of the tree or the image
 * @ref: of SIDE_REF
 * @patches: a mailbox, or a directory of patches, that goes on top of a tree
 * @fetched: its source is a release's: nobody edits it
 * @commit: of the user's tree, "-dirty" after it if it held other work
 * @tree: git's hash of the content that was built
 * @version: of the kernel, as far as it is known before the build
 * @build: the build directory that the image is in
 * @modules: headers or modules for an image, as the user gave them
 * @append: words for the guest's command line on this side alone
 * @layouts: of its images, which differ in layout alone; seeds take turns.
 *	None: as it was built
 * @layouts_given: as the user gave them
 * @again: it is the same kernel as the other side
 *
 * What is not known is NULL.
 */
struct side {
	enum side_kind kind;
	const char *name;
	const char *spec;
	char *label;
	char *path;
	char *ref;
	char *patches;
	char *commit;
	char *tree;
	char *version;
	char *build;
	const char *modules;
	const char *append;
	struct seeds layouts;
	const char *layouts_given;
	bool again;
	bool fetched;
};

/** struct place - where things are, relative to the top of the checkout */
struct place {
	const char *build;
	const char *out;
};

/**
 * side_parse() - understand what a user calls a kernel, or fail
 * @side: filled in
 * @name: what messages call it
 * @spec: what the user said
 */
void side_parse(struct side *side, const char *name, const char *spec);

/**
 * sides_tell_apart() - give two sides labels that differ
 * @a: one
 * @b: the other; if it is the same kernel, it becomes @a's "-again"
 */
void sides_tell_apart(const struct side *a, struct side *b);

/**
 * sides_build() - build what the guests of the sides boot
 * @sides: one or two
 * @count: how many
 * @place: where
 *
 * Kernels, modules and initramfs; what is up to date is not built again. Fails
 * with the last line of the script that failed on standard error.
 */
void sides_build(struct side *sides, unsigned int count,
		 const struct place *place);

/**
 * side_json() - what there is to say about a kernel that is built
 * @side: which
 * @place: where it was built
 *
 * Return: an object with "kernel", "given", "image", "image_sha256", "initrd",
 * "initrd_sha256", "provoker", if they are known "config_sha256", "commit" and
 * "tree", and if it has layouts "layouts": by number, objects with "image" and
 * "image_sha256".
 */
json_t *side_json(const struct side *side, const struct place *place);

/**
 * user_path() - a path that the user gave, from where the user is
 * @path: as given; ~/ is the user's home
 *
 * Return: an absolute path, to be freed.
 */
char *user_path(const char *path);

/** Where the user was when the program began. */
extern char *user_directory;

#endif
