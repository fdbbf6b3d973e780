// SPDX-License-Identifier: GPL-2.0-only
/*
 * orc.c - the ORC unwind tables: where the caller's frame is, for every
 * instruction of the kernel.
 *
 * .orc_unwind_ip holds 32-bit distances from each of its words to an
 * instruction, .orc_unwind an entry of 6 bytes for each (arch/x86/include/
 * asm/orc_types.h). A vmlinux is sorted when it is linked; a module when it
 * is loaded, so here it is not, and its words are not relocated yet.
 * The order of the fields in the last two bytes differs between versions;
 * since 6.3 .orc_header holds a hash of their definition.
 */
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "model.h"
#include "relocate.h"

#define ORC_ENTRY_BYTES	6
#define ORC_HASH_BYTES	20

/* How the 16 bits after the two offsets are used. */
enum orc_version {
	ORC_6_1,	/* sp_reg:4 bp_reg:4 type:2 end:1 */
	ORC_6_3,	/* sp_reg:4 bp_reg:4 type:2 signal:1 end:1 */
	ORC_6_4,	/* sp_reg:4 bp_reg:4 type:3 signal:1 */
	ORC_7_3,	/* the same, the registers numbered anew */
};

/* scripts/orc_hash.sh of the kernels named */
static const struct {
	enum orc_version version;
	unsigned char hash[ORC_HASH_BYTES];
} known[] = {
	{ ORC_6_3, { 0xdb, 0x84, 0xae, 0xd4, 0x10, 0x3b, 0x31, 0xdd, 0x51, 0xe0,
		     0x17, 0xf8, 0xf7, 0x97, 0x83, 0xca, 0x98, 0x5c, 0x2c, 0x51 } },
	/* 6.4 */
	{ ORC_6_4, { 0xfe, 0x5d, 0x32, 0xbf, 0x58, 0x1b, 0xd6, 0x3b, 0x2c, 0xa9,
		     0xa5, 0xc6, 0x5b, 0xa5, 0xa6, 0x25, 0xea, 0xb3, 0xfe, 0x24 } },
	/* 7.3 */
	{ ORC_7_3, { 0x13, 0x7c, 0x36, 0xad, 0x76, 0x27, 0xc4, 0xdd, 0x55, 0x93,
		     0x21, 0x76, 0xbb, 0x0e, 0xcd, 0xbd, 0x50, 0x41, 0xfc, 0x82 } },
};

struct orc_sections {
	Elf_Data *ip, *entries, *header, *relocations;
	uint64_t ip_addr;
	size_t ip_index;
	size_t symtab;		/* of the relocations */
};

static int complain(const struct image *img, FILE *messages, const char *what)
{
	if (messages)
		fprintf(messages, "stackdepth: %s: %s\n", img->name, what);
	return -1;
}

static void find_sections(struct image *img, struct orc_sections *s)
{
	size_t names, index;
	Elf_Scn *scn = NULL;

	memset(s, 0, sizeof(*s));
	if (elf_getshdrstrndx(img->elf, &names))
		return;
	while ((scn = elf_nextscn(img->elf, scn))) {
		const char *name;
		GElf_Shdr sh;

		index = elf_ndxscn(scn);
		if (!gelf_getshdr(scn, &sh))
			continue;
		name = elf_strptr(img->elf, names, sh.sh_name);
		if (!name)
			continue;
		if (!strcmp(name, ".orc_unwind_ip") && sh.sh_type == SHT_PROGBITS) {
			s->ip = elf_rawdata(scn, NULL);
			s->ip_addr = section_address(img, index, sh.sh_addr);
			s->ip_index = index;
		} else if (!strcmp(name, ".orc_unwind") && sh.sh_type == SHT_PROGBITS) {
			s->entries = elf_rawdata(scn, NULL);
		} else if (!strcmp(name, ".orc_header") && sh.sh_type == SHT_PROGBITS) {
			s->header = elf_rawdata(scn, NULL);
		} else if (!strcmp(name, ".rela.orc_unwind_ip") && sh.sh_type == SHT_RELA) {
			s->relocations = elf_getdata(scn, NULL);
			s->symtab = sh.sh_link;
		}
	}
}

static int find_version(struct image *img, const struct orc_sections *s,
			enum orc_version *version, FILE *messages)
{
	*version = ORC_6_1;
	if (!s->header || !s->header->d_buf)
		return 0;
	if (s->header->d_size < ORC_HASH_BYTES)
		return complain(img, messages, "expected a hash of 20 bytes in .orc_header");
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (!memcmp(known[i].hash, s->header->d_buf, ORC_HASH_BYTES)) {
			*version = known[i].version;
			return 0;
		}
	}
	return complain(img, messages,
			"expected an ORC format of 6.1 to 7.3, found another hash in .orc_header");
}

static enum orc_type type_of(enum orc_version version, uint16_t bits)
{
	unsigned int end_bit = version == ORC_6_1 ? 10 : 11;

	if (version >= ORC_6_4)
		return bits >> 8 & 7;
	if (!(bits & 15))	/* no base register */
		return bits >> end_bit & 1 ? ORC_END : ORC_UNDEFINED;
	return ORC_CALL + (bits >> 8 & 3);
}

static enum orc_reg reg_of(enum orc_version version, unsigned int number)
{
	static const uint8_t since_7_3[16] = {
		[3] = ORC_REG_SP, [4] = ORC_REG_BP, [6] = ORC_REG_R10,
		[10] = ORC_REG_BP_INDIRECT,
	};
	static const uint8_t before[16] = {
		[5] = ORC_REG_SP, [4] = ORC_REG_BP, [6] = ORC_REG_R10,
		[8] = ORC_REG_BP_INDIRECT,
	};

	return version >= ORC_7_3 ? since_7_3[number] : before[number];
}

static void read_entry(struct orc_entry *e, const unsigned char *p, enum orc_version version)
{
	uint16_t bits = p[4] | p[5] << 8;

	e->sp_offset = (int16_t)(p[0] | p[1] << 8);
	e->sp_reg = reg_of(version, bits & 15);
	e->type = type_of(version, bits);
}

static int relocate(struct image *img, const struct orc_sections *s, FILE *messages)
{
	Elf_Scn *scn = elf_getscn(img->elf, s->symtab);
	Elf_Data *symbols = scn ? elf_getdata(scn, NULL) : NULL;
	size_t n = s->relocations->d_size / sizeof(Elf64_Rela);

	if (!symbols)
		return complain(img, messages, "expected symbols for .rela.orc_unwind_ip");
	for (size_t i = 0; i < n; i++) {
		GElf_Rela rela;
		GElf_Sym sym;
		size_t word;

		if (!gelf_getrela(s->relocations, i, &rela) ||
		    !gelf_getsym(symbols, GELF_R_SYM(rela.r_info), &sym))
			return complain(img, messages, "expected readable .rela.orc_unwind_ip");
		word = rela.r_offset / 4;
		if (word >= img->nr_orc)
			return complain(img, messages,
					"expected .rela.orc_unwind_ip to stay in .orc_unwind_ip");
		/* R_X86_64_PC32 stores S + A - P, and what is read is P + that. */
		img->orc[word].ip = symbol_address(img, sym.st_shndx, sym.st_value) +
				    rela.r_addend;
	}
	return 0;
}

static int by_ip(const void *a, const void *b)
{
	const struct orc_entry *x = a, *y = b;

	if (x->ip != y->ip)
		return x->ip < y->ip ? -1 : 1;
	/* As the kernel sorts: the one that says nothing first, the other wins. */
	return (y->type == ORC_UNDEFINED) - (x->type == ORC_UNDEFINED);
}

int orc_read(struct image *img, FILE *messages)
{
	enum orc_version version;
	struct orc_sections s;

	find_sections(img, &s);
	if (!s.ip || !s.entries || !s.ip->d_buf || !s.entries->d_buf)
		return complain(img, messages,
				"expected .orc_unwind and .orc_unwind_ip (CONFIG_UNWINDER_ORC=y)");
	if (s.ip->d_size % 4 || s.entries->d_size / ORC_ENTRY_BYTES != s.ip->d_size / 4)
		return complain(img, messages,
				"expected .orc_unwind and .orc_unwind_ip with as many entries");
	if (find_version(img, &s, &version, messages))
		return -1;
	img->nr_orc = s.ip->d_size / 4;
	img->orc = sd_alloc(img->nr_orc, sizeof(*img->orc));
	for (size_t i = 0; i < img->nr_orc; i++) {
		int32_t distance;

		memcpy(&distance, (char *)s.ip->d_buf + i * 4, 4);
		img->orc[i].ip = s.ip_addr + i * 4 + (int64_t)distance;
		read_entry(&img->orc[i], (unsigned char *)s.entries->d_buf + i * ORC_ENTRY_BYTES,
			   version);
	}
	if (img->relocatable) {
		if (!s.relocations)
			return complain(img, messages, "expected .rela.orc_unwind_ip in a module");
		if (relocate(img, &s, messages))
			return -1;
	}
	qsort(img->orc, img->nr_orc, sizeof(*img->orc), by_ip);
	return 0;
}

const struct orc_entry *image_orc(const struct image *img, uint64_t ip)
{
	size_t low = 0, high = img->nr_orc;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (img->orc[mid].ip <= ip)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &img->orc[low - 1] : NULL;
}
