# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# lab judge: a cell by hand. After tests/lib.bash.

build host
LAB=$(cd "$TEST_TOP" && realpath -m -- "${BUILD:-build}")

# end_of FILE: the line that ends a result: the CRC-32 that gzip has as well.
end_of()
{
	printf 'end %s\n' "$(gzip -c <"$1" | tail -c 8 | od -An -tx4 -N4 | tr -d ' ')"
}

# guest: what run-guest left; result on stdin without its end. ENDS: exit status
# of QEMU, and whether it timed out.
guest()
{
	local ends

	read -r -a ends <<<"${ENDS:-0 0}"
	rm -rf cell
	mkdir -p cell/raw
	jq -n '{id: "c1", kernel: "unknown", variant: "vanilla", fs: "xfs", storage: "null_blk",
		workload: "writeback", clock: "virtual", vcpus: 2, memory_mib: 512, seed: 3,
		command: "scripts/lab run", settings: []}' >cell/asked.json
	printf 'qemu-exit %s\ntimed-out %s\nhost-seconds 1.5\naccelerator tcg-icount\n' \
		"${ends[@]}" >cell/raw/guest.end
	cat >body
	{
		cat body
		end_of body
	} >cell/raw/results.raw
	printf '[    0.000000] Linux version 7.3.4\nlab: hello\n' >cell/raw/console.log
}

judge()
{
	run "$LAB/lab" --top "$TEST_TOP" judge --build "$LAB" cell
}

# expect_cell STATUS
expect_cell()
{
	judge
	expect_equal status "$1 cell" "$(<out)"
	expect_equal 'status in cell.json' "$1" "$(jq -r .status cell/cell.json)"
	if [[ $1 == ok ]]; then expect_status 0; else expect_status 2; fi
}

good()
{
	printf 'lab-results 1\nparam fs xfs\nparam scenario writeback\nparam seed 3\n'
	printf 'param kernel 7.3.4\nvalue runtime_ns 18446744073\nvalue direct_writes 0\n'
	printf 'vmstat pswpout 12\nvmstat nr_free_pages -34\nlatency fault p50 100\n'
	printf 'latency fault max 200\nhistogram fault 64 3\nhistogram fault 128 1\n'
	printf 'psi memory_some_ns 7000\nstack any max_bytes 5000\ncheck content ok all pages as written\n'
	printf 'file stack 12\nline 1\nend x\n'
	printf 'param clock virtual\nparam vcpus 2\nexit 0\n'
}
