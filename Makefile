# SPDX-License-Identifier: GPL-2.0-only
#
# Every entry point, one line each; "make help" lists them. Parts that are
# built from C add themselves by a fragment <name>.mk in their directory, which
# appends to HOST_PROGRAMS (run here) or GUEST_PROGRAMS (static, run in the
# guest, files directly under $(BUILD)/guest/).
#
# Variables: KERNEL=7.3 or a path, FS="xfs btrfs", SEEDS=n, JOBS=n, SCENARIO=file,
# BUILD=build, OUT=out. Documentation/lab.md has all of them.

BUILD ?= build
OUT ?= out
export BUILD OUT
export KERNEL FS SEEDS JOBS FORCE V

CFLAGS ?= -O2 -g
HOST_CFLAGS := -std=gnu11 -Wall -Wextra -Werror $(CFLAGS)
GUEST_CFLAGS := $(HOST_CFLAGS) -static
HOST_PROGRAMS :=
GUEST_PROGRAMS :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
LAB := scripts/lab

FRAGMENTS := $(sort $(foreach dir,scripts fs mm tests,$(wildcard $(dir)/*.mk $(dir)/*/*.mk)))
include $(FRAGMENTS)

## evaluate: both kernels, all scenarios, the table side by side (FS=, SEEDS=, JOBS=, KERNEL=)
evaluate: ; @$(LAB)/evaluate

## compare: any two kernels: A=, B= vanilla, patched, a directory, TREE@REF or a bzImage (SCENARIO=, SEEDS=, JOBS=)
compare: ; @$(LAB)/compare

## check: every test but those that take long: check-series, check-regression, check-debug, fuzz
check: ; @tests/run

## check-host: the tests that need no kernel, under two minutes
check-host: ; @tests/run --group host

## check-guest: the tests that boot kernels
check-guest: ; @tests/run --group guest

## check-series: every prefix of the series builds and boots (WHOLE=1: with every filesystem)
check-series: host ; @$(LAB)/check-series

## check-regression: a known regression of 1 % in reclaim is found, with the default number of seeds (minutes)
check-regression: ; @tests/regression/run

## check-debug: the debug kernel (KASAN, lockdep) boots and runs every scenario clean
check-debug: ; @$(LAB)/check-debug

## keep-stacks: the deepest stacks below reclaim of the last evaluation, into stacktraces/
keep-stacks: $(BUILD)/stackdepth ; @$(LAB)/keep-stacks

## observer-cost: the anonymous workload with the stack observer and without (SEEDS=, SCENARIO=, VARIANT=)
observer-cost: host guest ; @$(LAB)/observer-cost

## tree: build/linux, the base kernel as a git tree with the series applied (FORCE=1 drops work in it)
tree: ; @$(LAB)/make-tree

## series: write the commits of build/linux back to patches/ (V=n: version of the series)
series: ; @$(LAB)/write-series

## kernels: build vanilla and patched
kernels: ; @$(LAB)/build-variants vanilla patched

## initramfs: what the guests boot, for each kernel built
initramfs: guest ; @$(LAB)/build-initramfs vanilla && $(LAB)/build-initramfs patched

## host: the programs that run here
host: $(HOST_PROGRAMS)

## guest: the programs that run in the guest
guest: $(GUEST_PROGRAMS)

## install-dependencies: packages of this machine, only what is missing
install-dependencies: ; @$(LAB)/install-dependencies

## clean: remove results and what was built, but not the kernel trees
clean: ; @rm -rf -- $(OUT) $(filter-out $(BUILD)/linux $(BUILD)/linux-vanilla,$(wildcard $(BUILD)/*))

## distclean: remove the kernel trees as well, with any work in them; the cache stays
distclean: ; @rm -rf -- $(OUT) $(BUILD)

## help: this list
help: ; @sed -n 's/^## \([^:]*\): \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 28

.PHONY: evaluate compare keep-stacks check check-host check-guest check-series
.PHONY: check-regression check-debug observer-cost tree series kernels
.PHONY: initramfs host guest install-dependencies clean distclean help
