# SPDX-License-Identifier: GPL-2.0-only

GUEST_PROGRAMS += $(BUILD)/guest/fs-writer

## build/guest/fs-writer: the filesystem workloads
$(BUILD)/guest/fs-writer: $(wildcard fs/workload/*.[ch]) $(WORKLOAD_SOURCES) $(WORKLOAD_HEADERS)
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Iscripts/lib $(GUEST_CFLAGS) -o $@ $(filter %.c,$^)
