// SPDX-License-Identifier: GPL-2.0-only
/* How a guest ended: what run-guest saw. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest-end.h"
#include "util.h"

static void read_end_line(char *line, struct guest_end *end, unsigned int *seen)
{
	const struct {
		const char *key;
		long long *number;
	} numbers[] = {
		{ "host-began", &end->began },
		{ "machine-cpu-ms", &end->machine_ms },
		{ "guest-cpu-ms", &end->guest_ms },
		{ "others-cpu-ms", &end->others_ms },
		{ "stolen-cpu-ms", &end->stolen_ms },
	};
	const char *key = strsep(&line, " ");
	size_t i;

	if (!line)
		return;
	if (!strcmp(key, "qemu-exit")) {
		end->qemu_exit = strtol(line, NULL, 10);
		*seen |= 1;
	} else if (!strcmp(key, "timed-out")) {
		end->timed_out = strtol(line, NULL, 10);
		*seen |= 2;
	} else if (!strcmp(key, "host-seconds")) {
		end->seconds = strtod(line, NULL);
		*seen |= 4;
	} else if (!strcmp(key, "accelerator")) {
		snprintf(end->accelerator, sizeof(end->accelerator), "%s",
			 line);
		*seen |= 8;
	}
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(key, numbers[i].key))
			*numbers[i].number = strtoll(line, NULL, 10);
}

void guest_end_read(struct guest_end *end, const char *path)
{
	char *text = read_text(path, NULL), *line, *rest = text;
	unsigned int seen = 0;

	if (!text)
		fail("%s: %s", path, strerror(errno));
	memset(end, 0, sizeof(*end));
	while ((line = strsep(&rest, "\n")))
		read_end_line(line, end, &seen);
	if (seen != 15)
		fail("%s: expected qemu-exit, timed-out, host-seconds and accelerator",
		     path);
	free(text);
}

void guest_end_add(json_t *cell, const struct guest_end *end)
{
	double others = end->others_ms + end->stolen_ms;

	json_object_set_new(cell, "host_seconds", json_real(end->seconds));
	json_object_set_new(cell, "host_accelerator",
			    json_string(end->accelerator));
	if (end->began)
		json_object_set_new(cell, "host_began",
				    json_integer(end->began));
	if (end->machine_ms > 0)
		json_object_set_new(cell, "host_cpu", json_pack(
			"{s:I, s:I, s:I, s:I, s:f}",
			"machine_ms", (json_int_t)end->machine_ms,
			"guest_ms", (json_int_t)end->guest_ms,
			"others_ms", (json_int_t)end->others_ms,
			"stolen_ms", (json_int_t)end->stolen_ms,
			"disturbed", others / end->machine_ms));
}
