# SPDX-License-Identifier: GPL-2.0-only
#
# build/stackdepth, its fuzzers, and how long they run.

STACKDEPTH_DIR := scripts/stackdepth
STACKDEPTH_SRC := $(wildcard $(STACKDEPTH_DIR)/*.c)
STACKDEPTH_OBJ := $(STACKDEPTH_SRC:$(STACKDEPTH_DIR)/%.c=$(BUILD)/obj/stackdepth/%.o)
STACKDEPTH_LIBS := -ljansson -lelf -lcapstone
STACKDEPTH_DEFS := -D_GNU_SOURCE -DSD_SOURCE_DIR='"$(STACKDEPTH_DIR)"'

# trace.dat is read with libtracecmd; without it all else works.
ifeq ($(shell pkg-config --exists libtracecmd 2>/dev/null && echo yes),yes)
STACKDEPTH_DEFS += -DSD_HAVE_TRACECMD $(shell pkg-config --cflags libtracecmd)
STACKDEPTH_LIBS += $(shell pkg-config --libs libtracecmd)
endif

HOST_PROGRAMS += $(BUILD)/stackdepth

$(BUILD)/stackdepth: $(STACKDEPTH_OBJ)
	$(CC) $(HOST_CFLAGS) -o $@ $^ $(STACKDEPTH_LIBS)

$(BUILD)/obj/stackdepth/%.o: $(STACKDEPTH_DIR)/%.c
	@mkdir -p $(@D)
	$(CC) $(HOST_CFLAGS) $(STACKDEPTH_DEFS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/stackdepth/table.o: $(STACKDEPTH_DIR)/subsystems $(STACKDEPTH_DIR)/roles
-include $(STACKDEPTH_OBJ:.o=.d)

# Fuzzers: clang, ASan, UBSan, libFuzzer; one program for each parser.
FUZZ_CC := clang
FUZZ_SECONDS ?= 600
FUZZ_SAN := address,undefined,integer-divide-by-zero
FUZZ_FLAGS := -std=gnu11 -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-Wall -Wextra -Werror $(STACKDEPTH_DEFS) -I$(STACKDEPTH_DIR)
FUZZ_OBJ := $(patsubst $(STACKDEPTH_DIR)/%.c,$(BUILD)/obj/stackdepth-fuzz/%.o,\
	$(filter-out %/stackdepth.c %/cmd-%.c,$(STACKDEPTH_SRC)))
FUZZ_SRC := tests/stackdepth/fuzz.c
FUZZ_TARGETS := any ftrace trace-cmd-stack observer dmesg tracedat-lines table image
FUZZ_DEFS_any := -DFUZZ_FORMAT='""'
FUZZ_DEFS_ftrace := -DFUZZ_FORMAT='"ftrace"'
FUZZ_DEFS_trace-cmd-stack := -DFUZZ_FORMAT='"trace-cmd-stack"'
FUZZ_DEFS_observer := -DFUZZ_FORMAT='"observer"'
FUZZ_DEFS_dmesg := -DFUZZ_FORMAT='"dmesg"'
FUZZ_DEFS_tracedat-lines := -DFUZZ_TRACEDAT_LINES
FUZZ_DEFS_table := -DFUZZ_TABLE
FUZZ_DEFS_image := -DFUZZ_IMAGE
FUZZERS := $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)

$(BUILD)/obj/stackdepth-fuzz/%.o: $(STACKDEPTH_DIR)/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,$(FUZZ_SAN) -MMD -MP -c -o $@ $<

$(BUILD)/obj/stackdepth-fuzz/table.o: $(STACKDEPTH_DIR)/subsystems $(STACKDEPTH_DIR)/roles

$(FUZZERS): $(BUILD)/fuzz/%: $(FUZZ_SRC) $(FUZZ_OBJ)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer,$(FUZZ_SAN) $(FUZZ_DEFS_$*) -o $@ $^ $(STACKDEPTH_LIBS)

-include $(FUZZ_OBJ:.o=.d)

.PHONY: fuzz fuzzers

fuzzers: $(FUZZERS)

## fuzz: every parser of stackdepth under ASan and UBSan, ten minutes in all (FUZZ_SECONDS=)
fuzz: $(FUZZERS) ; tests/stackdepth/run-fuzzers $(FUZZ_SECONDS)
