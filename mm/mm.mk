# SPDX-License-Identifier: GPL-2.0-only

GUEST_PROGRAMS += $(BUILD)/guest/anon-hog
WORKLOAD_SOURCES := mm/crew.c mm/latency_histogram.c mm/options.c
WORKLOAD_HEADERS := mm/crew.h mm/latency_histogram.h mm/options.h mm/prng.h

## build/guest/anon-hog: the anonymous memory workload
$(BUILD)/guest/anon-hog: mm/anon-hog.c $(WORKLOAD_SOURCES) $(WORKLOAD_HEADERS)
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(GUEST_CFLAGS) -o $@ mm/anon-hog.c $(WORKLOAD_SOURCES)

$(BUILD)/test-histogram: tests/guest/test-histogram.c mm/latency_histogram.c \
		mm/latency_histogram.h mm/prng.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(HOST_CFLAGS) -o $@ $(filter %.c,$^) $(LDFLAGS) -lcmocka
