# SPDX-License-Identifier: GPL-2.0-only

TRACE := scripts/trace
export VARIANT SCENARIO SEED CLOCK VCPUS APPEND LIMIT BUFFER TOP TRACE_DAT

## record: one cell recorded with trace-cmd (VARIANT=, FS=, SCENARIO=, SEED=), and its numbers compared
record: host guest ; @dir=$$($(TRACE)/record-cell trace) && echo $$dir/trace.dat && $(TRACE)/check-trace $$dir

## perf-reclaim: CPU time of reclaim by symbol, vanilla against patched, by perf in the guest
perf-reclaim: host guest ; @$(TRACE)/perf-reclaim

.PHONY: record perf-reclaim
