# SPDX-License-Identifier: GPL-2.0-only

HOST_PROGRAMS += $(BUILD)/icount-order.so $(BUILD)/steady-clock.so
ICOUNT_ORDER_SOURCES := scripts/qemu/icount_order.c scripts/qemu/icount_turns.c

# What is loaded into QEMU decides what a guest does: the same bytes whatever
# the checkout is called.
PRELOAD_CFLAGS := $(filter-out -g,$(HOST_CFLAGS)) -fPIC -shared -Wl,--build-id=none

## build/icount-order.so: loaded into QEMU, keeps the order of its threads and processors on the virtual clock
$(BUILD)/icount-order.so: $(ICOUNT_ORDER_SOURCES) scripts/qemu/icount_turns.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(PRELOAD_CFLAGS) -U_FORTIFY_SOURCE -o $@ $(ICOUNT_ORDER_SOURCES) $(LDFLAGS) -ldl

## build/steady-clock.so: a time of day that stands still, preloaded into QEMU on the virtual clock
$(BUILD)/steady-clock.so: scripts/qemu/steady-clock.c
	@mkdir -p $(@D)
	$(CC) $(PRELOAD_CFLAGS) -o $@ $<
