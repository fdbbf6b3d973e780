# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Scenario files that a user writes (Documentation/workloads.md), and lists of
# seeds. Sourced after common.bash.

# seed_list TEXT WHAT: "12" is 1 to 12; "3-5,9" are 3, 4, 5 and 9. One a line.
seed_list()
{
	local text=$1 part first last
	local one='[1-9][0-9]{0,8}'

	if [[ $text =~ ^[1-9][0-9]{0,4}$ ]]; then
		seq 1 "$text"
		return
	fi
	[[ $text == *[-,]* && $text =~ ^$one(-$one)?(,$one(-$one)?)*$ ]] ||
		die "$2: expected a whole number above 0, got '$text'"
	for part in ${text//,/ }; do
		first=${part%-*}
		last=${part#*-}
		((first <= last && last - first < 100000)) ||
			die "$2: expected a range that goes up, got '$part'"
		seq "$first" "$last"
	done | sort -nu
}

# scenario_check FILE: its lines are "key value" with keys that mean something.
scenario_check()
{
	local message

	[[ -r $1 && -f $1 ]] || die "$1: no such scenario file"
	[[ $1 =~ (^|/)[A-Za-z0-9_.-]+\.scenario$ ]] ||
		die "$1: expected a file name of letters, digits, _, . and - that ends in .scenario"
	message=$(awk -v name="$1" '
		function bad(text) { printf "%s:%d: %s\n", name, NR, text; exit }
		/^[ \t]*(#|$)/ { next }
		NF < 2 { bad("expected \"key value\", found \"" $0 "\"") }
		$1 in seen { bad($1 " was given already") }
		{ seen[$1] = 1 }
		$1 ~ /^(hog|writer|provoke|psi|sysctl)\../ { next }
		$1 ~ /^(like|fs|append|mount_options|seeds)$/ { next }
		$1 == "clock" {
			if ($2 != "virtual" && $2 != "host")
				bad("expected virtual or host, found \"" $2 "\"")
			next
		}
		$1 == "workload" {
			if ($2 != "writer" && $2 != "provoke")
				bad("expected writer or provoke, found \"" $2 "\"")
			next
		}
		$1 ~ /^(memory\.(virtual|host)|free_mb|disk_mb|swap_mb|vcpus|timeout|disk\.(completion_nsec|queue_depth))$/ {
			if (NF != 2 || $2 !~ /^[1-9][0-9]*$/ || $2 > 1000000000)
				bad($1 ": expected a whole number above 0, found \"" $2 "\"")
			next
		}
		{ bad("unknown key " $1) }' "$1")
	[[ ! $message ]] || die "$message"
}

# scenario_folders FILE: the filesystems it is for.
scenario_folders()
{
	local like folder=${1%/*}

	if key_value "$1" fs; then
		return
	fi
	like=$(key_value "$1" like || :)
	if [[ $like == */* ]]; then
		printf '%s\n' "${like%%/*}"
	elif [[ -e $folder/filesystem && $1 == */* ]]; then
		printf '%s\n' "${folder##*/}"
	else
		die "$1: expected a line \"fs NAME\""
	fi
}

# scenario_expand FILE FS: what FILE says, and what it does not say and the
# scenario that it is like does.
scenario_expand()
{
	local like

	if ! like=$(key_value "$1" like); then
		sed -e '/^[[:space:]]*\(#\|$\)/d' -- "$1"
		return
	fi
	like=$LAB_TOP/fs/$2/${like#*/}.scenario
	[[ -r $like ]] || die "$1: no scenario ${like#"$LAB_TOP"/}"
	awk '/^[ \t]*(#|$)/ || $1 == "like" || $1 in seen { next }
	     FNR == NR { own[$1] = 1; print; next }
	     !($1 in own)' "$1" "$like"
}
