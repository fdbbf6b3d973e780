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

static int write_cache_file(const char *path, uint64_t chunks)
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
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", path,
				   strerror(errno));
	return GUEST_OK;
}

/*
 * Read the file into the page cache and compare it.
 * @wrong: the number of wrong words is added
 */
static int read_cache_file(const char *path, uint64_t chunks,
			   uint64_t read_bytes, uint64_t *wrong)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t i, word, done;
	int status;

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
			if (chunk[word] != word_at(i * CHUNK_WORDS + word))
				(*wrong)++;
	}
	close(fd);
	return GUEST_OK;
failed:
	status = guest_error(GUEST_WORKLOAD_FAILED, "%s: %s", path,
			     strerror(errno));
	if (fd >= 0)
		close(fd);
	return status;
}

static int write_provoker_results(void)
{
	int status = GUEST_OK;
	char *content = read_whole_file(PROVOKER "/results", NULL);
	char *rest = content, *line;

	if (!content)
		return guest_error(GUEST_SETUP_FAILED, PROVOKER "/results: %s",
				   strerror(errno));
	line = strsep(&rest, "\n");
	if (strcmp(line, "memalloc_provoker 1"))
		status = guest_error(GUEST_SETUP_FAILED,
				     PROVOKER "/results: expected version 1, found '%s'",
				     line);
	while (!status && (line = strsep(&rest, "\n")))
		if (*line)
			result_line("%s", line);
	free(content);
	return status;
}

/**
 * struct provocation - the settings of the scenario
 * @path: whose page cache it is
 * @chunks: how much of it
 * @read_bytes: size of the reads that bring it in
 * @free_mb: MiB that are left free
 * @limit_pages: how many pages the task asks for at most
 */
struct provocation {
	const char *path;
	uint64_t chunks;
	uint64_t read_bytes;
	uint64_t free_mb;
	uint64_t limit_pages;
};

static int read_numbers(struct provocation *p)
{
	struct {
		const char *key;
		uint64_t otherwise;
		uint64_t *value;
	} numbers[] = {
		{ "provoke.cache_mb", 64, &p->chunks },
		{ "provoke.read_kb", 64, &p->read_bytes },
		{ "provoke.limit_pages", 65536, &p->limit_pages },
		{ "free_mb", 128, &p->free_mb },
	};
	int status = GUEST_OK;
	unsigned int i;

	for (i = 0; !status && i < sizeof(numbers) / sizeof(*numbers); i++)
		status = setting_number(numbers[i].key, numbers[i].otherwise,
					numbers[i].value);
	p->chunks = (p->chunks << 20) / CHUNK;
	p->read_bytes <<= 10;
	return status;
}

static int read_provocation(struct provocation *p, const char *file,
			    const char *device)
{
	const char *cache = setting("provoke.cache", "file");
	int status = read_numbers(p);

	if (status)
		return status;
	if (!strcmp(cache, "file"))
		p->path = file;
	else if (!strcmp(cache, "device"))
		p->path = device;
	else
		return guest_error(GUEST_BAD_SETTINGS,
				   "provoke.cache: expected file or device, found '%s'",
				   cache);
	if (!p->read_bytes || CHUNK % p->read_bytes)
		return guest_error(GUEST_BAD_SETTINGS,
				   "provoke.read_kb: expected a divisor of %u",
				   CHUNK / 1024);
	return GUEST_OK;
}

static int provoke_measured(const struct provocation *p)
{
	int status = measure_begin(), ended;
	uint64_t begin = now_ns();

	if (status)
		return status;
	if (write_text(PROVOKER "/run", "%" PRIu64 "\n", p->limit_pages))
		status = guest_error(GUEST_WORKLOAD_FAILED, PROVOKER "/run: %s",
				     strerror(errno));
	else
		result_line("value runtime_ns %" PRIu64, now_ns() - begin);
	ended = measure_end();
	return status ? status : ended;
}

static int load_provoker(void)
{
	bool loaded;
	int status = load_module("memalloc_provoker", "", &loaded);

	if (!status && !loaded)
		status = guest_error(GUEST_SETUP_FAILED,
				     "the module memalloc_provoker is missing");
	return status;
}

/**
 * provoke_run() - run the scenario
 * @file: to make, on the filesystem under test
 * @device: a block device that nobody uses, as large as the cache
 * @verdict: of a cell that comes to its end; set if what was read is wrong
 *
 * Settings: provoke.cache, whose page cache it is, file or device;
 * provoke.cache_mb, MiB of it; provoke.read_kb, size of the
 * reads that bring it in, 4 or 64; provoke.limit_pages.
 *
 * Return: GUEST_OK, or the cell's status when it did not come to its end.
 */
int provoke_run(const char *file, const char *device, int *verdict)
{
	struct provocation p;
	uint64_t wrong = 0;
	int status, hold;

	status = read_provocation(&p, file, device);
	if (!status)
		status = load_provoker();
	if (!status)
		status = write_cache_file(p.path, p.chunks);
	if (status)
		return status;
	/* the cache of a device is dropped when nobody has it open */
	hold = open(p.path, O_RDONLY | O_CLOEXEC);
	if (hold < 0)
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", p.path,
				   strerror(errno));
	status = leave_free(p.free_mb);
	if (!status)
		status = read_cache_file(p.path, p.chunks, p.read_bytes,
					 &wrong);
	if (!status)
		status = provoke_measured(&p);
	if (!status)
		status = write_provoker_results();
	if (!status)
		status = read_cache_file(p.path, p.chunks, p.read_bytes,
					 &wrong);
	close(hold);
	if (status)
		return status;
	result_line("check provoke %s %" PRIu64 " words of the file are wrong",
		    wrong ? "corrupt" : "ok", wrong);
	if (wrong)
		*verdict = GUEST_WORKLOAD_FAILED;
	return GUEST_OK;
}
