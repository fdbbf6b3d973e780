# SPDX-License-Identifier: GPL-2.0-only

GUEST_PROGRAMS += $(BUILD)/guest/init
GUEST_INIT_SOURCES := $(addprefix scripts/guest/,disks.c init.c measure.c pressure.c program.c \
	provoke.c record.c result.c scramble.c selftest.c settings.c swap.c system.c) scripts/lib/latency_histogram.c

## build/guest/init: PID 1 of the guests
$(BUILD)/guest/init: $(GUEST_INIT_SOURCES) scripts/guest/guest.h scripts/lib/latency_histogram.h scripts/lib/prng.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Iscripts/lib $(GUEST_CFLAGS) -o $@ $(GUEST_INIT_SOURCES) -lz

$(BUILD)/test-pressure: tests/guest/test-pressure.c scripts/guest/pressure.c scripts/guest/guest.h \
		scripts/lib/latency_histogram.c scripts/lib/latency_histogram.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Iscripts/lib -Iscripts/guest $(HOST_CFLAGS) -o $@ tests/guest/test-pressure.c \
		scripts/lib/latency_histogram.c $(LDFLAGS) -lcmocka
