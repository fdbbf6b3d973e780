// SPDX-License-Identifier: GPL-2.0-only
/*
 * fs-writer's read workload: random reads, with comparison, from files larger
 * than the memory available for them. Nothing is dirty: with --memcg-limit,
 * reclaim at the limit only frees clean page cache, and waits for
 * no I/O.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fs-writer.h"

#define BLOCK 4096u

struct read_state {
	int *fd;
	uint32_t blocks;
	unsigned int run_blocks;
	unsigned char buffer[];
};

static void fill_file(struct writer *writer, unsigned int file)
{
	struct read_state *state = writer->state;
	uint32_t block;

	for (block = 0; block < state->blocks; block++) {
		writer_fill(state->buffer, BLOCK,
			    writer_pattern(writer, file, block, 0));
		if (write(state->fd[file], state->buffer, BLOCK) != BLOCK)
			writer_die(writer, "write");
	}
	writer->result->bytes_written += (uint64_t)state->blocks * BLOCK;
	if (fsync(state->fd[file]))
		writer_die(writer, "fsync");
}

static void read_prepare(struct writer *writer)
{
	const struct writer_options *options = writer->options;
	size_t run = options->run_kb << 10;
	struct read_state *state = malloc(sizeof(*state) + run);
	unsigned int i;
	char name[32];

	if (!state)
		writer_die(writer, "malloc");
	writer->state = state;
	state->blocks = (options->file_kb << 10) / BLOCK;
	state->run_blocks = run / BLOCK;
	if (state->run_blocks > state->blocks)
		state->run_blocks = state->blocks;
	state->fd = calloc(options->files, sizeof(*state->fd));
	if (!state->fd)
		writer_die(writer, "calloc");
	for (i = 0; i < options->files; i++) {
		snprintf(name, sizeof(name), "file-%u", i);
		state->fd[i] = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		if (state->fd[i] < 0)
			writer_die(writer, name);
		fill_file(writer, i);
		/* what is read is what was asked for */
		posix_fadvise(state->fd[i], 0, 0, POSIX_FADV_RANDOM);
	}
}

static void read_blocks(struct writer *writer, unsigned int file,
			uint32_t block, unsigned int count)
{
	struct read_state *state = writer->state;
	ssize_t bytes = (ssize_t)count * BLOCK;
	unsigned int i;

	if (pread(state->fd[file], state->buffer, bytes,
		  (off_t)block * BLOCK) != bytes)
		writer_die(writer, "pread");
	for (i = 0; i < count; i++) {
		uint64_t pattern = writer_pattern(writer, file, block + i, 0);
		size_t good = writer_matches(state->buffer + i * BLOCK, BLOCK,
					     pattern);

		if (good < BLOCK)
			writer_wrong(writer,
				     "process %u file %u block %" PRIu32
				     " byte %zu",
				     writer->index, file, block + i, good);
	}
	writer->result->bytes_checked += bytes;
}

static void read_operate(struct writer *writer)
{
	const struct read_state *state = writer->state;
	unsigned int file = prng_below(&writer->prng, writer->options->files);
	uint32_t block = prng_below(&writer->prng,
				    state->blocks - state->run_blocks + 1);

	read_blocks(writer, file, block, state->run_blocks);
}

static void read_verify(struct writer *writer)
{
	const struct read_state *state = writer->state;
	unsigned int file;
	uint32_t block;

	for (file = 0; file < writer->options->files; file++)
		for (block = 0; block < state->blocks;
		     block += state->run_blocks) {
			uint32_t left = state->blocks - block;

			read_blocks(writer, file, block,
				    left < state->run_blocks ?
					    left :
					    state->run_blocks);
		}
}

const struct workload read_workload = {
	.name = "read",
	.prepare = read_prepare,
	.operate = read_operate,
	.verify = read_verify,
};
