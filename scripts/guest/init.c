// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID 1 of a guest: runs one cell and powers off.
 *
 * What to run is in /lab/cell, which the host adds to the initramfs; see
 * Documentation/workloads.md. If this program dies the kernel panics, and the
 * host sees that.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "guest.h"

#define CELL		"/lab/cell"
#define MOUNT_POINT	"/mnt/test"
#define ARGUMENTS_MAX	48

/**
 * struct cell - what is run
 * @fs: name of the filesystem, a folder of /lab/fs
 * @scenario: name of the scenario, a file in that folder
 * @seed: of the workloads, as text
 * @selftest: accident to have, "" for none
 * @virtual_clock: disks in memory
 */
struct cell {
	const char *fs;
	const char *scenario;
	const char *seed;
	const char *selftest;
	bool virtual_clock;
};

static void power_off(void) __attribute__((noreturn));

static void power_off(void)
{
	fflush(NULL);
	sync();
	reboot(RB_POWER_OFF);
	/* no ACPI: QEMU runs with -no-reboot */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

/**
 * guest_fail() - end the guest with a result that says why
 * @status: of the cell
 * @format: one line
 */
void guest_fail(int status, const char *format, ...)
{
	static int failing, first_status;
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	printf("lab: FAILED: %s\n", text);
	result_line("check guest fail %s", text);
	if (!failing++) {
		first_status = status;
		programs_kill();
		/* may fail in turn, and then come here once more */
		measure_end();
	}
	if (failing++ < 3)
		result_write(first_status);
	power_off();
}

static void must_mount(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		guest_fail(GUEST_SETUP_FAILED, "mounting %s on %s: %s", type,
			   where, strerror(errno));
}

static void try_mount(const char *type, const char *where)
{
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		printf("lab: no %s: %s\n", type, strerror(errno));
}

static void mount_kernel_filesystems(void)
{
	static const char *const directories[] = {
		"/tmp", "/run", "/mnt", MOUNT_POINT, "/etc", "/var", "/var/tmp",
	};
	unsigned int i;

	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		mkdir(directories[i], 0755);
	must_mount("devtmpfs", "/dev");
	must_mount("proc", "/proc");
	must_mount("sysfs", "/sys");
	try_mount("configfs", "/sys/kernel/config");
	try_mount("debugfs", "/sys/kernel/debug");
	try_mount("tracefs", "/sys/kernel/tracing");
	try_mount("cgroup2", "/sys/fs/cgroup");
}

static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR | O_NOCTTY);

	if (fd < 0)
		return;
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

static void apply_sysctl(const char *key, const char *value, void *argument)
{
	char path[160], *dot;

	(void)argument;
	snprintf(path, sizeof(path), "/proc/sys/%s", key);
	for (dot = path; (dot = strchr(dot, '.')); )
		*dot = '/';
	if (write_text(path, "%s\n", value))
		guest_fail(GUEST_SETUP_FAILED, "sysctl %s=%s: %s", key, value,
			   strerror(errno));
}

static void read_settings(struct cell *cell)
{
	struct utsname kernel;
	const char *clock;

	settings_read(CELL);
	cell->fs = setting_required("lab.fs");
	cell->scenario = setting_required("lab.scenario");
	cell->seed = setting("lab.seed", "1");
	cell->selftest = setting("lab.selftest", "");
	clock = setting("lab.clock", "virtual");
	cell->virtual_clock = !strcmp(clock, "virtual");
	if (!cell->virtual_clock && strcmp(clock, "host"))
		guest_fail(GUEST_BAD_SETTINGS,
			   "lab.clock: expected virtual or host, found '%s'",
			   clock);
	uname(&kernel);
	result_line("param fs %s", cell->fs);
	result_line("param scenario %s", cell->scenario);
	result_line("param seed %s", cell->seed);
	result_line("param clock %s", clock);
	result_line("param vcpus %ld", sysconf(_SC_NPROCESSORS_ONLN));
	result_line("param kernel %s", kernel.release);
}

static bool run_fs_tool(const char *key, const char *device, bool must_work)
{
	static char log[65536];
	char command[512];
	int status;

	snprintf(command, sizeof(command), "%s %s", setting_required(key),
		 device);
	printf("lab: %s\n", command);
	status = run_tool(command, log, sizeof(log));
	if (status) {
		char name[32];

		printf("%s\n", log);
		snprintf(name, sizeof(name), "%s_log", key);
		result_file(name, log, strlen(log));
		if (must_work)
			guest_fail(GUEST_SETUP_FAILED,
				   "'%s' ended with status %d", command,
				   status);
		result_line("check %s fail '%s' ended with status %d", key,
			    command, status);
		return false;
	}
	if (!must_work)
		result_line("check %s ok %s", key, command);
	return true;
}

struct arguments {
	char *argv[ARGUMENTS_MAX + 1];
	unsigned int count;
};

static void add_argument(struct arguments *arguments, const char *text)
{
	if (arguments->count == ARGUMENTS_MAX)
		guest_fail(GUEST_BAD_SETTINGS, "more than %d arguments",
			   ARGUMENTS_MAX);
	arguments->argv[arguments->count++] = strdup(text);
	arguments->argv[arguments->count] = NULL;
}

static void add_option(const char *key, const char *value, void *argument)
{
	char option[64];

	snprintf(option, sizeof(option), "--%s", key);
	add_argument(argument, option);
	add_argument(argument, value);
}

static void start_hog(const struct cell *cell, struct program *program)
{
	struct arguments arguments = { .count = 0 };

	add_argument(&arguments, "/lab/anon-hog");
	add_argument(&arguments, "--lockstep");
	add_option("seed", cell->seed, &arguments);
	settings_each("hog.", add_option, &arguments);
	if (!strcmp(cell->selftest, "corrupt"))
		add_option("flip", "1", &arguments);
	program_start(program, "anon-hog", arguments.argv);
}

static void start_writer(const struct cell *cell, struct program *program)
{
	struct arguments arguments = { .count = 0 };

	add_argument(&arguments, "/lab/fs-writer");
	add_argument(&arguments, "--lockstep");
	add_argument(&arguments, "--drop-caches");
	add_option("directory", MOUNT_POINT "/writer", &arguments);
	add_option("seed", cell->seed, &arguments);
	settings_each("writer.", add_option, &arguments);
	program_start(program, "fs-writer", arguments.argv);
}

/*
 * The writer first: its check reads the filesystem, with the hog's pages
 * still in memory and in swap. Both work in the measured part, the checks do
 * not belong to it.
 */
static int run_workloads(const struct cell *cell, uint64_t deadline)
{
	struct program programs[2];
	int status = GUEST_OK;
	unsigned int i;
	uint64_t begin;

	start_writer(cell, &programs[0]);
	start_hog(cell, &programs[1]);
	program_await(programs, 2, "ready", deadline);
	printf("lab: start\n");
	measure_begin();
	begin = now_ns();
	for (i = 0; i < 2; i++)
		program_command(&programs[i], "go");
	program_await(programs, 2, "done", deadline);
	result_line("value runtime_ns %" PRIu64, now_ns() - begin);
	measure_end();
	printf("lab: measured, checking\n");
	for (i = 0; i < 2; i++) {
		program_command(&programs[i], "verify");
		if (program_finish(&programs[i], deadline))
			status = GUEST_WORKLOAD_FAILED;
	}
	return status;
}

static int run_under_pressure(const struct cell *cell, const char *swap,
			      uint64_t deadline)
{
	int status;

	leave_free(setting_number("free_mb", 230));
	swap_on(swap);
	status = run_workloads(cell, deadline);
	if (swapoff(swap)) {
		result_line("check swapoff fail %s", strerror(errno));
		return GUEST_CHECK_FAILED;
	}
	return status;
}

int main(void)
{
	struct cell cell;
	struct disks disks;
	uint64_t deadline;
	int status;

	if (getpid() != 1) {
		fprintf(stderr, "init: this is PID 1 of a lab guest and does nothing else\n");
		return 2;
	}
	mount_kernel_filesystems();
	open_console();
	result_line("lab-results 1");
	read_settings(&cell);
	deadline = now_ns() + setting_number("lab.timeout", 600) * 1000000000;
	write_text("/proc/self/oom_score_adj", "-1000\n");
	apply_sysctl("kernel.randomize_va_space", "0", NULL);
	settings_each("sysctl.", apply_sysctl, NULL);
	if (cell.selftest[0])
		selftest_run(cell.selftest);

	disks_set_up(&disks, cell.virtual_clock, setting_number("disk_mb", 256),
		     setting_number("swap_mb", 448));
	run_fs_tool("mkfs", disks.fs, true);
	if (mount(disks.fs, MOUNT_POINT, setting_required("type"), MS_NOATIME,
		  setting("mount_options", NULL)))
		guest_fail(GUEST_SETUP_FAILED, "mounting %s: %s", disks.fs,
			   strerror(errno));
	measure_prepare(cell.fs);
	if (!strcmp(setting("workload", "writer"), "provoke"))
		status = provoke_run(MOUNT_POINT "/cache", disks.swap);
	else
		status = run_under_pressure(&cell, disks.swap, deadline);
	if (umount(MOUNT_POINT))
		guest_fail(GUEST_CHECK_FAILED, "unmounting %s: %s", disks.fs,
			   strerror(errno));
	if (!run_fs_tool("fsck", disks.fs, false) && status == GUEST_OK)
		status = GUEST_CHECK_FAILED;
	record_save();
	if (!strcmp(cell.selftest, "fail"))
		status = 7;
	printf("lab: end, status %d\n", status);
	if (strcmp(cell.selftest, "silent"))
		result_write(status);
	power_off();
}
