// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files, tools, memory and modules, for PID 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

/**
 * now_ns() - CLOCK_MONOTONIC
 *
 * Return: nanoseconds since boot.
 */
uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

/**
 * read_whole_file() - read a file, also one of proc or tracefs
 * @path: of the file
 * @bytes: its length is stored here, or NULL
 *
 * Return: its content with a NUL after it, to be freed; NULL with errno set.
 */
char *read_whole_file(const char *path, size_t *bytes)
{
	size_t size = 65536, used = 0;
	char *content = malloc(size);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || !content)
		goto failed;
	for (;;) {
		ssize_t got = read(fd, content + used, size - used - 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			goto failed;
		if (!got)
			break;
		used += got;
		if (size - used < 4096) {
			char *larger = realloc(content, size * 2);

			if (!larger)
				goto failed;
			content = larger;
			size *= 2;
		}
	}
	close(fd);
	content[used] = '\0';
	if (bytes)
		*bytes = used;
	return content;
failed:
	if (fd >= 0)
		close(fd);
	free(content);
	return NULL;
}

/**
 * write_bytes() - write to a file in one call
 * @path: of the file, which must exist
 * @bytes: what to write
 * @count: how much
 *
 * Return: 0, or -1 with errno set.
 */
int write_bytes(const char *path, const void *bytes, size_t count)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t done;

	if (fd < 0)
		return -1;
	done = write(fd, bytes, count);
	if (close(fd) || done != (ssize_t)count)
		return -1;
	return 0;
}

/**
 * write_text() - write to a file of proc, sysfs, configfs or tracefs
 * @path: of the file, which must exist
 * @format: what to write
 *
 * Return: 0, or -1 with errno set.
 */
int write_text(const char *path, const char *format, ...)
{
	char text[256];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return write_bytes(path, text, length);
}

/**
 * must_write() - write to a file of proc, sysfs or tracefs that has to take it
 * @path: of the file
 * @text: what to write
 *
 * Return: GUEST_OK, or the status to end with.
 */
int must_write(const char *path, const char *text)
{
	if (write_text(path, "%s", text))
		return guest_error(GUEST_SETUP_FAILED, "%s does not take %.*s: %s",
				   path, (int)strcspn(text, "\n"), text,
				   strerror(errno));
	return GUEST_OK;
}

#define TOOL_ARGUMENTS	32

/**
 * run_tool() - run a program to its end
 * @command_line: words separated by blanks; no quoting
 * @log: its stdout and stderr, cut to fit, NUL-terminated
 * @log_bytes: size of @log
 *
 * Return: its exit status, 128 + signal, or 127 when it could not be run.
 */
int run_tool(const char *command_line, char *log, size_t log_bytes)
{
	char *words = strdup(command_line), *rest = words, *word;
	char *argv[TOOL_ARGUMENTS + 1];
	unsigned int count = 0;
	size_t used = 0;
	int out[2], status;
	pid_t pid;

	log[0] = '\0';
	while ((word = strsep(&rest, " \t")) && count < TOOL_ARGUMENTS)
		if (*word)
			argv[count++] = word;
	argv[count] = NULL;
	if (!count || pipe(out))
		return 127;
	pid = fork();
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		dup2(out[1], STDERR_FILENO);
		close(out[0]);
		close(out[1]);
		execv(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(out[1]);
	for (;;) {
		char scratch[4096];
		ssize_t got = read(out[0], scratch, sizeof(scratch));
		size_t part;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		part = log_bytes - 1 - used;
		if (part > (size_t)got)
			part = got;
		memcpy(log + used, scratch, part);
		used += part;
		log[used] = '\0';
	}
	close(out[0]);
	free(words);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
		128 + WTERMSIG(status);
}

/**
 * meminfo_kb() - a line of /proc/meminfo
 * @name: with its colon, for example "MemFree:"
 * @kb: its value in KiB
 *
 * Return: GUEST_OK, or the cell's status when there is no such line.
 */
int meminfo_kb(const char *name, uint64_t *kb)
{
	char *content = read_whole_file("/proc/meminfo", NULL);
	char *line = content ? strstr(content, name) : NULL;

	if (line)
		*kb = strtoull(line + strlen(name), NULL, 10);
	free(content);
	if (!line)
		return guest_error(GUEST_SETUP_FAILED,
				   "/proc/meminfo has no %s", name);
	return GUEST_OK;
}

static void *ballast_memory;
static uint64_t ballast;

/**
 * leave_free() - lock memory until only so much is free
 * @megabytes: MiB to leave free
 *
 * This way the pressure depends neither on the size of the kernel nor on the
 * size of the RAM disks. The memory stays with this process; children do not
 * inherit it.
 *
 * Return: GUEST_OK, or the cell's status when there is not that much.
 */
int leave_free(uint64_t megabytes)
{
	uint64_t free_kb;
	void *memory;
	int status;

	sync();
	write_text("/proc/sys/vm/drop_caches", "3\n");
	status = meminfo_kb("MemFree:", &free_kb);
	if (status)
		return status;
	if (free_kb < megabytes * 1024)
		return guest_error(GUEST_SETUP_FAILED,
				   "the scenario asks for %llu MiB of free memory, the guest has %llu",
				   (unsigned long long)megabytes,
				   (unsigned long long)free_kb / 1024);
	ballast = (free_kb - megabytes * 1024) * 1024 & ~4095ull;
	if (!ballast)
		return GUEST_OK;
	memory = mmap(NULL, ballast, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED ||
	    madvise(memory, ballast, MADV_DONTFORK) || mlock(memory, ballast))
		return guest_error(GUEST_SETUP_FAILED, "ballast of %llu bytes: %s",
				   (unsigned long long)ballast,
				   strerror(errno));
	ballast_memory = memory;
	return GUEST_OK;
}

/**
 * release_memory() - give back what leave_free() has locked
 */
void release_memory(void)
{
	if (ballast_memory)
		munmap(ballast_memory, ballast);
	ballast_memory = NULL;
}

/**
 * load_module() - load /lib/modules/lab/<name>.ko if it is there
 * @name: of the module
 * @arguments: its parameters, "" for none
 * @loaded: whether it is loaded
 *
 * A kernel without the module is a kernel without that metric, which is not
 * an error; a module that does not load is.
 *
 * Return: GUEST_OK, or the cell's status when it does not load.
 */
int load_module(const char *name, const char *arguments, bool *loaded)
{
	char path[128];
	int fd, failed;

	*loaded = false;

	snprintf(path, sizeof(path), "/lib/modules/lab/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		printf("lab: no module %s\n", name);
		return GUEST_OK;
	}
	failed = syscall(SYS_finit_module, fd, arguments, 0);
	if (failed && errno != EEXIST)
		failed = guest_error(GUEST_SETUP_FAILED, "%s: %s", path,
				     strerror(errno));
	else
		failed = GUEST_OK;
	close(fd);
	*loaded = !failed;
	return failed;
}
