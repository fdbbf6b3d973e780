// SPDX-License-Identifier: GPL-2.0-only
/* An initramfs with a file more. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "archive.h"
#include "util.h"

#define ARCHIVE_BLOCK	512

/** struct writer - a file that is being written */
struct writer {
	FILE *stream;
	size_t written;
};

static void put(struct writer *writer, const void *bytes, size_t count)
{
	writer->written += fwrite(bytes, 1, count, writer->stream);
}

static void pad(struct writer *writer, size_t to)
{
	static const char zeros[ARCHIVE_BLOCK];

	put(writer, zeros, (to - writer->written % to) % to);
}

static void put_entry(struct writer *writer, const char *name,
		      unsigned int mode, const char *content, size_t count)
{
	char header[111];

	snprintf(header, sizeof(header),
		 "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		 0, mode, 0, 0, 1, 0, (unsigned int)count, 0, 0, 0, 0,
		 (unsigned int)strlen(name) + 1, 0);
	put(writer, header, sizeof(header) - 1);
	put(writer, name, strlen(name) + 1);
	pad(writer, 4);
	put(writer, content, count);
	pad(writer, 4);
}

void archive_append(const char *path, const char *const archives[],
		    const char *name, const char *content)
{
	struct output out;
	struct writer writer;

	output_open(&out, path);
	writer.stream = out.stream;
	writer.written = 0;
	for (; *archives; archives++) {
		size_t count;
		char *bytes = read_text(*archives, &count);

		if (!bytes)
			fail("%s: %s", *archives, strerror(errno));
		put(&writer, bytes, count);
		pad(&writer, ARCHIVE_BLOCK);
		free(bytes);
	}
	put_entry(&writer, name, S_IFREG | 0644, content, strlen(content));
	put_entry(&writer, "TRAILER!!!", 0, "", 0);
	pad(&writer, ARCHIVE_BLOCK);
	output_close(&out);
}
