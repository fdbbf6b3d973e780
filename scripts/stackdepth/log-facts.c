// SPDX-License-Identifier: GPL-2.0-only
/*
 * log-facts.c - what a report says before its trace.
 *
 * Title, release, instruction and stack pointer and bounds of the stack, as
 * arch/.../traps.c, fault.c and dumpstack.c and kernel/panic.c print them.
 */
#include <string.h>

#include "log.h"

/* First words of a report. The last of them before a trace is its title. */
static const char *const titles[] = {
	"BUG: ", "WARNING: ", "INFO: ", "kernel BUG at ", "general protection fault",
	"Unable to handle ", "kernel tried to execute ", "watchdog: BUG: ", "rcu: INFO: ",
	"NMI watchdog: BUG: ", "UBSAN: ", "PANIC: ", "Insufficient stack space", "Kernel stack overflow",
	"refcount_t: ", "list_add corruption", "list_del corruption", "KFENCE: ",
	"page dumped because", "Thread overran stack",
	"watchdog: Watchdog detected ", "NMI watchdog: Watchdog detected ", "Watchdog detected ",
	"XFS: Assertion failed",
};

/* These follow another one as a rule; they are the title if none did. */
static const char *const second_titles[] = {
	"Oops", "Kernel panic", "Internal error: ", "double fault", "stack segment",
	"divide error", "invalid opcode", "kernel stack overflow", "task:", "NMI backtrace",
	"unable to handle ",
};

/* Not the reason of any report. */
static const char *const no_titles[] = {
	"INFO: lockdep is turned off", "INFO: NMI handler", "WARNING: kernel stack regs",
	"WARNING: stack recursion", "WARNING: kernel stack frame", "INFO: Slab", "INFO: Object",
};

static const char *const instruction_pointers[] = {
	"RIP: ", "RIP  ", "EIP: ", "EIP is at ", "IP: ", "pc : ", "PC is at ", "epc : ", "epc   : ",
	"ERA: ", "PC: ",
};

static bool begins(const char *s, const char *end, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *p = s;

		if (sd_scan_word(&p, end, words[i]))
			return true;
	}
	return false;
}

#define BEGINS(s, end, words)	begins(s, end, words, sizeof(words) / sizeof(*(words)))

void log_keep_printable(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size)
		len = size - 1;
	for (size_t i = 0; i < len; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[len] = '\0';
}

static void note_time(struct log *l, struct log_task *t)
{
	log_drop_stale(l, t);
	t->facts = l->in->prefix;
	t->facts_line = l->in->line_no;
}

/* "kswapd0: page allocation failure: order:0", "hog invoked oom-killer: " */
static bool is_memory_title(const char *s, const char *end)
{
	static const char failure[] = ": page allocation failure", oom[] = " invoked oom-killer";
	const char *colon = memchr(s, ':', end - s > 48 ? 48 : end - s);

	if (!colon)
		return false;
	if (colon - s > (ptrdiff_t)sizeof(oom) &&
	    !memcmp(colon - sizeof(oom) + 1, oom, sizeof(oom) - 1))
		return true;
	return end - colon > (ptrdiff_t)sizeof(failure) &&
	       !memcmp(colon, failure, sizeof(failure) - 1);
}

/* "XFS (dm-0): Internal error ..." */
static bool is_xfs_title(const char *s, const char *end)
{
	static const char error[] = "): Internal error ";

	return sd_scan_word(&s, end, "XFS (") && memmem(s, end - s, error, sizeof(error) - 1);
}

/*
 * "fio   D    0   413      2 0x80004000", of a kernel before 5.10 that lists its
 * tasks: a name, a state, numbers, flags.
 */
static bool is_task_title(const char *s, const char *end)
{
	const char *blank = memchr(s, ' ', end - s > 20 ? 20 : end - s), *p, *last;
	int words = 0;

	if (!blank)
		return false;
	p = blank;
	sd_skip_blanks(&p, end);
	last = memrchr(p, ' ', end - p);
	if (!last || p[1] != ' ' || !strchr("RSDTtXZPIKW", *p) || end - last != 11 ||
	    memcmp(last, " 0x", 3))
		return false;
	p++;
	sd_skip_blanks(&p, last);
	sd_scan_word(&p, last, "running task");
	for (; p < last; words++) {
		sd_skip_blanks(&p, last);
		for (; p < last && *p != ' '; p++)
			if (!((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'f')))
				return false;
	}
	return words >= 3;
}

static void keep_title(struct log *l, struct log_task *t, const char *s, const char *end)
{
	bool second = false;

	if (BEGINS(s, end, titles)) {
		if (BEGINS(s, end, no_titles))
			return;
	} else if (BEGINS(s, end, second_titles) || is_task_title(s, end)) {
		second = true;
	} else if (!is_memory_title(s, end) && !is_xfs_title(s, end)) {
		return;
	}
	note_time(l, t);
	if (second && *t->title && !t->title_is_second)
		return;
	log_keep_printable(t->title, sizeof(t->title), s, end - s);
	t->title_is_second = second;
}

/* "Not tainted 4.10.11-1 #1", "Tainted: G        W   6.12.0 #1", "(2.6.29 #1)" */
static void keep_release(struct log *l, const char *s, const char *end)
{
	const char *p = memmem(s, end - s, "ainted", 6), *word;

	for (p = p ? p + 6 : end; p < end; p = word) {
		while (p < end && strchr(" \t:()", *p))
			p++;
		for (word = p; word < end && !strchr(" \t)", *word); word++)
			;
		if (word > p + 2 && *p >= '0' && *p <= '9' && memchr(p, '.', word - p)) {
			log_keep_printable(l->kernel, sizeof(l->kernel), p, word - p);
			return;
		}
	}
}

static bool scan_pointer(const char **s, const char *end, uint64_t *n)
{
	const char *p = *s, *digits;

	sd_scan_word(&p, end, "0x");
	digits = p;
	for (*n = 0; p < end && p - digits < 17; p++) {
		if (*p >= '0' && *p <= '9')
			*n = *n << 4 | (*p - '0');
		else if (*p >= 'a' && *p <= 'f')
			*n = *n << 4 | (*p - 'a' + 10);
		else
			break;
	}
	if (p - digits < 8 || p - digits > 16)
		return false;
	*s = p;
	return true;
}

/* "(stack is LOW..HIGH)" of x86, "Task stack:     [LOW..HIGH]" of the others */
static void keep_bounds(struct log *l, struct log_task *t, const char *s, const char *end)
{
	const char *p = s;
	uint64_t low, high;

	if (sd_scan_word(&p, end, "Task stack:")) {
		sd_skip_blanks(&p, end);
		if (!sd_scan_word(&p, end, "["))
			return;
	} else {
		p = memmem(s, end - s, "stack is ", 9);
		if (!p)
			return;
		p += 9;
	}
	if (!scan_pointer(&p, end, &low) || !sd_scan_word(&p, end, "..") ||
	    !scan_pointer(&p, end, &high) || high < low)
		return;
	note_time(l, t);
	t->low = low;
	t->high = high & 1 ? high + 1 : high;	/* the last byte, until 5.17 */
}

/* "RSP: 0018:ffffc900011bc000", "sp : ffff800081f0b9c0", "ESP: c0015ca4" */
static void keep_pointer(struct log *l, struct log_task *t, const char *s, const char *end)
{
	const char *p = memmem(s, end - s, " sp : ", 6);
	uint64_t n;

	if (p)
		p += 6;
	else if (sd_scan_word(&s, end, "RSP: ") || sd_scan_word(&s, end, "sp : ") ||
		 sd_scan_word(&s, end, "ESP: "))
		p = s;
	else
		return;
	if (end - p > 5 && p[4] == ':')
		p += 5;
	if (!scan_pointer(&p, end, &n))
		return;
	note_time(l, t);
	t->sp = n;
}

bool log_scan_ip(const char *s, const char *end, struct sd_trace_row *row)
{
	size_t i, n = sizeof(instruction_pointers) / sizeof(*instruction_pointers);

	for (i = 0; i < n; i++)
		if (sd_scan_word(&s, end, instruction_pointers[i]))
			break;
	if (i == n)
		return false;
	if (end - s > 5 && s[4] == ':') {
		/* code segments of user space */
		if (!memcmp(s, "0033", 4) || !memcmp(s, "0023", 4) || !memcmp(s, "002b", 4) ||
		    !memcmp(s, "0073", 4))
			return false;
		s += 5;
	}
	return sd_scan_row(&s, end, row) && row->loc.symbol_len && !row->guessed &&
	       row->form == SD_ROW_PLAIN && !row->no_symbol;
}

static void keep_ip(struct log_task *t, const struct sd_location *loc)
{
	size_t module = loc->module ? loc->module_len : 0;

	t->ip = *loc;
	memcpy(t->ip_text, loc->symbol, loc->symbol_len);
	t->ip.symbol = t->ip_text;
	if (loc->module) {
		memcpy(t->ip_text + loc->symbol_len, loc->module, module);
		t->ip.module = t->ip_text + loc->symbol_len;
	}
	t->has_ip = true;
	t->ip_is_old = false;
}

void log_facts(struct log *l, struct log_task *t, const char *s, const char *end)
{
	static const char version[] = "Linux version ";
	struct sd_trace_row row;

	if (end - s > 5 && (!memcmp(s, "Kernel panic", 5) || !memcmp(s, "CPU: ", 5)))
		t->ip_is_old = true;
	switch (*s) {
	case 'L':
		if (sd_scan_word(&s, end, version)) {
			const char *space = memchr(s, ' ', end - s);

			l->recognised = true;
			log_keep_printable(l->kernel, sizeof(l->kernel), s,
					   (space ? space : end) - s);
		}
		return;
	case 'C':
	case 'P':
		keep_title(l, t, s, end);
		keep_release(l, s, end);
		break;
	case 'R':
	case 'E':
	case 'e':
	case 'p':
	case 's':
		keep_pointer(l, t, s, end);
		break;
	case 'N':
	case 'T':
		keep_release(l, s, end);
		keep_bounds(l, t, s, end);
		break;
	case 'B':
		keep_bounds(l, t, s, end);
		break;
	}
	keep_title(l, t, s, end);
	if (memchr("RPEIpe", *s, 6) && log_scan_ip(s, end, &row)) {
		note_time(l, t);
		keep_ip(t, &row.loc);
	}
}

/* "R10: 00000000", "x29: ffff8000", "9fa0: 00000000", "Code: 50 a8": hexadecimal */
static bool is_hex_value(const char *s, const char *end)
{
	size_t n = 0;

	for (; s < end && ((*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'f') || *s == '<'); s++)
		n++;
	return n >= 2 && (s == end || strchr(" :>]x.", *s));
}

bool log_is_register(const char *s, const char *end)
{
	static const char *const words[] = {
		"Code:", "RIP:", "--- interrupt", "--- Exception", "NIP", "LR ", "LR=", "LR:", "Exception stack",
		"sp=", "pc :", "lr :", "PC is at", "LR is at", "RIP  ", "CR2:", "REGS:", "MSR:", "FS:",
		"GS:", "CFAR:", "GPR", "Krnl ", "ra :", "epc :", "LR = ", "orig_rax", "ORIG_RAX",
	};
	const char *p = s;

	if (BEGINS(s, end, words))
		return true;
	while (p < end && p - s < 12 && ((*p >= '0' && *p <= '9') || (*p | 0x20) >= 'a' || *p == '_')) {
		if ((*p | 0x20) > 'z')
			return false;
		p++;
	}
	if (p == s || (p - s == 3 && (!memcmp(s, "CPU", 3) || !memcmp(s, "Pid", 3) ||
				      !memcmp(s, "PID", 3))))
		return false;
	sd_skip_blanks(&p, end);
	if (!sd_scan_word(&p, end, ":") && !sd_scan_word(&p, end, "="))
		return false;
	sd_skip_blanks(&p, end);
	return is_hex_value(p, end);
}

/*
 * What ends with a colon is a heading ("Allocated by task 12:"). A title does not
 * end a trace: that of the report that it begins has a heading of its own.
 */
bool log_ends_trace(const char *s, const char *end)
{
	static const char *const words[] = {
		"---[ end", "------------[", "Modules linked in", "Allocated by", "Freed by",
		"-> #", "====", "-----", "PID: ", "Dumping ftrace",
	};

	return s < end && (end[-1] == ':' || BEGINS(s, end, words));
}
