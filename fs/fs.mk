# SPDX-License-Identifier: GPL-2.0-only

GUEST_PROGRAMS += $(BUILD)/guest/fs-writer
FS_WRITER_SOURCES := fs/fs-writer.c fs/writeback.c fs/metadata.c fs/read.c

# mm/crew.c and the histogram are shared with mm/anon-hog, see mm/mm.mk.
## build/guest/fs-writer: the filesystem workloads
$(BUILD)/guest/fs-writer: $(FS_WRITER_SOURCES) fs/fs-writer.h mm/crew.c mm/crew.h \
		mm/latency_histogram.c mm/latency_histogram.h mm/prng.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(GUEST_CFLAGS) -o $@ $(FS_WRITER_SOURCES) \
		mm/crew.c mm/latency_histogram.c
