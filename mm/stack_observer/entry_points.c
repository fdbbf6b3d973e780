// SPDX-License-Identifier: GPL-2.0-only
/* The table of entry points: built in, module parameter, debugfs file. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "stack_observer.h"

#define SO_ENTRIES	96	/* entry points with a histogram */

struct so_entry_point *so_entry_points;
unsigned int so_nr_entry_points;

const char * const so_names[SO_HOOKS] = {
	[SO_DIRECT_RECLAIM]	= "direct_reclaim",
	[SO_MEMCG_RECLAIM]	= "memcg_reclaim",
	[SO_KSWAPD]		= "kswapd",
	[SO_FLUSHER]		= "flusher",
	[SO_WORKQUEUE]		= "workqueue",
	[SO_FS_TRANSACTION]	= "fs_transaction",
	[SO_SYSCALL]		= "syscall",
	[SO_PAGE_FAULT]		= "page_fault",
	[SO_KTHREAD]		= "kthread",
	[SO_HISTOGRAM]		= "histogram",
};

/* What every kernel has in some form; a missing one is reported. */
static const struct {
	enum so_class class;
	const char *function;
} so_default_entries[] = {
	{ SO_DIRECT_RECLAIM,	"try_to_free_pages" },
	{ SO_DIRECT_RECLAIM,	"__node_reclaim" },
	{ SO_MEMCG_RECLAIM,	"try_to_free_mem_cgroup_pages" },
	/* Part of it with the pageout list, and called past it. */
	{ SO_MEMCG_RECLAIM,	"shrink_mem_cgroup_pages" },
	{ SO_KSWAPD,		"balance_pgdat" },
	{ SO_FLUSHER,		"wb_workfn" },
	{ SO_PAGE_FAULT,	"handle_mm_fault" },
};

static int so_class_of(const char *name)
{
	int i;

	for (i = 0; i < SO_HOOKS; i++)
		if (!strcmp(name, so_names[i]))
			return i;
	return -EINVAL;
}

/*
 * Hook @function as an entry point of @class. A kernel that does not have the
 * function, or has it inlined, is no error: the report says so.
 */
static int so_add_entry(int class, const char *function)
{
	struct so_entry_point *p;
	unsigned int i;
	char *buf;
	int ret;

	if (!*function || strlen(function) >= KSYM_NAME_LEN ||
	    strpbrk(function, "*?[]!:"))
		return -EINVAL;
	for (i = 0; i < so_nr_entry_points; i++)
		if (so_entry_points[i].class == class &&
		    !strcmp(so_entry_points[i].name, function))
			break;
	/* One that was not found can have come with a module since. */
	if (i < so_nr_entry_points && so_entry_points[i].found)
		return 0;
	if (i == SO_ENTRIES)
		return -ENOSPC;

	buf = kstrdup(function, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	ret = ftrace_set_filter(&so_entry_ops, buf, strlen(buf), 0);
	kfree(buf);
	if (ret && ret != -EINVAL && ret != -ENOENT)
		return ret;

	p = &so_entry_points[i];
	p->found = !ret;
	if (i == so_nr_entry_points) {
		p->class = class;
		strscpy(p->name, function, sizeof(p->name));
		/* Pairs with so_entry_classes(). */
		smp_store_release(&so_nr_entry_points, i + 1);
	}
	return p->found ? so_entries_filtered() : 0;
}

static int so_add_entry_text(char *class_name, char *function)
{
	int class = so_class_of(class_name);

	if (class < 0) {
		pr_err("unknown class '%s' of entry point '%s'\n", class_name,
		       function);
		return class;
	}
	return so_add_entry(class, function);
}

int so_add_default_entries(void)
{
	int i, ret = 0;

	for (i = 0; !ret && i < ARRAY_SIZE(so_default_entries); i++)
		ret = so_add_entry(so_default_entries[i].class,
				   so_default_entries[i].function);
	return ret;
}

/* "class:function" */
static int so_add_entry_item(char *item)
{
	char *function = strchr(item, ':');

	if (!*item)
		return 0;
	if (!function) {
		pr_err("entry_points: expected class:function, found '%s'\n",
		       item);
		return -EINVAL;
	}
	*function++ = '\0';
	return so_add_entry_text(item, function);
}

int so_add_entries(const char *text)
{
	char *copy, *rest, *item;
	int ret = 0;

	copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = copy;
	while (!ret && (item = strsep(&rest, ",")))
		ret = so_add_entry_item(item);
	kfree(copy);
	return ret;
}

/* "CLASS FUNCTION"; '#' begins a comment. */
static int so_add_entry_line(char *line)
{
	char *function;

	line[strcspn(line, "#")] = '\0';
	line = strim(line);
	if (!*line)
		return 0;
	function = line + strcspn(line, " \t:");
	if (!*function) {
		pr_err("entry_points: expected 'class function', found '%s'\n",
		       line);
		return -EINVAL;
	}
	*function++ = '\0';
	function = strim(function);
	/* Further words belong to other readers of the table. */
	function[strcspn(function, " \t")] = '\0';
	return so_add_entry_text(line, function);
}

static ssize_t so_entry_points_write(struct file *file, const char __user *ubuf,
				     size_t count, loff_t *ppos)
{
	char *text, *rest, *line;
	int ret = 0;

	if (count > SZ_64K)
		return -E2BIG;
	text = memdup_user_nul(ubuf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	rest = text;
	mutex_lock(&so_lock);
	while (!ret && (line = strsep(&rest, "\n")))
		ret = so_add_entry_line(line);
	mutex_unlock(&so_lock);
	kfree(text);
	return ret ? ret : count;
}

static int so_entry_points_show(struct seq_file *m, void *v)
{
	unsigned int i;

	mutex_lock(&so_lock);
	for (i = 0; i < so_nr_entry_points; i++)
		seq_printf(m, "%s %s%s\n", so_names[so_entry_points[i].class],
			   so_entry_points[i].name,
			   so_entry_points[i].found ? "" : " # not found");
	mutex_unlock(&so_lock);
	return 0;
}

static int so_entry_points_open(struct inode *inode, struct file *file)
{
	return single_open(file, so_entry_points_show, NULL);
}

static const struct file_operations so_entry_points_fops = {
	.owner		= THIS_MODULE,
	.open		= so_entry_points_open,
	.read		= seq_read,
	.write		= so_entry_points_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

void so_create_entry_points(struct dentry *dir)
{
	debugfs_create_file("entry_points", 0600, dir, NULL,
			    &so_entry_points_fops);
}

int so_allocate_entry_points(void)
{
	so_entry_points = kvcalloc(SO_ENTRIES, sizeof(*so_entry_points),
				   GFP_KERNEL);
	return so_entry_points ? 0 : -ENOMEM;
}

void so_clear_entry_points(void)
{
	unsigned int i;

	for (i = 0; i < so_nr_entry_points; i++) {
		so_entry_points[i].ip = 0;
		memset(so_entry_points[i].depths, 0,
		       sizeof(so_entry_points[i].depths));
	}
}

void so_free_entry_points(void)
{
	kvfree(so_entry_points);
}
