# SPDX-License-Identifier: GPL-2.0-only

# What the workloads in the guest have in common.
WORKLOAD_SOURCES := $(addprefix scripts/lib/,crew.c latency_histogram.c options.c)
WORKLOAD_HEADERS := $(addprefix scripts/lib/,crew.h latency_histogram.h options.h prng.h)

$(BUILD)/test-histogram: tests/guest/test-histogram.c scripts/lib/latency_histogram.c \
		scripts/lib/latency_histogram.h scripts/lib/prng.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Iscripts/lib $(HOST_CFLAGS) -o $@ $(filter %.c,$^) $(LDFLAGS) -lcmocka
