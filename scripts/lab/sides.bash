# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154,SC2178
#
# The two sides of a comparison, by what a user calls them. Sourced after
# common.bash.
#
#	vanilla, patched, vanilla-debug, patched-debug	kernels of the lab
#	DIR		a tree of kernel source, as it is, uncommitted work included
#	TREE@REF	a git tree at a commit, branch or tag
#	BZIMAGE		a kernel image; its build directory if it is in one
#
# side_parse SIDE NAME SPEC sets the associative array SIDE: spec, kind (named,
# dir, ref, image), path, ref, commit, version, build (the image's build
# directory, or empty) and label, which becomes the variant in results.json.
# NAME is what messages call it.

WANT=${WANT:-7.3}

# git_only_read ARGUMENTS...: git in a tree of the user, without a lock or an
# index refreshed in it, whoever owns it.
git_only_read()
{
	GIT_OPTIONAL_LOCKS=0 git -c safe.directory='*' -c core.fsmonitor=false "$@"
}

# is_wanted VERSION: it is the release that the lab's configuration is for.
is_wanted()
{
	[[ $1 == "$WANT" || $1 == "$WANT".* || $1 == "$WANT"-* ]]
}

# is_image FILE: "HdrS" where the boot protocol of x86 has it.
is_image()
{
	[[ -f $1 && $(od -An -c -j 514 -N 4 -- "$1" 2>/dev/null | tr -d ' ') == HdrS ]]
}

# image_release FILE: the release that the image says it is, up to the blank.
image_release()
{
	local offset

	offset=$(od -An -tu2 -j 526 -N 2 -- "$1" | tr -d ' ')
	dd if="$1" bs=1 skip=$((offset + 512)) count=128 2>/dev/null |
		tr '\0' '\n' | head -n 1 | cut -d' ' -f1
}

# label_of TEXT: as a name of files, too.
label_of()
{
	local label=${1//[^A-Za-z0-9._@-]/-}

	while [[ $label == [.-]* ]]; do
		label=${label:1}
	done
	label=${label:0:60}
	[[ ! $label =~ ^(vanilla|patched)(-debug|-again)?$ ]] || label=$label-tree
	printf '%s\n' "${label:-tree}"
}

# side_source SIDE NAME: SIDE[path] is kernel source of the right version.
side_source()
{
	local -n of=$1
	local version makefile

	if [[ ${of[kind]} == ref ]]; then
		git_only_read -C "${of[path]}" rev-parse --git-dir >/dev/null 2>&1 ||
			die "$2=${of[spec]}: ${of[path]} is no git tree"
		of[commit]=$(git_only_read -C "${of[path]}" rev-parse --verify -q \
			"${of[ref]}^{commit}" 2>/dev/null) ||
			die "$2=${of[spec]}: ${of[path]} has no commit '${of[ref]}'"
		makefile=$(git_only_read -C "${of[path]}" show "${of[commit]}:Makefile" 2>/dev/null) ||
			die "$2=${of[spec]}: no kernel source at '${of[ref]}'"
		version=$(kernel_version_of <<<"$makefile") ||
			die "$2=${of[spec]}: no kernel source at '${of[ref]}'"
	else
		if [[ ! -e ${of[path]}/mm/vmscan.c ]] || ! version=$(kernel_version "${of[path]}"); then
			die "$2=${of[spec]}: neither kernel source nor a kernel image"
		fi
	fi
	is_wanted "$version" || die "$2=${of[spec]} is Linux $version, not $WANT"
	of[version]=$version
}

# side_image SIDE NAME: where its headers are, and what it needs to boot here.
side_image()
{
	local -n of=$1
	local build missing

	build=${of[path]%/arch/x86/boot/bzImage}
	if [[ $build != "${of[path]}" && -e $build/Module.symvers && -e $build/.config ]]; then
		of[build]=$build
		of[version]=$(cat "$build/include/config/kernel.release" 2>/dev/null) ||
			die "$2=${of[spec]}: $build has no include/config/kernel.release"
		missing=$(comm -23 <(printf '%s\n' "${IMAGE_NEEDS[@]}" | sort) \
			<(sort "$build/.config") | paste -sd' ')
		[[ ! $missing ]] ||
			die "$2=${of[spec]}: a guest needs what its configuration has not: $missing"
	else
		of[version]=$(image_release "${of[path]}")
	fi
	[[ ${of[version]} ]] || die "$2=${of[spec]}: the image does not say which release it is"
}

# Without these a guest cannot be booted or cannot say what it measured.
IMAGE_NEEDS=(CONFIG_64BIT=y CONFIG_BLK_DEV_INITRD=y CONFIG_BLK_DEV_NULL_BLK=y
	     CONFIG_CONFIGFS_FS=y CONFIG_DEVTMPFS=y CONFIG_PROC_FS=y CONFIG_SYSFS=y
	     CONFIG_SERIAL_8250_CONSOLE=y CONFIG_SWAP=y)

# side_parse SIDE NAME SPEC
side_parse()
{
	local -n side=$1
	local name=$2 spec=$3 tree rest

	[[ $spec ]] || die "$name: expected vanilla, patched, a directory, TREE@REF or a bzImage"
	# shellcheck disable=SC2088 # make does not expand it
	[[ $spec != '~/'* ]] || spec=$HOME/${spec:2}
	side=([spec]=$3 [path]='' [ref]='' [build]='' [commit]='' [version]='')
	if [[ $spec =~ ^(vanilla|patched)(-debug)?$ ]]; then
		side[kind]=named
		side[label]=$spec
		side[path]=$spec
		return
	fi
	if [[ ! -e $spec && $spec == *@* ]]; then
		tree=${spec%%@*}
		rest=${spec#*@}
		# A path may have an @ in it, and so may a ref.
		while [[ ! -d $tree && $rest == *@* ]]; do
			tree=$tree@${rest%%@*}
			rest=${rest#*@}
		done
		[[ -d $tree ]] || die "$name=$3: no such tree: $tree"
		[[ $rest ]] || die "$name=$3: expected TREE@REF"
		side[kind]=ref
		side[path]=$(realpath -e -- "$tree")
		side[ref]=$rest
		side[label]=$(label_of "${side[path]##*/}@$rest")
		side_source "$1" "$name"
		return
	fi
	[[ -e $spec ]] ||
		die "$name=$3: not vanilla or patched, and no such directory or file"
	side[path]=$(realpath -e -- "$spec")
	if [[ -d ${side[path]} && ! -e ${side[path]}/mm/vmscan.c &&
	      -e ${side[path]}/arch/x86/boot/bzImage ]]; then
		side[path]=${side[path]}/arch/x86/boot/bzImage
	fi
	if [[ -d ${side[path]} ]]; then
		side[kind]=dir
		side[label]=$(label_of "${side[path]##*/}")
		side_source "$1" "$name"
		return
	fi
	is_image "${side[path]}" || die "$name=$3: neither kernel source nor a kernel image"
	side[kind]=image
	side_image "$1" "$name"
	tree=${side[build]:-${side[path]}}
	side[label]=$(label_of "${tree##*/}${side[build]:+-bzImage}")
}

# side_same SIDE OTHER: both are the same kernel.
side_same()
{
	local -n one=$1 two=$2

	[[ ${one[kind]} == "${two[kind]}" && ${one[path]} == "${two[path]}" &&
	   ${one[ref]} == "${two[ref]}" ]]
}
