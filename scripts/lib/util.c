// SPDX-License-Identifier: GPL-2.0-only
/* Memory, files and messages for the comparison and the report. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

const char *program_name = "lab";
const char *lab_top = ".";

/* The half-written file to remove when something fails. */
static char *unfinished;

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", program_name);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	if (unfinished)
		unlink(unfinished);
	exit(1);
}

void *xcalloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size ? size : 1);

	if (!memory)
		fail("out of memory");
	return memory;
}

void *xrealloc(void *old, size_t size)
{
	void *memory = realloc(old, size ? size : 1);

	if (!memory)
		fail("out of memory");
	return memory;
}

char *xstrdup(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		fail("out of memory");
	return copy;
}

char *xasprintf(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		fail("out of memory");
	va_end(args);
	return text;
}

uint64_t hash_text(uint64_t hash, const char *text)
{
	do {
		hash ^= (unsigned char)*text;
		hash *= 0x100000001b3ULL;
	} while (*text++);
	return hash;
}

char *read_text(const char *path, size_t *length)
{
	FILE *stream = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	size_t room = 65536;
	size_t used = 0;
	char *text;

	if (!stream)
		return NULL;
	text = xrealloc(NULL, room);
	for (;;) {
		size_t got = fread(text + used, 1, room - used - 1, stream);

		used += got;
		if (!got)
			break;
		if (used + 1 == room) {
			room *= 2;
			text = xrealloc(text, room);
		}
	}
	if (ferror(stream)) {
		int error = errno;

		if (stream != stdin)
			fclose(stream);
		free(text);
		errno = error;
		return NULL;
	}
	if (stream != stdin)
		fclose(stream);
	text[used] = '\0';
	if (length)
		*length = used;
	return text;
}

json_t *read_json(const char *path)
{
	json_error_t error;
	json_t *document;
	size_t length;
	char *text = read_text(path, &length);

	if (!text)
		fail("%s: %s", path, strerror(errno));
	document = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	free(text);
	if (!document)
		fail("%s:%d: expected JSON: %s", path, error.line, error.text);
	return document;
}

void output_open(struct output *out, const char *path)
{
	struct stat there;

	out->path = xstrdup(path);
	out->temporary = NULL;
	if (!strcmp(path, "-")) {
		out->stream = stdout;
		return;
	}
	/* a device or a pipe is written to, not replaced: /dev/null is one */
	if (!stat(path, &there) && !S_ISREG(there.st_mode)) {
		out->stream = fopen(path, "w");
		if (!out->stream)
			fail("%s: %s", path, strerror(errno));
		return;
	}
	out->temporary = xasprintf("%s.%ld.tmp", path, (long)getpid());
	out->stream = fopen(out->temporary, "w");
	if (!out->stream)
		fail("%s: %s", out->temporary, strerror(errno));
	unfinished = out->temporary;
}

void output_close(struct output *out)
{
	int error = ferror(out->stream);

	if (!out->temporary) {
		if (fflush(out->stream) || error)
			fail("%s: %s", strcmp(out->path, "-") ? out->path :
			     "standard output", strerror(errno));
		if (out->stream != stdout)
			fclose(out->stream);
	} else {
		if (fclose(out->stream) || error)
			fail("%s: %s", out->temporary, strerror(errno));
		if (rename(out->temporary, out->path))
			fail("%s: %s", out->path, strerror(errno));
	}
	unfinished = NULL;
	free(out->temporary);
	free(out->path);
}
