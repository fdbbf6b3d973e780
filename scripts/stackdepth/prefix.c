// SPDX-License-Identifier: GPL-2.0-only
/*
 * prefix.c - what people and programs put before a line of the kernel's.
 *
 * Stamps themselves are in stamp.c. Nothing is ever taken off that a row of a
 * trace could begin with: "[<ffff...>]", "[c000...]", "<TASK>", "? ".
 */
#include <string.h>

#include "parse.h"
#include "stamp.h"

/* Words between a stamp and "kernel:": a time zone, a host, perhaps another. */
#define MAX_WORDS	3
/* TASK_COMM_LEN, and what ftrace may put before it. */
#define MAX_COMM	40
/* As wide as this many blanks. */
#define TAB		8

static bool has_high_bytes(const char *s, size_t len)
{
	uint64_t word;

	for (; len >= sizeof(word); s += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		if (word & 0x8080808080808080u)
			return true;
	}
	while (len--)
		if (*s++ & 0x80)
			return true;
	return false;
}

/* Length of a blank or an invisible mark that is no ASCII; 0 if it is none. */
static size_t wide_blank(const unsigned char *s, size_t left, bool *visible)
{
	*visible = true;
	if (left >= 2 && s[0] == 0xc2 && s[1] == 0xa0)
		return 2;
	if (s[0] == 0xa0)		/* Latin-1 */
		return 1;
	if (left < 3)
		return 0;
	if (s[0] == 0xe2 && s[1] == 0x80 && s[2] >= 0x80 && s[2] <= 0x8f) {
		*visible = s[2] <= 0x8a;
		return 3;
	}
	if ((s[0] == 0xe2 && s[1] == 0x80 && s[2] == 0xaf) ||
	    (s[0] == 0xe3 && s[1] == 0x80 && s[2] == 0x80))
		return 3;
	*visible = false;
	return s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf ? 3 : 0;
}

static size_t utf8_length(unsigned char c)
{
	return c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
}

/* Make special blanks plain ones, drop byte order marks. Return: the length. */
static size_t plain_blanks(char *line, size_t len)
{
	const unsigned char *s = (const unsigned char *)line;
	size_t to = 0, n;
	bool visible;

	for (size_t i = 0; i < len; ) {
		n = s[i] & 0x80 ? wide_blank(s + i, len - i, &visible) : 0;
		if (n) {
			if (visible)
				line[to++] = ' ';
			i += n;
			continue;
		}
		/* A character that has 0xa0 inside stays whole. */
		n = utf8_length(s[i]);
		do {
			line[to++] = line[i++];
		} while (--n && i < len && (s[i] & 0xc0) == 0x80);
	}
	return to;
}

/* ESC [ ... letter, as dmesg --color prints */
static bool peel_colour(const char **s, const char *end)
{
	const char *p = *s;

	if (end - p < 3 || p[0] != '\033' || p[1] != '[')
		return false;
	for (p += 2; p < end && (*p == ';' || (*p >= '0' && *p <= '9')); p++)
		;
	if (p == end || *p < '@')
		return false;
	*s = p + 1;
	return true;
}

/* "<4>" of printk, "<30>1 " of syslog's RFC 5424 */
static bool peel_level(const char **s, const char *end)
{
	const char *p = *s + 1;
	uint64_t n;

	if (!sd_scan_number(&p, end, &n) || n > 191 || !sd_scan_word(&p, end, ">"))
		return false;
	if (end - p > 6 && p[0] == '1' && p[1] == ' ' && p[2] >= '0' && p[2] <= '9')
		p += 2;
	*s = p;
	return true;
}

/* "HOST kernel: ", "kernel: ", "HOST kernel - - - ", "HOST [   12.345678]" */
static bool peel_host(const char **s, const char *end, bool is_kernels)
{
	const char *p = *s, *blank;
	uint64_t n;

	/* After the kernel's own time nothing but journalctl's host can come. */
	for (int words = 0; words <= (is_kernels ? 1 : MAX_WORDS); words++) {
		const char *k;

		sd_skip_blanks(&p, end);
		k = p;
		if (sd_scan_word(&k, end, "kernel")) {
			if (sd_scan_word(&k, end, "[") && sd_scan_number(&k, end, &n))
				sd_scan_word(&k, end, "]");
			if (sd_scan_word(&k, end, ":") || sd_scan_word(&k, end, " - - -")) {
				*s = k;
				return true;
			}
		}
		if (words && sd_is_stamp(p, end)) {
			*s = p;
			return true;
		}
		blank = memchr(p, ' ', end - p > 64 ? 64 : end - p);
		if (!blank || blank == p || blank[-1] == ':')
			return false;
		p = blank;
	}
	return false;
}

/* "kern  :warn  : " of dmesg -x; any two words padded with blanks. */
static bool peel_facility(const char **s, const char *end)
{
	static const char *const names[] = {
		"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news",
		"uucp", "cron", "authpriv", "ftp", "local",
	};
	const char *p = *s;
	uint64_t n;
	size_t i;

	while (p < end && *p >= 'a' && *p <= 'z')
		p++;
	if (end - p < 8 || !strchr(" :01234567", *p) || !memchr(p, ':', 8))
		return false;
	p = *s;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (sd_scan_word(&p, end, names[i]))
			break;
	if (i == sizeof(names) / sizeof(*names))
		return false;
	sd_scan_number(&p, end, &n);
	sd_skip_blanks(&p, end);
	if (!sd_scan_word(&p, end, ":"))
		return false;
	while (p < end && *p >= 'a' && *p <= 'z')
		p++;
	sd_skip_blanks(&p, end);
	if (!sd_scan_word(&p, end, ":"))
		return false;
	*s = p;
	return true;
}

/* "6,1234,5678901,-,caller=T12;" of /dev/kmsg and netconsole */
static bool peel_kmsg(const char **s, const char *end, struct sd_prefix *prefix)
{
	const char *p = *s, *text;
	uint64_t level, seq, us;

	if (!sd_scan_number(&p, end, &level) || !sd_scan_word(&p, end, ",") ||
	    !sd_scan_number(&p, end, &seq) || !sd_scan_word(&p, end, ",") ||
	    !sd_scan_number(&p, end, &us) || us > INT64_MAX || !sd_scan_word(&p, end, ","))
		return false;
	text = memchr(p, ';', end - p);
	if (!text)
		return false;
	prefix->has_time = true;
	prefix->has_monotonic = true;
	prefix->time_us = us;
	p = memmem(p, text - p, "caller=", 7);
	if (p && (p[7] == 'T' || p[7] == 'C')) {
		prefix->caller = p[7];
		p += 8;
		sd_scan_number(&p, text, &prefix->caller_id);
	}
	*s = text + 1;
	return true;
}

/* "[ T123]", "[C1]", "[ T12(C1/comm)]"; "[0: kworker/0:1:   27]" of vendors */
static bool peel_caller(const char **s, const char *end, struct sd_prefix *prefix)
{
	const char *p = *s + 1, *close;
	uint64_t id;
	char kind = 'T';

	close = memchr(p, ']', end - p > 64 ? 64 : end - p);
	if (!close)
		return false;
	sd_skip_blanks(&p, close);
	if (*p == 'T' || *p == 'C') {
		kind = *p++;
		if (!sd_scan_number(&p, close, &id))
			return false;
		if (p < close && !strchr(" (@-", *p))
			return false;
	} else {
		if (!sd_scan_number(&p, close, &id) || !sd_scan_word(&p, close, ":"))
			return false;
		p = memrchr(p, ':', close - p);
		if (!p)
			return false;
		p++;
		sd_skip_blanks(&p, close);
		if (!sd_scan_number(&p, close, &id) || p != close)
			return false;
	}
	prefix->caller = kind;
	prefix->caller_id = id;
	*s = close + 1;
	return true;
}

/* "(0)[27:kworker/0:1]", of other vendors; with interrupts off "-(0)[27:...]" */
static bool peel_vendor(const char **s, const char *end, struct sd_prefix *prefix)
{
	const char *p = *s, *close;
	uint64_t n, id;

	sd_scan_word(&p, end, "-");
	if (!sd_scan_word(&p, end, "(") || !sd_scan_number(&p, end, &n) ||
	    !sd_scan_word(&p, end, ")[") ||
	    !sd_scan_number(&p, end, &id) || !sd_scan_word(&p, end, ":"))
		return false;
	close = memchr(p, ']', end - p);
	if (!close)
		return false;
	prefix->caller = 'T';
	prefix->caller_id = id;
	*s = close + 1;
	return true;
}

/* "c3   4711 " and "I[3:            foo: 4711]", of vendors, after a stamp */
static bool peel_processor(const char **s, const char *end, struct sd_prefix *prefix)
{
	const char *p = *s + 1;
	uint64_t n, id;

	if (!prefix->stamped)
		return false;
	if (**s >= 'A' && **s <= 'Z' && p < end && *p == '[' && peel_caller(&p, end, prefix)) {
		*s = p;
		return true;
	}
	if (**s != 'c' || !sd_scan_number(&p, end, &n) || p == end || *p != ' ')
		return false;
	sd_skip_blanks(&p, end);
	if (!sd_scan_number(&p, end, &id) || p == end || *p != ' ')
		return false;
	prefix->caller = 'T';
	prefix->caller_id = id;
	*s = p;
	return true;
}

/* "COMM-PID": find the number after the last '-' before a blank. */
static const char *after_pid(const char *s, const char *end)
{
	const char *stop = end - s > MAX_COMM ? s + MAX_COMM : end, *p;
	uint64_t n;

	for (; (s = memchr(s, '-', stop - s)) && s + 1 < stop; s++) {
		if (s[1] < '0' || s[1] > '9')
			continue;
		p = s + 1;
		if (sd_scan_number(&p, end, &n) && p < end && *p == ' ')
			return p;
	}
	return NULL;
}

/*
 * "COMM-PID [CPU] FLAGS TIME: FUNCTION: " of trace, "COMM-PID CPUFLAGS TIMEus : "
 * of a dump to the console, as kernel/trace/trace_output.c prints them.
 */
static bool peel_event(const char **s, const char *end)
{
	const char *p = after_pid(*s, end), *word;
	bool timed = false;
	uint64_t n;

	if (!p)
		return false;
	for (int i = 0; i < 5 && !timed; i++) {
		sd_skip_blanks(&p, end);
		word = p;
		p = memchr(p, ' ', end - p);
		if (!p)
			return false;
		if (sd_scan_number(&word, p, &n) && sd_scan_word(&word, p, "us"))
			timed = true;
		else if (sd_scan_word(&word, p, ".") && sd_scan_number(&word, p, &n))
			timed = sd_scan_word(&word, p, ":") && word == p;
	}
	if (!timed)
		return false;
	sd_skip_blanks(&p, end);
	if (sd_scan_word(&p, end, ":"))
		sd_skip_blanks(&p, end);
	word = p;
	while (p < end && *p != ' ' && *p != ':' && *p != '+')
		p++;
	if (p < end && *p == ':' && (p + 1 == end || p[1] == ' '))
		word = p + 1;
	*s = word;
	return true;
}

/* "JD>" of a mail program that quotes with initials; "name> > ", "name> [  1.0]" */
static bool peel_quote(const char **s, const char *end)
{
	const char *p = *s;

	while (p < end && p < *s + 4 && *p >= 'A' && *p <= 'Z')
		p++;
	if (p < end && *p == '>') {
		*s = p + 1;
		return true;
	}
	while (p < end && p < *s + 16 && ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z'))
		p++;
	if (!sd_scan_word(&p, end, "> ") || p == end || (*p != '>' && !sd_is_stamp(p, end)))
		return false;
	*s = p;
	return true;
}

/* ": [  1.0]", "# [  1.0]", "+[  1.0]" of a diff: before a stamp only */
static bool peel_mark(const char **s, const char *end)
{
	const char *p = *s + 1;

	sd_skip_blanks(&p, end);
	if (!sd_is_stamp(p, end))
		return false;
	*s = p;
	return true;
}

/* "/proc/4711/stack:", as "grep ." prints it for several files */
static bool peel_file(const char **s, const char *end, struct sd_prefix *prefix)
{
	static const char last[] = "/stack:";
	const char *p = *s, *stop;
	uint64_t n;

	if (!sd_scan_word(&p, end, "/proc/"))
		return false;
	stop = memmem(p, end - p, last, sizeof(last) - 1);
	if (!stop || memchr(p, ' ', stop - p))
		return false;
	while (stop > p && stop[-1] >= '0' && stop[-1] <= '9')
		stop--;
	p = stop;
	if (sd_scan_number(&p, end, &n)) {
		prefix->caller = 'T';
		prefix->caller_id = n;
	}
	*s = p + sizeof(last) - 1;
	return true;
}

/* What begins with a letter. */
static bool peel_word(const char **s, const char *end, struct sd_prefix *prefix)
{
	if (end - *s > 4 && ((*s)[3] == ' ' || (*s)[3] == ',') && sd_scan_stamp(s, end, prefix)) {
		peel_host(s, end, false);
		return true;
	}
	return sd_scan_word(s, end, "kernel: ") || sd_scan_word(s, end, "MESSAGE=") ||
	       peel_processor(s, end, prefix) || peel_facility(s, end) || peel_event(s, end);
}

static bool peel_one(const char **s, const char *end, struct sd_prefix *prefix)
{
	switch (**s) {
	case '>':
	case '|':
		(*s)++;
		return true;
	case '\0':		/* a console or a file system after a crash */
		(*s)++;
		return true;
	case '\033':
		return peel_colour(s, end);
	case ':':
	case '#':
	case '+':
	case '*':
	case '%':
		return peel_mark(s, end);
	case '<':
		if (!peel_level(s, end) && !peel_event(s, end))
			return false;
		break;
	case '[':
		if (sd_scan_stamp(s, end, prefix))
			peel_host(s, end, true);
		else if (!peel_caller(s, end, prefix))
			return false;
		break;
	case '/':
		if (!peel_file(s, end, prefix))
			return false;
		break;
	case '-':
		if (!peel_mark(s, end) && !peel_vendor(s, end, prefix))
			return false;
		break;
	case '(':
		if (!peel_vendor(s, end, prefix))
			return false;
		break;
	case '0' ... '9':
		if (sd_scan_stamp(s, end, prefix))
			peel_host(s, end, false);
		else if (!peel_kmsg(s, end, prefix) && !peel_event(s, end))
			return false;
		break;
	case 'A' ... 'Z':
	case 'a' ... 'z':
		if (peel_quote(s, end))
			return true;
		if (!peel_word(s, end, prefix))
			return false;
		break;
	default:
		return false;
	}
	prefix->stamped = true;
	return true;
}

char *sd_peel(char *line, size_t *len, struct sd_prefix *prefix)
{
	const char *s = line, *end, *from;

	memset(prefix, 0, sizeof(*prefix));
	if (has_high_bytes(line, *len))
		*len = plain_blanks(line, *len);
	while (*len && (line[*len - 1] == ' ' || line[*len - 1] == '\t' ||
			line[*len - 1] == '\r'))
		(*len)--;
	while (*len > 3 && !memcmp(line + *len - 3, "=20", 3))
		*len -= 3;	/* of a mail that is not decoded */
	if (*len > 3 && line[*len - 4] == '\033' && line[*len - 1] == 'm')
		*len -= 4;	/* the end of a colour */
	line[*len] = '\0';
	end = line + *len;
	do {
		from = s;
		sd_skip_blanks(&s, end);
		prefix->indent = s - from;
		for (; from < s; from++)
			prefix->indent += *from == '\t' ? TAB - 1 : 0;
	} while (s < end && peel_one(&s, end, prefix));
	*len = end - s;
	return (char *)s;
}

const char *sd_peek_text(const char **peek, const char *end, char *to, size_t size)
{
	struct sd_prefix prefix;
	const char *lf;
	size_t len;

	if (*peek >= end)
		return NULL;
	lf = memchr(*peek, '\n', end - *peek);
	len = (lf ? lf : end) - *peek;
	if (len >= size)
		len = size - 1;
	memcpy(to, *peek, len);
	to[len] = '\0';
	*peek = lf ? lf + 1 : end;
	return sd_peel(to, &len, &prefix);
}
