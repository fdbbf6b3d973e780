// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a seed changes besides the order in which the workloads touch memory.
 * Guests of one kernel boot alike: without this all cells of an image would
 * start from one state, and what comes of that state would pass for the
 * kernel's. Another layout of the same source is another such state.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"
#include "prng.h"

#define ARENA_BYTES	(16u << 20)
#define PHASE_NS	20000000	/* some ticks, many turns */

enum stream {
	STREAM_RANDOM = 2000,	/* beyond those of the workloads */
	STREAM_PAGES,
	STREAM_PHASE,
};

/* The seed, mixed into what the boot left: other numbers for each of them. */
static int scramble_random(uint64_t seed)
{
	struct {
		struct rand_pool_info info;
		uint64_t words[8];
	} pool = { .info = { .entropy_count = 512, .buf_size = 64 } };
	unsigned int i;
	struct prng prng;
	int fd, failed;

	prng_seed(&prng, seed, STREAM_RANDOM);
	for (i = 0; i < 8; i++)
		pool.words[i] = prng_next(&prng);
	fd = open("/dev/urandom", O_WRONLY);
	failed = fd < 0 || ioctl(fd, RNDADDENTROPY, &pool) ||
		 ioctl(fd, RNDRESEEDCRNG);
	if (failed)
		return guest_error(GUEST_SETUP_FAILED, "/dev/urandom: %s",
				   strerror(errno));
	close(fd);
	return GUEST_OK;
}

/* Page by page, in random order, back to the allocator. */
static int scramble_pages(uint64_t seed)
{
	size_t page = sysconf(_SC_PAGESIZE), count = ARENA_BYTES / page, i;
	static uint32_t order[ARENA_BYTES / 4096];
	struct prng prng;
	char *arena;

	arena = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (arena == MAP_FAILED)
		return guest_error(GUEST_SETUP_FAILED, "mapping %u bytes: %s",
				   ARENA_BYTES, strerror(errno));
	prng_seed(&prng, seed, STREAM_PAGES);
	for (i = 0; i < count; i++) {
		size_t other = prng_below(&prng, i + 1);

		arena[i * page] = 1;
		order[i] = order[other];
		order[other] = i;
	}
	for (i = 0; i < count; i++)
		madvise(arena + order[i] * page, page, MADV_DONTNEED);
	munmap(arena, ARENA_BYTES);
	return GUEST_OK;
}

int scramble_state(uint64_t seed)
{
	int status = scramble_random(seed);

	return status ? status : scramble_pages(seed);
}

void scramble_phase(uint64_t seed)
{
	struct timespec time = { 0, 0 };
	struct prng prng;

	prng_seed(&prng, seed, STREAM_PHASE);
	time.tv_nsec = prng_below(&prng, PHASE_NS);
	nanosleep(&time, NULL);
}
