# SPDX-License-Identifier: GPL-2.0-only

GUEST_PROGRAMS += $(BUILD)/guest/anon-hog

## build/guest/anon-hog: the anonymous memory workload
$(BUILD)/guest/anon-hog: mm/workload/anon-hog.c $(WORKLOAD_SOURCES) $(WORKLOAD_HEADERS)
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Iscripts/lib $(GUEST_CFLAGS) -o $@ $(filter %.c,$^)
