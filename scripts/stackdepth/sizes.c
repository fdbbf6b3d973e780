// SPDX-License-Identifier: GPL-2.0-only
/*
 * sizes.c - the size that each frame of a stack must have, from the kernel.
 */
#include <stdlib.h>
#include <string.h>

#include "sizes.h"

struct sd_sizes {
	struct image **images;
	size_t nr, max;
};

int sd_sizes_add(struct sd_sizes *s, const char *module, FILE *messages)
{
	struct image *img = image_open(module, messages);

	if (!img)
		return -1;
	if (s->nr == s->max)
		s->images = sd_grow(s->images, &s->max, sizeof(*s->images));
	s->images[s->nr++] = img;
	return 0;
}

struct sd_sizes *sd_sizes_open(const char *vmlinux, FILE *messages)
{
	struct sd_sizes *s = sd_alloc(1, sizeof(*s));

	if (sd_sizes_add(s, vmlinux, messages)) {
		sd_sizes_close(s);
		return NULL;
	}
	return s;
}

void sd_sizes_close(struct sd_sizes *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nr; i++)
		image_close(s->images[i]);
	free(s->images);
	free(s);
}

size_t sd_sizes_nr_images(const struct sd_sizes *s)
{
	return s->nr;
}

const struct image *sd_sizes_image(const struct sd_sizes *s, size_t i)
{
	return s->images[i];
}

/* Is this the .ko of the module? "dm-crypt.ko" is loaded as "dm_crypt". */
static bool is_module(const struct image *img, const char *module)
{
	const char *slash = strrchr(img->name, '/'), *p = slash ? slash + 1 : img->name;

	for (; *module; module++, p++)
		if (*p != *module && !(*p == '-' && *module == '_'))
			return false;
	return !strncmp(p, ".ko", 3);
}

/*
 * An interrupted function is the one outside of entry code that keeps the
 * registers of what it interrupted: so says ORC of the frame inside.
 */
static bool is_interrupted(const struct sd_sizes *s, const struct sd_stack *st, size_t i)
{
	const struct sd_frame *inner = i ? &st->frames[i - 1] : NULL;
	const struct orc_entry *orc;
	struct image_symbol **found;
	size_t n;

	if (!inner || inner->module || !inner->has_offset)
		return false;
	found = image_find(s->images[0], inner->symbol, &n);
	if (!n)
		return false;
	orc = image_orc(s->images[0], found[0]->addr + inner->offset - 1);
	return orc && (orc->type == ORC_REGS || orc->type == ORC_REGS_PARTIAL);
}

static int64_t parent_depth(const struct sd_stack *st, size_t i)
{
	return i + 1 < st->nr_frames ? st->frames[i + 1].depth : 0;
}

struct framesize sd_sizes_static(const struct sd_stack *st, size_t i,
				 const struct sd_place *place, int64_t parent_depth)
{
	if (!place->img)
		return (struct framesize) { .known = false, .why = "no such function" };
	return framesize(place->img, place->sym, place->addr, place->how,
			 i + 1 == st->nr_frames, parent_depth);
}

static enum framesize_how how_of(const struct sd_sizes *s, const struct sd_stack *st, size_t i)
{
	if (is_interrupted(s, st, i))
		return FRAME_INTERRUPTED;
	return st->frames[i].is_ip ? FRAME_RUNNING : FRAME_CALLED;
}

/* The kernel counts up to the next section of a module, which is aligned. */
static bool is_padded(const struct image *img, const struct image_symbol *sym, uint64_t length)
{
	return img->relocatable && sym->last && length > sym->length;
}

/* Candidates in one image; true when nothing better can be found. */
static bool search_image(const struct sd_sizes *s, const struct image *img,
			 const struct sd_stack *st, size_t i, struct sd_place *best)
{
	const struct sd_frame *f = &st->frames[i];
	struct image_symbol **found;
	struct sd_place p;
	size_t n;

	found = image_find(img, f->symbol, &n);
	for (size_t k = 0; k < n; k++) {
		struct framesize size;

		p = (struct sd_place) { img, found[k], found[k]->addr + f->offset,
					how_of(s, st, i), false };
		p.other_length = f->length && f->length != found[k]->length &&
				 !is_padded(img, found[k], f->length);
		if (p.other_length && best->img)
			continue;
		if (f->offset > found[k]->length)
			p.other_length = true;
		size = sd_sizes_static(st, i, &p, parent_depth(st, i));
		if (!best->img || best->other_length)
			*best = p;
		if (!p.other_length && size.known && size.min <= f->bytes && f->bytes <= size.max) {
			*best = p;
			return true;
		}
	}
	return false;
}

struct sd_place sd_sizes_place(const struct sd_sizes *s, const struct sd_stack *st, size_t i)
{
	const struct sd_frame *f = &st->frames[i];
	struct sd_place best = { 0 };

	if (!f->has_offset)
		return best;
	for (size_t k = 0; k < s->nr; k++) {
		if (f->module ? !k || !is_module(s->images[k], f->module) : k > 0)
			continue;
		if (search_image(s, s->images[k], st, i, &best))
			break;
	}
	return best;
}

void sd_sizes_fill(struct sd_sizes *s, struct sd_stack *st)
{
	int64_t depth = 0;

	if (!st->nr_frames)
		return;
	for (size_t i = 0; i < st->nr_frames; i++)
		if (st->frames[i].bytes != SD_UNKNOWN)
			return;
	st->computed = true;
	for (size_t i = st->nr_frames; i-- > 0; ) {
		struct sd_frame *f = &st->frames[i];
		struct sd_place place = sd_sizes_place(s, st, i);
		struct framesize size = sd_sizes_static(st, i, &place, depth);

		if (!size.known || size.min != size.max || place.other_length) {
			depth = SD_UNKNOWN;
			continue;
		}
		f->bytes = size.min;
		if (depth != SD_UNKNOWN)
			f->depth = depth += f->bytes;
	}
}
