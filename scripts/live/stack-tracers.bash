# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# What finds the deepest stacks: mm/stack_observer, or ftrace's stack tracer.
# Sourced by collect-stacks after leave-as-found.bash; method and entry_files are its
# options, fstype is the filesystem that is looked at.

# shellcheck source=scripts/live/module.bash
. "$HERE/module.bash" || exit

# start_tracer: the one that was asked for, else the better one. Its name in
# used, the file to read in report.
start_tracer()
{
	used=''
	if [[ $method != ftrace ]]; then
		if start_observer; then
			used=stack_observer
		elif [[ $method == observer ]]; then
			die "$why"
		else
			say "$why; using ftrace's stack tracer"
		fi
	fi
	if [[ ! $used ]]; then
		used=ftrace-stack-tracer
		start_stack_tracer
	fi
}

# stop_tracer: what it found stays where it is.
stop_tracer()
{
	write_to "$control" "$off"
}

# load_observer: from where it may be, the kernel's own modules too.
load_observer()
{
	if [[ -d /sys/module/stack_observer ]]; then
		why='stack_observer is already loaded, by somebody else'
		return 1
	fi
	load_found stack_observer start=0 && return 0
	[[ ! $module ]] || return 1
	if modprobe stack_observer start=0 2>/dev/null; then
		at_exit rmmod stack_observer
		return 0
	fi
	load_built stack_observer start=0
}

start_observer()
{
	local file at

	find_or_mount debugfs /sys/kernel/debug || {
		why='debugfs cannot be mounted'
		return 1
	}
	at=$found/stack_observer
	load_observer || return 1
	for file in "$TOP/fs/${fstype:-none}/entry-points" \
		    ${entry_files[@]+"${entry_files[@]}"}; do
		[[ -r $file ]] || continue
		cat -- "$file" >"$at/entry_points" ||
			die "$file: the observer refuses it, see dmesg"
	done
	control=$at/control
	report=$at/report
	off=stop
	write_to "$control" start || die 'the observer does not start'
}

start_stack_tracer()
{
	local enabled filter line

	find_or_mount tracefs /sys/kernel/tracing ||
		die 'no tracefs'
	report=$found/stack_trace
	[[ -r $report && -w $found/stack_max_size ]] ||
		die 'this kernel has no stack tracer (CONFIG_STACK_TRACER)'
	read -r enabled </proc/sys/kernel/stack_tracer_enabled
	if [[ $enabled != 0 ]]; then
		say "ftrace's stack tracer is already in use; its maximum begins anew"
	fi
	control=/proc/sys/kernel/stack_tracer_enabled
	off=0
	at_exit write_to "$control" "$enabled"
	if [[ -w $found/stack_trace_filter ]]; then
		# A filter would hide stacks. Write it back line by line.
		filter=$(grep -v '^#' "$found/stack_trace_filter" || :)
		if [[ $filter ]]; then
			while IFS= read -r line; do
				at_exit append_to "$found/stack_trace_filter" "$line"
			done <<<"$filter"
			: >"$found/stack_trace_filter"
		fi
	fi
	read -r line <"$found/stack_max_size"
	at_exit write_to "$found/stack_max_size" "$line"
	write_to "$control" 0
	write_to "$found/stack_max_size" 0
	write_to "$control" 1 || die "$control: cannot be switched on"
}

append_to()
{
	printf '%s\n' "$2" >>"$1"
}
