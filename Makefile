# SPDX-License-Identifier: GPL-2.0-only
#
# Every entry point, one line each; "make help" lists them. Parts that are
# built from C add themselves by a fragment <name>.mk in their directory, which
# appends to HOST_PROGRAMS (run here) or GUEST_PROGRAMS (static, run in the
# guest, files directly under $(BUILD)/guest/).
#
# Documentation/lab.md has all variables. Those that say which cells are turned
# into flags of scripts/lab here and nowhere else.

BUILD ?= build
OUT ?= out
# For the scripts that fetch, patch and build kernels.
export BUILD OUT KERNEL FORCE V

CFLAGS ?= -O2 -g
HOST_CFLAGS := -std=gnu11 -Wall -Wextra -Werror $(CFLAGS)
# No debug information, no build id: what the guest gets is the same bytes
# whatever the checkout is called.
GUEST_CFLAGS := $(filter-out -g,$(HOST_CFLAGS)) -static -Wl,--build-id=none -s
HOST_PROGRAMS :=
GUEST_PROGRAMS :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

KNOWN_VARIABLES := A A_MODULES APPEND B B_MODULES BUFFER BUILD BUILD_LIMIT CC CFLAGS CLOCK \
	COMPARE_OPTIONS CXX FORCE FS FUZZ_SECONDS JOBS KERNEL LAYOUTS LDFLAGS LIMIT NOISE_LIMIT OUT PNG RETRY SCENARIO \
	SCENARIOS SEED SEEDS SEED_OFFSET TASKS TOP TRACE_DAT V VARIANT VARIANTS VCPUS WAIT WHOLE
UNKNOWN_VARIABLES := $(strip $(foreach v,$(filter-out $(KNOWN_VARIABLES),$(.VARIABLES)),\
	$(if $(findstring command,$(origin $v)),$v)))
ifneq ($(UNKNOWN_VARIABLES),)
$(error unknown variable $(UNKNOWN_VARIABLES); expected some of $(KNOWN_VARIABLES))
endif

FRAGMENTS := $(foreach dir,scripts mm fs tests,$(wildcard $(dir)/*/*.mk))
include $(FRAGMENTS)

# flag VARIABLE,NAME: a flag of scripts/lab, if the variable says anything
quote := '
flag = $(if $(strip $($1)),--$2 '$(subst $(quote),'\$(quote)',$($1))')
WHERE = $(call flag,BUILD,build) $(call flag,OUT,out)
RUN_FLAGS = $(call flag,JOBS,jobs) $(call flag,LIMIT,limit) $(call flag,NOISE_LIMIT,noise-limit) \
	$(if $(strip $(RETRY)),--retry)
CELL_FLAGS = $(call flag,KERNEL,kernel) $(call flag,SEEDS,seeds) $(call flag,SEED_OFFSET,seed-offset) \
	$(call flag,CLOCK,clock) $(call flag,VCPUS,vcpus) $(call flag,APPEND,append) $(RUN_FLAGS)
CHOICE_FLAGS = $(call flag,FS,fs) $(call flag,SCENARIOS,scenarios) $(call flag,SCENARIO,scenario) $(CELL_FLAGS)
LAYOUT_FLAGS = $(call flag,LAYOUTS,layouts)
SIDES = $(call flag,A,a) $(call flag,B,b) $(call flag,A_MODULES,a-modules) $(call flag,B_MODULES,b-modules)

## evaluate: both kernels, all scenarios, the table side by side (FS=, SEEDS=, JOBS=, KERNEL=)
evaluate: A = $(or $(word 1,$(VARIANTS)),vanilla)
evaluate: B = $(if $(VARIANTS),$(word 2,$(VARIANTS)),patched)
evaluate: ; @scripts/lab evaluate $(WHERE) $(SIDES) $(CHOICE_FLAGS) $(LAYOUT_FLAGS) --default-seeds 3

## compare: any two kernels: A=, B= vanilla, patched, 6.12, a directory, TREE@REF, any of them +PATCHES, or a bzImage (SCENARIO=, SEEDS=, JOBS=)
compare: A := $(or $(A),vanilla)
compare:
	@$(if $(B),,echo 'compare: expected B=SIDE: vanilla, patched, a release, a directory, TREE@REF (each may have +PATCHES) or a bzImage' >&2; exit 1)
	@scripts/lab evaluate $(WHERE) $(SIDES) $(CHOICE_FLAGS) $(LAYOUT_FLAGS)

## observer-cost: the anonymous workload with the stack observer and without (SEEDS=, SCENARIO=, VARIANT=)
observer-cost: VARIANT := $(or $(VARIANT),vanilla)
observer-cost: SCENARIO := $(or $(SCENARIO),mm/workload/anonymous.scenario)
observer-cost: ; @scripts/lab evaluate $(call flag,BUILD,build) --out '$(OUT)/observer-cost' $(call flag,VARIANT,a) $(call flag,VARIANT,b) \
	--append-a lab.stack=0 --append-b lab.stack=observer --default-seeds 4 $(CHOICE_FLAGS) $(LAYOUT_FLAGS)

## layout-effect: a kernel against itself in other layouts: how much of a difference they explain (LAYOUTS=, SEEDS=, VARIANT=)
layout-effect: VARIANT := $(or $(VARIANT),vanilla)
layout-effect:
	@scripts/lab evaluate $(call flag,BUILD,build) --out '$(OUT)/layout-effect' $(call flag,VARIANT,a) $(call flag,VARIANT,b) \
	$(CHOICE_FLAGS) --layouts-b '$(or $(LAYOUTS),4)'
	@scripts/lab layouts '$(OUT)/layout-effect/compare.json'

## check: every test, but for check-series, check-regression, check-debug and fuzz, which take longer
check: ; @tests/run

## check-host: the tests that need no kernel, two to four minutes
check-host: ; @tests/run --group host

## check-guest: the tests that boot kernels
check-guest: ; @tests/run --group guest

## check-series: every prefix of the series builds and boots (WHOLE=1: with every filesystem)
check-series: host ; @WHOLE='$(WHOLE)' scripts/kernel/check-series

## check-regression: a known regression of 1 % in reclaim is found, with the default number of seeds (minutes)
check-regression: ; @tests/regression/run

## check-debug: the debug kernel (KASAN, lockdep) boots and runs every scenario clean
check-debug: ; @tests/debug/run

## keep-stacks: the deepest stacks below reclaim of the last evaluation, into stacktraces/
keep-stacks: $(BUILD)/stackdepth ; @scripts/report/keep-stacks

## tree: build/linux, the base kernel as a git tree with the series applied (FORCE=1 drops work in it)
tree: ; @scripts/kernel/make-tree

## series: write the commits of build/linux back to patches/ (V=n: version of the series)
series: ; @scripts/kernel/write-series

## kernels: build vanilla and patched
kernels: ; @scripts/kernel/build-variants vanilla patched

## kunit-kernel: a small kernel with the series, whose boot runs its KUnit tests
kunit-kernel: kernels ; @scripts/kernel/build-variants patched-kunit

## initramfs: what the guests boot, for each kernel built
initramfs: guest ; @scripts/guest/build-initramfs vanilla && scripts/guest/build-initramfs patched

## host: the programs that run here
host: $(HOST_PROGRAMS)

## guest: the programs that run in the guest
guest: $(GUEST_PROGRAMS)

## install-dependencies: packages of this machine, only what is missing
install-dependencies: ; @scripts/lib/install-dependencies

## clean: remove results and what was built, but not the kernel trees
clean: ; @rm -rf -- $(OUT) $(filter-out $(BUILD)/linux $(BUILD)/linux-vanilla,$(wildcard $(BUILD)/*))

## distclean: remove the kernel trees as well, with any work in them; the cache stays
distclean: ; @rm -rf -- $(OUT) $(BUILD)

## help: this list
help: ; @sed -n 's/^## \([^:]*\): \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 28

.PHONY: evaluate compare keep-stacks check check-host check-guest check-series
.PHONY: check-regression check-debug observer-cost layout-effect tree series kernels
.PHONY: kunit-kernel initramfs host guest install-dependencies clean distclean help
