# SPDX-License-Identifier: GPL-2.0-only
#
# Variables: VARIANT, FS, SCENARIO, SEED, CLOCK, VCPUS, LIMIT, APPEND, BUFFER, TOP,
# TRACE_DAT. Documentation/tracing.md has all of them.

TRACE := scripts/trace
export VARIANT VARIANTS SCENARIO SEED CLOCK VCPUS LIMIT APPEND BUFFER TOP TASKS WAIT
KERNELSHARK_PLUGIN := $(BUILD)/plugin-reclaim_plot.so

## record: one cell recorded with trace-cmd, its numbers compared (VARIANT=, FS=, SCENARIO=, SEED=)
record: host guest ; @dir=$$($(TRACE)/record-cell trace) && echo $$dir/trace.dat && $(TRACE)/check-trace $$dir

## perf-reclaim: CPU time of reclaim by symbol, vanilla against patched (FS=, SCENARIO=, SEED=)
perf-reclaim: host guest ; @$(TRACE)/perf-reclaim

## kernelshark: a session for KernelShark with stack depth and list length (TRACE_DAT=)
kernelshark: $(KERNELSHARK_PLUGIN) ; @$(TRACE)/kernelshark-session $(TRACE_DAT)

## kernelshark-png: what KernelShark shows with that session, as PNG (TRACE_DAT=)
kernelshark-png: $(KERNELSHARK_PLUGIN) ; @$(TRACE)/kernelshark-screenshot $(TRACE_DAT)

## build/plugin-reclaim_plot.so: the plots of stack depth and list length in KernelShark
$(KERNELSHARK_PLUGIN): $(TRACE)/reclaim_plot.cpp
	@mkdir -p $(@D)
	@[ -e /usr/include/kernelshark/KsPlugins.hpp -a -e /usr/include/json-c/json.h ] && \
		command -v $(CXX) >/dev/null || { echo 'kernelshark plugin: apt-get install' \
		'kernelshark libkshark-dev libjson-c-dev g++' >&2; exit 1; }
	$(CXX) -std=c++17 -Wall -Wextra -Werror $(CFLAGS) -fPIC -shared -isystem \
		/usr/include/kernelshark -o $@ $< $(LDFLAGS) -lkshark -lkshark-plot

.PHONY: record perf-reclaim kernelshark kernelshark-png
