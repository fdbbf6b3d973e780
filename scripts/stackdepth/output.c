// SPDX-License-Identifier: GPL-2.0-only
/*
 * output.c - no half-written output: a temporary file, renamed at the end, or
 * copied to standard output, a device or a pipe, which are written to and not
 * replaced.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

static int complain(const char *name, const char *what)
{
	fprintf(stderr, "stackdepth: %s: %s: %s\n", name, what, strerror(errno));
	return -1;
}

int sd_output_open(struct sd_output *out, const char *name)
{
	struct stat there;
	size_t len;
	int fd;

	memset(out, 0, sizeof(*out));
	if (name && !strcmp(name, "-"))
		name = NULL;
	out->name = name;
	if (!name || (!stat(name, &there) && !S_ISREG(there.st_mode))) {
		out->fp = tmpfile();
		return out->fp ? 0 : complain(name ? name : "standard output",
					      "no temporary file");
	}
	len = strlen(name) + sizeof(".XXXXXX");
	out->temporary = sd_alloc(len, 1);
	snprintf(out->temporary, len, "%s.XXXXXX", name);
	fd = mkstemp(out->temporary);
	if (fd >= 0)
		out->fp = fdopen(fd, "w");
	if (!out->fp) {
		complain(name, "cannot be written");
		if (fd >= 0) {
			close(fd);
			unlink(out->temporary);
		}
		free(out->temporary);
		return -1;
	}
	return 0;
}

/* To the file @name, or to standard output if it is NULL. */
static int copy_to(const char *name, FILE *fp)
{
	FILE *to = name ? fopen(name, "w") : stdout;
	char buf[65536];
	int err = 0;
	size_t n;

	if (!to)
		return -1;
	rewind(fp);
	while (!err && (n = fread(buf, 1, sizeof(buf), fp)) > 0)
		err = fwrite(buf, 1, n, to) != n;
	err |= ferror(fp) || fflush(to);
	if (name)
		err |= !!fclose(to);
	return err ? -1 : 0;
}

static int publish(struct sd_output *out)
{
	mode_t mask = umask(0);

	umask(mask);
	if (fchmod(fileno(out->fp), 0666 & ~mask) || rename(out->temporary, out->name))
		return complain(out->name, "cannot be written");
	return 0;
}

int sd_output_commit(struct sd_output *out)
{
	const char *name = out->name ? out->name : "standard output";
	int err = 0;

	if (fflush(out->fp) || ferror(out->fp))
		err = complain(name, "cannot be written");
	else if (out->temporary)
		err = publish(out);
	else if (copy_to(out->name, out->fp))
		err = complain(name, "cannot be written");
	if (err && out->temporary)
		unlink(out->temporary);
	fclose(out->fp);
	free(out->temporary);
	return err;
}

void sd_output_discard(struct sd_output *out)
{
	fclose(out->fp);
	if (out->temporary)
		unlink(out->temporary);
	free(out->temporary);
}
