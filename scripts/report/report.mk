# SPDX-License-Identifier: GPL-2.0-only
# The comparison of two variants and its report. A= and B= choose the variants
# (default: what results.json was measured for), COMPARE_OPTIONS= is passed on to
# lab compare.

REPORT_DIR := scripts/report
REPORT_OBJECTS := $(patsubst $(REPORT_DIR)/%.c,$(BUILD)/report/%.o,$(wildcard $(REPORT_DIR)/*.c))

$(BUILD)/report/%.o: $(REPORT_DIR)/%.c $(wildcard $(REPORT_DIR)/*.h) \
		$(wildcard scripts/compare/*.h)
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(HOST_CFLAGS) -Iscripts/compare -Iscripts/lib -c -o $@ $<

## report: compare variants A and B of out/results.json; out/compare.json, out/report/ (A=, B=)
report: $(BUILD)/lab $(BUILD)/stackdepth
	@scripts/report/make-report

## report-png: the first screen of the report as a picture (PNG=, default out/report/first-screen.png)
report-png: ; @scripts/report/report-screenshot $(OUT)/report/index.html $(PNG)

.PHONY: report report-png
export A B COMPARE_OPTIONS
