/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image.h - a vmlinux or a module: its symbols, its code, its ORC tables.
 *
 * Sections of a module have no addresses yet; each gets a range of its own,
 * 4 GB apart (relocate.h).
 */
#ifndef STACKDEPTH_IMAGE_H
#define STACKDEPTH_IMAGE_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct image_symbol {
	uint64_t addr;
	uint64_t length;	/* to the next symbol, as kallsyms counts */
	uint64_t size;		/* as the ELF symbol says; 0 for most assembler */
	bool last;		/* of its section: in a module, longer when loaded */
	const char *name;
};

struct image_section {
	uint64_t addr, size;
	const unsigned char *code;	/* NULL: no content */
};

enum orc_type {
	ORC_UNDEFINED,		/* no unwinding: data, or unreachable */
	ORC_END,		/* outermost: nothing called this */
	ORC_CALL,		/* a function */
	ORC_REGS,		/* struct pt_regs on the stack */
	ORC_REGS_PARTIAL,	/* only what the CPU pushes */
};

/* Base registers, whatever number a version has for them. */
enum orc_reg {
	ORC_REG_OTHER,
	ORC_REG_SP,
	ORC_REG_BP,
	ORC_REG_R10,
	ORC_REG_BP_INDIRECT,
};

struct orc_entry {
	uint64_t ip;
	int16_t sp_offset;
	uint8_t sp_reg;		/* enum orc_reg */
	uint8_t type;		/* enum orc_type */
};

struct image {
	int fd;
	Elf *elf;
	char *name;
	bool relocatable;	/* a module */
	struct image_section *sections;	/* those with code */
	size_t nr_sections;
	struct image_symbol *symbols;	/* in code, by address */
	size_t nr_symbols;
	struct image_symbol **by_name;	/* the same, by name */
	struct orc_entry *orc;		/* by ip */
	size_t nr_orc;
};

/**
 * image_open - read a vmlinux or a .ko
 *
 * Return: NULL after a line on @messages that says what is missing.
 */
struct image *image_open(const char *path, FILE *messages);
/** image_read - the same from memory, which must outlive the image. */
struct image *image_read(char *data, size_t size, const char *name, FILE *messages);
void image_close(struct image *img);

/** image_find - first symbol called @name in by_name[], and how many there are. */
struct image_symbol **image_find(const struct image *img, const char *name, size_t *n);
/** image_symbol_at - the symbol whose range holds @addr, or NULL. */
const struct image_symbol *image_symbol_at(const struct image *img, uint64_t addr);
/** image_orc - the ORC entry in force at @ip, or NULL. */
const struct orc_entry *image_orc(const struct image *img, uint64_t ip);
/** image_code - bytes from @addr to the end of its section, or NULL. */
const unsigned char *image_code(const struct image *img, uint64_t addr, size_t *len);

/* orc.c */
int orc_read(struct image *img, FILE *messages);

#endif /* STACKDEPTH_IMAGE_H */
