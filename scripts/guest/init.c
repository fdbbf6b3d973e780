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

/* Pages that one fault brings back while the checks run, as a power of two. */
#define PAGE_CLUSTER	"/proc/sys/vm/page-cluster"
#define CHECK_CLUSTER	5
#define ARGUMENTS_MAX	48

/**
 * struct cell - what is run
 * @fs: name of the filesystem, a folder of /lab/fs
 * @scenario: name of the scenario, a file in that folder
 * @seed: of the cell, as text
 * @seed_number: the same
 * @selftest: accident to have, "" for none
 * @virtual_clock: disks in memory
 * @timeout_s: seconds after which the workloads have to be through
 */
struct cell {
	const char *fs;
	const char *scenario;
	const char *seed;
	uint64_t seed_number;
	const char *selftest;
	bool virtual_clock;
	uint64_t timeout_s;
};

static void __attribute__((noreturn)) power_off(void)
{
	fflush(NULL);
	sync();
	reboot(RB_POWER_OFF);
	/* no ACPI: QEMU runs with -no-reboot */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static int must_mount(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		return guest_error(GUEST_SETUP_FAILED, "mounting %s on %s: %s",
				   type, where, strerror(errno));
	return GUEST_OK;
}

static void try_mount(const char *type, const char *where)
{
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		printf("lab: no %s: %s\n", type, strerror(errno));
}

static int mount_kernel_filesystems(void)
{
	static const char *const directories[] = {
		"/tmp", "/run", "/mnt", MOUNT_POINT, "/etc", "/var", "/var/tmp",
	};
	unsigned int i;
	int status;

	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		mkdir(directories[i], 0755);
	status = must_mount("devtmpfs", "/dev");
	if (!status)
		status = must_mount("proc", "/proc");
	if (!status)
		status = must_mount("sysfs", "/sys");
	if (status)
		return status;
	try_mount("configfs", "/sys/kernel/config");
	try_mount("debugfs", "/sys/kernel/debug");
	try_mount("tracefs", "/sys/kernel/tracing");
	try_mount("cgroup2", "/sys/fs/cgroup");
	return GUEST_OK;
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

/* @argument: the folder, /proc/sys or /sys, whose files are named with dots. */
static int apply_file(const char *key, const char *value, void *argument)
{
	const char *folder = argument;
	char path[256], *dot, *now;

	if (snprintf(path, sizeof(path), "%s/%s", folder, key) >=
	    (int)sizeof(path))
		return guest_error(GUEST_BAD_SETTINGS, "%s: too long", key);
	for (dot = path; (dot = strchr(dot, '.')); )
		*dot = '/';
	if (write_text(path, "%s\n", value))
		return guest_error(GUEST_SETUP_FAILED, "%s: writing '%s': %s",
				   path, value, strerror(errno));
	now = read_whole_file(path, NULL);
	if (now)
		printf("lab: %s: %s", path, now);
	free(now);
	return GUEST_OK;
}

static int read_settings(struct cell *cell)
{
	struct utsname kernel;
	const char *clock;
	int status;

	status = settings_read(CELL);
	if (!status)
		status = setting_required("lab.fs", &cell->fs);
	if (!status)
		status = setting_required("lab.scenario", &cell->scenario);
	if (status)
		return status;
	cell->seed = setting("lab.seed", "1");
	cell->selftest = setting("lab.selftest", "");
	clock = setting("lab.clock", "virtual");
	cell->virtual_clock = !strcmp(clock, "virtual");
	if (!cell->virtual_clock && strcmp(clock, "host"))
		return guest_error(GUEST_BAD_SETTINGS,
				   "lab.clock: expected virtual or host, found '%s'",
				   clock);
	uname(&kernel);
	result_line("param fs %s", cell->fs);
	result_line("param scenario %s", cell->scenario);
	result_line("param seed %s", cell->seed);
	result_line("param clock %s", clock);
	result_line("param vcpus %ld", sysconf(_SC_NPROCESSORS_ONLN));
	result_line("param kernel %s", kernel.release);
	status = setting_number("lab.seed", 1, &cell->seed_number);
	if (status)
		return status;
	return setting_number("lab.timeout", 600, &cell->timeout_s);
}

/* @key: the setting that has the tool and its options, mkfs or fsck */
static int run_fs_tool(const char *key, const char *device, char *command,
		       size_t bytes, int *exit_status)
{
	static char log[65536];
	const char *tool;
	char name[32];
	int status = setting_required(key, &tool);

	if (status)
		return status;
	snprintf(command, bytes, "%s %s", tool, device);
	printf("lab: %s\n", command);
	*exit_status = run_tool(command, log, sizeof(log));
	if (!*exit_status)
		return GUEST_OK;
	printf("%s\n", log);
	snprintf(name, sizeof(name), "%s_log", key);
	result_file(name, log, strlen(log));
	return GUEST_OK;
}

static int make_filesystem(const char *device)
{
	int status, exit_status;
	char command[512];

	status = run_fs_tool("mkfs", device, command, sizeof(command),
			     &exit_status);
	if (!status && exit_status)
		status = guest_error(GUEST_SETUP_FAILED,
				     "'%s' ended with status %d", command,
				     exit_status);
	return status;
}

static int check_filesystem(const char *device, int *verdict)
{
	int status, exit_status;
	char command[512];

	status = run_fs_tool("fsck", device, command, sizeof(command),
			     &exit_status);
	if (status)
		return status;
	if (!exit_status) {
		result_line("check fsck ok %s", command);
		return GUEST_OK;
	}
	result_line("check fsck fail '%s' ended with status %d", command,
		    exit_status);
	if (*verdict == GUEST_OK)
		*verdict = GUEST_CHECK_FAILED;
	return GUEST_OK;
}

static int mount_filesystem(const char *device)
{
	const char *type;
	int status = setting_required("type", &type);

	if (status)
		return status;
	if (mount(device, MOUNT_POINT, type, MS_NOATIME,
		  setting("mount_options", NULL)))
		return guest_error(GUEST_SETUP_FAILED, "mounting %s: %s",
				   device, strerror(errno));
	return GUEST_OK;
}

struct arguments {
	char *argv[ARGUMENTS_MAX + 1];
	unsigned int count;
};

static int add_argument(struct arguments *arguments, const char *text)
{
	if (arguments->count == ARGUMENTS_MAX)
		return guest_error(GUEST_BAD_SETTINGS, "more than %d arguments",
				   ARGUMENTS_MAX);
	arguments->argv[arguments->count++] = strdup(text);
	arguments->argv[arguments->count] = NULL;
	return GUEST_OK;
}

static int add_option(const char *key, const char *value, void *argument)
{
	char option[64];
	int status;

	snprintf(option, sizeof(option), "--%s", key);
	status = add_argument(argument, option);
	return status ? status : add_argument(argument, value);
}

static int start_hog(const struct cell *cell, struct program *program)
{
	struct arguments arguments = { .count = 0 };
	int status;

	add_argument(&arguments, "/lab/anon-hog");
	add_argument(&arguments, "--lockstep");
	add_option("seed", cell->seed, &arguments);
	status = settings_each("hog.", add_option, &arguments);
	if (!status && !strcmp(cell->selftest, "corrupt"))
		status = add_option("flip", "1", &arguments);
	if (!status)
		status = program_start(program, "anon-hog", arguments.argv);
	return status;
}

static int start_writer(const struct cell *cell, struct program *program)
{
	struct arguments arguments = { .count = 0 };
	int status;

	add_argument(&arguments, "/lab/fs-writer");
	add_argument(&arguments, "--lockstep");
	add_argument(&arguments, "--drop-caches");
	add_option("directory", MOUNT_POINT "/writer", &arguments);
	add_option("seed", cell->seed, &arguments);
	status = settings_each("writer.", add_option, &arguments);
	if (!status)
		status = program_start(program, "fs-writer", arguments.argv);
	return status;
}

static int run_measured(const struct cell *cell, struct program *programs,
			unsigned int count, uint64_t deadline)
{
	unsigned int i;
	uint64_t begin;
	int status;

	scramble_phase(cell->seed_number);
	status = measure_begin();
	if (status)
		return status;
	begin = now_ns();
	for (i = 0; i < count; i++)
		program_command(&programs[i], "go");
	status = program_await(programs, count, "done", deadline);
	if (status)
		return status;
	result_line("value runtime_ns %" PRIu64, now_ns() - begin);
	return measure_end();
}

/*
 * The hog first: it gives back what it has compared, and then the writer's
 * check reads the filesystem without pushing pages out to swap.
 */
static int check_workloads(struct program *hog, struct program *writer,
			   uint64_t deadline, int *verdict)
{
	struct program *const programs[] = { hog, writer };
	int status = GUEST_OK, exit_status;
	unsigned int i;

	if (write_text(PAGE_CLUSTER, "%d\n", CHECK_CLUSTER))
		return guest_error(GUEST_SETUP_FAILED, PAGE_CLUSTER ": %s",
				   strerror(errno));
	for (i = 0; !status && i < 2; i++) {
		program_command(programs[i], "verify");
		status = program_finish(programs[i], deadline, &exit_status);
		if (!status && exit_status)
			*verdict = GUEST_WORKLOAD_FAILED;
	}
	return status;
}

/* Both work in the measured part, which the checks do not belong to. */
static int run_workloads(const struct cell *cell, uint64_t deadline,
			 int *verdict)
{
	/* take_down() kills what still runs, by these */
	static struct program programs[2];
	int status;

	status = start_writer(cell, &programs[0]);
	if (!status)
		status = start_hog(cell, &programs[1]);
	if (!status)
		status = program_await(programs, 2, "ready", deadline);
	if (status)
		return status;
	printf("lab: start\n");
	status = run_measured(cell, programs, 2, deadline);
	if (status)
		return status;
	printf("lab: measured, checking\n");
	return check_workloads(&programs[1], &programs[0], deadline, verdict);
}

static int run_under_pressure(const struct cell *cell, const char *swap,
			      uint64_t deadline, int *verdict)
{
	uint64_t free_mb;
	int status;

	status = setting_number("free_mb", 230, &free_mb);
	if (!status)
		status = leave_free(free_mb);
	if (!status)
		status = swap_on(swap);
	if (!status)
		status = run_workloads(cell, deadline, verdict);
	if (status)
		return status;
	if (swapoff(swap)) {
		result_line("check swapoff fail %s", strerror(errno));
		*verdict = GUEST_CHECK_FAILED;
	}
	return GUEST_OK;
}

static int prepare(struct cell *cell)
{
	int status = read_settings(cell);

	if (status)
		return status;
	write_text("/proc/self/oom_score_adj", "-1000\n");
	status = apply_file("kernel.randomize_va_space", "0", "/proc/sys");
	if (!status)
		status = scramble_state(cell->seed_number);
	if (!status)
		status = settings_each("sysctl.", apply_file, "/proc/sys");
	if (!status)
		status = settings_each("sysfs.", apply_file, "/sys");
	if (!status && cell->selftest[0])
		status = selftest_run(cell->selftest);
	return status;
}

static int set_up_storage(const struct cell *cell, struct disks *disks)
{
	uint64_t fs_mb, swap_mb;
	int status;

	status = setting_number("disk_mb", 256, &fs_mb);
	if (!status)
		status = setting_number("swap_mb", 448, &swap_mb);
	if (!status)
		status = disks_set_up(disks, cell->virtual_clock, fs_mb,
				      swap_mb);
	if (!status)
		status = swap_set_up(&disks->swap);
	if (!status)
		status = make_filesystem(disks->fs);
	if (!status)
		status = mount_filesystem(disks->fs);
	return status;
}

/*
 * The whole cell. What ends it before its end is returned; @verdict is about
 * one that comes to its end: did the workloads and the filesystem check find
 * what they expect?
 */
static int run_cell(struct cell *cell, uint64_t booted, int *verdict)
{
	struct disks disks;
	uint64_t deadline;
	int status;

	status = prepare(cell);
	if (status)
		return status;
	deadline = booted + cell->timeout_s * 1000000000;
	status = set_up_storage(cell, &disks);
	if (!status)
		status = measure_prepare(cell->fs);
	if (status)
		return status;
	if (!strcmp(setting("workload", "writer"), "provoke"))
		status = provoke_run(MOUNT_POINT "/cache", disks.swap, verdict);
	else
		status = run_under_pressure(cell, disks.swap, deadline,
					    verdict);
	if (status)
		return status;
	if (umount(MOUNT_POINT))
		return guest_error(GUEST_CHECK_FAILED, "unmounting %s: %s",
				   disks.fs, strerror(errno));
	status = check_filesystem(disks.fs, verdict);
	return status ? status : record_save();
}

/*
 * The one way out, whatever has happened, in this order. A cell that ended
 * early leaves its disks as they are: what hangs there must not cost the
 * counters, OOM kills above all.
 */
static void __attribute__((noreturn)) take_down(const struct cell *cell,
						int status)
{
	int ended;

	programs_kill();
	ended = measure_end();
	status = status ? status : ended;
	if (!strcmp(cell->selftest, "fail"))
		status = 7;
	printf("lab: end, status %d\n", status);
	if (strcmp(cell->selftest, "silent"))
		result_write(status);
	power_off();
}

int main(void)
{
	struct cell cell = { .selftest = "" };
	int status, verdict = GUEST_OK;

	if (getpid() != 1) {
		fprintf(stderr, "init: this is PID 1 of a lab guest and does nothing else\n");
		return 2;
	}
	result_line("lab-results 1");
	status = mount_kernel_filesystems();
	open_console();
	if (!status)
		status = run_cell(&cell, now_ns(), &verdict);
	take_down(&cell, status ? status : verdict);
}
