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

static int must_run(const char *command)
{
	static char log[4096];
	int status = run_tool(command, log, sizeof(log));

	if (status)
		return guest_error(GUEST_SETUP_FAILED, "'%s' ended with status %d: %s",
				   command, status, log);
	return GUEST_OK;
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

static int prepare_trace(void)
{
	char command[512];
	uint64_t buffer_kb;
	int status;

	status = setting_number("lab.record.buffer_kb", 131072, &buffer_kb);
	if (status)
		return status;
	snprintf(command, sizeof(command),
		 "/bin/trace-cmd start -C mono -b %" PRIu64, buffer_kb);
	append_events(command, sizeof(command),
		      setting("lab.record.events",
			      "vmscan,block,writeback,reclaim_watch"));
	status = must_run(command);
	if (!status)
		status = must_run("/bin/trace-cmd stop");
	if (!status)
		status = must_run("/bin/trace-cmd clear");
	return status;
}

static int open_fifo(const char *name, const char *end, int *fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/run/%s.%s", name, end);
	if (mkfifo(path, 0600))
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", path,
				   strerror(errno));
	*fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return guest_error(GUEST_SETUP_FAILED, "%s: %s", path,
				   strerror(errno));
	return GUEST_OK;
}

static int perf_order(struct tool *tool, const char *order)
{
	uint64_t deadline = now_ns() + PERF_WAIT_NS;
	char answer[16];

	dprintf(tool->control, "%s\n", order);
	while (now_ns() < deadline) {
		struct pollfd ack = { .fd = tool->ack, .events = POLLIN };

		if (poll(&ack, 1, 1000) > 0 &&
		    read(tool->ack, answer, sizeof(answer)) > 0)
			return GUEST_OK;
		if (waitpid(tool->pid, NULL, WNOHANG))
			break;
	}
	return guest_error(GUEST_SETUP_FAILED, "perf %s does not answer to '%s'",
			   tool->name, order);
}

static int perf_start(struct tool *tool, char *options)
{
	char *argv[ARGUMENTS_MAX + 1], control[96], *word;
	unsigned int count = 0;
	int status;

	status = open_fifo(tool->name, "control", &tool->control);
	if (!status)
		status = open_fifo(tool->name, "ack", &tool->ack);
	if (status)
		return status;
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
		return guest_error(GUEST_SETUP_FAILED, "fork: %s", strerror(errno));
	if (!tool->pid) {
		setenv("HOME", "/tmp", 1);
		execv(PERF, argv);
		fprintf(stderr, PERF ": %s\n", strerror(errno));
		_exit(127);
	}
	return perf_order(tool, "ping");
}

static int prepare_perf(void)
{
	uint64_t hz, buffer_mb;
	char options[512];
	int status;

	status = setting_number("lab.record.hz", 1999, &hz);
	if (!status)
		status = setting_number("lab.record.buffer_mb", 32, &buffer_mb);
	if (status)
		return status;
	snprintf(options, sizeof(options),
		 "-a -g -B -N -e cpu-clock:k -F %" PRIu64 " -m %" PRIu64
		 "M -o /run/perf.data", hz, buffer_mb);
	status = perf_start(&perf_record, options);
	if (status)
		return status;
	snprintf(options, sizeof(options), "-a -x, -o /run/perf-stat.csv");
	append_events(options, sizeof(options),
		      setting("lab.record.count", "vmscan:*,block:*"));
	return perf_start(&perf_stat, options);
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
 *
 * Return: GUEST_OK, or the cell's status when the recorder does not start.
 */
int record_prepare(void)
{
	const char *what = setting("lab.record", "");

	if (!*what)
		return GUEST_OK;
	if (!strcmp(what, "trace")) {
		recording = RECORD_TRACE;
		return prepare_trace();
	}
	if (!strcmp(what, "perf")) {
		recording = RECORD_PERF;
		return prepare_perf();
	}
	return guest_error(GUEST_BAD_SETTINGS,
			   "lab.record: expected trace or perf, found '%s'",
			   what);
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
 *
 * Return: GUEST_OK, or the cell's status when it does not.
 */
int record_begin(void)
{
	int status = GUEST_OK;

	if (recording == RECORD_TRACE) {
		status = must_write(TRACING "/tracing_on", "1\n");
	} else if (recording == RECORD_PERF) {
		status = perf_order(&perf_record, "enable");
		if (!status)
			status = perf_order(&perf_stat, "enable");
	}
	return status;
}

/**
 * record_end() - stop the recorder; what it has is saved later
 *
 * Return: GUEST_OK, or the cell's status when it does not stop.
 */
int record_end(void)
{
	int status = GUEST_OK;

	if (recording == RECORD_TRACE) {
		/*
		 * What is under way was counted already, and is traced when
		 * it ends.
		 */
		usleep(END_WAIT_US);
		status = must_write(TRACING "/tracing_on", "0\n");
	} else if (recording == RECORD_PERF) {
		status = perf_order(&perf_stat, "disable");
		if (!status)
			status = perf_order(&perf_record, "disable");
	}
	return status;
}

/* Add to @events and @lost what the file @path says of one CPU's buffer. */
static int add_buffer_stats(const char *path, uint64_t *events, uint64_t *lost)
{
	const struct {
		const char *name;
		uint64_t *sum;
	} wanted[] = {
		{ "entries: ", events },
		{ "\noverrun: ", lost },
		{ "commit overrun: ", lost },
		{ "dropped events: ", lost },
	};
	char *content = read_whole_file(path, NULL);
	int status = GUEST_OK;
	unsigned int i;

	if (!content)
		return guest_error(GUEST_CHECK_FAILED, "%s: %s", path,
				   strerror(errno));
	for (i = 0; !status && i < sizeof(wanted) / sizeof(*wanted); i++) {
		const char *line = strstr(content, wanted[i].name);

		if (line)
			*wanted[i].sum +=
				strtoull(line + strlen(wanted[i].name), NULL, 10);
		else
			status = guest_error(GUEST_CHECK_FAILED,
					     "%s: expected '%s'", path,
					     wanted[i].name);
	}
	free(content);
	return status;
}

/* Before the buffer is read, which empties it. */
static int check_trace_buffer(void)
{
	uint64_t events = 0, lost = 0;
	int status = GUEST_OK;
	glob_t found;
	size_t i;

	if (glob(TRACING "/per_cpu/cpu*/stats", 0, NULL, &found))
		return guest_error(GUEST_CHECK_FAILED, TRACING "/per_cpu: no stats");
	for (i = 0; !status && i < found.gl_pathc; i++)
		status = add_buffer_stats(found.gl_pathv[i], &events, &lost);
	globfree(&found);
	if (status)
		return status;
	result_line("value record_events %" PRIu64, events);
	result_line("value record_lost %" PRIu64, lost);
	if (lost)
		result_line("check record fail %" PRIu64 " events were lost, %" PRIu64 " kept: lab.record.buffer_kb is too small",
			    lost, events);
	else
		result_line("check record ok %" PRIu64 " events, none lost",
			    events);
	return GUEST_OK;
}

static int open_channel(int *channel)
{
	struct termios mode;

	*channel = open(CHANNEL, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (*channel < 0 || tcgetattr(*channel, &mode))
		return guest_error(GUEST_CHECK_FAILED, CHANNEL ": %s",
				   strerror(errno));
	cfmakeraw(&mode);
	if (tcsetattr(*channel, TCSANOW, &mode))
		return guest_error(GUEST_CHECK_FAILED, CHANNEL ": %s",
				   strerror(errno));
	return GUEST_OK;
}

static int send_bytes(int channel, const char *bytes, size_t count)
{
	while (count) {
		ssize_t part = write(channel, bytes, count);

		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0)
			return guest_error(GUEST_CHECK_FAILED, CHANNEL ": %s",
					   strerror(errno));
		bytes += part;
		count -= part;
	}
	return GUEST_OK;
}

static int send_file(int channel, const char *name)
{
	char path[96], chunk[65536];
	uint64_t bytes, sent = 0;
	int fd, status = GUEST_OK;
	struct stat file;

	snprintf(path, sizeof(path), "/run/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &file))
		return guest_error(GUEST_CHECK_FAILED, "%s: %s", path,
				   strerror(errno));
	bytes = file.st_size;
	dprintf(channel, "file %s %" PRIu64 "\n", name, bytes);
	while (!status && sent < bytes) {
		ssize_t got = read(fd, chunk, sizeof(chunk));

		if (got > 0)
			status = send_bytes(channel, chunk, got);
		else
			status = guest_error(GUEST_CHECK_FAILED,
					     "%s: became shorter", path);
		sent += got;
	}
	close(fd);
	if (!status)
		status = send_bytes(channel, "\n", 1);
	return status;
}

static int copy_kallsyms(void)
{
	size_t bytes;
	char *content = read_whole_file("/proc/kallsyms", &bytes);
	int fd = open("/run/kallsyms", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	int status = GUEST_OK;

	if (!content || fd < 0 || write(fd, content, bytes) != (ssize_t)bytes)
		status = guest_error(GUEST_CHECK_FAILED, "/run/kallsyms: %s",
				     strerror(errno));
	if (fd >= 0)
		close(fd);
	free(content);
	return status;
}

static int perf_finish(struct tool *tool)
{
	int status;

	kill(tool->pid, SIGINT);
	while (waitpid(tool->pid, &status, 0) < 0)
		if (errno != EINTR)
			return guest_error(GUEST_CHECK_FAILED,
					   "waiting for perf %s: %s",
					   tool->name, strerror(errno));
	/* perf record ends by the signal it was given */
	if (!(WIFEXITED(status) && !WEXITSTATUS(status)) &&
	    !(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT))
		return guest_error(GUEST_CHECK_FAILED,
				   "perf %s ended with wait status %d", tool->name,
				   status);
	return GUEST_OK;
}

static int save_trace(int channel)
{
	int status = check_trace_buffer();

	if (!status)
		status = must_run("/bin/trace-cmd extract -o /run/trace.dat");
	if (!status)
		status = send_file(channel, "trace.dat");
	return status;
}

static int save_perf(int channel)
{
	static const char *const files[] = {
		"perf.data.gz", "perf-stat.csv.gz", "kallsyms.gz",
	};
	unsigned int i;
	int status;

	status = perf_finish(&perf_stat);
	if (!status)
		status = perf_finish(&perf_record);
	if (!status)
		status = copy_kallsyms();
	if (!status)
		status = must_run("/bin/gzip /run/perf.data /run/kallsyms /run/perf-stat.csv");
	for (i = 0; !status && i < sizeof(files) / sizeof(files[0]); i++)
		status = send_file(channel, files[i]);
	return status;
}

/**
 * record_save() - bring the recording to the host
 *
 * When nothing of the cell is left to do but to write its result.
 *
 * Return: GUEST_OK, or the cell's status when the host has not got all of it.
 */
int record_save(void)
{
	int channel, status;

	if (recording == RECORD_NOTHING)
		return GUEST_OK;
	printf("lab: saving the recording\n");
	release_memory();
	status = open_channel(&channel);
	if (!status)
		status = recording == RECORD_TRACE ? save_trace(channel) :
						     save_perf(channel);
	if (status)
		return status;
	dprintf(channel, "end\n");
	if (tcdrain(channel) || close(channel))
		return guest_error(GUEST_CHECK_FAILED, CHANNEL ": %s",
				   strerror(errno));
	return GUEST_OK;
}
