// SPDX-License-Identifier: GPL-2.0-only
/* Records of the tasks that are inside an entry point; see tasks.h. */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "stack_observer.h"
#include "tasks.h"

struct so_bucket *so_buckets;

struct so_task *so_add(struct task_struct *task)
{
	struct so_bucket *b = so_bucket_of(task);
	int i;

	for (i = 0; i < SO_WAYS; i++) {
		if (READ_ONCE(b->owner[i]) ||
		    cmpxchg(&b->owner[i], NULL, task))
			continue;
		atomic_inc(&b->used);
		b->task[i].nr = 0;
		return &b->task[i];
	}
	return NULL;
}

void so_accumulate(struct so_task *t, unsigned int i)
{
	struct so_entry *e = &t->entry[i];

	e->mask = e->own;
	e->reclaim_sp = 0;
	e->below_foreign = e->foreign;
	if (i) {
		e->mask |= e[-1].mask;
		e->reclaim_sp = e[-1].reclaim_sp;
		e->below_foreign |= e[-1].below_foreign;
	}
	/* Within one of the same class it does not begin the class anew. */
	if (e->own & SO_RECLAIM & ~(i ? e[-1].mask : 0))
		e->reclaim_sp = e->sp;
}

int so_allocate_tasks(void)
{
	so_buckets = kvcalloc(SO_BUCKETS, sizeof(*so_buckets), GFP_KERNEL);
	return so_buckets ? 0 : -ENOMEM;
}

void so_clear_tasks(void)
{
	memset(so_buckets, 0, SO_BUCKETS * sizeof(*so_buckets));
}

void so_free_tasks(void)
{
	kvfree(so_buckets);
}
