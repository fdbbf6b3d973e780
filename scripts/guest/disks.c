// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two disks of a cell.
 *
 * Host clock: virtio, /dev/vda for the filesystem, /dev/vdb for swap.
 * Virtual clock: null_blk in the guest's memory, 100 us per request on the
 * guest's own timer, so that no host device is in the measured path. Every
 * page of them is allocated here, by writing it: what is measured later never
 * allocates memory for a disk.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest.h"

#define CHUNK		(1u << 20)
#define NULLB		"/sys/kernel/config/nullb"

static int null_blk_set(const char *disk, const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), NULLB "/%s/%s", disk, name);
	if (write_text(path, "%s\n", value))
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", path,
				   strerror(errno));
	return GUEST_OK;
}

/**
 * fill_zeros() - write a device or a file from its beginning
 * @device: it
 * @megabytes: how much, MiB
 *
 * Return: GUEST_OK, or the cell's status when it cannot be written.
 */
int fill_zeros(const char *device, uint64_t megabytes)
{
	int fd = open(device, O_WRONLY | O_DIRECT | O_CLOEXEC);
	int status = GUEST_OK;
	void *chunk;
	uint64_t i;

	if (fd < 0)
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", device,
				   strerror(errno));
	if (posix_memalign(&chunk, 4096, CHUNK)) {
		close(fd);
		return guest_error(GUEST_SETUP_FAILED,
				   "no memory for writing to %s", device);
	}
	memset(chunk, 0, CHUNK);
	for (i = 0; !status && i < megabytes; i++)
		if (write(fd, chunk, CHUNK) != CHUNK)
			status = guest_error(GUEST_SETUP_FAILED,
					     "filling %s at %llu MiB: %s",
					     device, (unsigned long long)i,
					     strerror(errno));
	free(chunk);
	if (close(fd) && !status)
		status = guest_error(GUEST_SETUP_FAILED, "%s: %s", device,
				     strerror(errno));
	return status;
}

static int make_null_blk(const char *disk, uint64_t megabytes)
{
	char path[128], size[32];
	const char *const attributes[][2] = {
		{ "size", size },
		{ "memory_backed", "1" },
		{ "irqmode", "2" },
		{ "completion_nsec",
		  setting("disk.completion_nsec", "100000") },
		{ "hw_queue_depth", setting("disk.queue_depth", "64") },
		{ "submit_queues", "1" },
		{ "blocksize", "4096" },
		{ "power", "1" },
	};
	int status = GUEST_OK;
	unsigned int i;

	snprintf(path, sizeof(path), NULLB "/%s", disk);
	if (mkdir(path, 0755))
		return guest_error(GUEST_SETUP_FAILED, "%s: %s (is null_blk in the kernel?)",
				   path, strerror(errno));
	snprintf(size, sizeof(size), "%llu", (unsigned long long)megabytes);
	for (i = 0; !status && i < sizeof(attributes) / sizeof(*attributes);
	     i++)
		status = null_blk_set(disk, attributes[i][0], attributes[i][1]);
	if (status)
		return status;
	snprintf(path, sizeof(path), "/dev/%s", disk);
	return fill_zeros(path, megabytes);
}

/* Bytes of an open device. */
static int size_of(const char *device, int fd, uint64_t *bytes)
{
	if (fd < 0 || ioctl(fd, BLKGETSIZE64, bytes))
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", device,
				   strerror(errno));
	return GUEST_OK;
}

static int expect_size(const char *device, uint64_t megabytes)
{
	int fd = open(device, O_RDONLY | O_CLOEXEC), status;
	uint64_t bytes = 0;

	status = size_of(device, fd, &bytes);
	if (fd >= 0)
		close(fd);
	if (status)
		return status;
	if (bytes < megabytes << 20)
		return guest_error(GUEST_SETUP_FAILED,
				   "%s has %llu MiB, the scenario asks for %llu",
				   device, (unsigned long long)bytes >> 20,
				   (unsigned long long)megabytes);
	return GUEST_OK;
}

/**
 * disks_set_up() - find or make the two disks
 * @disks: filled in
 * @virtual_clock: disks in memory instead of virtio
 * @fs_mb: size of the filesystem's disk, MiB
 * @swap_mb: size of the swap disk, MiB
 *
 * Return: GUEST_OK, or the cell's status when there are none of that size.
 */
int disks_set_up(struct disks *disks, bool virtual_clock, uint64_t fs_mb,
		 uint64_t swap_mb)
{
	int status;

	if (!virtual_clock) {
		disks->fs = "/dev/vda";
		disks->swap = "/dev/vdb";
		status = expect_size(disks->fs, fs_mb);
		return status ? status : expect_size(disks->swap, swap_mb);
	}
	disks->fs = "/dev/labfs";
	disks->swap = "/dev/labswap";
	status = make_null_blk("labfs", fs_mb);
	return status ? status : make_null_blk("labswap", swap_mb);
}
