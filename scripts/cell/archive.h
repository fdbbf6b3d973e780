/* SPDX-License-Identifier: GPL-2.0-only */
/* An initramfs with a file more. */
#ifndef CELL_ARCHIVE_H
#define CELL_ARCHIVE_H

/**
 * archive_append() - copy archives and add one file, or fail
 * @path: of the new file
 * @archives: cpio archives to copy, one after the other; ends with NULL
 * @name: of the file in the archive, without a / in front
 * @content: of the file, text
 *
 * Format: newc, Documentation/driver-api/early-userspace/buffer-format.rst.
 * The same input gives the same bytes.
 */
void archive_append(const char *path, const char *const archives[],
		    const char *name, const char *content);

#endif
