// SPDX-License-Identifier: GPL-2.0-only
/*
 * image.c - symbols and code of a vmlinux or a module.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "model.h"
#include "relocate.h"

static int complain(const struct image *img, FILE *messages, const char *what)
{
	if (messages)
		fprintf(messages, "stackdepth: %s: %s\n", img->name, what);
	return -1;
}

static int read_sections(struct image *img, FILE *messages)
{
	size_t n, max = 0;

	if (elf_getshdrnum(img->elf, &n))
		return complain(img, messages, "expected an ELF file with sections");
	for (size_t i = 1; i < n; i++) {
		Elf_Scn *scn = elf_getscn(img->elf, i);
		struct image_section *s;
		GElf_Shdr sh;
		Elf_Data *data;

		if (!scn || !gelf_getshdr(scn, &sh))
			return complain(img, messages, "expected readable section headers");
		if (!(sh.sh_flags & SHF_EXECINSTR) || sh.sh_type != SHT_PROGBITS || !sh.sh_size)
			continue;
		data = elf_rawdata(scn, NULL);
		if (!data || !data->d_buf)
			return complain(img, messages, "expected code in its sections: cut off?");
		if (img->nr_sections == max)
			img->sections = sd_grow(img->sections, &max, sizeof(*s));
		s = &img->sections[img->nr_sections++];
		s->addr = section_address(img, i, sh.sh_addr);
		s->size = data->d_size;
		s->code = data->d_buf;
	}
	return img->nr_sections ? 0 : complain(img, messages, "expected sections with code");
}

const unsigned char *image_code(const struct image *img, uint64_t addr, size_t *len)
{
	for (size_t i = 0; i < img->nr_sections; i++) {
		const struct image_section *s = &img->sections[i];

		if (addr >= s->addr && addr - s->addr < s->size) {
			*len = s->size - (addr - s->addr);
			return s->code + (addr - s->addr);
		}
	}
	return NULL;
}

static int by_address(const void *a, const void *b)
{
	const struct image_symbol *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	if (x->size != y->size)		/* the real function before its aliases */
		return x->size > y->size ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
	struct image_symbol *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	if (order)
		return order;
	return (*x)->addr < (*y)->addr ? -1 : (*x)->addr > (*y)->addr;
}

/* What kallsyms leaves out (scripts/mksysmap) must not end a function. */
static bool is_in_kallsyms(const char *name, unsigned int type)
{
	if (type == STT_SECTION || type == STT_FILE || !*name)
		return false;
	return strncmp(name, ".L", 2) && strncmp(name, "__crc_", 6) && *name != '$' &&
	       strncmp(name, "L0", 2);
}

static int add_symbols(struct image *img, Elf_Scn *scn, const GElf_Shdr *sh, FILE *messages)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t max = 0, len, n = data && sh->sh_entsize ? sh->sh_size / sh->sh_entsize : 0;

	for (size_t i = 1; i < n; i++) {
		struct image_symbol *s;
		const char *name;
		GElf_Sym sym;
		uint64_t addr;

		if (!gelf_getsym(data, i, &sym))
			return complain(img, messages, "expected readable symbols: cut off?");
		if (sym.st_shndx == SHN_UNDEF || sym.st_shndx >= SHN_LORESERVE)
			continue;
		name = elf_strptr(img->elf, sh->sh_link, sym.st_name);
		addr = symbol_address(img, sym.st_shndx, sym.st_value);
		if (!name || !is_in_kallsyms(name, GELF_ST_TYPE(sym.st_info)) ||
		    !image_code(img, addr, &len))
			continue;
		if (img->nr_symbols == max)
			img->symbols = sd_grow(img->symbols, &max, sizeof(*s));
		s = &img->symbols[img->nr_symbols++];
		*s = (struct image_symbol) {
			.addr = addr, .length = len, .size = sym.st_size, .name = name,
		};
	}
	return 0;
}

static void index_symbols(struct image *img)
{
	uint64_t next = UINT64_MAX;

	qsort(img->symbols, img->nr_symbols, sizeof(*img->symbols), by_address);
	for (size_t i = img->nr_symbols; i-- > 0; ) {
		struct image_symbol *s = &img->symbols[i];

		if (i + 1 < img->nr_symbols && s[1].addr != s->addr)
			next = s[1].addr;
		s->last = next - s->addr >= s->length;
		if (!s->last)
			s->length = next - s->addr;
	}
	img->by_name = sd_alloc(img->nr_symbols, sizeof(*img->by_name));
	for (size_t i = 0; i < img->nr_symbols; i++)
		img->by_name[i] = &img->symbols[i];
	qsort(img->by_name, img->nr_symbols, sizeof(*img->by_name), by_name);
}

static int read_symbols(struct image *img, FILE *messages)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(img->elf, scn))) {
		GElf_Shdr sh;

		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB)
			continue;
		if (add_symbols(img, scn, &sh, messages))
			return -1;
		break;
	}
	if (!img->nr_symbols)
		return complain(img, messages, "expected a symbol table: stripped?");
	index_symbols(img);
	return 0;
}

static int read_image(struct image *img, FILE *messages)
{
	GElf_Ehdr eh;

	if (!img->elf || elf_kind(img->elf) != ELF_K_ELF || !gelf_getehdr(img->elf, &eh))
		return complain(img, messages, "expected an ELF file (a vmlinux, not a bzImage)");
	if (eh.e_machine != EM_X86_64 || eh.e_ident[EI_CLASS] != ELFCLASS64 ||
	    eh.e_ident[EI_DATA] != ELFDATA2LSB)
		return complain(img, messages, "expected x86-64, whose ORC tables are known");
	img->relocatable = eh.e_type == ET_REL;
	return read_sections(img, messages) || read_symbols(img, messages) ||
	       orc_read(img, messages) ? -1 : 0;
}

static struct image *new_image(const char *name)
{
	struct image *img = sd_alloc(1, sizeof(*img));

	elf_version(EV_CURRENT);
	img->name = sd_strndup(name, strlen(name));
	img->fd = -1;
	return img;
}

struct image *image_open(const char *path, FILE *messages)
{
	struct image *img = new_image(path);

	img->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (img->fd < 0) {
		complain(img, messages, strerror(errno));
		image_close(img);
		return NULL;
	}
	img->elf = elf_begin(img->fd, ELF_C_READ, NULL);
	if (read_image(img, messages)) {
		image_close(img);
		return NULL;
	}
	return img;
}

struct image *image_read(char *data, size_t size, const char *name, FILE *messages)
{
	struct image *img = new_image(name);

	img->elf = elf_memory(data, size);
	if (read_image(img, messages)) {
		image_close(img);
		return NULL;
	}
	return img;
}

void image_close(struct image *img)
{
	if (!img)
		return;
	elf_end(img->elf);
	if (img->fd >= 0)
		close(img->fd);
	free(img->sections);
	free(img->symbols);
	free(img->by_name);
	free(img->orc);
	free(img->name);
	free(img);
}

struct image_symbol **image_find(const struct image *img, const char *name, size_t *n)
{
	size_t low = 0, high = img->nr_symbols, end;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(img->by_name[mid]->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (end = low; end < img->nr_symbols && !strcmp(img->by_name[end]->name, name); end++)
		;
	*n = end - low;
	return img->by_name + low;
}

const struct image_symbol *image_symbol_at(const struct image *img, uint64_t addr)
{
	size_t low = 0, high = img->nr_symbols;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (img->symbols[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || addr - img->symbols[low - 1].addr >= img->symbols[low - 1].length)
		return NULL;
	/* Of aliases the first is the real function. */
	for (low--; low && img->symbols[low - 1].addr == img->symbols[low].addr; low--)
		;
	return &img->symbols[low];
}
