// SPDX-License-Identifier: GPL-2.0-only
/* Files and directories. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <nettle/sha2.h>

#include "files.h"
#include "util.h"

void make_directory(const char *path)
{
	char *copy = xstrdup(path), *slash;

	for (slash = copy + 1; ; slash++) {
		slash = strchr(slash, '/');
		if (slash)
			*slash = '\0';
		if (mkdir(copy, 0755) && errno != EEXIST)
			fail("%s: %s", copy, strerror(errno));
		if (!slash)
			break;
		*slash = '/';
	}
	free(copy);
}

static int remove_one(const char *path, const struct stat *stat_of, int type,
		      struct FTW *where)
{
	(void)stat_of;
	(void)type;
	(void)where;
	return remove(path) && errno != ENOENT ? -1 : 0;
}

void remove_tree(const char *path)
{
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) &&
	    errno != ENOENT)
		fail("%s: %s", path, strerror(errno));
}

void write_bytes(const char *path, const void *bytes, size_t count)
{
	const char *slash = strrchr(path, '/');
	struct output out;

	if (slash && slash != path) {
		char *directory = strndup(path, slash - path);

		make_directory(directory);
		free(directory);
	}
	output_open(&out, path);
	fwrite(bytes, 1, count, out.stream);
	output_close(&out);
}

void write_json(const char *path, const json_t *document)
{
	char *text = json_dumps(document, JSON_INDENT(2) | JSON_SORT_KEYS |
				JSON_REAL_PRECISION(6)), *line;

	if (!text)
		fail("%s: cannot write it as JSON", path);
	line = xasprintf("%s\n", text);
	write_bytes(path, line, strlen(line));
	free(line);
	free(text);
}

bool is_file(const char *path)
{
	struct stat stat_of;

	return !stat(path, &stat_of) && S_ISREG(stat_of.st_mode);
}

static void sum_digest(char sum[SUM_SIZE], struct sha256_ctx *context)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	size_t i;

	sha256_digest(context, sizeof(digest), digest);
	for (i = 0; i < sizeof(digest); i++)
		sprintf(sum + 2 * i, "%02x", digest[i]);
}

void sum_bytes(char sum[SUM_SIZE], const void *bytes, size_t count)
{
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, count, bytes);
	sum_digest(sum, &context);
}

void sum_file(char sum[SUM_SIZE], const char *path)
{
	struct sha256_ctx context;
	uint8_t part[65536];
	FILE *file = fopen(path, "re");
	size_t got;

	if (!file)
		fail("%s: %s", path, strerror(errno));
	sha256_init(&context);
	while ((got = fread(part, 1, sizeof(part), file)))
		sha256_update(&context, got, part);
	if (ferror(file))
		fail("%s: %s", path, strerror(errno));
	fclose(file);
	sum_digest(sum, &context);
}

void need_space(const char *directory, uint64_t mib, const char *what)
{
	struct statvfs disk;
	uint64_t free_mib;

	make_directory(directory);
	if (statvfs(directory, &disk))
		fail("%s: %s", directory, strerror(errno));
	free_mib = (uint64_t)disk.f_bavail * disk.f_frsize >> 20;
	if (free_mib < mib)
		fail("no disk space for %s in %s: %llu MiB needed, %llu MiB free",
		     what, directory, (unsigned long long)mib,
		     (unsigned long long)free_mib);
}

/* The lock of lock_directory(). */
static char *beside;

static int locked(const char *path, const char *what)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	fprintf(stderr, "%s: waiting for another run that has %s\n",
		program_name, what);
	if (flock(fd, LOCK_EX))
		fail("%s: %s", path, strerror(errno));
	return fd;
}

void lock_file(const char *path, const char *what)
{
	locked(path, what);
}

static void remove_beside(void)
{
	unlink(beside);
}

void lock_directory(const char *directory)
{
	const char *slash = strrchr(directory, '/');
	struct stat held, there;
	int fd;

	beside = xasprintf("%.*s.%s.lock", (int)(slash + 1 - directory),
			   directory, slash + 1);
	for (;;) {
		fd = locked(beside, directory);
		/* who had it may have removed it meanwhile */
		if (!fstat(fd, &held) && !stat(beside, &there) &&
		    held.st_ino == there.st_ino && held.st_dev == there.st_dev)
			break;
		close(fd);
	}
	atexit(remove_beside);
}

char *shell_quoted(const char *word)
{
	char *quoted = xrealloc(NULL, 4 * strlen(word) + 3), *to = quoted;
	const char *c;

	for (c = word; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("_./=,:@%+-", *c))
			break;
	if (*word && !*c)
		return strcpy(quoted, word);
	*to++ = '\'';
	for (c = word; *c; c++) {
		if (*c == '\'')
			to = stpcpy(to, "'\\''");
		else
			*to++ = *c;
	}
	*to++ = '\'';
	*to = '\0';
	return quoted;
}
