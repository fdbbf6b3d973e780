// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recording the measured part with trace-cmd or perf (lab.record=trace, perf).
 *
 * Both keep what they see in a kernel buffer that is large enough, and save it
 * at the very end: while the cell is measured, no recorder runs that would
 * allocate, write, or compete for memory. A buffer that was too small makes
 * the cell fail.
 *
 * The files go to the host on a serial line of their own, ttyS3: "file NAME
 * BYTES", that many bytes, a line feed; "end". A disk would be faster, but even
 * an unused virtio disk lets the host's timing in when it is probed.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "guest.h"

#define TRACING		"/sys/kernel/tracing"
#define CHANNEL		"/dev/ttyS3"
#define END_WAIT_US	50000
#define PERF		"/bin/perf"
#define ARGUMENTS_MAX	48
#define PERF_WAIT_NS	60000000000ull

static enum {
	RECORD_NOTHING,
	RECORD_TRACE,
	RECORD_PERF,
} recording;

/**
 * struct tool - a perf that waits for orders
 * @name: perf's command, and of its files in /run
 * @pid: its process id
 * @control: the FIFO it takes orders from
 * @ack: the FIFO on which it says that an order is carried out
 */
struct tool {
	const char *name;
	pid_t pid;
	int control;
	int ack;
};

static struct tool perf_record = { .name = "record" };
static struct tool perf_stat = { .name = "stat" };

static void must_run(const char *command)
{
	static char log[4096];
	int status = run_tool(command, log, sizeof(log));

	if (status)
		guest_fail(GUEST_SETUP_FAILED, "'%s' ended with status %d: %s",
			   command, status, log);
}

/* "a,b" becomes " -e a -e b" */
static void append_events(char *command, size_t bytes, const char *events)
{
	char *words = strdup(events), *rest = words, *word;
	size_t used = strlen(command);

	while ((word = strsep(&rest, ",")))
		if (*word)
			used += snprintf(command + used, bytes - used, " -e %s",
					 word);
	free(words);
}

static void prepare_trace(void)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "/bin/trace-cmd start -C mono -b %" PRIu64,
		 setting_number("lab.record.buffer_kb", 131072));
	append_events(command, sizeof(command),
		      setting("lab.record.events",
			      "vmscan,block,writeback,reclaim_watch"));
	must_run(command);
	must_run("/bin/trace-cmd stop");
	must_run("/bin/trace-cmd clear");
}

static int open_fifo(const char *name, const char *end)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/%s.%s", name, end);
	if (mkfifo(path, 0600))
		guest_fail(GUEST_SETUP_FAILED, "%s: %s", path,
			   strerror(errno));
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		guest_fail(GUEST_SETUP_FAILED, "%s: %s", path,
			   strerror(errno));
	return fd;
}

static void perf_order(struct tool *tool, const char *order)
{
	uint64_t deadline = now_ns() + PERF_WAIT_NS;
	char answer[16];

	dprintf(tool->control, "%s\n", order);
	while (now_ns() < deadline) {
		struct pollfd ack = { .fd = tool->ack, .events = POLLIN };

		if (poll(&ack, 1, 1000) > 0 &&
		    read(tool->ack, answer, sizeof(answer)) > 0)
			return;
		if (waitpid(tool->pid, NULL, WNOHANG))
			break;
	}
	guest_fail(GUEST_SETUP_FAILED, "perf %s does not answer to '%s'",
		   tool->name, order);
}

static void perf_start(struct tool *tool, char *options)
{
	char *argv[ARGUMENTS_MAX + 1], control[96], *word;
	unsigned int count = 0;

	tool->control = open_fifo(tool->name, "control");
	tool->ack = open_fifo(tool->name, "ack");
	snprintf(control, sizeof(control),
		 "--control=fifo:/run/%s.control,/run/%s.ack", tool->name,
		 tool->name);
	argv[count++] = "perf";
	argv[count++] = (char *)tool->name;
	argv[count++] = control;
	argv[count++] = "--delay=-1";
	while ((word = strsep(&options, " ")) && count < ARGUMENTS_MAX)
		if (*word)
			argv[count++] = word;
	argv[count] = NULL;
	tool->pid = fork();
	if (tool->pid < 0)
		guest_fail(GUEST_SETUP_FAILED, "fork: %s", strerror(errno));
	if (!tool->pid) {
		setenv("HOME", "/tmp", 1);
		execv(PERF, argv);
		fprintf(stderr, PERF ": %s\n", strerror(errno));
		_exit(127);
	}
	perf_order(tool, "ping");
}

static void prepare_perf(void)
{
	char options[512];

	snprintf(options, sizeof(options),
		 "-a -g -B -N -e cpu-clock:k -F %" PRIu64 " -m %" PRIu64
		 "M -o /run/perf.data", setting_number("lab.record.hz", 1999),
		 setting_number("lab.record.buffer_mb", 32));
	perf_start(&perf_record, options);
	snprintf(options, sizeof(options), "-a -x, -o /run/perf-stat.csv");
	append_events(options, sizeof(options),
		      setting("lab.record.count", "vmscan:*,block:*"));
	perf_start(&perf_stat, options);
}

/**
 * record_wants_depth() - whether a recorder takes the event reclaim_depth
 *
 * Return: true when reclaim_watch has to be loaded with depth=1.
 */
bool record_wants_depth(void)
{
	return !strcmp(setting("lab.record", ""), "trace");
}

/**
 * record_prepare() - start the recorder, stopped, with all of its memory
 *
 * After the modules are loaded, whose events it takes, and before memory is
 * locked.
 */
void record_prepare(void)
{
	const char *what = setting("lab.record", "");

	if (!*what)
		return;
	if (!strcmp(what, "trace")) {
		prepare_trace();
		recording = RECORD_TRACE;
	} else if (!strcmp(what, "perf")) {
		prepare_perf();
		recording = RECORD_PERF;
	} else {
		guest_fail(GUEST_BAD_SETTINGS,
			   "lab.record: expected trace or perf, found '%s'",
			   what);
	}
}

/**
 * record_mark() - leave a mark in the trace
 * @text: begin and begun stand around the first reading of /proc/vmstat, end
 *	and ended around the second
 */
void record_mark(const char *text)
{
	if (recording == RECORD_TRACE)
		write_text(TRACING "/trace_marker", "reclaim-lab %s\n", text);
}

/**
 * record_begin() - let the recorder run
 */
void record_begin(void)
{
	if (recording == RECORD_TRACE) {
		if (write_text(TRACING "/tracing_on", "1\n"))
			guest_fail(GUEST_SETUP_FAILED, TRACING "/tracing_on: %s",
				   strerror(errno));
	} else if (recording == RECORD_PERF) {
		perf_order(&perf_record, "enable");
		perf_order(&perf_stat, "enable");
	}
}

/**
 * record_end() - stop the recorder; what it has is saved later
 */
void record_end(void)
{
	if (recording == RECORD_TRACE) {
		/*
		 * What is under way was counted already, and is traced when
		 * it ends.
		 */
		usleep(END_WAIT_US);
		write_text(TRACING "/tracing_on", "0\n");
	} else if (recording == RECORD_PERF) {
		perf_order(&perf_stat, "disable");
		perf_order(&perf_record, "disable");
	}
}

static uint64_t buffer_stat(const char *content, const char *name)
{
	const char *line = strstr(content, name);

	if (!line)
		guest_fail(GUEST_CHECK_FAILED,
			   TRACING "/per_cpu: expected '%s' in stats", name);
	return strtoull(line + strlen(name), NULL, 10);
}

/* Before the buffer is read, which empties it. */
static void check_trace_buffer(void)
{
	uint64_t events = 0, lost = 0;
	glob_t found;
	size_t i;

	if (glob(TRACING "/per_cpu/cpu*/stats", 0, NULL, &found))
		guest_fail(GUEST_CHECK_FAILED, TRACING "/per_cpu: no stats");
	for (i = 0; i < found.gl_pathc; i++) {
		char *content = read_whole_file(found.gl_pathv[i], NULL);

		if (!content)
			guest_fail(GUEST_CHECK_FAILED, "%s: %s",
				   found.gl_pathv[i], strerror(errno));
		events += buffer_stat(content, "entries: ");
		lost += buffer_stat(content, "\noverrun: ");
		lost += buffer_stat(content, "commit overrun: ");
		lost += buffer_stat(content, "dropped events: ");
		free(content);
	}
	globfree(&found);
	result_line("value record_events %" PRIu64, events);
	result_line("value record_lost %" PRIu64, lost);
	if (lost)
		result_line("check record fail %" PRIu64 " events were lost, %" PRIu64 " kept: lab.record.buffer_kb is too small",
			    lost, events);
	else
		result_line("check record ok %" PRIu64 " events, none lost",
			    events);
}

static int open_channel(void)
{
	struct termios mode;
	int fd = open(CHANNEL, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || tcgetattr(fd, &mode))
		guest_fail(GUEST_CHECK_FAILED, CHANNEL ": %s",
			   strerror(errno));
	cfmakeraw(&mode);
	if (tcsetattr(fd, TCSANOW, &mode))
		guest_fail(GUEST_CHECK_FAILED, CHANNEL ": %s",
			   strerror(errno));
	return fd;
}

static void send_file(int channel, const char *name)
{
	char path[96], chunk[65536];
	struct stat status;
	uint64_t sent = 0;
	int fd;

	snprintf(path, sizeof(path), "/run/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status))
		guest_fail(GUEST_CHECK_FAILED, "%s: %s", path,
			   strerror(errno));
	dprintf(channel, "file %s %" PRIu64 "\n", name,
		(uint64_t)status.st_size);
	while (sent < (uint64_t)status.st_size) {
		ssize_t got = read(fd, chunk, sizeof(chunk)), done = 0;

		if (got <= 0)
			guest_fail(GUEST_CHECK_FAILED, "%s: became shorter",
				   path);
		while (done < got) {
			ssize_t part = write(channel, chunk + done, got - done);

			if (part <= 0 && errno != EINTR)
				guest_fail(GUEST_CHECK_FAILED, CHANNEL ": %s",
					   strerror(errno));
			if (part > 0)
				done += part;
		}
		sent += got;
	}
	dprintf(channel, "\n");
	close(fd);
}

static void copy_kallsyms(void)
{
	size_t bytes;
	char *content = read_whole_file("/proc/kallsyms", &bytes);
	int fd = open("/run/kallsyms", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (!content || fd < 0 || write(fd, content, bytes) != (ssize_t)bytes)
		guest_fail(GUEST_CHECK_FAILED, "/run/kallsyms: %s",
			   strerror(errno));
	close(fd);
	free(content);
}

static void perf_finish(struct tool *tool)
{
	int status;

	kill(tool->pid, SIGINT);
	while (waitpid(tool->pid, &status, 0) < 0)
		if (errno != EINTR)
			return;
	/* perf record ends by the signal it was given */
	if (!(WIFEXITED(status) && !WEXITSTATUS(status)) &&
	    !(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT))
		guest_fail(GUEST_CHECK_FAILED,
			   "perf %s ended with wait status %d", tool->name,
			   status);
}

/**
 * record_save() - bring the recording to the host
 *
 * When nothing of the cell is left to do but to write its result.
 */
void record_save(void)
{
	int channel;

	if (recording == RECORD_NOTHING)
		return;
	printf("lab: saving the recording\n");
	release_memory();
	channel = open_channel();
	if (recording == RECORD_TRACE) {
		check_trace_buffer();
		must_run("/bin/trace-cmd extract -o /run/trace.dat");
		send_file(channel, "trace.dat");
	} else {
		perf_finish(&perf_stat);
		perf_finish(&perf_record);
		copy_kallsyms();
		must_run("/bin/gzip /run/perf.data /run/kallsyms /run/perf-stat.csv");
		send_file(channel, "perf.data.gz");
		send_file(channel, "perf-stat.csv.gz");
		send_file(channel, "kallsyms.gz");
	}
	dprintf(channel, "end\n");
	if (tcdrain(channel) || close(channel))
		guest_fail(GUEST_CHECK_FAILED, CHANNEL ": %s",
			   strerror(errno));
}
