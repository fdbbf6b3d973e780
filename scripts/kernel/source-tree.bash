# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# Trees of kernel source: their version, their files' dates, and commits to them
# that have the same hash everywhere. Sourced after lib/common.bash.

# The content of every tree that was fetched or made, as git objects.
STORE=$LAB_CACHE/git

# kernel_version_of: version from the Makefile on stdin, like 7.3.4.
kernel_version_of()
{
	awk '$2 == "=" && $1 ~ /^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)$/ { v[$1] = $3 }
	     $1 == "NAME" { exit }
	     END {
		if (v["VERSION"] == "" || v["PATCHLEVEL"] == "")
			exit 1
		printf "%s.%s", v["VERSION"], v["PATCHLEVEL"]
		if (v["SUBLEVEL"] != "" && v["SUBLEVEL"] != 0)
			printf ".%s", v["SUBLEVEL"]
		print v["EXTRAVERSION"]
	     }'
}

# kernel_version SRC: version of a kernel tree.
kernel_version()
{
	[[ -r $1/Makefile ]] && kernel_version_of <"$1/Makefile"
}

# touch_all DIR: one date, that of now, for all files: none of them is newer
# than another, and all are newer than what was there before.
touch_all()
{
	find "$1" -type f -print0 | xargs -0 touch --no-create -d "@$EPOCHREALTIME" --
}

# for_sed TEXT: as the pattern or the replacement of a s|||.
for_sed()
{
	sed 's/[][\.*^$|&]/\\&/g' <<<"$1"
}

# rename_objtool OBJECTS PLACE: objects that were copied and will be at PLACE.
# objtool alone is built with the names of its place; with those of the one that it
# came from make would build it anew, and after it every object.
rename_objtool()
{
	local old

	old=$(sed -n '/^cmd_[^ ]*\/tools\/objtool\// { s/^cmd_//; s/\/tools\/objtool\/.*//p; q }' \
		"$1"/tools/objtool/.*.cmd 2>/dev/null) || return 0
	[[ $old == /*/* ]] || return 0
	find "$1/tools/objtool" -name '.*.cmd' -exec sed -i -e "s|$(for_sed "$old")/|$(for_sed "$2")/|g" \
		-e "s|$(for_sed "${old%/*}")/tools/|$(for_sed "${2%/*}")/tools/|g" \
		-e "s|/$(for_sed "${old##*/}")/tools/|/$(for_sed "${2##*/}")/tools/|g" {} +
}

# lab_identity: fixed author and committer, so that commit hashes repeat.
lab_identity()
{
	export GIT_AUTHOR_NAME=lab GIT_AUTHOR_EMAIL=lab@localhost
	export GIT_COMMITTER_NAME=lab GIT_COMMITTER_EMAIL=lab@localhost
	export GIT_AUTHOR_DATE='2024-01-01T00:00:00+0000'
	export GIT_COMMITTER_DATE='2024-01-01T00:00:00+0000'
	# Nothing of the user's configuration may change a result.
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
}
