// SPDX-License-Identifier: GPL-2.0-only
/*
 * fs-writer's data workload: everything that makes a filesystem allocate and
 * convert extents in writeback. Buffered writes into holes and past the end
 * (delayed allocation), fallocate and writes into it (unwritten extents to
 * convert), holes punched, overwrites, truncates to any byte, unlinks,
 * fsyncs, sync_file_range; and reads of random places, which are compared.
 *
 * The model: a file is a row of 4 KiB blocks. A block's content is the
 * pattern of its generation for its first `valid` bytes and zeros after
 * them; generation 0 reads as zeros.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs-writer.h"

#define BLOCK		4096u
#define RUN_BLOCKS	64u

struct block {
	uint32_t generation;
	uint32_t valid;
};

struct data_file {
	int fd;
	uint64_t size;
	struct block *block;
};

/**
 * struct data_state - model of one process' files
 * @blocks: size limit of a file
 * @file: one for each of the process' files
 * @generation: last one given to a block
 * @buffer: RUN_BLOCKS blocks
 */
struct data_state {
	uint32_t blocks;
	struct data_file *file;
	uint32_t generation;
	unsigned char *buffer;
};

static void *zeroed(struct writer *writer, size_t count, size_t bytes)
{
	void *memory = calloc(count, bytes);

	if (!memory)
		writer_die(writer, "calloc");
	return memory;
}

static void open_file(struct writer *writer, unsigned int number)
{
	struct data_state *state = writer->state;
	struct data_file *file = &state->file[number];
	char name[32];

	snprintf(name, sizeof(name), "data-%u", number);
	file->fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0644);
	if (file->fd < 0)
		writer_die(writer, name);
	file->size = 0;
	memset(file->block, 0, state->blocks * sizeof(*file->block));
}

static void data_prepare(struct writer *writer)
{
	struct data_state *state = zeroed(writer, 1, sizeof(*state));
	unsigned int i;

	writer->state = state;
	state->blocks = writer->options->file_kb * 1024 / BLOCK;
	state->file = zeroed(writer, writer->options->files,
			     sizeof(*state->file));
	state->buffer = zeroed(writer, RUN_BLOCKS, BLOCK);
	for (i = 0; i < writer->options->files; i++) {
		state->file[i].block = zeroed(writer, state->blocks,
					      sizeof(struct block));
		open_file(writer, i);
	}
}

static uint32_t data_blocks(const struct data_file *file)
{
	return (file->size + BLOCK - 1) / BLOCK;
}

static uint32_t shorter(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void write_run(struct writer *writer, unsigned int number,
		      uint32_t first, uint32_t count)
{
	struct data_state *state = writer->state;
	struct data_file *file = &state->file[number];
	uint64_t end = (uint64_t)(first + count) * BLOCK;
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct block *block = &file->block[first + i];

		block->generation = ++state->generation;
		block->valid = BLOCK;
		writer_fill(state->buffer + i * BLOCK, BLOCK,
			    writer_pattern(writer, number, first + i,
					   block->generation));
	}
	if (pwrite(file->fd, state->buffer, count * BLOCK,
		   (off_t)first * BLOCK) != (ssize_t)(count * BLOCK))
		writer_die(writer, "write");
	writer->result->bytes_written += count * BLOCK;
	if (end > file->size)
		file->size = end;
}

static void check_block(struct writer *writer, unsigned int number,
			uint32_t index, const unsigned char *content,
			uint32_t bytes)
{
	static const unsigned char zeros[BLOCK];
	struct data_state *state = writer->state;
	const struct block *block = &state->file[number].block[index];
	uint32_t valid = block->generation ? shorter(block->valid, bytes) : 0;
	size_t right;

	writer->result->bytes_checked += bytes;
	right = writer_matches(content, valid,
			       writer_pattern(writer, number, index,
					      block->generation));
	if (right != valid) {
		writer_wrong(writer, "process %u file %u block %u differs at byte %zu from what write %u put there",
			     writer->index, number, index, right,
			     block->generation);
		return;
	}
	if (memcmp(content + valid, zeros, bytes - valid))
		writer_wrong(writer, "process %u file %u block %u is not zero behind byte %u",
			     writer->index, number, index, valid);
}

static void check_run(struct writer *writer, unsigned int number,
		      uint32_t first, uint32_t count)
{
	struct data_state *state = writer->state;
	struct data_file *file = &state->file[number];
	uint64_t begin = (uint64_t)first * BLOCK;
	uint64_t bytes = (uint64_t)count * BLOCK;
	uint32_t i;
	ssize_t got;

	if (begin + bytes > file->size)
		bytes = file->size - begin;
	got = pread(file->fd, state->buffer, count * BLOCK, (off_t)begin);
	if (got < 0)
		writer_die(writer, "read");
	if ((uint64_t)got != bytes) {
		writer_wrong(writer, "process %u file %u: read %zd of %" PRIu64 " bytes at block %u",
			     writer->index, number, got, bytes, first);
		return;
	}
	for (i = 0; (uint64_t)i * BLOCK < bytes; i++)
		check_block(writer, number, first + i,
			    state->buffer + i * BLOCK,
			    shorter(BLOCK, bytes - (uint64_t)i * BLOCK));
}

/* Unwritten extents over a range, then data into a part of it. */
static void allocate_run(struct writer *writer, unsigned int number,
			 uint32_t first)
{
	struct data_state *state = writer->state;
	struct data_file *file = &state->file[number];
	uint32_t count, skip;
	uint64_t end;

	count = shorter(16 + prng_below(&writer->prng, 112),
			state->blocks - first);
	end = (uint64_t)(first + count) * BLOCK;
	if (fallocate(file->fd, 0, (off_t)first * BLOCK,
		      (off_t)count * BLOCK))
		writer_die(writer, "fallocate");
	if (end > file->size)
		file->size = end;
	skip = prng_below(&writer->prng, count);
	write_run(writer, number, first + skip,
		  shorter(1 + prng_below(&writer->prng, 32), count - skip));
}

static void punch_run(struct writer *writer, unsigned int number,
		      uint32_t first)
{
	struct data_state *state = writer->state;
	struct data_file *file = &state->file[number];
	uint32_t count, i;

	count = shorter(1 + prng_below(&writer->prng, 32),
			state->blocks - first);
	if (fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      (off_t)first * BLOCK, (off_t)count * BLOCK))
		writer_die(writer, "fallocate to punch a hole");
	for (i = 0; i < count; i++)
		file->block[first + i].generation = 0;
}

static void truncate_file(struct writer *writer, unsigned int number)
{
	struct data_state *state = writer->state;
	struct data_file *file = &state->file[number];
	uint64_t size = prng_below(&writer->prng, file->size + 1);
	uint32_t i = size / BLOCK;

	if (ftruncate(file->fd, (off_t)size))
		writer_die(writer, "ftruncate");
	if (size % BLOCK) {
		file->block[i].valid = shorter(file->block[i].valid,
					       size % BLOCK);
		i++;
	}
	for (; i < state->blocks; i++)
		file->block[i].generation = 0;
	file->size = size;
}

static void replace_file(struct writer *writer, unsigned int number)
{
	struct data_state *state = writer->state;
	char name[32];

	snprintf(name, sizeof(name), "data-%u", number);
	if (unlink(name) || close(state->file[number].fd))
		writer_die(writer, "unlink");
	open_file(writer, number);
}

static void data_operate(struct writer *writer)
{
	struct data_state *state = writer->state;
	unsigned int number = prng_below(&writer->prng,
					 writer->options->files);
	unsigned int dice = prng_below(&writer->prng, 100);
	uint32_t first = prng_below(&writer->prng, state->blocks);
	uint32_t longest = writer->options->run_kb * 1024 / BLOCK;
	uint32_t count = shorter(1 + prng_below(&writer->prng, longest),
				 state->blocks - first);
	struct data_file *file = &state->file[number];
	uint32_t blocks = data_blocks(file);

	if (dice < 34) {
		write_run(writer, number, first, count);
	} else if (dice < 52) {
		/* append, over the rest of a block that was cut by truncate */
		first = file->size / BLOCK;
		if (first < state->blocks)
			write_run(writer, number, first,
				  shorter(count, state->blocks - first));
	} else if (dice < 61) {
		allocate_run(writer, number, first);
	} else if (dice < 66) {
		punch_run(writer, number, first);
	} else if (dice < 72) {
		writer_fsync(writer, file->fd, dice & 1);
	} else if (dice < 77) {
		if (sync_file_range(file->fd, 0, 0, SYNC_FILE_RANGE_WRITE))
			writer_die(writer, "sync_file_range");
	} else if (dice < 80) {
		truncate_file(writer, number);
	} else if (dice < 81) {
		replace_file(writer, number);
	} else if (blocks) {
		first = prng_below(&writer->prng, blocks);
		check_run(writer, number, first,
			  shorter(count, blocks - first));
	}
}

static void data_verify(struct writer *writer)
{
	struct data_state *state = writer->state;
	unsigned int number;

	for (number = 0; number < writer->options->files; number++) {
		struct data_file *file = &state->file[number];
		uint32_t blocks = data_blocks(file), first;
		struct stat status;

		if (fstat(file->fd, &status))
			writer_die(writer, "fstat");
		if ((uint64_t)status.st_size != file->size) {
			writer_wrong(writer, "process %u file %u has %jd bytes instead of %" PRIu64,
				     writer->index, number,
				     (intmax_t)status.st_size, file->size);
			continue;
		}
		for (first = 0; first < blocks; first += RUN_BLOCKS)
			check_run(writer, number, first,
				  shorter(RUN_BLOCKS, blocks - first));
	}
}

const struct workload writeback_workload = {
	.name = "writeback",
	.prepare = data_prepare,
	.operate = data_operate,
	.verify = data_verify,
};
