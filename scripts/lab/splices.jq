# SPDX-License-Identifier: GPL-2.0-only
#
# From "stackdepth report --json" of what the observer recorded: per class who
# was spliced onto whom, the deepest of each pair. Stacks with interrupts on
# top say nothing that those without do not.
.stacks | map(select(.title != "max_bytes_with_interrupts")) | group_by(.class) |
map({
	key: .[0].class,
	value: ([.[].splices[]] | group_by([.into, .by]) | map(max_by(.adds_bytes)))
}) | from_entries
