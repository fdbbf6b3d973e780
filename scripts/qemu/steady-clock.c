// SPDX-License-Identifier: GPL-2.0-only
/*
 * steady-clock.so: makes gettimeofday() stand still, for QEMU on the virtual
 * clock (LD_PRELOAD).
 *
 * QEMU's translated code finds guest memory through a software TLB, and
 * tlb_mmu_resize_locked() shrinks that TLB when few of its entries were used
 * within 100 ms of the host's time of day. The size decides which entries are
 * evicted; a page whose entry was evicted is walked again and has its accessed
 * bit set again; and the guest's reclaim looks at accessed bits. So what the
 * guest reclaims would depend on how busy the host is. With a time of day that
 * stands still, the window never ends, and the size of the TLB follows from
 * the guest's own accesses.
 *
 * Nothing else in such a run uses the time of day: the guest's clocks count
 * instructions, the RTC has a fixed base, and QEMU waits with monotonic
 * clocks.
 */
#include <stddef.h>
#include <sys/time.h>

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	(void)zone;
	now->tv_sec = 1704067200;	/* 2024-01-01T00:00:00Z */
	now->tv_usec = 0;
	return 0;
}
