/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stamp.h - the time that a program put before a line.
 *
 * Of printk and dmesg (all of --time-format), syslog, journalctl (all of its
 * short formats), and of programs that record a serial line.
 */
#ifndef STACKDEPTH_STAMP_H
#define STACKDEPTH_STAMP_H

#include "prefix.h"

/**
 * sd_scan_stamp - step @s over a stamp, and keep its time in @prefix
 *
 * The kernel's own clock goes before any other. Return: false if there is none.
 */
bool sd_scan_stamp(const char **s, const char *end, struct sd_prefix *prefix);

/** sd_is_stamp - does "[   12.345678]" begin here? */
bool sd_is_stamp(const char *s, const char *end);

#endif /* STACKDEPTH_STAMP_H */
