# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# What makes the clock of a guest: the count of instructions, or the host. Sourced
# by run-guest after common.bash; QEMU, MACHINE, kernel and disks are its own, and
# LAB_SCRATCH must be there.

PROBE_SECONDS=20

# One instruction is two nanoseconds of guest time, and an idle guest does not
# wait for the host's clock. -seed: QEMU hands no randomness of the host in.
VIRTUAL=(-accel tcg -icount "shift=1,sleep=off" -cpu qemu64
	 -seed 1 -rtc "base=2024-01-01T00:00:00,clock=vm")

# What keeps the host's timing out of QEMU; each says how at its top.
STEADY=(icount-order.so steady-clock.so)

# kvm_works BZIMAGE: this kernel boots under KVM. /dev/kvm may be there, open,
# and even make a guest that never runs, so a short boot decides; its answer is
# kept for this boot of the host.
kvm_works()
{
	local answer key

	[[ ${KVM:-1} != 0 && -w /dev/kvm ]] || return 1
	grep -qwE 'vmx|svm' /proc/cpuinfo || return 1
	key=$({ cat /proc/sys/kernel/random/boot_id; sha256sum <"$1"; "$QEMU" --version; } |
	      sha256sum | cut -c1-16)
	answer=$LAB_CACHE/kvm-probe/$key
	if [[ ! -e $answer ]]; then
		mkdir -p -- "${answer%/*}"
		# Without a root filesystem the kernel panics, which is far enough.
		timeout -k 2 "$PROBE_SECONDS" "$QEMU" "${MACHINE[@]}" -accel kvm -cpu host \
			-m 128 -smp 2 -kernel "$1" -append 'console=ttyS0 panic=-1' \
			-serial "file:$LAB_SCRATCH/probe" >/dev/null 2>&1 </dev/null || :
		if grep -q 'Linux version' "$LAB_SCRATCH/probe" 2>/dev/null &&
		   grep -q 'Kernel panic' "$LAB_SCRATCH/probe"; then
			echo yes >"$answer"
		else
			echo no >"$answer"
		fi
	fi
	[[ $(<"$answer") == yes ]]
}

# tcg_thread: how TCG runs several vCPUs. With a thread for each, QEMU 7.2 now and
# then ends in "Oops: int3" where ftrace has just patched a function, as if a vCPU
# ran the code of before; Documentation/workloads.md.
tcg_thread()
{
	local version

	if [[ ${TCG_THREAD:-} ]]; then
		[[ $TCG_THREAD == @(multi|single) ]] ||
			die "TCG_THREAD: expected multi or single, got '$TCG_THREAD'"
		echo "$TCG_THREAD"
		return
	fi
	version=$("$QEMU" --version | sed -n 's/.*version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
	# shellcheck disable=SC2086 # two words
	set -- ${version:-0 0}
	if (($1 * 100 + $2 >= 801)); then echo multi; else echo single; fi
}

# on_virtual_clock, on_host_clock: QEMU's arguments in arguments, what it is run by
# in wrapper, and the name of it all in accelerator.
on_virtual_clock()
{
	local file

	for file in "${STEADY[@]}"; do
		[[ -s $LAB_BUILD/$file ]] || die "$LAB_BUILD/$file is not there: run make host"
	done
	wrapper=(env "LD_PRELOAD=${STEADY[*]/#/$LAB_BUILD/}")
	((${#disks[@]} == 0)) || die '--disk: not on the virtual clock, disks are in the guest'
	arguments=("${VIRTUAL[@]}")
	accelerator=tcg-icount
}

on_host_clock()
{
	local i

	if kvm_works "$kernel"; then
		arguments=(-accel kvm -cpu host)
		accelerator=kvm
	else
		accelerator=tcg-$(tcg_thread)
		arguments=(-accel "tcg,thread=${accelerator#tcg-}" -cpu qemu64)
	fi
	for i in "${!disks[@]}"; do
		need_space "$LAB_SCRATCH" "${disks[i]}" 'a disk of the guest'
		truncate -s "${disks[i]}M" "$LAB_SCRATCH/disk$i"
		arguments+=(-drive "if=none,id=disk$i,format=raw,cache=unsafe,file=$LAB_SCRATCH/disk$i"
			    -device "virtio-blk-pci,drive=disk$i,serial=lab$i")
	done
}
