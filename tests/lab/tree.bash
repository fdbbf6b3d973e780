# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A kernel tree that is made up, whose build and guests take no time: linux/ in
# the scratch directory, a git tree. Its guests take as long as the number in
# mm/vmscan.c says, and with "broken" in there it does not compile. After
# tests/lab/images.bash.

PATH=$PATH:/usr/sbin need ccache bison flex bc zstd
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@localhost
export GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@localhost

mkdir -p linux/mm linux/arch
# Its payload, which is the compressed kernel, is said to begin at 512 + 529 and to
# be six bytes long: the word factor, with which mm/vmscan.c begins.
{
	head -c 584 one
	printf '\21\2\0\0\6\0\0\0'
	head -c 1041 one | tail -c +593
} >linux/arch/head
printf '.*\n!.gitignore\n*.o\n' >linux/.gitignore
touch linux/Kbuild
echo 'factor 1000' >linux/mm/vmscan.c
cat >linux/Makefile <<'END'
VERSION = 7
PATCHLEVEL = 3
SUBLEVEL = 4
EXTRAVERSION =
NAME = Test
allnoconfig:
	@cp $(KCONFIG_ALLCONFIG) $(O)/.config
outputmakefile:
	@printf 'modules:\n\t@touch $$(M)/$$(notdir $$(M)).ko\n' >$(O)/Makefile
bzImage: outputmakefile
	@echo '  CC      mm/vmscan.o'
	@! grep -n broken mm/vmscan.c >/dev/null || { echo 'mm/vmscan.c:1:1: error: broken'; exit 1; }
	@mkdir -p $(O)/arch/x86/boot/compressed $(O)/include/config
	@printf factor >$(O)/arch/x86/boot/compressed/vmlinux.bin.gz
	@cat arch/head mm/vmscan.c >$(O)/arch/x86/boot/bzImage
	@cp mm/vmscan.c $(O)/vmlinux
	@touch $(O)/Module.symvers
	@echo 7.3.4 >$(O)/include/config/kernel.release
modules:
END
git init -q -b main linux
git -C linux add .
git -C linux commit -q -m base
