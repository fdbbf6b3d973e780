// SPDX-License-Identifier: GPL-2.0-only
/*
 * make-trace-dat.c - write a small trace.dat (format version 6) with kernel
 * stacks, for tests: trace-cmd.dat.v6.5(5) says how.
 *
 *	make-trace-dat FILE
 *
 * Two CPUs, one page each. CPU 0 has a stack of direct reclaim under a page
 * fault, CPU 1 one of writeback by the flusher and one of an address that is
 * no function's.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE	4096
#define CPUS	2

static const char header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";

static const char header_event[] =
	"# compressed entry header\n"
	"\ttype_len    :    5 bits\n"
	"\ttime_delta  :   27 bits\n"
	"\tarray       :   32 bits\n"
	"\n"
	"\tpadding     : type == 29\n"
	"\ttime_extend : type == 30\n"
	"\ttime_stamp : type == 31\n"
	"\tdata max type_len  == 28\n";

#define COMMON_FIELDS							\
	"format:\n"							\
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"	\
	"\n"

static const char kernel_stack[] =
	"name: kernel_stack\nID: 4\n" COMMON_FIELDS
	"\tfield:int size;\toffset:8;\tsize:4;\tsigned:1;\n"
	"\tfield:unsigned long caller[];\toffset:16;\tsize:0;\tsigned:0;\n"
	"\nprint fmt: \"\\t=> %ps\", (void *)REC->caller[0]\n";

static const char mm_page_alloc[] =
	"name: mm_page_alloc\nID: 300\n" COMMON_FIELDS
	"\tfield:unsigned int order;\toffset:8;\tsize:4;\tsigned:0;\n"
	"\nprint fmt: \"order=%u\", REC->order\n";

static const char kallsyms[] =
	"ffffffff81000000 T asm_exc_page_fault\n"
	"ffffffff81000100 T handle_mm_fault\n"
	"ffffffff81000200 T alloc_anon_folio\n"
	"ffffffff81000300 T __alloc_pages_slowpath.constprop.0\n"
	"ffffffff81000400 T try_to_free_pages\n"
	"ffffffff81000500 T shrink_folio_list\n"
	"ffffffff81000600 T swap_writeout\n"
	"ffffffff81000700 T submit_bio_noacct_nocheck\n"
	"ffffffff81000800 T ret_from_fork_asm\n"
	"ffffffff81000900 T kthread\n"
	"ffffffff81000a00 T process_one_work\n"
	"ffffffff81000b00 T wb_workfn\n"
	"ffffffff81000c00 T do_writepages\n"
	"ffffffff81000d00 T xfs_vm_writepages\n"
	"ffffffff81000e00 T end_of_symbols\n"
	"ffffffff81001000 T _etext\n";

static const char cmdlines[] = "101 hog\n43 kworker/u10:1\n";

static void put(FILE *fp, const void *p, size_t n)
{
	if (fwrite(p, 1, n, fp) != n)
		exit(1);
}

static void put32(FILE *fp, uint32_t v)
{
	put(fp, &v, sizeof(v));
}

static void put64(FILE *fp, uint64_t v)
{
	put(fp, &v, sizeof(v));
}

static void put_text64(FILE *fp, const char *s)
{
	put64(fp, strlen(s));
	put(fp, s, strlen(s));
}

static void put_text32(FILE *fp, const char *s)
{
	put32(fp, strlen(s));
	put(fp, s, strlen(s));
}

struct page {
	unsigned char bytes[PAGE];
	size_t used;
};

static void add(struct page *p, const void *bytes, size_t n)
{
	memcpy(p->bytes + p->used, bytes, n);
	p->used += n;
}

/* An event of @n bytes: its length in words of 4, then the data. */
static void add_event(struct page *p, const void *data, size_t n)
{
	uint32_t head = n <= 28 * 4 ? n / 4 : 0, length = n + 4;

	head |= 10 << 5;	/* 10 ns after the one before */
	add(p, &head, 4);
	if (!(head & 31))
		add(p, &length, 4);
	add(p, data, n);
}

static void add_stack(struct page *p, int pid, const uint64_t *callers, int n)
{
	struct {
		uint16_t type;
		uint8_t flags, preempt;
		int32_t pid, size, pad;
		uint64_t caller[16];
	} e = { .type = 4, .pid = pid, .size = n };

	memcpy(e.caller, callers, n * sizeof(*callers));
	add_event(p, &e, 16 + n * sizeof(*callers));
}

static void add_alloc(struct page *p, int pid)
{
	struct {
		uint16_t type;
		uint8_t flags, preempt;
		int32_t pid;
		uint32_t order;
	} e = { .type = 300, .pid = pid };

	add_event(p, &e, sizeof(e));
}

static void write_page(FILE *fp, struct page *p)
{
	uint64_t commit = p->used - 16;

	memcpy(p->bytes + 8, &commit, sizeof(commit));
	put(fp, p->bytes, PAGE);
}

static void write_head(FILE *fp)
{
	static const char magic[] = "\x17\x08" "Dtracing6";

	put(fp, magic, sizeof(magic));
	put(fp, "\0\x8", 2);		/* little endian, long of 8 bytes */
	put32(fp, PAGE);
	put(fp, "header_page", 12);
	put_text64(fp, header_page);
	put(fp, "header_event", 13);
	put_text64(fp, header_event);
	put32(fp, 1);			/* formats of ftrace's own events */
	put_text64(fp, kernel_stack);
	put32(fp, 1);			/* systems */
	put(fp, "kmem", 5);
	put32(fp, 1);
	put_text64(fp, mm_page_alloc);
	put_text32(fp, kallsyms);
	put_text32(fp, "");		/* printk formats */
	put_text64(fp, cmdlines);
	put32(fp, CPUS);
	put(fp, "flyrecord", 10);
}

int main(int argc, char **argv)
{
	static const uint64_t reclaim[] = {
		0xffffffff81000710, 0xffffffff81000620, 0xffffffff81000530,
		0xffffffff81000440, 0xffffffff81000350, 0xffffffff81000260,
		0xffffffff81000170, 0xffffffff81000022,
	};
	static const uint64_t flusher[] = {
		0xffffffff81000d10, 0xffffffff81000c20, 0xffffffff81000b30,
		0xffffffff81000a40, 0xffffffff81000950, 0xffffffff81000811,
	};
	static const uint64_t nowhere[] = { 0x1234 };
	struct page pages[CPUS] = { { .used = 16 }, { .used = 16 } };
	FILE *fp = argc == 2 ? fopen(argv[1], "wb") : NULL;
	uint64_t start;
	long end;

	if (!fp) {
		fprintf(stderr, "usage: make-trace-dat FILE\n");
		return 2;
	}
	add_alloc(&pages[0], 101);
	add_stack(&pages[0], 101, reclaim, 8);
	add_alloc(&pages[1], 43);
	add_stack(&pages[1], 43, flusher, 6);
	add_stack(&pages[1], 43, nowhere, 1);
	write_head(fp);
	start = ((uint64_t)ftell(fp) + CPUS * 16 + PAGE - 1) / PAGE * PAGE;
	for (int i = 0; i < CPUS; i++) {
		put64(fp, start + i * PAGE);
		put64(fp, PAGE);
	}
	for (end = ftell(fp); (uint64_t)end < start; end++)
		put(fp, "", 1);
	for (int i = 0; i < CPUS; i++)
		write_page(fp, &pages[i]);
	return fclose(fp) ? 1 : 0;
}
