/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * relocate.h - addresses in a module, whose sections have none yet.
 */
#ifndef STACKDEPTH_RELOCATE_H
#define STACKDEPTH_RELOCATE_H

#include "image.h"

#define IMAGE_SECTION_STRIDE	(1ULL << 32)

/** section_address - address of section @index, made up for a module. */
static inline uint64_t section_address(const struct image *img, size_t index, uint64_t addr)
{
	return img->relocatable ? index * IMAGE_SECTION_STRIDE : addr;
}

/** symbol_address - address of a symbol: its value, or section plus value. */
static inline uint64_t symbol_address(const struct image *img, size_t index, uint64_t value)
{
	return img->relocatable ? index * IMAGE_SECTION_STRIDE + value : value;
}

#endif /* STACKDEPTH_RELOCATE_H */
