// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the guest swaps on: its swap disk, a device-mapper target on it, or a
 * file in a filesystem on either, with or without a loop device.
 *
 * What is in between may need memory, a thread or a filesystem's locks to
 * write: that is where reclaim is most easily wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/loop.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/swap.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "guest.h"

#define SWAP_PAGE	4096u
#define SWAP_MIN	(1u << 20)
#define SECTOR		512u
#define SWAP_MOUNT	"/mnt/swap"
#define SWAP_FILE	SWAP_MOUNT "/swapfile"
#define DM_NAME		"labswap"

/* An ioctl of device mapper with room for one target. */
struct dm_request {
	struct dm_ioctl head;
	struct dm_target_spec target;
	char parameters[512];
};

static int dm_call(int control, unsigned long request, struct dm_request *dm,
		   const char *what)
{
	dm->head.version[0] = DM_VERSION_MAJOR;
	dm->head.version[1] = 0;
	dm->head.version[2] = 0;
	dm->head.data_size = sizeof(*dm);
	dm->head.data_start = offsetof(struct dm_request, target);
	snprintf(dm->head.name, sizeof(dm->head.name), DM_NAME);
	if (ioctl(control, request, dm))
		return guest_error(GUEST_SETUP_FAILED, "swap.dm: %s: %s", what,
				   strerror(errno));
	return GUEST_OK;
}

/* @text with @device for each @; 0 if that is too long. */
static size_t put_device(char *to, size_t bytes, const char *text,
			 const char *device)
{
	size_t used = 0;

	for (; *text; text++) {
		int length = *text == '@' ? snprintf(to + used, bytes - used,
						     "%s", device) :
					    snprintf(to + used, bytes - used,
						     "%c", *text);

		used += length;
		if (used >= bytes)
			return 0;
	}
	return used;
}

static int device_bytes(const char *path, uint64_t *bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (end < 0)
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", path,
				   strerror(errno));
	close(fd);
	if (end < SWAP_MIN)
		return guest_error(GUEST_SETUP_FAILED,
				   "%s: expected at least %u bytes to swap on, found %llu",
				   path, SWAP_MIN, (unsigned long long)end);
	*bytes = end;
	return GUEST_OK;
}

/* Fill in what swap.dm asks for: the target's type, then its parameters. */
static int dm_table(struct dm_request *dm, const char *table,
		    const char *device)
{
	const char *parameters = strchr(table, ' ');
	uint64_t bytes;
	int status;

	if (!parameters ||
	    parameters - table >= (ptrdiff_t)sizeof(dm->target.target_type) ||
	    !put_device(dm->parameters, sizeof(dm->parameters), parameters + 1,
			device))
		return guest_error(GUEST_BAD_SETTINGS,
				   "swap.dm: expected a target and its parameters, @ for the disk, found '%s'",
				   table);
	status = device_bytes(device, &bytes);
	if (status)
		return status;
	memcpy(dm->target.target_type, table, parameters - table);
	dm->target.length = bytes / SECTOR;
	dm->head.target_count = 1;
	return GUEST_OK;
}

/* Put the target that swap.dm names on @device, which becomes it. */
static int stack_dm(const char *table, const char **device)
{
	static struct dm_request create, load, resume;
	static char path[32];
	int control = open("/dev/mapper/control", O_RDWR | O_CLOEXEC), status;

	if (control < 0)
		return guest_error(GUEST_SETUP_FAILED, "/dev/mapper/control: %s",
				   strerror(errno));
	status = dm_table(&load, table, *device);
	if (!status)
		status = dm_call(control, DM_DEV_CREATE, &create, "creating");
	if (!status)
		status = dm_call(control, DM_TABLE_LOAD, &load, table);
	if (!status)
		status = dm_call(control, DM_DEV_SUSPEND, &resume, "starting");
	close(control);
	snprintf(path, sizeof(path), "/dev/dm-%u", minor(create.head.dev));
	*device = path;
	return status;
}

/* The filesystem that the swap file is in, on all of @device. */
static int mount_swap(const char *device)
{
	static char command[512], log[4096];
	const char *type, *mkfs;
	int status = setting_required("swap.type", &type);

	if (!status)
		status = setting_required("swap.mkfs", &mkfs);
	if (status)
		return status;
	if (snprintf(command, sizeof(command), "%s %s", mkfs, device) >=
	    (int)sizeof(command))
		return guest_error(GUEST_BAD_SETTINGS,
				   "swap.mkfs: longer than %zu bytes",
				   sizeof(command));
	printf("lab: %s\n", command);
	status = run_tool(command, log, sizeof(log));
	if (status) {
		printf("%s\n", log);
		return guest_error(GUEST_SETUP_FAILED,
				   "swap.mkfs: '%s' ended with status %d",
				   command, status);
	}
	mkdir(SWAP_MOUNT, 0755);
	if (mount(device, SWAP_MOUNT, type, MS_NOATIME,
		  setting("swap.mount_options", NULL)))
		return guest_error(GUEST_SETUP_FAILED, "mounting %s: %s",
				   device, strerror(errno));
	return GUEST_OK;
}

/* A file without holes that takes seven eighths of what is free there. */
static int make_swap_file(void)
{
	struct statvfs disk;
	int fd = open(SWAP_FILE, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0 || statvfs(SWAP_MOUNT, &disk) || close(fd))
		return guest_error(GUEST_SETUP_FAILED, SWAP_FILE ": %s",
				   strerror(errno));
	return fill_zeros(SWAP_FILE, (disk.f_bavail * disk.f_frsize >> 20) *
			  7 / 8);
}

static int must_open(const char *path, int *fd)
{
	*fd = open(path, O_RDWR | O_CLOEXEC);
	if (*fd < 0)
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", path,
				   strerror(errno));
	return GUEST_OK;
}

static int make_loop(const char **device)
{
	static struct loop_config config = { .block_size = SWAP_PAGE };
	static char path[32];
	int control, loop, file, number, status;

	status = must_open("/dev/loop-control", &control);
	if (status)
		return status;
	number = ioctl(control, LOOP_CTL_GET_FREE);
	if (number < 0)
		return guest_error(GUEST_SETUP_FAILED,
				   "/dev/loop-control: no free device: %s",
				   strerror(errno));
	snprintf(path, sizeof(path), "/dev/loop%d", number);
	status = must_open(path, &loop);
	if (!status)
		status = must_open(SWAP_FILE, &file);
	if (status)
		return status;
	config.fd = file;
	if (ioctl(loop, LOOP_CONFIGURE, &config))
		return guest_error(GUEST_SETUP_FAILED, "%s on %s: %s", path,
				   SWAP_FILE, strerror(errno));
	/* The loop device has the file, and keeps it. */
	close(config.fd);
	close(loop);
	close(control);
	*device = path;
	return GUEST_OK;
}

/**
 * swap_set_up() - put between swap and its disk what the scenario asks for
 * @device: the swap disk; on return what swap_on() gets
 *
 * Settings: swap.dm, a target of device mapper and its parameters, with @ for
 * the disk; swap.on, disk, file or loop; for the last two swap.type, swap.mkfs
 * and swap.mount_options, as those of the filesystem under test.
 *
 * Return: GUEST_OK, or the cell's status.
 */
int swap_set_up(const char **device)
{
	const char *on = setting("swap.on", "disk");
	const char *table = setting("swap.dm", NULL);
	int status = table ? stack_dm(table, device) : GUEST_OK;

	if (status || !strcmp(on, "disk"))
		return status;
	status = mount_swap(*device);
	if (!status)
		status = make_swap_file();
	if (status)
		return status;
	*device = SWAP_FILE;
	return strcmp(on, "loop") ? GUEST_OK : make_loop(device);
}

/**
 * swap_on() - make a swap area without random UUID and use it
 * @path: block device or file; its whole size is used
 *
 * Return: GUEST_OK, or the cell's status when it cannot be used.
 */
int swap_on(const char *path)
{
	static unsigned char page[SWAP_PAGE] __attribute__((aligned(4096)));
	uint32_t last_page, version = 1;
	uint64_t bytes = 0;
	int fd, status = device_bytes(path, &bytes);

	if (status)
		return status;
	fd = open(path, O_RDWR | O_CLOEXEC);
	/* union swap_header of include/linux/swap.h */
	last_page = bytes / SWAP_PAGE - 1;
	memcpy(page + 1024, &version, 4);
	memcpy(page + 1028, &last_page, 4);
	memcpy(page + SWAP_PAGE - 10, "SWAPSPACE2", 10);
	if (fd < 0 || write(fd, page, SWAP_PAGE) != SWAP_PAGE || fsync(fd) ||
	    close(fd) || swapon(path, 0))
		return guest_error(GUEST_SETUP_FAILED, "swap on %s: %s", path,
				   strerror(errno));
	return GUEST_OK;
}
