/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICOUNT_TURNS_H
#define ICOUNT_TURNS_H

void turns_begin(void);
void turns_cancel(void);

#endif
