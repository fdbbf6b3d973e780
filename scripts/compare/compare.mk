# SPDX-License-Identifier: GPL-2.0-only
# The comparison of two variants (Documentation/statistics.md).

COMPARE_DIR := scripts/compare
COMPARE_LIB := node stats words metrics cells cell-format comparison \
	values figures splices verdicts compare write-json read-json format \
	grid grids render-text render-ktap render-kcidb layouts cmd-compare \
	cmd-layouts
COMPARE_LIB_OBJECTS := $(COMPARE_LIB:%=$(BUILD)/compare/%.o) $(BUILD)/obj/lab/lib/util.o
COMPARE_CFLAGS := -Iscripts/lib -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -g
COMPARE_LIBS := -lgsl -lgslcblas -ljansson -lm

$(BUILD)/compare/%.o: $(COMPARE_DIR)/%.c $(wildcard $(COMPARE_DIR)/*.h)
	@mkdir -p $(@D)
	$(CC) $(COMPARE_CFLAGS) $(CFLAGS) -c -o $@ $<

# Programs of the tests in tests/compare/; the tests ask make for them.
COMPARE_TESTS := tests/compare
COMPARE_TEST_CFLAGS = $(COMPARE_CFLAGS) -I$(COMPARE_DIR) -I$(COMPARE_TESTS) \
	-DFIXTURE='"$(abspath $(COMPARE_TESTS)/data/cells.json)"'

$(BUILD)/compare/test-statistics: $(COMPARE_TESTS)/test-statistics.c \
		$(COMPARE_LIB_OBJECTS)
	$(CC) $(COMPARE_TEST_CFLAGS) -o $@ $^ -lcmocka $(COMPARE_LIBS)

$(BUILD)/compare/test-simulated: $(COMPARE_TESTS)/test-simulated.c \
		$(COMPARE_TESTS)/simulate.c $(COMPARE_LIB_OBJECTS)
	$(CC) $(COMPARE_TEST_CFLAGS) -o $@ $^ $(COMPARE_LIBS)

$(BUILD)/compare/simulate-results: $(COMPARE_TESTS)/simulate-results.c \
		$(COMPARE_TESTS)/simulate.c
	@mkdir -p $(@D)
	$(CC) $(COMPARE_TEST_CFLAGS) -o $@ $^ $(COMPARE_LIBS)
