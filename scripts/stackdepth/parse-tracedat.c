// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse-tracedat.c - kernel stacks in a trace.dat, through a child process.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include "tracedat.h"

/* A trace of 1 GB takes the library about a minute. */
#define MAX_CPU_SECONDS	600

/* "\x17\x08Dtracing", then the version of the format */
static bool match(const char *peek, size_t len)
{
	static const char magic[] = "\x17\x08" "Dtracing";

	return len >= sizeof(magic) - 1 && !memcmp(peek, magic, sizeof(magic) - 1);
}

static int bad_lines(const struct sd_input *in)
{
	return sd_bad(in, "expected a trace.dat that libtracecmd can read to its end: cut off or damaged?");
}

static int on_frame(struct sd_input *l, struct sd_stack *st)
{
	const char *s = l->line + 2, *end = l->line + l->len, *space;
	struct sd_location loc;
	struct sd_frame *f;
	uint64_t offset = 0;

	space = memchr(s, ' ', end - s);
	if (space) {
		const char *digits = space + 1;

		if (!sd_scan_hex(&digits, end, &offset) || digits != end)
			return -1;
	}
	if (sd_location(s, (space ? space : end) - s, &loc) || loc.has_offset)
		return -1;
	f = sd_location_add(st, &loc);
	if (!f)
		return -1;
	f->offset = offset;
	f->has_offset = space != NULL;
	return 0;
}

int sd_tracedat_lines(struct sd_input *lines, const struct sd_input *in,
		      struct sd_stack *st, const struct sd_sink *sink)
{
	unsigned long nr = 0;
	bool inside = false;
	char *p;

	while (sd_input_line(lines)) {
		if (lines->cut || !lines->len)
			return bad_lines(in);
		if (lines->len == 1 && lines->line[0] == 'z')
			return inside ? bad_lines(in) : 0;
		switch (lines->line[0]) {
		case 's':
			if (inside || lines->len < 2)
				return bad_lines(in);
			inside = true;
			sd_stack_reset(st);
			st->file = in->name;
			st->line = ++nr;	/* it has no lines */
			for (p = lines->line; *p; p++)
				if (*p < ' ' || *p > '~')
					*p = '?';
			st->title = sd_stack_text(st, lines->line + 2, strlen(lines->line + 2));
			break;
		case 'f':
			if (!inside || lines->len < 3 || on_frame(lines, st))
				return bad_lines(in);
			break;
		case 'e':
			if (!inside)
				return bad_lines(in);
			inside = false;
			if (st->nr_frames && sink->stack(st, sink->data))
				return -1;
			break;
		default:
			return bad_lines(in);
		}
	}
	return bad_lines(in);
}

/* The library wants a file; what comes through a pipe is none yet. */
static FILE *spool(struct sd_input *in)
{
	size_t n;
	const char *p = sd_input_peek(in, &n);
	FILE *to = tmpfile();

	while (to && n) {
		if (fwrite(p, 1, n, to) != n)
			break;
		in->pos = in->end;
		p = sd_input_peek(in, &n);
	}
	if (to && !n && !in->read_error && !fflush(to))
		return to;
	if (to)
		fclose(to);
	sd_bad(in, "cannot be copied to a temporary file");
	return NULL;
}

static void child(const char *path, int to)
{
	struct rlimit cpu = { MAX_CPU_SECONDS, MAX_CPU_SECONDS };
	struct rlimit no_core = { 0, 0 };
	int null = open("/dev/null", O_RDWR);
	FILE *fp = fdopen(to, "w");

	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_CORE, &no_core);
	if (null >= 0) {	/* the library's own messages name no line */
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	_exit(fp && !sd_tracedat_extract(path, fp) ? 0 : 1);
}

static int read_child(struct sd_input *in, const char *path, struct sd_stack *st,
		      const struct sd_sink *sink)
{
	struct sd_input lines;
	int fds[2], status = 0, err;
	pid_t pid;
	FILE *fp;

	if (pipe(fds))
		return sd_bad(in, "no pipe: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return sd_bad(in, "no process: %s", strerror(errno));
	if (!pid) {
		close(fds[0]);
		child(path, fds[1]);
	}
	close(fds[1]);
	fp = fdopen(fds[0], "r");
	if (!fp)
		exit(1);
	sd_input_open(&lines, fp, in->name, NULL);
	err = sd_tracedat_lines(&lines, in, st, sink);
	sd_input_close(&lines);
	fclose(fp);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!err && status)
		err = bad_lines(in);
	return err;
}

static int parse(struct sd_input *in, struct sd_stack *st, const struct sd_sink *sink)
{
	char path[64];
	struct stat sb;
	int err, fd = fileno(in->fp);
	FILE *copy = NULL;

#ifndef SD_HAVE_TRACECMD
	return sd_bad(in, "trace.dat support is %s", sd_tracedat_support());
#endif
	if (fd < 0 || fstat(fd, &sb) || !S_ISREG(sb.st_mode)) {
		copy = spool(in);
		if (!copy)
			return -1;
		fd = fileno(copy);
	}
	/* The child has the same descriptors; /proc opens the file anew. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = read_child(in, path, st, sink);
	if (copy)
		fclose(copy);
	return err;
}

const struct sd_parser sd_parse_tracedat = {
	.name = "trace.dat",
	.what = "trace.dat of trace-cmd, with kernel stacks",
	.match = match,
	.parse = parse,
};
