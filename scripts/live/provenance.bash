# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# Where a recording of stacks comes from. Sourced by collect-stacks after
# leave-as-found.bash; directory and command are its options, used, seconds and
# command_status what came of them.

# find_filesystem: of directory, into fstype and mount_point.
find_filesystem()
{
	fstype=none mount_point=''
	[[ $directory ]] || return 0
	directory=$(cd -- "$directory" && pwd -P)
	mount_point=$(df -P -- "$directory" | awk 'NR == 2 { print $NF }')
	fstype=$(awk -v at="$mount_point" '$2 == at { t = $3 } END { print t }' /proc/mounts)
}

# config_text: the configuration of the running kernel, if it can be had.
config_text()
{
	if [[ -r /proc/config.gz ]]; then
		gzip -dc /proc/config.gz
	elif [[ -r /boot/config-$KERNEL ]]; then
		cat "/boot/config-$KERNEL"
	else
		return 1
	fi
}

print_config()
{
	config_text >"$work/config" 2>/dev/null || return 0
	printf '# config-sha256: %s\n' "$(sha256sum <"$work/config" | cut -d ' ' -f 1)"
	printf '# config: %s\n' "$(grep -E \
		'^CONFIG_(HZ|PREEMPT[A-Z_]*|UNWINDER_[A-Z]+|VMAP_STACK|KASAN[A-Z_]*|PROVE_LOCKING|CC_VERSION_TEXT|FUNCTION_TRACER|STACK_TRACER)=' \
		"$work/config" | tr '\n' ' ' | sed 's/ $//')"
}

print_filesystem()
{
	local source='' options='' line

	[[ $directory ]] || return 0
	# The last mount over the longest prefix is the one in use.
	line=$(awk -v at="$mount_point" '$2 == at { l = $1 " " $3 " " $4 } END { print l }' /proc/mounts)
	read -r source fstype options <<<"$line"
	printf '# filesystem: %s\n' "$fstype"
	printf '# mount-options: %s\n' "$options"
	if [[ -b $source ]] && command -v lsblk >/dev/null; then
		{
			lsblk -s -n -r -o NAME,TYPE,FSTYPE,SIZE,SCHED "$source" 2>/dev/null ||
				printf '%s\n' "${source##*/}"
		} | sed 's/^/# storage: /'
	else
		printf '# storage: %s\n' "$source"
	fi
}

# print_provenance: lines "# name: value".
print_provenance()
{
	printf '# collected-by: scripts/live/collect-stacks\n'
	printf '# method: %s\n' "$used"
	printf '# date: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
	printf '# kernel: %s\n' "$(uname -srvm)"
	print_config
	printf '# command-line: %s\n' "$(tr -d '\n' </proc/cmdline)"
	printf '# cpus: %s\n' "$(getconf _NPROCESSORS_ONLN 2>/dev/null || grep -c '^processor' /proc/cpuinfo)"
	printf '# memory-kb: %s\n' "$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)"
	print_filesystem
	awk 'NR > 1 { printf "# swap: %s %s %s KiB\n", $1, $2, $3 }' /proc/swaps
	if ((${#command[@]})); then
		printf '# command: %s\n' "$(printf '%q ' "${command[@]}" | sed 's/ $//')"
		printf '# command-status: %s\n' "$command_status"
	else
		printf '# command: none\n'
	fi
	printf '# duration-seconds: %s\n' "$seconds"
}
