# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# What every guest test needs, the kernels, the programs and the initramfs, is
# built once, under no test's time limit, while host tests run. If that fails, so
# do the guest tests. Sourced by tests/run.
#
# PREPARE: another command that builds, for the tests of this program.
# PREPARE_LIMIT: seconds for each of its three steps.

# Process id of what builds, while it does; what prints its progress.
preparing=
printer=
# Why the guest tests cannot be run, if so.
unprepared=
prepare_log=$logs/prepare.log
prepare_limit=${PREPARE_LIMIT:-3000}

# The programs are built under the lock of those who build them for a host test.
# shellcheck disable=SC2016 # for the inner shell
build_all='make=(timeout --foreground -k 10 "$1" make -C "$2" --no-print-directory)
"${make[@]}" kernels kunit-kernel && flock "$3" "${make[@]}" host guest && "${make[@]}" initramfs'

# prepare: start to build, if there is a guest test to run.
prepare()
{
	local test out

	[[ ! ${TESTS_DIR:-} || ${PREPARE:-} ]] || return 0
	for test in "${chosen[@]}"; do
		if ! in_group "$test" || [[ $(header "$test" group) != guest ]]; then
			continue
		fi
		echo 'building the kernels and what the guests boot'
		exec {out}> >(tee "$prepare_log" | grep --line-buffered '^[a-z]*-[a-z]*: ')
		printer=$!
		setsid bash -c "${PREPARE:-"$build_all"}" prepare "$prepare_limit" "$top" \
			"${logs%/*}/.make-lock" </dev/null >&"$out" 2>&1 &
		preparing=$!
		running["$preparing"]=prepare
		exec {out}>&-
		return
	done
}

# prepared STATUS: it has ended, and all of its process group.
prepared()
{
	local i

	preparing=
	# Until the log is complete; not for ever, should something have it open.
	for ((i = 0; i < 100; i++)); do
		kill -0 "$printer" 2>/dev/null || break
		sleep 0.1
	done
	[[ $1 == 0 ]] || unprepared="the kernels were not built: $(first_error "$1"); see $prepare_log"
}

# first_error STATUS: in the log. A program that fails says why in its last line,
# before make says that it failed; a compiler says "error:".
first_error()
{
	awk -v status="$1" -v limit="$prepare_limit" '
		status == 124 || status == 137 { exit }
		/error:/ { found = $0 }
		/\*\*\*/ { found = last != "" ? last : $0 }
		found != "" { exit }
		NF { last = $0 }
		END {
			if (status == 124 || status == 137)
				found = "time limit of " limit " s"
			else if (found == "")
				found = last != "" ? last : "exit status " status
			print substr(found, 1, 300)
		}' "$prepare_log"
}
