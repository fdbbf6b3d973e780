// SPDX-License-Identifier: GPL-2.0-only
/*
 * anon-hog: several processes touch anonymous memory at random, check what
 * every page holds, and record how long every touch took.
 *
 * The work is a fixed number of touches, not a fixed time, so that runtimes
 * can be compared. The same --seed gives the same touches in the same order
 * within each process.
 *
 * A page's content is a function of seed, process, page and version: word i
 * holds base + i * ODD with base = mix(seed, process, page, version). Every
 * write gives the page a new version. A page that comes back from swap as
 * somebody else's, as an old version, torn or zeroed is found by the next
 * touch of it or by the final pass over all pages.
 *
 * What is timed is the first access only, between two reads of
 * CLOCK_MONOTONIC: for a write an atomic exchange of the first word (one
 * write fault), for a read a load. Checking and refilling the page come after
 * the second read of the clock. The lowest bucket that is not empty shows what
 * the two reads cost.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crew.h"
#include "latency_histogram.h"
#include "options.h"
#include "prng.h"

#define PAGE_BYTES	4096u
#define PAGE_WORDS	(PAGE_BYTES / sizeof(uint64_t))
#define WORD_STEP	0x9e3779b97f4a7c15ull

/* Pages that the final pass gives back at once, to save system calls. */
#define PAGES_RELEASED	64u

struct options {
	uint64_t processes;
	uint64_t megabytes;
	uint64_t touches;
	uint64_t seed;
	uint64_t write_percent;
	uint64_t zero_percent;
	uint64_t memcg_limit;
	uint64_t flip;
	bool lockstep;
};

/**
 * struct mismatch - the first wrong word that a process saw
 * @found: false until there is one
 * @page: number of the page in the process' memory
 * @word: number of the word in the page
 * @expected: what was written there last
 * @actual: what was read
 */
struct mismatch {
	bool found;
	uint64_t page;
	unsigned int word;
	uint64_t expected;
	uint64_t actual;
};

struct worker_result {
	struct latency_histogram fault;
	struct mismatch mismatch;
	uint64_t mismatches;
	uint64_t checked;
	uint64_t touch_ns;
};

struct hog {
	struct options options;
	struct worker_result *result;
};

/**
 * struct arena - the memory of one process
 * @page: the memory itself, swappable
 * @pages: number of pages
 * @version: of each page, locked in memory
 * @filled_words: words of each page that hold the pattern; the rest is zero
 */
struct arena {
	uint64_t *page;
	uint64_t pages;
	uint32_t *version;
	unsigned int filled_words;
	uint64_t seed;
	unsigned int index;
	struct worker_result *result;
};

static uint64_t page_base(const struct arena *arena, uint64_t page,
			  uint32_t version)
{
	uint64_t key = (uint64_t)arena->index << 56 | page << 32 | version;

	return prng_mix(prng_mix(arena->seed) ^ key);
}

static void note_mismatch(struct arena *arena, uint64_t page,
			  unsigned int word, uint64_t expected,
			  uint64_t actual)
{
	struct mismatch *mismatch = &arena->result->mismatch;

	arena->result->mismatches++;
	if (mismatch->found)
		return;
	mismatch->found = true;
	mismatch->page = page;
	mismatch->word = word;
	mismatch->expected = expected;
	mismatch->actual = actual;
}

/* Check words 1 and up; the first is the caller's, who has read it already. */
static void check_words(struct arena *arena, uint64_t page, uint64_t first)
{
	const uint64_t *word = arena->page + page * PAGE_WORDS;
	uint64_t expected = page_base(arena, page, arena->version[page]);
	unsigned int i;

	arena->result->checked++;
	if (first != expected) {
		note_mismatch(arena, page, 0, expected, first);
		return;
	}
	for (i = 1; i < arena->filled_words; i++) {
		expected += WORD_STEP;
		if (word[i] != expected) {
			note_mismatch(arena, page, i, expected, word[i]);
			return;
		}
	}
	for (; i < PAGE_WORDS; i++) {
		if (word[i]) {
			note_mismatch(arena, page, i, 0, word[i]);
			return;
		}
	}
}

static void fill_words(struct arena *arena, uint64_t page, uint64_t base)
{
	uint64_t *word = arena->page + page * PAGE_WORDS;
	unsigned int i;

	for (i = 1; i < arena->filled_words; i++) {
		base += WORD_STEP;
		word[i] = base;
	}
}

/* One timed touch; a write gives the page its next version. */
static void touch(struct arena *arena, uint64_t page, bool write, bool fresh)
{
	uint64_t *word = arena->page + page * PAGE_WORDS;
	uint64_t begin, end, base, first;

	base = page_base(arena, page, arena->version[page] + 1);
	begin = monotonic_ns();
	if (write)
		first = __atomic_exchange_n(word, base, __ATOMIC_SEQ_CST);
	else
		first = __atomic_load_n(word, __ATOMIC_SEQ_CST);
	end = monotonic_ns();
	latency_record(&arena->result->fault, end - begin);

	if (fresh) {
		if (first)
			note_mismatch(arena, page, 0, 0, first);
	} else {
		check_words(arena, page, first);
	}
	if (write) {
		arena->version[page]++;
		fill_words(arena, page, base);
	}
}

/*
 * The final pass. A page that has been compared makes room for those that have
 * to come back from swap; otherwise most of them would be written out again.
 */
static void check_all(struct arena *arena)
{
	uint64_t first, page, end;

	for (first = 0; first < arena->pages; first = end) {
		end = first + PAGES_RELEASED;
		if (end > arena->pages)
			end = arena->pages;
		for (page = first; page < end; page++)
			check_words(arena, page,
				    arena->page[page * PAGE_WORDS]);
		madvise(arena->page + first * PAGE_WORDS,
			(end - first) * PAGE_BYTES, MADV_DONTNEED);
	}
}

static int hog_work(const struct crew_member *self, void *argument)
{
	const struct hog *hog = argument;
	const struct options *options = &hog->options;
	struct arena arena = {
		.pages = options->megabytes * (1048576 / PAGE_BYTES) /
			options->processes,
		.seed = options->seed,
		.index = self->index,
		.result = &hog->result[self->index],
	};
	struct prng prng;
	uint64_t i, begin;

	arena.filled_words = PAGE_WORDS -
		PAGE_WORDS * options->zero_percent / 100;
	prng_seed(&prng, options->seed, self->index);
	if (mlockall(MCL_CURRENT))
		fprintf(stderr, "anon-hog: note: not locked in memory: %s\n",
			strerror(errno));
	arena.version = mmap(NULL, arena.pages * sizeof(*arena.version),
			     PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	arena.page = mmap(NULL, arena.pages * PAGE_BYTES,
			  PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena.version == MAP_FAILED || arena.page == MAP_FAILED) {
		fprintf(stderr, "anon-hog: %" PRIu64 " pages: %s\n",
			arena.pages, strerror(errno));
		return 2;
	}
	/*
	 * The bookkeeping, the code and the stack stay in memory, so that a
	 * timed touch faults on the page it touches and on nothing else. Huge
	 * pages would make most touches hit.
	 */
	if (mlock(arena.version, arena.pages * sizeof(*arena.version)) ||
	    madvise(arena.page, arena.pages * PAGE_BYTES, MADV_NOHUGEPAGE))
		fprintf(stderr, "anon-hog: note: %s\n", strerror(errno));

	crew_await_start(self);
	begin = monotonic_ns();
	for (i = 0; i < arena.pages; i++)
		touch(&arena, i, true, true);
	for (i = 0; i < options->touches; i++) {
		uint64_t page = prng_below(&prng, arena.pages);
		bool write = prng_below(&prng, 100) < options->write_percent;

		if (options->flip == i + 1 && !self->index)
			arena.page[page * PAGE_WORDS + 7] ^= 1ull << 42;
		touch(&arena, page, write, false);
	}
	arena.result->touch_ns = monotonic_ns() - begin;
	crew_report_end(self);

	crew_await_start(self);
	check_all(&arena);
	crew_report_end(self);
	return 0;
}

static int report(const struct hog *hog, const struct crew *crew)
{
	static struct latency_histogram all;
	uint64_t mismatches = 0, checked = 0, longest = 0;
	const struct mismatch *first = NULL;
	unsigned int i, first_index = 0;

	for (i = 0; i < hog->options.processes; i++) {
		const struct worker_result *result = &hog->result[i];

		latency_merge(&all, &result->fault);
		mismatches += result->mismatches;
		checked += result->checked;
		if (result->touch_ns > longest)
			longest = result->touch_ns;
		if (!first && result->mismatch.found) {
			first = &result->mismatch;
			first_index = i;
		}
	}
	printf("value hog_touches %" PRIu64 "\n", all.count);
	printf("value hog_checks %" PRIu64 "\n", checked);
	if (longest)
		printf("value hog_runtime_ns %" PRIu64 "\n", longest);
	latency_print(stdout, "fault", &all);
	if (mismatches) {
		printf("check hog corrupt %" PRIu64 " pages wrong, first: process %u page %" PRIu64 " word %u expected %016" PRIx64 " found %016" PRIx64 "\n",
		       mismatches, first_index, first->page, first->word,
		       first->expected, first->actual);
		return 1;
	}
	if (crew->failure[0]) {
		printf("check hog fail %s\n", crew->failure);
		return 1;
	}
	printf("check hog ok %" PRIu64 " pages compared\n", checked);
	return 0;
}

static void usage(FILE *out)
{
	fputs("usage: anon-hog [options]\n"
	      "  --processes N       processes, 1..64 (4)\n"
	      "  --megabytes N       memory of all processes together, MiB (350)\n"
	      "  --touches N         random touches per process after the fill (20000)\n"
	      "  --seed N            seed (1)\n"
	      "  --write-percent N   touches that write, 0..100 (70)\n"
	      "  --zero-percent N    part of every page that stays zero, 0..99 (0)\n"
	      "  --memcg-limit N     run in a cgroup with this memory.max, MiB\n"
	      "  --flip N            damage a page before touch N of process 0 (test)\n"
	      "  --lockstep          say ready/done, wait for go/verify on stdin\n"
	      "Prints lines of the result protocol, see Documentation/workloads.md.\n"
	      "Exit status: 0, 1 content wrong or a process died, 2 usage.\n", out);
}

static int parse_options(int argc, char **argv, struct options *options)
{
	const struct command_option table[] = {
		OPTION_NUMBER("processes", &options->processes, 1, CREW_MAX),
		OPTION_NUMBER("megabytes", &options->megabytes, 1, 65536),
		OPTION_NUMBER("touches", &options->touches, 0, UINT32_MAX),
		OPTION_NUMBER("seed", &options->seed, 0, UINT32_MAX),
		OPTION_NUMBER("write-percent", &options->write_percent, 0, 100),
		OPTION_NUMBER("zero-percent", &options->zero_percent, 0, 99),
		OPTION_NUMBER("memcg-limit", &options->memcg_limit, 1, UINT32_MAX),
		OPTION_NUMBER("flip", &options->flip, 0, UINT32_MAX),
		{ .name = "lockstep", .flag = &options->lockstep },
		{ .name = NULL },
	};

	return options_parse("anon-hog", argc, argv, table, usage);
}

int main(int argc, char **argv)
{
	struct hog hog = {
		.options = {
			.processes = 4,
			.megabytes = 350,
			.touches = 20000,
			.seed = 1,
			.write_percent = 70,
		},
	};
	struct options *options = &hog.options;
	struct crew crew;
	int status;

	if (parse_options(argc, argv, options)) {
		usage(stderr);
		return 2;
	}
	if (options->megabytes * (1048576 / PAGE_BYTES) < options->processes ||
	    (options->memcg_limit && enter_memcg("anon-hog", options->memcg_limit)))
		return 2;
	hog.result = crew_shared_memory(options->processes *
					sizeof(*hog.result));
	if (crew_fork(&crew, options->processes, hog_work, &hog)) {
		fprintf(stderr, "anon-hog: cannot start processes: %s\n",
			strerror(errno));
		return 2;
	}
	if (lockstep_await(options->lockstep, "ready", "go"))
		return 2;
	status = crew_run_phase(&crew);
	if (lockstep_await(options->lockstep, "done", "verify"))
		return 2;
	if (!status)
		crew_run_phase(&crew);
	crew_join(&crew);
	return report(&hog, &crew);
}
