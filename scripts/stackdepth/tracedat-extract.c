// SPDX-License-Identifier: GPL-2.0-only
/*
 * tracedat-extract.c - print the kernel stacks of a trace.dat (libtracecmd).
 */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tracedat.h"

#ifdef SD_HAVE_TRACECMD

#include <trace-cmd.h>

#define MAX_CPUS	8192

struct extract {
	FILE *to;
	struct tep_event *stack_event;
	char *cause[MAX_CPUS];	/* event recorded last on each CPU */
};

const char *sd_tracedat_support(void)
{
	return "read with libtracecmd";
}

static void print_frames(struct extract *x, struct tep_handle *tep, const char *data, int bytes)
{
	int size = tep_get_long_size(tep);

	for (; bytes >= size; data += size, bytes -= size) {
		unsigned long long addr = tep_read_number(tep, data, size);
		const char *name;

		if (!addr || addr == ULLONG_MAX || (size == 4 && addr == UINT32_MAX))
			break;
		name = tep_find_function(tep, addr);
		if (name)
			fprintf(x->to, "f %s 0x%llx\n", name,
				addr - tep_find_function_address(tep, addr));
		else
			fprintf(x->to, "f 0x%llx\n", addr);
	}
}

static void print_stack(struct extract *x, struct tep_handle *tep,
			struct tep_record *record, int cpu)
{
	struct tep_format_field *caller = tep_find_any_field(x->stack_event, "caller");
	const char *cause = cpu < MAX_CPUS ? x->cause[cpu] : NULL;
	int pid = tep_data_pid(tep, record);

	if (!caller || caller->offset > record->size)
		return;
	fprintf(x->to, "s %s-%d%s%s\n", tep_data_comm_from_pid(tep, pid), pid,
		cause ? " " : "", cause ? cause : "");
	print_frames(x, tep, (const char *)record->data + caller->offset,
		     record->size - caller->offset);
	fputs("e\n", x->to);
}

static void keep_cause(struct extract *x, struct tep_event *event, int cpu)
{
	if (cpu < 0 || cpu >= MAX_CPUS || !event)
		return;
	free(x->cause[cpu]);
	if (asprintf(&x->cause[cpu], "%s:%s", event->system, event->name) < 0)
		x->cause[cpu] = NULL;
}

static int on_record(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *data)
{
	struct tep_handle *tep = tracecmd_get_tep(handle);
	struct tep_event *event = tep_find_event_by_record(tep, record);
	struct extract *x = data;

	if (event && event == x->stack_event)
		print_stack(x, tep, record, cpu);
	else
		keep_cause(x, event, cpu);
	return ferror(x->to) ? -1 : 0;
}

int sd_tracedat_extract(const char *path, FILE *to)
{
	struct extract *x = sd_alloc(1, sizeof(*x));
	struct tracecmd_input *handle = tracecmd_open(path, 0);
	int err = -1;

	x->to = to;
	if (handle) {
		x->stack_event = tep_find_event_by_name(tracecmd_get_tep(handle), "ftrace",
							"kernel_stack");
		err = tracecmd_iterate_events(handle, NULL, 0, on_record, x);
		if (!err)
			fputs("z\n", to);
		tracecmd_close(handle);
	}
	for (int i = 0; i < MAX_CPUS; i++)
		free(x->cause[i]);
	free(x);
	return err || fflush(to) ? -1 : 0;
}

#else /* !SD_HAVE_TRACECMD */

const char *sd_tracedat_support(void)
{
	return "not built in (libtracecmd was missing when this program was built)";
}

int sd_tracedat_extract(const char *path, FILE *to)
{
	(void)path;
	(void)to;
	return -1;
}

#endif /* SD_HAVE_TRACECMD */
