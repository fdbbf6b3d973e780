# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the guest tests of the observer share. Sourced after tests/lib.bash.
#
# OBSERVER_KERNELS: kernel build directories to test with, instead of vanilla
# and patched in build/kernel/.

# kernels: the build directories of the kernels to test with, one a line. Fails
# if one of the lab's is not built; call it where that ends the test.
kernels()
{
	local build dir file

	if [[ ${OBSERVER_KERNELS:-} ]]; then
		# shellcheck disable=SC2086 # one word each
		printf '%s\n' $OBSERVER_KERNELS
		return
	fi
	build=$(cd "$TEST_TOP" && realpath -m -- "${BUILD:-build}")
	for dir in "$build"/kernel/{vanilla,patched}; do
		for file in arch/x86/boot/bzImage vmlinux Module.symvers; do
			[[ -s $dir/$file ]] || fail "$dir/$file: expected a built kernel"
		done
		printf '%s\n' "$dir"
	done
}

# modules KERNEL DIR: the observer and the module of known depth for KERNEL.
modules()
{
	local name path dir

	if [[ ! -e $1/vmlinux ]]; then
		# Headers of a distribution.
		mkdir -p "$2"
		for path in mm/stack_observer tests/observer/known_depth; do
			name=${path##*/}
			rm -rf "module-$name"
			cp -r "$TEST_TOP/$path" "module-$name"
			make -C "$1" M="$PWD/module-$name" modules >modules.log 2>&1 ||
				fail "$name for $1: $(tail -n 3 modules.log)"
			cp "module-$name/$name.ko" "$2/"
		done
		return
	fi
	# Once for all tests of this kernel; who comes second finds them built.
	dir=$(cd "$TEST_TOP" && realpath -m -- "${BUILD:-build}")/test-modules/${1##*/}
	mkdir -p "$dir" "$2"
	flock "$dir/.lock" "$TEST_TOP/scripts/kernel/build-modules" "$1" "$dir" \
		"$TEST_TOP/mm/stack_observer" "$TEST_TOP/tests/observer/known_depth" >modules.log 2>&1 ||
		fail "modules for $1: $(tail -n 3 modules.log)"
	cp "$dir"/*.ko "$2/"
}

# add_program ROOT PROGRAM: with the libraries it needs, at the same paths.
add_program()
{
	local file

	for file in "$2" $(ldd "$2" 2>/dev/null | grep -o '/[^ )]*'); do
		[[ ! -e $1$file ]] || continue
		mkdir -p "$1${file%/*}"
		cp -L -- "$file" "$1$file"
	done
}

# new_root ROOT SCRIPT: a guest that runs SCRIPT with busybox's shell; what it
# prints is the result, on the second serial line.
new_root()
{
	mkdir -p "$1"/{bin,sbin,proc,sys,dev,tmp,mnt}
	cp -- "$(command -v busybox)" "$1/bin/busybox"
	ln -s busybox "$1/bin/sh"
	cp -- "$2" "$1/script"
	cat >"$1/init" <<-'EOF'
		#!/bin/sh
		export PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
		/bin/busybox --install -s /bin
		mount -t proc proc /proc
		mount -t sysfs sysfs /sys
		mount -t devtmpfs dev /dev 2>/dev/null
		mount -t debugfs debugfs /sys/kernel/debug
		mount -t cgroup2 cgroup2 /sys/fs/cgroup
		mount -t tmpfs tmpfs /tmp
		exec </dev/null >/dev/ttyS1 2>/dev/ttyS0
		stty -F /dev/ttyS1 raw
		sh /script
		echo "script-exit $?"
		poweroff -f
	EOF
	chmod +x "$1/init"
}

# pack ROOT FILE: the same bytes for the same contents.
pack()
{
	(
		cd "$1" || exit
		find . -exec touch -h -d @0 {} +
		find . | sort | cpio -o -H newc --quiet --reproducible --owner 0:0
	) >"$2"
}

# boot KERNEL INITRD DIR [OPTION...]: DIR gets console.log and results.raw of a
# guest that ended by itself and has nothing to complain about.
boot()
{
	local kernel=$1 initrd=$2 dir=$3

	shift 3
	"$TEST_TOP/scripts/qemu/run-guest" --kernel "$kernel" --initrd "$initrd" \
		--output "$dir" "$@" >run-guest.log 2>&1 ||
		fail "run-guest: $(tail -n 3 run-guest.log)"
	grep -q '^script-exit 0' "$dir/results.raw" || {
		# What a kernel says first of its end is worth more than the last lines.
		cat "$dir/console.log"
		echo '-- in short:'
		tail -n 2 "$dir/results.raw"
		grep -aE -m 12 'BUG:|Oops|fault|RIP:|Comm:|\? |\+0x|panic' "$dir/console.log" ||
			tail -n 5 "$dir/console.log"
		fail "the guest's script did not end well"
	}
	! grep -E 'WARNING:|BUG:|KASAN|Oops|possible recursive|suspicious RCU|Call Trace' \
		"$dir/console.log" || fail "$kernel: a kernel report, see above"
}
