/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h - which function belongs to which subsystem, and what it means.
 *
 * Two data files, built in and extended with --subsystems FILE: "subsystems"
 * (pattern, name) and "roles" (pattern, what it means that the function is on
 * a stack). The first pattern that matches decides; what is added by FILE
 * comes before what is built in.
 */
#ifndef STACKDEPTH_TABLE_H
#define STACKDEPTH_TABLE_H

#include "input.h"
#include "model.h"

#define SD_MAX_SUBSYSTEMS	256

/* What a subsystem is to the splice rule; bits. */
enum sd_group {
	SD_GROUP_FILESYSTEM	= 1,	/* can be whose stack it was */
	SD_GROUP_ALLOCATOR	= 2,	/* can enter reclaim */
	SD_GROUP_SPLICED	= 4,	/* does not belong below reclaim */
	SD_GROUP_LAYER		= 8,	/* filesystem code that serves others */
	SD_GROUP_STARTER	= 16,	/* calls code of everybody's: tells nothing of it */
	SD_GROUP_COMMON		= 32,	/* code of everybody's, works for its caller */
	SD_GROUP_MODULE		= 64,	/* of a module that no line of the table knows */
};

enum sd_role {
	SD_ROLE_NONE,
	SD_ROLE_INTERRUPT,	/* entry of an interrupt */
	SD_ROLE_PREEMPT,	/* entry of preemption */
	SD_ROLE_TRACER,		/* entry of a tracer or a probe */
	SD_ROLE_USER_EXIT,	/* work on the way back to user space */
	SD_ROLE_RECLAIM,	/* entry of reclaim; class may be set */
	SD_ROLE_CLASS,		/* puts the stack in a class */
	SD_ROLE_WAIT,		/* waits for somebody else's work, does none */
};

struct sd_meaning {
	enum sd_role role;
	enum sd_class class;	/* of RECLAIM and CLASS, else SD_NR_CLASSES */
	const char *by;		/* of RECLAIM: "direct reclaim" */
};

struct sd_tables;

/** sd_tables_new - the tables that are built in. */
struct sd_tables *sd_tables_new(void);
/** sd_tables_empty - no patterns at all, to be extended. */
struct sd_tables *sd_tables_empty(void);
void sd_tables_free(struct sd_tables *t);

/**
 * sd_tables_extend - read more patterns
 * @fp, @name: a file in the format of scripts/stackdepth/subsystems; lines
 *	whose second column begins with '@' are roles
 *
 * Return: 0, or -1 with a line on @messages.
 */
int sd_tables_extend(struct sd_tables *t, FILE *fp, const char *name, FILE *messages);

/**
 * sd_subsystem - index of a function's subsystem, or -1 if no pattern fits
 *
 * A module's functions belong to the module's subsystem, which has its name if
 * the table does not say; patterns of names are for functions without a module.
 */
int sd_subsystem(struct sd_tables *t, const char *symbol, const char *module);
/** sd_meaning - what it means that this function is on a stack. */
struct sd_meaning sd_meaning(struct sd_tables *t, const char *symbol);

/** sd_subsystem_name - name of index @i, which sd_subsystem() gave. */
const char *sd_subsystem_name(const struct sd_tables *t, int i);
/** sd_subsystem_index - index of @name, added to the table if it is new. */
int sd_subsystem_index(struct sd_tables *t, const char *name);
unsigned int sd_subsystem_groups(const struct sd_tables *t, int i);
int sd_nr_subsystems(const struct sd_tables *t);

#endif /* STACKDEPTH_TABLE_H */
