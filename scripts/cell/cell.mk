# SPDX-License-Identifier: GPL-2.0-only

HOST_PROGRAMS += $(BUILD)/lab
LAB_SOURCES := $(wildcard scripts/cell/*.c) $(addprefix scripts/lib/,files.c process.c util.c)
LAB_HEADERS := $(wildcard scripts/cell/*.h scripts/lib/*.h)
LAB_OBJECTS := $(LAB_SOURCES:scripts/%.c=$(BUILD)/obj/lab/%.o)

# Everything that decides what is said of a cell: another judge judges again.
JUDGE_SOURCES := $(addprefix scripts/cell/,judge.c judge.h console.c result.c guest-end.c splices.c splices.h guest-end.h)
$(BUILD)/obj/lab/cell/judge.o: CFLAGS_judge = -DJUDGE='"$(shell cat $(JUDGE_SOURCES) | sha256sum | cut -c1-16)"'
$(BUILD)/obj/lab/cell/judge.o: $(JUDGE_SOURCES)

$(BUILD)/obj/lab/%.o: scripts/%.c $(LAB_HEADERS)
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Iscripts/lib -Iscripts/cell $(HOST_CFLAGS) $(CFLAGS_judge) -c -o $@ $<

# Its subcommands that compare and report; made by compare.mk and report.mk.
LAB_PARTS = $(filter-out $(LAB_OBJECTS),$(COMPARE_LIB_OBJECTS)) $(REPORT_OBJECTS)
.SECONDEXPANSION:

## build/lab: plans, runs, judges, compares and reports; scripts/lab runs it
$(BUILD)/lab: $(LAB_OBJECTS) $$(LAB_PARTS)
	$(CC) $(HOST_CFLAGS) -o $@ $^ $(LDFLAGS) $(COMPARE_LIBS) -lnettle -lz
