# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# Waiting for one of several children. Sourced by what runs them side by side.

# await_any PID...: until one of these children has ended; which one in CHILD,
# its exit status in CHILD_STATUS.
await_any()
{
	CHILD=
	CHILD_STATUS=0
	wait -n -p CHILD "$@" 2>/dev/null || CHILD_STATUS=$?
	[[ ! ${CHILD:-} ]] || return 0
	# bash forgets a job that a signal killed before it was asked for it, except
	# when asked for it by number.
	for CHILD; do
		kill -0 "$CHILD" 2>/dev/null || break
	done
	CHILD_STATUS=0
	wait "$CHILD" || CHILD_STATUS=$?
}
