// SPDX-License-Identifier: GPL-2.0-only
/* One cell of a plan. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "again.h"
#include "plan-cell.h"
#include "process.h"
#include "util.h"

#define MEMORY_MIB	512
#define TIMEOUT_S	600
#define DISK_MIB	256
#define SWAP_MIB	448

/* Keys that the host has used up. */
static bool for_host(const char *key)
{
	static const char *const keys[] = {
		"like", "fs", "append", "seeds", "clock", "vcpus", "timeout",
		"memory.virtual", "memory.host",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

static void add_line(json_t *lines, const char *key, const char *value)
{
	char *line = xasprintf("%s %s", key, value);

	json_array_append_new(lines, json_string(line));
	free(line);
}

/* What the guest reads: complete, in an order that does not change. */
static json_t *guest_lines(const struct asked *asked,
			   const struct settings *settings)
{
	json_t *lines = json_array();
	char number[24];
	size_t i;

	add_line(lines, "lab.fs", asked->scenario->fs);
	add_line(lines, "lab.scenario", asked->scenario->name);
	snprintf(number, sizeof(number), "%lld", asked->seed);
	add_line(lines, "lab.seed", number);
	add_line(lines, "lab.clock", asked->clock);
	if (!settings_find(settings, "lab.timeout")) {
		snprintf(number, sizeof(number), "%lld",
			 settings_number(settings, "timeout", TIMEOUT_S));
		add_line(lines, "lab.timeout", number);
	}
	for (i = 0; i < settings->count; i++)
		if (!for_host(settings->list[i].key))
			add_line(lines, settings->list[i].key,
				 settings->list[i].value);
	return lines;
}

const char *qemu_program(void)
{
	const char *qemu = getenv("QEMU");

	return qemu && *qemu ? qemu : "qemu-system-x86_64";
}

/*
 * What runs a guest decides what it does: the script and its parts, what is
 * loaded into QEMU, and QEMU itself.
 */
static const char *runner_sum(const struct place *place)
{
	static char sum[SUM_SIZE];
	static const char *const names[] = {
		"scripts/qemu/run-guest", "scripts/qemu/clock.bash",
		"scripts/qemu/cpu-time.bash", "icount-order.so",
		"steady-clock.so",
	};
	const char *argv[] = { qemu_program(), "--version", NULL };
	char one[SUM_SIZE], *text, *path, *longer;
	size_t i;

	if (*sum)
		return sum;
	text = process_output((char *const *)argv, NULL, false);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		path = strchr(names[i], '/') ? xstrdup(names[i]) :
			xasprintf("%s/%s", place->build, names[i]);
		sum_file(one, path);
		longer = xasprintf("%s\n%s", text, one);
		free(path);
		free(text);
		text = longer;
	}
	sum_bytes(sum, text, strlen(text));
	free(text);
	return sum;
}

/* What on this machine, and in the environment, decides how it is emulated. */
static json_t *accelerator(void)
{
	const char *kvm = getenv("KVM"), *thread = getenv("TCG_THREAD");

	return json_pack("[s, s, b]", kvm ? kvm : "", thread ? thread : "",
			 !access("/dev/kvm", W_OK));
}

static void add_key(json_t *cell, const struct asked *asked)
{
	static const char *const deciding[] = {
		"clock", "vcpus", "memory_mib", "append", "settings",
		"disks_mib",
	};
	json_t *all = json_object();
	char sum[SUM_SIZE], *text;
	size_t i;

	json_object_set(all, "image", json_object_get(cell, "image_sha256"));
	json_object_set(all, "initrd", json_object_get(cell, "initrd_sha256"));
	json_object_set_new(all, "runner",
			    json_string(runner_sum(&asked->choice->place)));
	if (!strcmp(asked->clock, "host"))
		json_object_set_new(all, "accelerator", accelerator());
	for (i = 0; i < ARRAY_SIZE(deciding); i++)
		json_object_set(all, deciding[i],
				json_object_get(cell, deciding[i]));
	text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
	sum_bytes(sum, text, strlen(text));
	json_object_set_new(cell, "key", json_string(sum));
	free(text);
	json_decref(all);
}

static char *joined(const char *one, const char *two, const char *three)
{
	const char *all[] = { one, two, three };
	char *text = xstrdup(""), *longer;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		if (!all[i] || !*all[i])
			continue;
		longer = xasprintf("%s%s%s", text, *text ? " " : "", all[i]);
		free(text);
		text = longer;
	}
	return text;
}

static char *cell_id(const struct asked *asked, long long vcpus,
		     long long layout)
{
	char *of_layout = layout ? xasprintf("-layout%lld", layout) :
				   xstrdup("");
	char *id = xasprintf("%s-%s-%s-%lldcpu-%s%s-seed%lld",
			     asked->scenario->fs, asked->scenario->name,
			     asked->clock, vcpus, asked->side->label,
			     of_layout, asked->seed);

	free(of_layout);
	return id;
}

/* Seeds take turns, and a seed has the same layout in any list of seeds. */
static long long layout_of(const struct side *side, long long seed)
{
	const struct seeds *layouts = &side->layouts;

	return layouts->count ? layouts->list[seed % layouts->count] : 0;
}

/* Kernel, image and initramfs. */
static void add_boot(json_t *cell, const json_t *variant, long long layout)
{
	static const char *const fields[] = {
		"kernel", "image", "image_sha256", "initrd", "initrd_sha256",
	};
	char number[24];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		json_object_set(cell, fields[i],
				json_object_get(variant, fields[i]));
	if (!layout)
		return;
	snprintf(number, sizeof(number), "%lld", layout);
	json_object_set_new(cell, "layout", json_integer(layout));
	json_object_update(cell, json_object_get(json_object_get(variant,
						 "layouts"), number));
}

json_t *planned_cell(const struct asked *asked)
{
	const struct choice *choice = asked->choice;
	struct settings settings = settings_copy(&asked->scenario->settings);
	bool host = !strcmp(asked->clock, "host");
	char *given = joined(choice->append, asked->side->append, NULL);
	const char *own = settings_find(&settings, "append");
	char *own_words, *words, *append, *id, *command;
	long long layout = layout_of(asked->side, asked->seed), vcpus, memory;
	json_t *cell;

	own_words = words_apply(&settings, own ? own : "",
				asked->scenario->file);
	words = words_apply(&settings, given, "APPEND");
	append = joined(own_words, words, NULL);
	vcpus = choice->vcpus ? choice->vcpus :
				settings_number(&settings, "vcpus", 1);
	memory = settings_number(&settings, host ? "memory.host" :
				 "memory.virtual", MEMORY_MIB) +
		 choice->extra_memory;
	id = cell_id(asked, vcpus, layout);
	command = again_cell(asked, given, vcpus, layout);
	cell = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:s}",
			 "id", id, "variant", asked->side->label,
			 "fs", asked->scenario->fs,
			 "workload", asked->scenario->name,
			 "clock", asked->clock,
			 "storage", host ? "virtio-blk" : "null_blk",
			 "append", append, "seed", (json_int_t)asked->seed,
			 "vcpus", (json_int_t)vcpus,
			 "memory_mib", (json_int_t)memory, "command", command);
	json_object_set_new(cell, "settings", guest_lines(asked, &settings));
	if (host)
		json_object_set_new(cell, "disks_mib", json_pack("[I, I]",
			(json_int_t)settings_number(&settings, "disk_mb",
						    DISK_MIB),
			(json_int_t)settings_number(&settings, "swap_mb",
						    SWAP_MIB)));
	add_boot(cell, asked->variant, layout);
	add_key(cell, asked);
	free(command);
	free(id);
	free(append);
	free(words);
	free(own_words);
	free(given);
	return cell;
}
