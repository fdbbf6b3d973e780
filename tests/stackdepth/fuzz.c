// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz.c - one target per parser, for libFuzzer under ASan and UBSan.
 *
 * Built once per target: FUZZ_FORMAT names a parser ("" finds out), or
 * FUZZ_TRACEDAT_LINES, FUZZ_TABLE or FUZZ_IMAGE is set. What a parser lets
 * through goes all the way: analysis, JSON, alignment with the stack before.
 */
#include <stdlib.h>
#include <string.h>

#include "align.h"
#include "check.h"
#include "code.h"
#include "command.h"
#include "tracedat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The tables take a while to build and never change. */
static struct sd_tables *tables(void)
{
	static struct sd_tables *t;

	if (!t)
		t = sd_tables_new();
	return t;
}

struct run {
	struct sd_common common;
	struct sd_stack before;
};

static __attribute__((unused)) int on_stack(struct sd_stack *st, void *data)
{
	struct run *r = data;
	int64_t sums[SD_MAX_SUBSYSTEMS], sum = 0;
	bool sized = st->nr_frames > 0;
	size_t n;

	sd_analyse(st, r->common.tables);
	json_decref(sd_json_stack(&r->common, st));
	free(align_stacks(&r->before, st, &n));
	if (n > r->before.nr_frames + st->nr_frames)
		abort();
	/* What the analysis promises: the subsystems add up to the total. */
	sd_subsystem_sums(st, r->common.tables, sums);
	for (int i = 0; i < sd_nr_subsystems(r->common.tables); i++)
		sum += sums[i];
	for (size_t i = 0; i < st->nr_frames; i++)
		sized &= st->frames[i].bytes != SD_UNKNOWN;
	if (sized && sum != st->total_bytes)
		abort();
	sd_stack_free(&r->before);
	sd_stack_copy(&r->before, st);
	return 0;
}

static __attribute__((unused)) int on_observed(const struct sd_observed *o, void *data)
{
	(void)data;
	return o->class >= SD_NR_CLASSES ? abort(), 0 : 0;
}

static __attribute__((unused)) void fuzz_input(FILE *fp, uint8_t first)
{
	struct run r = { .common = { .tables = tables(), .thread_size = SD_UNKNOWN } };
	struct sd_sink __attribute__((unused)) sink = { on_stack, on_observed, &r };
	struct sd_input in;

	sd_stack_init(&r.before);
	sd_input_open(&in, fp, "fuzz", NULL);
	in.trimmed = first & 1;
	in.strict = first == '!';
#ifdef FUZZ_TRACEDAT_LINES
	struct sd_stack st;

	sd_stack_init(&st);
	sd_tracedat_lines(&in, &in, &st, &sink);
	sd_stack_free(&st);
#elif defined(FUZZ_FORMAT)
	sd_parse(&in, *FUZZ_FORMAT ? FUZZ_FORMAT : NULL, &sink);
#endif
	sd_input_close(&in);
	sd_stack_free(&r.before);
}

static __attribute__((unused)) void fuzz_table(FILE *fp)
{
	struct sd_tables *t = sd_tables_empty();

	sd_tables_extend(t, fp, "fuzz", NULL);
	sd_subsystem(t, "xfs_bmapi_write", "xfs");
	sd_meaning(t, "try_to_free_pages");
	sd_tables_free(t);
}

static __attribute__((unused)) int on_insn(const struct code_insn *insn, void *data)
{
	const struct image *img = data;
	const struct image_symbol *sym = image_symbol_at(img, insn->addr);

	if (insn->is_call && sym)
		framesize(img, sym, insn->next, FRAME_CALLED, false, SD_UNKNOWN);
	return 0;
}

static __attribute__((unused)) void fuzz_image(const uint8_t *data, size_t size)
{
	struct code_depth depth = { 0, 8, true };
	char *copy = malloc(size);
	struct image *img;

	memcpy(copy, data, size);
	img = image_read(copy, size, "fuzz", NULL);
	for (size_t i = 0; img && i < img->nr_symbols && i < 8; i++)
		code_walk(img, &img->symbols[i], depth, on_insn, img);
	image_close(img);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
#ifdef FUZZ_IMAGE
	fuzz_image(data, size);
#else
	FILE *fp = fmemopen((void *)data, size, "r");

	if (!fp)
		return 0;
#ifdef FUZZ_TABLE
	fuzz_table(fp);
#else
	fuzz_input(fp, *data);
#endif
	fclose(fp);
#endif
	return 0;
}
