// SPDX-License-Identifier: GPL-2.0-only
/*
 * stamp.c - the time that a program put before a line.
 */
#include <string.h>

#include "parse.h"
#include "stamp.h"

/* Longer than any age in seconds; sums of microseconds cannot overflow. */
#define MAX_SECONDS	(1ULL << 40)

static void keep_time(struct sd_prefix *prefix, uint64_t seconds, uint64_t us, bool monotonic)
{
	if (prefix->has_monotonic && !monotonic)
		return;
	prefix->has_time = true;
	prefix->has_monotonic |= monotonic;
	prefix->time_us = (seconds < MAX_SECONDS ? seconds : MAX_SECONDS) * 1000000 + us;
}

/* Digits after the point or comma, as microseconds */
static bool scan_fraction(const char **s, const char *end, uint64_t *us)
{
	const char *p = *s;
	uint64_t scale = 100000;

	for (*us = 0; p < end && *p >= '0' && *p <= '9'; p++, scale /= 10)
		*us += (*p - '0') * scale;
	if (p == *s)
		return false;
	*s = p;
	return true;
}

static bool scan_seconds(const char **s, const char *end, uint64_t *seconds, uint64_t *us)
{
	const char *p = *s;

	if (!sd_scan_number(&p, end, seconds) || p == end || *p++ != '.' ||
	    !scan_fraction(&p, end, us))
		return false;
	*s = p;
	return true;
}

/* "[   12.345678]", "[   12.345678@2]", "[   12.345678 <    0.000001>]" */
static bool scan_monotonic(const char **s, const char *end, uint64_t *seconds, uint64_t *us)
{
	const char *p = *s + 1;
	uint64_t n, m;

	sd_skip_blanks(&p, end);
	if (!scan_seconds(&p, end, seconds, us))
		return false;
	if (p < end && *p == ']') {
		*s = p + 1;
		return true;
	}
	if (sd_scan_word(&p, end, "@"))
		sd_scan_number(&p, end, &n);
	sd_skip_blanks(&p, end);
	if (sd_scan_word(&p, end, "<")) {
		sd_skip_blanks(&p, end);
		if (!scan_seconds(&p, end, &n, &m) || !sd_scan_word(&p, end, ">"))
			return false;
	}
	if (!sd_scan_word(&p, end, "]"))
		return false;
	*s = p;
	return true;
}

bool sd_is_stamp(const char *s, const char *end)
{
	uint64_t seconds, us;

	return s < end && *s == '[' && scan_monotonic(&s, end, &seconds, &us);
}

static int scan_name(const char **s, const char *end, const char *names)
{
	if (end - *s < 4 || ((*s)[3] != ' ' && (*s)[3] != ','))
		return -1;
	for (int i = 0; names[3 * i]; i++) {
		if (memcmp(*s, names + 3 * i, 3))
			continue;
		*s += (*s)[3] == ',' ? 4 : 3;
		return i;
	}
	return -1;
}

static bool scan_month(const char **s, const char *end, int *month)
{
	*month = scan_name(s, end, "JanFebMarAprMayJunJulAugSepOctNovDec");
	return *month >= 0;
}

/* "09:15:41", "09:15:41.123456", "09:15:41,123", "09:15" */
static bool scan_clock(const char **s, const char *end, uint64_t *seconds, uint64_t *us)
{
	const char *p = *s;
	uint64_t h, m, sec = 0;

	*us = 0;
	if (!sd_scan_number(&p, end, &h) || h > 24 || p - *s > 2 || !sd_scan_word(&p, end, ":") ||
	    !sd_scan_number(&p, end, &m) || m > 59)
		return false;
	if (p < end && *p == ':') {
		p++;
		if (!sd_scan_number(&p, end, &sec) || sec > 60)
			return false;
	}
	if (p + 1 < end && (*p == '.' || *p == ',') && p[1] >= '0' && p[1] <= '9') {
		p++;
		scan_fraction(&p, end, us);
	}
	*seconds = h * 3600 + m * 60 + sec;
	*s = p;
	return true;
}

/* "2026-03-02", "2026/03/02" */
static bool scan_iso_date(const char **s, const char *end, uint64_t *days)
{
	const char *p = *s;
	uint64_t y, m, d;

	if (!sd_scan_number(&p, end, &y) || p - *s != 4 || p == end || !strchr("-/", *p++) ||
	    !sd_scan_number(&p, end, &m) || m > 12 || p == end || !strchr("-/", *p++) ||
	    !sd_scan_number(&p, end, &d) || d > 31)
		return false;
	*days = (y * 12 + m) * 31 + d;
	*s = p;
	return true;
}

/* "Z", "+00:00", "-0500" */
static void skip_zone(const char **s, const char *end)
{
	const char *p = *s;
	uint64_t n;

	if (p < end && *p == 'Z') {
		*s = p + 1;
		return;
	}
	if (p == end || (*p != '+' && *p != '-'))
		return;
	p++;
	if (!sd_scan_number(&p, end, &n))
		return;
	if (sd_scan_word(&p, end, ":") && !sd_scan_number(&p, end, &n))
		return;
	*s = p;
}

/* "Mon Mar  2 09:15:41 2026", "Mar  2 09:15:41", "Mon 2026-03-02 09:15:41" */
static bool scan_words(const char **s, const char *end, uint64_t *seconds, uint64_t *us)
{
	const char *p = *s, *year;
	uint64_t day = 0, n;
	int month = 0;

	if (scan_name(&p, end, "SunMonTueWedThuFriSat") >= 0)
		sd_skip_blanks(&p, end);
	if (!scan_iso_date(&p, end, &day)) {
		if (!scan_month(&p, end, &month))
			return false;
		sd_skip_blanks(&p, end);
		if (!sd_scan_number(&p, end, &day) || day > 31)
			return false;
	}
	sd_skip_blanks(&p, end);
	if (!scan_clock(&p, end, seconds, us))
		return false;
	year = p;
	sd_skip_blanks(&year, end);
	if (sd_scan_number(&year, end, &n) && n > 1990 && n < 2200)
		p = year;
	*seconds += (day + 31 * month) * 86400;
	*s = p;
	return true;
}

/* "2026-03-02T09:15:41.123456+00:00", "2026-03-02 09:15:41", "09:15:41.123" */
static bool scan_digits(const char **s, const char *end, uint64_t *seconds, uint64_t *us)
{
	const char *p = *s;
	uint64_t days = 0;

	if (scan_iso_date(&p, end, &days)) {
		if (p == end || !strchr("T _", *p))
			return false;
		p++;
	}
	if (!scan_clock(&p, end, seconds, us))
		return false;
	skip_zone(&p, end);
	if (p < end && !strchr(" \t]:|>[<", *p))
		return false;
	*seconds += days * 86400;
	*s = p;
	return true;
}

/* "1709370941.123456 " of journalctl -o short-unix */
static bool scan_unix(const char **s, const char *end, uint64_t *seconds, uint64_t *us)
{
	const char *p = *s;

	if (!scan_seconds(&p, end, seconds, us) || *seconds < 100000000 || p == end || *p != ' ')
		return false;
	*s = p;
	return true;
}

/* What is between brackets and no printk time: words, digits, "+0.000003" */
static bool scan_bracket(const char **s, const char *end, struct sd_prefix *prefix)
{
	const char *p = *s + 1;
	uint64_t seconds, us;

	sd_skip_blanks(&p, end);
	if (sd_scan_word(&p, end, "+") || sd_scan_word(&p, end, "<")) {
		sd_skip_blanks(&p, end);
		if (!scan_seconds(&p, end, &seconds, &us))
			return false;
		sd_scan_word(&p, end, ">");
	} else {
		if (p == end || (*p >= '0' && *p <= '9' ? !scan_digits(&p, end, &seconds, &us) :
				 !scan_words(&p, end, &seconds, &us)))
			return false;
		keep_time(prefix, seconds, us, false);
	}
	if (!sd_scan_word(&p, end, "]"))
		return false;
	*s = p;
	return true;
}

bool sd_scan_stamp(const char **s, const char *end, struct sd_prefix *prefix)
{
	uint64_t seconds, us;

	if (**s == '[') {
		if (!scan_monotonic(s, end, &seconds, &us))
			return scan_bracket(s, end, prefix);
		keep_time(prefix, seconds, us, true);
		return true;
	}
	if (**s >= '0' && **s <= '9' ?
	    !scan_digits(s, end, &seconds, &us) && !scan_unix(s, end, &seconds, &us) :
	    !scan_words(s, end, &seconds, &us))
		return false;
	keep_time(prefix, seconds, us, false);
	if (*s < end && (**s == ':' || **s == '|' || **s == '>'))
		(*s)++;
	return true;
}
