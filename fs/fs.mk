# SPDX-License-Identifier: GPL-2.0-only

GUEST_PROGRAMS += $(BUILD)/guest/fs-writer
FS_WRITER_SOURCES := fs/fs-writer.c fs/writeback.c fs/metadata.c fs/read.c

# What all workloads share is listed in mm/mm.mk, which is read after this.
## build/guest/fs-writer: the filesystem workloads
$(BUILD)/guest/fs-writer: $(FS_WRITER_SOURCES) fs/fs-writer.h mm/*.[ch]
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(GUEST_CFLAGS) -o $@ $(FS_WRITER_SOURCES) $(WORKLOAD_SOURCES)
