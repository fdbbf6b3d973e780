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
#include <sys/swap.h>
#include <unistd.h>

#include "guest.h"

#define CHUNK		(1u << 20)
#define NULLB		"/sys/kernel/config/nullb"
#define SWAP_PAGE	4096u

static void null_blk_set(const char *disk, const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), NULLB "/%s/%s", disk, name);
	if (write_text(path, "%s\n", value))
		guest_fail(GUEST_SETUP_FAILED, "%s: %s", path,
			   strerror(errno));
}

static void fill(const char *device, uint64_t megabytes)
{
	int fd = open(device, O_WRONLY | O_DIRECT | O_CLOEXEC);
	void *chunk;
	uint64_t i;

	if (fd < 0 || posix_memalign(&chunk, 4096, CHUNK))
		guest_fail(GUEST_SETUP_FAILED, "%s: %s", device,
			   strerror(errno));
	memset(chunk, 0, CHUNK);
	for (i = 0; i < megabytes; i++)
		if (write(fd, chunk, CHUNK) != CHUNK)
			guest_fail(GUEST_SETUP_FAILED,
				   "filling %s at %llu MiB: %s", device,
				   (unsigned long long)i, strerror(errno));
	free(chunk);
	if (close(fd))
		guest_fail(GUEST_SETUP_FAILED, "%s: %s", device,
			   strerror(errno));
}

static void make_null_blk(const char *disk, uint64_t megabytes)
{
	char path[128], size[32];

	snprintf(path, sizeof(path), NULLB "/%s", disk);
	if (mkdir(path, 0755))
		guest_fail(GUEST_SETUP_FAILED, "%s: %s (is null_blk in the kernel?)",
			   path, strerror(errno));
	snprintf(size, sizeof(size), "%llu", (unsigned long long)megabytes);
	null_blk_set(disk, "size", size);
	null_blk_set(disk, "memory_backed", "1");
	null_blk_set(disk, "irqmode", "2");
	null_blk_set(disk, "completion_nsec",
		     setting("disk.completion_nsec", "100000"));
	null_blk_set(disk, "hw_queue_depth",
		     setting("disk.queue_depth", "64"));
	null_blk_set(disk, "submit_queues", "1");
	null_blk_set(disk, "blocksize", "4096");
	null_blk_set(disk, "power", "1");
	snprintf(path, sizeof(path), "/dev/%s", disk);
	fill(path, megabytes);
}

static void expect_size(const char *device, uint64_t megabytes)
{
	int fd = open(device, O_RDONLY | O_CLOEXEC);
	uint64_t bytes = 0;

	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &bytes))
		guest_fail(GUEST_SETUP_FAILED, "%s: %s", device,
			   strerror(errno));
	close(fd);
	if (bytes < megabytes << 20)
		guest_fail(GUEST_SETUP_FAILED,
			   "%s has %llu MiB, the scenario asks for %llu",
			   device, (unsigned long long)bytes >> 20,
			   (unsigned long long)megabytes);
}

/**
 * disks_set_up() - find or make the two disks
 * @disks: filled in
 * @virtual_clock: disks in memory instead of virtio
 * @fs_mb: size of the filesystem's disk, MiB
 * @swap_mb: size of the swap disk, MiB
 */
void disks_set_up(struct disks *disks, bool virtual_clock, uint64_t fs_mb,
		  uint64_t swap_mb)
{
	if (!virtual_clock) {
		disks->fs = "/dev/vda";
		disks->swap = "/dev/vdb";
		expect_size(disks->fs, fs_mb);
		expect_size(disks->swap, swap_mb);
		return;
	}
	disks->fs = "/dev/labfs";
	disks->swap = "/dev/labswap";
	make_null_blk("labfs", fs_mb);
	make_null_blk("labswap", swap_mb);
}

/**
 * swap_on() - make a swap area without random UUID and use it
 * @device: block device; its whole size is used
 */
void swap_on(const char *device)
{
	static unsigned char page[SWAP_PAGE] __attribute__((aligned(4096)));
	uint64_t bytes = 0;
	uint32_t last_page, version = 1;
	int fd = open(device, O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &bytes))
		guest_fail(GUEST_SETUP_FAILED, "%s: %s", device,
			   strerror(errno));
	/* union swap_header of include/linux/swap.h */
	last_page = bytes / SWAP_PAGE - 1;
	memcpy(page + 1024, &version, 4);
	memcpy(page + 1028, &last_page, 4);
	memcpy(page + SWAP_PAGE - 10, "SWAPSPACE2", 10);
	if (write(fd, page, SWAP_PAGE) != SWAP_PAGE || fsync(fd) ||
	    close(fd) || swapon(device, 0))
		guest_fail(GUEST_SETUP_FAILED, "swap on %s: %s", device,
			   strerror(errno));
}
