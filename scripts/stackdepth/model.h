/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model.h - a recorded stack, whatever recorded it.
 *
 * Lengths are bytes. SD_UNKNOWN stands for "not recorded"; no length is ever
 * guessed to be 0.
 */
#ifndef STACKDEPTH_MODEL_H
#define STACKDEPTH_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SD_UNKNOWN		(-1)
/* ftrace keeps 500 entries; nobody records more than this. */
#define SD_MAX_FRAMES		8192
/* Larger than any THREAD_SIZE, small enough that sums cannot overflow. */
#define SD_MAX_BYTES		(1 << 26)

/* Notes on a stack; there is no reason for more. */
#define SD_MAX_NOTES		8

enum sd_kind {
	SD_TASK,		/* the task's own work */
	SD_INTERRUPT,		/* an interrupt or what it called */
	SD_PREEMPT,		/* preemption that no interrupt brought */
	SD_TRACER,		/* ftrace, kprobes, perf, BPF */
};

/* Context classes, in the order of precedence: the first found names a stack. */
enum sd_class {
	SD_DIRECT_RECLAIM,
	SD_MEMCG_RECLAIM,
	SD_KSWAPD,
	SD_FS_TRANSACTION,
	SD_FLUSHER,
	SD_WORKQUEUE,
	SD_PAGE_FAULT,
	SD_SYSCALL,
	SD_KTHREAD,
	SD_INTERRUPT_ONLY,
	SD_UNCLASSIFIED,
	SD_NR_CLASSES,
};

struct sd_frame {
	const char *symbol;
	const char *module;	/* NULL: built in, or not recorded */
	uint64_t offset;	/* of the return address in the function */
	uint64_t length;	/* of the function, as kallsyms has it */
	bool has_offset;
	bool kind_recorded;
	bool is_ip;		/* offset is of an instruction, not a return address */
	bool guessed;		/* found on the stack, perhaps not in the call chain */
	bool unreliable;	/* the kernel says so, or all frames are guessed */
	const char *inferred;	/* subsystem taken over from this caller, or NULL */
	enum sd_kind kind;
	const char *source;	/* file, or NULL; decode_stacktrace.sh, syzbot */
	unsigned long source_line;
	uint64_t sp;		/* where it begins, if that is recorded, or 0 */
	uint64_t missing_rows;	/* it stands for rows that were left out, or 0 */
	int64_t depth;		/* from the end of the stack, or SD_UNKNOWN */
	int64_t bytes;		/* or SD_UNKNOWN */
	int64_t tracer_bytes;	/* part of @bytes that a tracer put there */
	int subsystem;		/* index of its name in the table */
};

/* A function that the compiler put into a frame's; decoded traces tell. */
struct sd_inlined {
	const char *symbol, *source;
	unsigned long source_line;
	size_t frame;		/* index of the frame that it is in */
};

/* A place where reclaim put other subsystems on top of a stack. */
struct sd_splice {
	const char *into;	/* whose stack it was: "btrfs writeback" */
	const char *by;		/* "direct reclaim" */
	size_t frame;		/* index of the frame that entered reclaim */
	int asked;		/* subsystem that asked for memory, or -1 */
	int64_t at_bytes;	/* depth when it was entered */
	int64_t adds_bytes;	/* the task's own bytes below that */
};

/** struct sd_recursion - @times (0: none) the same @period functions from @frame on. */
struct sd_recursion {
	size_t frame, period, times;
};

struct sd_text;			/* chunk of memory that holds strings */

/**
 * struct sd_stack - one stack, its frames from the deepest outward
 *
 * A parser fills it and hands it to a sink, then uses it again; a sink that
 * wants to keep it calls sd_stack_copy(). Strings belong to @text.
 */
struct sd_stack {
	struct sd_text *text;
	struct sd_frame *frames;
	size_t nr_frames, max_frames;
	struct sd_splice *splices;
	size_t nr_splices;
	struct sd_inlined *inlined;	/* from the innermost outward */
	size_t nr_inlined, max_inlined;
	const char *notes[SD_MAX_NOTES];	/* what a reader must know */
	size_t nr_notes;

	const char *file;	/* where it was read, for messages */
	unsigned long line;
	const char *title;	/* what the recorder said of it, or NULL */
	const char *kernel;	/* release, or NULL */

	enum sd_class class;
	bool class_recorded;
	unsigned int classes;	/* bit per enum sd_class: everything it is in */
	int64_t thread_size;	/* as the file says, or SD_UNKNOWN */
	int64_t total_bytes;
	int64_t interrupt_bytes;
	int64_t tracer_bytes;
	int64_t left_bytes;	/* what a kernel said was never used */
	int64_t reclaim_at;	/* depth at the innermost reclaim's entry */
	bool computed;		/* sizes are static ones, not recorded */
	bool unreliable;	/* all frames are guessed */
	struct sd_recursion recursion;
};

/** sd_stack_init - an empty stack. */
void sd_stack_init(struct sd_stack *st);
/** sd_stack_reset - forget the content, keep the memory for the next one. */
void sd_stack_reset(struct sd_stack *st);
/** sd_stack_free - give the memory back. */
void sd_stack_free(struct sd_stack *st);
/** sd_stack_copy - make @to an independent copy of @from. */
void sd_stack_copy(struct sd_stack *to, const struct sd_stack *from);

/**
 * sd_stack_add - append a frame with everything not recorded
 *
 * Return: the frame, valid until the next call; NULL at SD_MAX_FRAMES.
 */
struct sd_frame *sd_stack_add(struct sd_stack *st);

/** sd_stack_drop - leave out @n frames from @first on, and what is inlined in them. */
void sd_stack_drop(struct sd_stack *st, size_t first, size_t n);

/** sd_stack_text - copy @len bytes of @s into the stack's own memory. */
const char *sd_stack_text(struct sd_stack *st, const char *s, size_t len);

/** sd_stack_note - add a note; one that is there already is not repeated. */
void sd_stack_note(struct sd_stack *st, const char *text);

/**
 * sd_stack_inline - @symbol is inlined into the frame that comes next
 *
 * Return: the element, its source not set; NULL at SD_MAX_FRAMES.
 */
struct sd_inlined *sd_stack_inline(struct sd_stack *st, const char *symbol, size_t len);

/** sd_has_sizes - are there frames, and is each one's size known? */
bool sd_has_sizes(const struct sd_stack *st);
/** sd_own_bytes - total without interrupts and tracers, or SD_UNKNOWN. */
int64_t sd_own_bytes(const struct sd_stack *st);

/** sd_class_name - "direct_reclaim" and so on; never NULL. */
const char *sd_class_name(enum sd_class class);
/** sd_class_by_name - the reverse; SD_NR_CLASSES if there is none. */
enum sd_class sd_class_by_name(const char *name, size_t len);
/** sd_kind_name - "task", "interrupt", "preempt", "tracer". */
const char *sd_kind_name(enum sd_kind kind);
/** sd_kind_by_name - the reverse; -1 if there is none. */
int sd_kind_by_name(const char *name, size_t len);

/** sd_hash - FNV-1a of a text. */
uint32_t sd_hash(const char *text);

/* Allocation that ends the program with a message when memory runs out. */
void *sd_alloc(size_t n, size_t size);
void *sd_grow(void *p, size_t *max, size_t size);
char *sd_strndup(const char *s, size_t len);

#endif /* STACKDEPTH_MODEL_H */
