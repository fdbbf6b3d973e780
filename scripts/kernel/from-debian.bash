# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The newest source of a kernel that Debian has, by way of a private apt root.
# Sourced by fetch-kernel after common.bash; DOWNLOADS is where tarballs are kept,
# SPACE_DOWNLOAD the MiB they need, LAB_SCRATCH must be there.

SUITES='trixie-backports testing unstable'
SECURITY_SUITES='bookworm-security trixie-security'
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# mirrors: "URI suite" lines to ask, from the mirror this system uses already.
mirrors()
{
	local origins uri security suite

	# shellcheck disable=SC2016 # apt expands these
	origins=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(SUITE)' \
		  2>/dev/null | sort -u) || return 0
	uri=$(awk '$2 == "Debian" && $3 !~ /security/ { print $1; exit }' <<<"$origins")
	security=$(awk '$2 == "Debian" && $3 ~ /security/ { print $1; exit }' <<<"$origins")
	if [[ $uri ]]; then
		for suite in $SUITES; do
			printf '%s %s\n' "$uri" "$suite"
		done
	fi
	if [[ $security ]]; then
		for suite in $SECURITY_SUITES; do
			printf '%s %s\n' "$security" "$suite"
		done
	fi
}

# apt_root URI SUITE: set APT to options that see this one suite and nothing
# of the system's own sources, lists or cache.
apt_root()
{
	local root=$LAB_SCRATCH/apt-$2

	mkdir -p "$root/lists/partial" "$root/cache/archives/partial"
	printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
		"$1" "$2" "$KEYRING" >"$root/lab.sources"
	APT=(-o "Dir::State::Lists=$root/lists" -o "Dir::Cache=$root/cache"
	     -o "Dir::Etc::SourceList=$root/lab.sources" -o "Dir::Etc::SourceParts=-"
	     -o Acquire::Languages=none -o Acquire::Retries=2
	     -o APT::Sandbox::User=root -o Debug::NoLocking=1
	     -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false)
}

# newest_package PACKAGE: "version uri suite" of the newest in any suite.
# A suite that has no such package, or does not exist, is passed over.
newest_package()
{
	local uri suite version best=

	while read -r uri suite; do
		apt_root "$uri" "$suite"
		apt-get "${APT[@]}" -qq update >/dev/null 2>&1 </dev/null || continue
		version=$(apt-cache "${APT[@]}" -o Dir::State::status=/dev/null \
			  madison "$1" 2>/dev/null |
			  awk 'NR == 1 { print $3 }') || continue
		[[ $version ]] || continue
		note "$suite has $1 $version"
		if [[ ! $best ]] || dpkg --compare-versions "$version" gt "${best%% *}"; then
			best="$version $uri $suite"
		fi
	done < <(mirrors)
	[[ $best ]] && printf '%s\n' "$best"
}

# from_debian VERSION: TARBALL and ORIGIN, or failure if no suite has it.
from_debian()
{
	local package=linux-source-$1 version uri suite deb

	[[ -r $KEYRING ]] && command -v apt-get dpkg-deb >/dev/null 2>&1 || return 1
	read -r version uri suite < <(newest_package "$package") || return 1
	TARBALL=$DOWNLOADS/${package}_$version.tar.xz
	ORIGIN="$package $version"
	[[ -e $TARBALL ]] && return 0

	note "getting $ORIGIN from $suite"
	need_space "$DOWNLOADS" "$SPACE_DOWNLOAD" 'the download'
	apt_root "$uri" "$suite"
	# apt checks the package against the signed index.
	(cd "$LAB_SCRATCH" &&
	 apt-get "${APT[@]}" -qq download "$package=$version" >/dev/null 2>&1) ||
		return 1
	deb=$(find "$LAB_SCRATCH" -maxdepth 1 -name "${package}_*.deb")
	dpkg-deb --fsys-tarfile "$deb" |
		tar -xO "./usr/src/$package.tar.xz" >"$LAB_SCRATCH/source.tar.xz"
	mv -- "$LAB_SCRATCH/source.tar.xz" "$TARBALL"
	rm -f -- "$deb"
}
