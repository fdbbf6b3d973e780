// SPDX-License-Identifier: GPL-2.0-only
/* Start, stop and reset, and the debugfs file for it. */
#include <linux/debugfs.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/seqlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "stack_observer.h"
#include "tasks.h"

bool so_running;
/* Control: start, stop, entry points, reading. */
DEFINE_MUTEX(so_lock);

static bool so_filtered, so_registered, so_entry_registered;

/* Nobody is in a callback that saw so_running set when this returns. */
static void so_pause(void)
{
	WRITE_ONCE(so_running, false);
	synchronize_rcu();
}

void so_clear(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct so_cpu *c = per_cpu(so_cpus, cpu);

		memset(c, 0, sizeof(*c));
		seqcount_init(&c->seq);
	}
	so_clear_tasks();
	so_clear_entry_points();
	so_clear_kinds();
	so_clear_maxima();
}

static void so_unregister(void)
{
	if (so_registered)
		unregister_ftrace_function(&so_ops);
	so_registered = false;
	if (so_entry_registered)
		unregister_ftrace_function(&so_entry_ops);
	so_entry_registered = false;
}

static int so_register_entries(void)
{
	int ret = 0;

	if (so_filtered && !so_entry_registered) {
		ret = register_ftrace_function(&so_entry_ops);
		so_entry_registered = !ret;
	}
	return ret;
}

int so_start(void)
{
	int ret;

	if (so_registered)
		return 0;
	/* What was remembered of tasks is out of date; the maxima stay. */
	so_clear_tasks();
	ret = so_register_entries();
	if (!ret)
		ret = register_ftrace_function(&so_ops);
	if (ret) {
		so_unregister();
		return ret;
	}
	so_registered = true;
	WRITE_ONCE(so_running, true);
	return 0;
}

void so_stop(void)
{
	so_pause();
	so_unregister();
}

static void so_reset(void)
{
	bool was = so_running;

	so_pause();
	so_clear();
	WRITE_ONCE(so_running, was);
}

int so_entries_filtered(void)
{
	so_filtered = true;
	return so_registered ? so_register_entries() : 0;
}

static ssize_t so_control_write(struct file *file, const char __user *ubuf,
				size_t count, loff_t *ppos)
{
	char buf[16];
	char *word;
	int ret = 0;

	if (count >= sizeof(buf))
		return -EINVAL;
	if (copy_from_user(buf, ubuf, count))
		return -EFAULT;
	buf[count] = '\0';
	word = strim(buf);

	mutex_lock(&so_lock);
	if (!strcmp(word, "start"))
		ret = so_start();
	else if (!strcmp(word, "stop"))
		so_stop();
	else if (!strcmp(word, "reset"))
		so_reset();
	else
		ret = -EINVAL;
	mutex_unlock(&so_lock);
	return ret ? ret : count;
}

static int so_control_show(struct seq_file *m, void *v)
{
	seq_puts(m, READ_ONCE(so_running) ? "running\n" : "stopped\n");
	return 0;
}

static int so_control_open(struct inode *inode, struct file *file)
{
	return single_open(file, so_control_show, NULL);
}

static const struct file_operations so_control_fops = {
	.owner		= THIS_MODULE,
	.open		= so_control_open,
	.read		= seq_read,
	.write		= so_control_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

void so_create_control(struct dentry *dir)
{
	debugfs_create_file("control", 0600, dir, NULL, &so_control_fops);
}
