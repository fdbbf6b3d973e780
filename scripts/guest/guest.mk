# SPDX-License-Identifier: GPL-2.0-only

GUEST_PROGRAMS += $(BUILD)/guest/init
GUEST_INIT_SOURCES := $(addprefix scripts/guest/,disks.c init.c measure.c pressure.c program.c \
	provoke.c record.c result.c selftest.c settings.c system.c) mm/latency_histogram.c

## build/guest/init: PID 1 of the guests
$(BUILD)/guest/init: $(GUEST_INIT_SOURCES) scripts/guest/guest.h mm/latency_histogram.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Imm $(GUEST_CFLAGS) -o $@ $(GUEST_INIT_SOURCES)

HOST_PROGRAMS += $(BUILD)/steady-clock.so

## build/steady-clock.so: a time of day that stands still, preloaded into QEMU on the virtual clock
$(BUILD)/steady-clock.so: scripts/guest/steady-clock.c
	@mkdir -p $(@D)
	$(CC) $(HOST_CFLAGS) -shared -fPIC -o $@ $<

$(BUILD)/test-pressure: tests/guest/test-pressure.c scripts/guest/pressure.c scripts/guest/guest.h \
		mm/latency_histogram.c mm/latency_histogram.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Imm -Iscripts/guest $(HOST_CFLAGS) -o $@ tests/guest/test-pressure.c \
		mm/latency_histogram.c $(LDFLAGS) -lcmocka
