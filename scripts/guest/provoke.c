// SPDX-License-Identifier: GPL-2.0-only
/*
 * The provoke scenario: clean, unmapped page cache on one side, a task that
 * allocates under PF_MEMALLOC until it fails on the other. There is no swap,
 * nothing dirty and no other workload: what the task gets beyond the free
 * memory was taken from that cache.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"

#define PROVOKER	"/sys/kernel/debug/memalloc_provoker"
#define CHUNK		(64u * 1024)
#define CHUNK_WORDS	(CHUNK / sizeof(uint64_t))

static uint64_t chunk[CHUNK_WORDS];

static uint64_t word_at(uint64_t index)
{
	return (index + 1) * 0x9e3779b97f4a7c15ull;
}

static void write_cache_file(const char *path, uint64_t chunks)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	uint64_t i, word;

	for (i = 0; fd >= 0 && i < chunks; i++) {
		for (word = 0; word < CHUNK_WORDS; word++)
			chunk[word] = word_at(i * CHUNK_WORDS + word);
		if (write(fd, chunk, CHUNK) != CHUNK)
			break;
	}
	if (fd < 0 || i < chunks || fsync(fd) || close(fd))
		guest_fail(GUEST_SETUP_FAILED, "%s: %s", path,
			   strerror(errno));
}

/*
 * Read the file into the page cache and compare it.
 * Return: number of wrong words.
 */
static uint64_t read_cache_file(const char *path, uint64_t chunks,
				uint64_t read_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t i, word, wrong = 0, done;

	if (fd < 0)
		goto failed;
	/* reads of one block and no readahead make folios of one page */
	if (read_bytes < CHUNK)
		posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	for (i = 0; i < chunks; i++) {
		for (done = 0; done < CHUNK; done += read_bytes)
			if (read(fd, (char *)chunk + done, read_bytes) !=
			    (ssize_t)read_bytes)
				goto failed;
		for (word = 0; word < CHUNK_WORDS; word++)
			wrong += chunk[word] != word_at(i * CHUNK_WORDS + word);
	}
	close(fd);
	return wrong;
failed:
	guest_fail(GUEST_WORKLOAD_FAILED, "%s: %s", path, strerror(errno));
}

static void write_provoker_results(void)
{
	char *content = read_whole_file(PROVOKER "/results", NULL);
	char *rest = content, *line;

	if (!content)
		guest_fail(GUEST_SETUP_FAILED, PROVOKER "/results: %s",
			   strerror(errno));
	line = strsep(&rest, "\n");
	if (strcmp(line, "memalloc_provoker 1"))
		guest_fail(GUEST_SETUP_FAILED,
			   PROVOKER "/results: expected version 1, found '%s'",
			   line);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			result_line("%s", line);
	free(content);
}

/**
 * provoke_run() - run the scenario
 * @file: to make, on the filesystem under test
 * @device: a block device that nobody uses, as large as the cache
 *
 * Settings: provoke.cache, whose page cache it is, file or device;
 * provoke.cache_mb, MiB of it; provoke.read_kb, size of the
 * reads that bring it in, 4 or 64; provoke.limit_pages.
 *
 * Return: status of the cell.
 */
int provoke_run(const char *file, const char *device)
{
	const char *cache = setting("provoke.cache", "file"), *path = file;
	uint64_t chunks = setting_number("provoke.cache_mb", 64) << 20;
	uint64_t read_bytes = setting_number("provoke.read_kb", 64) << 10;
	uint64_t wrong, begin;
	int hold;

	chunks /= CHUNK;
	if (!strcmp(cache, "device"))
		path = device;
	else if (strcmp(cache, "file"))
		guest_fail(GUEST_BAD_SETTINGS,
			   "provoke.cache: expected file or device, found '%s'",
			   cache);
	if (!read_bytes || CHUNK % read_bytes)
		guest_fail(GUEST_BAD_SETTINGS,
			   "provoke.read_kb: expected a divisor of %u",
			   CHUNK / 1024);
	if (!load_module("memalloc_provoker", ""))
		guest_fail(GUEST_SETUP_FAILED,
			   "the module memalloc_provoker is missing");
	write_cache_file(path, chunks);
	/* the cache of a device is dropped when nobody has it open */
	hold = open(path, O_RDONLY | O_CLOEXEC);
	leave_free(setting_number("free_mb", 128));
	wrong = read_cache_file(path, chunks, read_bytes);

	measure_begin();
	begin = now_ns();
	if (write_text(PROVOKER "/run", "%" PRIu64 "\n",
		       setting_number("provoke.limit_pages", 65536)))
		guest_fail(GUEST_WORKLOAD_FAILED, PROVOKER "/run: %s",
			   strerror(errno));
	result_line("value runtime_ns %" PRIu64, now_ns() - begin);
	measure_end();
	write_provoker_results();

	wrong += read_cache_file(path, chunks, read_bytes);
	close(hold);
	result_line("check provoke %s %" PRIu64 " words of the file are wrong",
		    wrong ? "corrupt" : "ok", wrong);
	return wrong ? GUEST_WORKLOAD_FAILED : GUEST_OK;
}
