// SPDX-License-Identifier: GPL-2.0-only
/* One cell: the guest of a planned cell, and whether it is done. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive.h"
#include "cell.h"
#include "files.h"
#include "plan.h"
#include "process.h"
#include "util.h"

#define RUN_GUEST	"scripts/qemu/run-guest"

/* Exit status of run-guest: a guest ran; QEMU could not run one. */
#define GUEST_RAN	0
#define GUEST_NO_QEMU	3

static char *below(const char *directory, const char *name)
{
	return xasprintf("%s/%s", directory, name);
}

/* The key of the plan, and that of an archive that was asked for besides. */
static char *key_of(const json_t *cell, const struct runner *runner)
{
	char sum[SUM_SIZE];

	if (!runner->overlay)
		return xstrdup(cell_text(cell, "key"));
	sum_file(sum, runner->overlay);
	return xasprintf("%s %s", cell_text(cell, "key"), sum);
}

static bool captured(const json_t *cell, const char *directory,
		     const struct runner *runner)
{
	char *path = below(directory, "raw/key"), *want = key_of(cell, runner);
	char *key = read_text(path, NULL);
	bool same = false;

	if (key) {
		key[strcspn(key, "\n")] = '\0';
		same = !strcmp(key, want);
	}
	free(want);
	free(key);
	free(path);
	return same;
}

enum cell_state cell_state(const json_t *cell, const char *directory,
			   const struct runner *runner)
{
	const char *status;

	if (!captured(cell, directory, runner))
		return CELL_MISSING;
	status = cell_judge(cell, directory, runner->build);
	if (!strcmp(status, "ok"))
		return CELL_OK;
	if (!strcmp(status, "qemu") || !strcmp(status, "timeout") ||
	    runner->retry)
		return CELL_MISSING;
	return CELL_NOT_OK;
}

/* The initramfs of the kernel, and what this cell is. */
static char *make_initrd(const json_t *cell, const struct runner *runner)
{
	const char *const archives[] = { cell_text(cell, "initrd"),
					 runner->overlay, NULL };
	char *path = xasprintf("%s/%s.initrd", runner->scratch,
			       cell_text(cell, "id"));
	char *text = xstrdup(""), *longer;
	const json_t *line;
	size_t i;

	json_array_foreach(json_object_get(cell, "settings"), i, line) {
		longer = xasprintf("%s%s\n", text, json_string_value(line));
		free(text);
		text = longer;
	}
	archive_append(path, archives, "lab/cell", text);
	free(text);
	return path;
}

/* What is at the path now is what was planned; or fail. */
static void check_sum(const json_t *cell, const char *file, const char *key)
{
	char sum[SUM_SIZE];

	sum_file(sum, cell_text(cell, file));
	if (strcmp(sum, cell_text(cell, key)))
		fail("%s: %s is not what was planned; it was built again meanwhile",
		     cell_text(cell, "id"), cell_text(cell, file));
}

pid_t cell_start(const json_t *cell, const char *directory,
		 const struct runner *runner)
{
	char *raw = below(directory, "raw"), *error = below(directory, "error");
	char *asked = below(directory, "asked.json"), *initrd;
	char memory[24], vcpus[24], limit[24], disk[2][24];
	const char *argv[32];
	unsigned int n = 0;
	const json_t *mib;
	size_t i;
	pid_t pid;

	check_sum(cell, "image", "image_sha256");
	check_sum(cell, "initrd", "initrd_sha256");
	remove_tree(directory);
	make_directory(raw);
	write_json(asked, cell);
	initrd = make_initrd(cell, runner);
	snprintf(memory, sizeof(memory), "%lld",
		 cell_number(cell, "memory_mib"));
	snprintf(vcpus, sizeof(vcpus), "%lld", cell_number(cell, "vcpus"));
	snprintf(limit, sizeof(limit), "%lld", runner->limit_s);
	argv[n++] = RUN_GUEST;
	argv[n++] = "--kernel";
	argv[n++] = cell_text(cell, "image");
	argv[n++] = "--initrd";
	argv[n++] = initrd;
	argv[n++] = "--output";
	argv[n++] = raw;
	argv[n++] = "--limit";
	argv[n++] = limit;
	argv[n++] = "--clock";
	argv[n++] = cell_text(cell, "clock");
	argv[n++] = "--vcpus";
	argv[n++] = vcpus;
	argv[n++] = "--memory";
	argv[n++] = memory;
	argv[n++] = "--append";
	argv[n++] = cell_text(cell, "append");
	json_array_foreach(json_object_get(cell, "disks_mib"), i, mib) {
		if (i == ARRAY_SIZE(disk))
			fail("%s: more than two disks", cell_text(cell, "id"));
		snprintf(disk[i], sizeof(disk[i]), "%lld",
			 (long long)json_integer_value(mib));
		argv[n++] = "--disk";
		argv[n++] = disk[i];
	}
	argv[n] = NULL;
	pid = process_start((char *const *)argv, error, error);
	free(initrd);
	free(asked);
	free(error);
	free(raw);
	return pid;
}

const char *cell_finish(const json_t *cell, const char *directory,
			const struct runner *runner, int status)
{
	char *initrd = xasprintf("%s/%s.initrd", runner->scratch,
				 cell_text(cell, "id"));
	char *path = below(directory, "raw/key"), *key, *line;
	const char *verdict = NULL;

	unlink(initrd);
	if (status == GUEST_RAN || status == GUEST_NO_QEMU) {
		/* from here on it counts as captured */
		key = key_of(cell, runner);
		line = xasprintf("%s\n", key);
		write_bytes(path, line, strlen(line));
		free(line);
		free(key);
		verdict = cell_judge(cell, directory, runner->build);
		free(path);
		path = below(directory, "error");
		unlink(path);
	}
	free(path);
	free(initrd);
	return verdict;
}
