# SPDX-License-Identifier: GPL-2.0-only

HOST_PROGRAMS += $(BUILD)/lab-cell
LAB_CELL_SOURCES := scripts/lab/lab_cell.c scripts/lab/lab_console.c scripts/lab/lab_result.c

## build/lab-cell: judges one guest: parses its result, scans its log, writes cell.json
$(BUILD)/lab-cell: $(LAB_CELL_SOURCES) scripts/lab/lab_cell.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(HOST_CFLAGS) -o $@ $(LAB_CELL_SOURCES) $(LDFLAGS) -ljansson -lm

HOST_PROGRAMS += $(BUILD)/icount-order.so

## build/icount-order.so: loaded into QEMU, keeps the order of its threads on the virtual clock
$(BUILD)/icount-order.so: scripts/lab/icount_order.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(HOST_CFLAGS) -U_FORTIFY_SOURCE -fPIC -shared -o $@ $< $(LDFLAGS) -ldl
