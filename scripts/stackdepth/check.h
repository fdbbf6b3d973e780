/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.h - does a recorded frame have the size that the kernel says?
 */
#ifndef STACKDEPTH_CHECK_H
#define STACKDEPTH_CHECK_H

#include "sizes.h"

enum check_verdict {
	CHECK_SAME,		/* the static size */
	CHECK_EXPLAINED,	/* another one, and it is known why */
	CHECK_DIFFERS,		/* another one */
	CHECK_UNKNOWN,		/* there is no static size */
	CHECK_NR_VERDICTS,
};

struct check {
	enum check_verdict verdict;
	int64_t bytes;		/* what it must be, or SD_UNKNOWN */
	char why[200];		/* empty if there is nothing to say */
};

const char *check_name(enum check_verdict verdict);

/**
 * check_stack - compare every frame of a recorded stack with its static size
 *
 * Return: one struct check per frame, to be freed.
 */
struct check *check_stack(const struct sd_sizes *sizes, const struct sd_stack *st);

#endif /* STACKDEPTH_CHECK_H */
