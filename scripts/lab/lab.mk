# SPDX-License-Identifier: GPL-2.0-only

HOST_PROGRAMS += $(BUILD)/lab-cell
LAB_CELL_SOURCES := scripts/lab/lab_cell.c scripts/lab/lab_console.c scripts/lab/lab_result.c

## build/lab-cell: judges one guest: parses its result, scans its log, writes cell.json
$(BUILD)/lab-cell: $(LAB_CELL_SOURCES) scripts/lab/lab_cell.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(HOST_CFLAGS) -o $@ $(LAB_CELL_SOURCES) $(LDFLAGS) -ljansson -lm

HOST_PROGRAMS += $(BUILD)/icount-order.so
ICOUNT_ORDER_SOURCES := scripts/lab/icount_order.c scripts/lab/icount_turns.c

## build/icount-order.so: loaded into QEMU, keeps the order of its threads and processors on the virtual clock
$(BUILD)/icount-order.so: $(ICOUNT_ORDER_SOURCES) scripts/lab/icount_turns.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(HOST_CFLAGS) -U_FORTIFY_SOURCE -fPIC -shared -o $@ $(ICOUNT_ORDER_SOURCES) $(LDFLAGS) -ldl
