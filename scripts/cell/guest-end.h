/* SPDX-License-Identifier: GPL-2.0-only */
/* How a guest ended: what run-guest saw. */
#ifndef CELL_GUEST_END_H
#define CELL_GUEST_END_H

#include <stdbool.h>

#include <jansson.h>

/**
 * struct guest_end - what run-guest saw of the end
 * @qemu_exit: exit status of QEMU
 * @timed_out: it was ended by the time limit
 * @seconds: of the host's clock
 * @accelerator: of QEMU
 * @began: time of day at which it was started, 0 if not known
 * @machine_ms: CPU time that all processors of the host had meanwhile, 0 if not
 *	known
 * @guest_ms: of it, used by QEMU
 * @others_ms: of it, used by anything else
 * @stolen_ms: of it, not given to this host by its hypervisor
 */
struct guest_end {
	long qemu_exit;
	bool timed_out;
	double seconds;
	char accelerator[32];
	long long began;
	long long machine_ms;
	long long guest_ms;
	long long others_ms;
	long long stolen_ms;
};

/**
 * guest_end_read() - read what run-guest left, or fail
 * @end: filled in
 * @path: of the file guest.end
 */
void guest_end_read(struct guest_end *end, const char *path);

/**
 * guest_end_add() - put what is about the host, not the guest, into a cell
 * @cell: the cell
 * @end: how its guest ended
 *
 * Nobody expects these to be the same when a cell is run again. "disturbed" is
 * the share of the CPU time of the machine that others than the guest had.
 */
void guest_end_add(json_t *cell, const struct guest_end *end);

#endif
