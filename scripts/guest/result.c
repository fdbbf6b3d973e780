// SPDX-License-Identifier: GPL-2.0-only
/*
 * The result of a cell, version 1 of the protocol. It is kept in memory and
 * written to ttyS1 in one go at the very end, so that nothing is written to a
 * host device while something is measured.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include <zlib.h>

#include "guest.h"

#define RESULT_TTY	"/dev/ttyS1"
#define RESULT_BYTES	(2u << 20)

static char result[RESULT_BYTES];
static size_t result_used;
static bool result_overflow;

static void append(const void *bytes, size_t count)
{
	/* room for exit and end is always kept */
	if (count > RESULT_BYTES - 256 - result_used) {
		result_overflow = true;
		return;
	}
	memcpy(result + result_used, bytes, count);
	result_used += count;
}

/**
 * result_line() - add a line to the result
 * @format: the line, without a line feed
 */
void result_line(const char *format, ...)
{
	char line[1024];
	va_list arguments;
	size_t i;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line) - 1, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if ((size_t)length > sizeof(line) - 2)
		length = sizeof(line) - 2;
	for (i = 0; i < (size_t)length; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	line[length] = '\n';
	append(line, length + 1);
}

/**
 * guest_error() - tell the console and the result what failed
 * @status: of the cell
 * @format: one line
 *
 * The cell goes on until PID 1 has the status.
 *
 * Return: @status, for the caller to return.
 */
int guest_error(int status, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	printf("lab: FAILED: %s\n", text);
	result_line("check guest fail %s", text);
	return status;
}

/**
 * result_file() - add a file to the result
 * @name: without blanks
 * @content: any bytes
 * @bytes: how many
 */
void result_file(const char *name, const void *content, size_t bytes)
{
	if (bytes + strlen(name) > RESULT_BYTES - 512 - result_used) {
		result_overflow = true;
		return;
	}
	result_line("file %s %zu", name, bytes);
	append(content, bytes);
	append("\n", 1);
}

/* Without this the terminal would turn every LF into CR LF. */
static void make_raw(int fd)
{
	struct termios terminal;

	if (tcgetattr(fd, &terminal))
		return;
	cfmakeraw(&terminal);
	cfsetspeed(&terminal, B115200);
	tcsetattr(fd, TCSANOW, &terminal);
}

/**
 * result_write() - finish the result and send it to the host
 * @status: the cell's exit status, 0..255
 *
 * A failure to write is seen by the host as a missing or damaged result.
 */
void result_write(int status)
{
	size_t done = 0;
	int fd;

	if (result_overflow) {
		result_overflow = false;
		result_line("check guest fail the result has more than %u bytes",
			    RESULT_BYTES);
		status = GUEST_SETUP_FAILED;
	}
	/* append() keeps room for these */
	result_used += sprintf(result + result_used, "exit %d\n", status);
	result_used += sprintf(result + result_used, "end %08lx\n",
			       crc32_z(0, (const Bytef *)result, result_used));
	fd = open(RESULT_TTY, O_WRONLY | O_NOCTTY);
	if (fd < 0) {
		fprintf(stderr, "lab: %s: %s\n", RESULT_TTY, strerror(errno));
		return;
	}
	make_raw(fd);
	while (done < result_used) {
		ssize_t part = write(fd, result + done, result_used - done);

		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0) {
			fprintf(stderr, "lab: %s: %s\n", RESULT_TTY,
				strerror(errno));
			break;
		}
		done += part;
	}
	tcdrain(fd);
	close(fd);
}
