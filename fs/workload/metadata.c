// SPDX-License-Identifier: GPL-2.0-only
/*
 * fs-writer's metadata workload: a storm of creates, renames, renames over
 * another name, links, unlinks, symlinks, extended attributes and small
 * writes over many names in many directories, now and then with an fsync of a
 * file or of a directory.
 *
 * The model: a slot is a name that exists or not. Its name, directory,
 * content and attribute follow from a few numbers, so the whole tree that is
 * left can be compared, and nothing else must be there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fs-writer.h"

#define DIRECTORIES	16u
#define FILE_BYTES	6000u
#define XATTR_BYTES	400u
#define XATTR_NAME	"user.reclaim-lab"

enum slot_kind {
	SLOT_EMPTY,
	SLOT_FILE,
	SLOT_SYMLINK,
};

/**
 * struct slot - one name
 * @kind: what it is, SLOT_EMPTY if it does not exist
 * @linked: a second, hard link to it exists
 * @directory: it is in, 0 .. DIRECTORIES - 1
 * @name: number in its name, new with every rename
 * @generation: of its content, or of the symlink's target
 * @bytes: size of a file
 * @xattr: generation of its attribute, 0 without one
 * @xattr_bytes: size of the attribute
 * @origin: slot that made the content; renames over a slot move content
 */
struct slot {
	enum slot_kind kind;
	bool linked;
	unsigned int directory;
	unsigned int name;
	uint32_t generation;
	unsigned int bytes;
	uint32_t xattr;
	unsigned int xattr_bytes;
	unsigned int origin;
	unsigned int link_name;
};

struct metadata_state {
	struct slot *slot;
	uint32_t generation;
	unsigned char buffer[FILE_BYTES + 8];
};

static void slot_path(const struct slot *slot, char *path, size_t bytes)
{
	snprintf(path, bytes, "d%02u/name-%08u-long-enough-to-fill-a-directory",
		 slot->directory, slot->name);
}

static void link_path(const struct slot *slot, char *path, size_t bytes)
{
	snprintf(path, bytes, "d%02u/link-%08u",
		 (slot->link_name * 7) % DIRECTORIES, slot->link_name);
}

static void symlink_target(const struct slot *slot, char *target, size_t bytes)
{
	snprintf(target, bytes, "../target/of/generation/%08u",
		 slot->generation);
}

static void metadata_prepare(struct writer *writer)
{
	struct metadata_state *state = calloc(1, sizeof(*state));
	char name[16];
	unsigned int i;

	if (!state)
		writer_die(writer, "calloc");
	writer->state = state;
	state->slot = calloc(writer->options->files, sizeof(*state->slot));
	if (!state->slot)
		writer_die(writer, "calloc");
	for (i = 0; i < DIRECTORIES; i++) {
		snprintf(name, sizeof(name), "d%02u", i);
		if (mkdir(name, 0755))
			writer_die(writer, name);
	}
}

static unsigned int slot_number(const struct writer *writer,
				const struct slot *slot)
{
	const struct metadata_state *state = writer->state;

	return (unsigned int)(slot - state->slot);
}

static void write_content(struct writer *writer, struct slot *slot, int flags)
{
	struct metadata_state *state = writer->state;
	char path[96];
	int fd;

	slot->origin = slot_number(writer, slot);
	slot->generation = ++state->generation;
	slot->bytes = prng_below(&writer->prng, FILE_BYTES);
	/* half of the files are tiny: inline where a filesystem does that */
	if (slot->generation & 1)
		slot->bytes %= 256;
	writer_fill(state->buffer, slot->bytes,
		    writer_pattern(writer, slot->origin, 0,
				   slot->generation));
	slot_path(slot, path, sizeof(path));
	fd = open(path, O_WRONLY | flags, 0644);
	if (fd < 0)
		writer_die(writer, "open");
	if (write(fd, state->buffer, slot->bytes) != (ssize_t)slot->bytes)
		writer_die(writer, "write");
	writer->result->bytes_written += slot->bytes;
	if (close(fd))
		writer_die(writer, "close");
}

static void create(struct writer *writer, struct slot *slot)
{
	struct metadata_state *state = writer->state;
	char path[96], target[96];

	memset(slot, 0, sizeof(*slot));
	slot->directory = prng_below(&writer->prng, DIRECTORIES);
	slot->name = ++state->generation;
	if (prng_below(&writer->prng, 100) < 85) {
		slot->kind = SLOT_FILE;
		write_content(writer, slot, O_CREAT | O_EXCL);
		return;
	}
	slot->kind = SLOT_SYMLINK;
	slot->generation = ++state->generation;
	slot_path(slot, path, sizeof(path));
	symlink_target(slot, target, sizeof(target));
	if (symlink(target, path))
		writer_die(writer, "symlink");
}

static void drop_link(struct writer *writer, struct slot *slot)
{
	char path[96];

	if (!slot->linked)
		return;
	link_path(slot, path, sizeof(path));
	if (unlink(path))
		writer_die(writer, "unlink of a hard link");
	slot->linked = false;
}

static void remove_slot(struct writer *writer, struct slot *slot)
{
	char path[96];

	drop_link(writer, slot);
	slot_path(slot, path, sizeof(path));
	if (unlink(path))
		writer_die(writer, "unlink");
	slot->kind = SLOT_EMPTY;
}

static void rename_slot(struct writer *writer, struct slot *slot)
{
	struct metadata_state *state = writer->state;
	char from[96], to[96];

	slot_path(slot, from, sizeof(from));
	slot->directory = prng_below(&writer->prng, DIRECTORIES);
	slot->name = ++state->generation;
	slot_path(slot, to, sizeof(to));
	if (rename(from, to))
		writer_die(writer, "rename");
}

/* Rename over another slot: its content goes, ours takes its name. */
static void replace_slot(struct writer *writer, struct slot *slot,
			 struct slot *victim)
{
	char from[96], to[96];
	struct slot moved = *slot;

	drop_link(writer, victim);
	slot_path(slot, from, sizeof(from));
	slot_path(victim, to, sizeof(to));
	if (rename(from, to))
		writer_die(writer, "rename over a file");
	moved.directory = victim->directory;
	moved.name = victim->name;
	*victim = moved;
	slot->kind = SLOT_EMPTY;
	slot->linked = false;
}

static void add_link(struct writer *writer, struct slot *slot)
{
	struct metadata_state *state = writer->state;
	char from[96], to[96];

	slot->link_name = ++state->generation;
	slot_path(slot, from, sizeof(from));
	link_path(slot, to, sizeof(to));
	if (link(from, to))
		writer_die(writer, "link");
	slot->linked = true;
}

static void set_xattr(struct writer *writer, struct slot *slot)
{
	struct metadata_state *state = writer->state;
	char path[96];

	slot->xattr = ++state->generation;
	slot->xattr_bytes = 1 + prng_below(&writer->prng, XATTR_BYTES);
	writer_fill(state->buffer, slot->xattr_bytes,
		    writer_pattern(writer, slot->xattr, 1, slot->xattr));
	slot_path(slot, path, sizeof(path));
	if (setxattr(path, XATTR_NAME, state->buffer, slot->xattr_bytes, 0))
		writer_die(writer, "setxattr");
}

static void sync_slot(struct writer *writer, struct slot *slot, bool directory)
{
	char path[96];
	int fd;

	slot_path(slot, path, sizeof(path));
	if (directory)
		*strchr(path, '/') = '\0';
	fd = open(path, O_RDONLY);
	if (fd < 0)
		writer_die(writer, "open for fsync");
	writer_fsync(writer, fd, false);
	close(fd);
}

static void check_file(struct writer *writer, const struct slot *slot,
		       const char *path)
{
	struct metadata_state *state = writer->state;
	unsigned int number = slot_number(writer, slot);
	size_t right;
	ssize_t got;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0) {
		writer_wrong(writer, "process %u name %u is gone: %s",
			     writer->index, number, strerror(errno));
		return;
	}
	got = read(fd, state->buffer, sizeof(state->buffer));
	if (got < 0)
		writer_die(writer, "read");
	close(fd);
	writer->result->bytes_checked += got;
	if (got != (ssize_t)slot->bytes) {
		writer_wrong(writer, "process %u name %u has %zd bytes instead of %u",
			     writer->index, number, got, slot->bytes);
		return;
	}
	right = writer_matches(state->buffer, slot->bytes,
			       writer_pattern(writer, slot->origin, 0,
					      slot->generation));
	if (right != slot->bytes)
		writer_wrong(writer, "process %u name %u differs at byte %zu",
			     writer->index, number, right);
}

static void check_xattr(struct writer *writer, const struct slot *slot,
			const char *path)
{
	struct metadata_state *state = writer->state;
	ssize_t got;

	got = getxattr(path, XATTR_NAME, state->buffer, sizeof(state->buffer));
	if (got < 0 && errno == ENODATA && !slot->xattr)
		return;
	writer->result->bytes_checked += got > 0 ? got : 0;
	if (!slot->xattr || got != (ssize_t)slot->xattr_bytes ||
	    writer_matches(state->buffer, slot->xattr_bytes,
			   writer_pattern(writer, slot->xattr, 1,
					  slot->xattr)) != slot->xattr_bytes)
		writer_wrong(writer, "process %u name %u: attribute is wrong (%zd bytes, %u expected)",
			     writer->index, slot_number(writer, slot), got,
			     slot->xattr ? slot->xattr_bytes : 0);
}

static void check_slot(struct writer *writer, const struct slot *slot)
{
	char path[96], target[96], found[96];
	ssize_t got;

	slot_path(slot, path, sizeof(path));
	if (slot->kind == SLOT_SYMLINK) {
		symlink_target(slot, target, sizeof(target));
		got = readlink(path, found, sizeof(found) - 1);
		found[got > 0 ? got : 0] = '\0';
		writer->result->bytes_checked += got > 0 ? got : 0;
		if (strcmp(found, target))
			writer_wrong(writer, "process %u symlink %u leads to '%s'",
				     writer->index, slot_number(writer, slot),
				     found);
		return;
	}
	check_file(writer, slot, path);
	check_xattr(writer, slot, path);
	if (slot->linked) {
		link_path(slot, path, sizeof(path));
		check_file(writer, slot, path);
	}
}

static void operate_on_file(struct writer *writer, struct slot *slot,
			    unsigned int dice)
{
	if (dice < 62) {
		write_content(writer, slot, O_TRUNC);
	} else if (dice < 72) {
		set_xattr(writer, slot);
	} else if (dice < 79) {
		if (slot->linked)
			drop_link(writer, slot);
		else
			add_link(writer, slot);
	} else if (dice < 82) {
		sync_slot(writer, slot, dice & 1);
	} else {
		check_slot(writer, slot);
	}
}

static void metadata_operate(struct writer *writer)
{
	struct metadata_state *state = writer->state;
	uint64_t names = writer->options->files;
	struct slot *slot = &state->slot[prng_below(&writer->prng, names)];
	struct slot *other = &state->slot[prng_below(&writer->prng, names)];
	unsigned int dice = prng_below(&writer->prng, 100);

	if (slot->kind == SLOT_EMPTY)
		create(writer, slot);
	else if (dice < 25)
		remove_slot(writer, slot);
	else if (dice < 42)
		rename_slot(writer, slot);
	else if (dice < 52 && other != slot && other->kind != SLOT_EMPTY)
		replace_slot(writer, slot, other);
	else if (slot->kind == SLOT_FILE)
		operate_on_file(writer, slot, dice);
	else
		check_slot(writer, slot);
}

static unsigned int count_names(struct writer *writer)
{
	unsigned int found = 0, i;
	struct dirent *entry;
	char name[16];
	DIR *directory;

	for (i = 0; i < DIRECTORIES; i++) {
		snprintf(name, sizeof(name), "d%02u", i);
		directory = opendir(name);
		if (!directory)
			writer_die(writer, name);
		while ((entry = readdir(directory)))
			if (strcmp(entry->d_name, ".") &&
			    strcmp(entry->d_name, ".."))
				found++;
		closedir(directory);
	}
	return found;
}

static void metadata_verify(struct writer *writer)
{
	struct metadata_state *state = writer->state;
	unsigned int expected = 0, found;
	uint64_t i;

	for (i = 0; i < writer->options->files; i++) {
		const struct slot *slot = &state->slot[i];

		if (slot->kind == SLOT_EMPTY)
			continue;
		expected += 1 + slot->linked;
		check_slot(writer, slot);
	}
	found = count_names(writer);
	if (found != expected)
		writer_wrong(writer, "process %u: %u names exist instead of %u",
			     writer->index, found, expected);
}

const struct workload metadata_workload = {
	.name = "metadata",
	.prepare = metadata_prepare,
	.operate = metadata_operate,
	.verify = metadata_verify,
};
