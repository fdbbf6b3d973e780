// SPDX-License-Identifier: GPL-2.0-only
/*
 * known_depth - call chains that know how deep they are, for testing what
 * measures stacks (mm/stack_observer).
 *
 * A chain goes down to about the depth asked for and ends in kd_bottom(),
 * which notes the depth of its own return address, from its own frame pointer:
 * no code under test takes part in that.
 *
 * debugfs known_depth/:
 *   run     write "CLASS BYTES" to make a chain in that context, now:
 *           syscall, workqueue, kthread, page_fault, fs_transaction,
 *           direct_reclaim, kswapd;
 *           "memcg_reclaim BYTES" and "flusher BYTES" arm one, which
 *           runs at the next reclaim from /sys/fs/cgroup/memory.reclaim,
 *           or at the next write to /dev/known_depth0 by a flusher.
 *   result  read "CLASS DEPTH" lines, the last chain of each class
 *   spin_jiffies  time to spend at the bottom, for interrupts to land there
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/seq_file.h>
#include <linux/shrinker.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/workqueue.h>

enum kd_class {
	KD_SYSCALL,
	KD_WORKQUEUE,
	KD_KTHREAD,
	KD_PAGE_FAULT,
	KD_FS_TRANSACTION,
	KD_DIRECT_RECLAIM,
	KD_KSWAPD,
	KD_MEMCG_RECLAIM,
	KD_FLUSHER,
	KD_CLASSES,
};

static const char * const kd_names[KD_CLASSES] = {
	[KD_SYSCALL]		= "syscall",
	[KD_WORKQUEUE]		= "workqueue",
	[KD_KTHREAD]		= "kthread",
	[KD_PAGE_FAULT]		= "page_fault",
	[KD_FS_TRANSACTION]	= "fs_transaction",
	[KD_DIRECT_RECLAIM]	= "direct_reclaim",
	[KD_KSWAPD]		= "kswapd",
	[KD_MEMCG_RECLAIM]	= "memcg_reclaim",
	[KD_FLUSHER]		= "flusher",
};

/* Bytes of a link of the chain, and what stays free below its end. */
#define KD_LINK		128
#define KD_ROOM		(THREAD_SIZE / 4)

/* Serialises writers of "run"; the rest is one word each. */
static DEFINE_MUTEX(kd_lock);
static unsigned long kd_result[KD_CLASSES];
static unsigned long kd_armed[KD_CLASSES];
static DECLARE_COMPLETION(kd_reclaimed);
static u32 kd_spin_jiffies;
static struct dentry *kd_dir;

static __always_inline unsigned long kd_depth_of(const void *address)
{
	return (unsigned long)task_stack_page(current) + THREAD_SIZE -
	       (unsigned long)address;
}

/* The deepest function: its return address is above its frame pointer. */
static noinline __noclone void kd_bottom(unsigned long *result)
{
	const unsigned long *frame = __builtin_frame_address(0);
	unsigned long end = jiffies + READ_ONCE(kd_spin_jiffies);

	/* No call: nothing of the chain itself gets deeper than this. */
	while (time_before(jiffies, end))
		cpu_relax();
	WRITE_ONCE(*result, kd_depth_of(frame + 1));
}

/* The rest of the way in one step of a size known only at run time. */
static noinline __noclone void kd_land(unsigned long bytes,
				       unsigned long *result)
{
	unsigned long here = kd_depth_of((void *)current_stack_pointer);
	char *rest = __builtin_alloca(bytes > here ? bytes - here : 8);

	WRITE_ONCE(*rest, 0);
	kd_bottom(result);
	barrier_data(rest);
}

static noinline __noclone void kd_descend(unsigned long bytes,
					  unsigned long *result)
{
	char link[KD_LINK];

	WRITE_ONCE(link[0], 0);
	if (kd_depth_of(link) + 3 * KD_LINK < bytes)
		kd_descend(bytes, result);
	else
		kd_land(bytes, result);
	barrier_data(link);
}

static void kd_chain(enum kd_class class, unsigned long bytes)
{
	kd_descend(bytes, &kd_result[class]);
}

/* Run an armed chain once. */
static bool kd_fire(enum kd_class class)
{
	unsigned long bytes = xchg(&kd_armed[class], 0);

	if (!bytes)
		return false;
	kd_chain(class, bytes);
	return true;
}

/* -------- workqueue, kthread, transaction -------- */

static void kd_work_fn(struct work_struct *work)
{
	kd_fire(KD_WORKQUEUE);
}
static DECLARE_WORK(kd_work, kd_work_fn);

static int kd_thread_fn(void *done)
{
	kd_fire(KD_KTHREAD);
	complete(done);
	return 0;
}

static int kd_run_kthread(void)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *t = kthread_run(kd_thread_fn, &done, "known_depth");

	if (IS_ERR(t))
		return PTR_ERR(t);
	wait_for_completion(&done);
	return 0;
}

/* Given to the observer as an entry point of fs_transaction. */
static noinline __noclone void kd_transaction(void)
{
	kd_fire(KD_FS_TRANSACTION);
	barrier();
}

/* -------- page fault: a mapping whose fault handler makes the chain -------- */

static vm_fault_t kd_fault(struct vm_fault *vmf)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	if (!page)
		return VM_FAULT_OOM;
	kd_fire(KD_PAGE_FAULT);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct kd_vm_ops = {
	.fault = kd_fault,
};

static int kd_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &kd_vm_ops;
	return 0;
}

static const struct file_operations kd_misc_fops = {
	.owner	= THIS_MODULE,
	.mmap	= kd_mmap,
};

static struct miscdevice kd_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "known_depth",
	.fops	= &kd_misc_fops,
	.mode	= 0600,
};

static int kd_run_page_fault(void)
{
	struct file *file = filp_open("/dev/known_depth", O_RDWR, 0);
	unsigned long at;
	char byte;
	int ret = 0;

	if (IS_ERR(file))
		return PTR_ERR(file);
	at = vm_mmap(file, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0);
	if (IS_ERR_VALUE(at)) {
		ret = (long)at;
	} else {
		if (get_user(byte, (char __user *)at))
			ret = -EFAULT;
		vm_munmap(at, PAGE_SIZE);
	}
	filp_close(file, NULL);
	return ret;
}

/* -------- reclaim: a shrinker that has nothing to free -------- */

static unsigned long kd_count_objects(struct shrinker *s,
				      struct shrink_control *sc)
{
	if (current_is_kswapd()) {
		if (kd_fire(KD_KSWAPD))
			complete(&kd_reclaimed);
	} else if (kd_fire(KD_DIRECT_RECLAIM)) {
		complete(&kd_reclaimed);
	} else {
		kd_fire(KD_MEMCG_RECLAIM);
	}
	return 0;
}

static unsigned long kd_scan_objects(struct shrinker *s,
				     struct shrink_control *sc)
{
	return SHRINK_STOP;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
static struct shrinker *kd_shrinker;

static int __init kd_register_shrinker(void)
{
	kd_shrinker = shrinker_alloc(0, "known_depth");
	if (!kd_shrinker)
		return -ENOMEM;
	kd_shrinker->count_objects = kd_count_objects;
	kd_shrinker->scan_objects = kd_scan_objects;
	kd_shrinker->seeks = DEFAULT_SEEKS;
	shrinker_register(kd_shrinker);
	return 0;
}

static void kd_unregister_shrinker(void)
{
	shrinker_free(kd_shrinker);
}
#else
static struct shrinker kd_shrinker = {
	.count_objects	= kd_count_objects,
	.scan_objects	= kd_scan_objects,
	.seeks		= DEFAULT_SEEKS,
};

static int __init kd_register_shrinker(void)
{
	return register_shrinker(&kd_shrinker, "known_depth");
}

static void kd_unregister_shrinker(void)
{
	unregister_shrinker(&kd_shrinker);
}
#endif

/*
 * Take pages until reclaim has run the armed chain, then give them back.
 * Without retries, so that no OOM kill comes of it; when the aim is kswapd,
 * without reclaim of our own, and what the others need is given back before
 * kswapd is waited for.
 */
static int kd_run_reclaim(enum kd_class class)
{
	gfp_t gfp = GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN;
	unsigned int failed = 0, back;
	struct page *page, *next;
	LIST_HEAD(pages);
	int ret = 0;

	if (class == KD_KSWAPD)
		gfp &= ~__GFP_DIRECT_RECLAIM;
	reinit_completion(&kd_reclaimed);
	while (!try_wait_for_completion(&kd_reclaimed)) {
		page = alloc_page(gfp);
		if (page) {
			list_add(&page->lru, &pages);
			cond_resched();
			continue;
		}
		if (++failed == 100) {
			ret = -ENOMEM;
			break;
		}
		for (back = SZ_2M >> PAGE_SHIFT; back && !list_empty(&pages);
		     back--) {
			page = list_first_entry(&pages, struct page, lru);
			list_del(&page->lru);
			__free_page(page);
		}
		msleep(20);
	}
	WRITE_ONCE(kd_armed[class], 0);
	list_for_each_entry_safe(page, next, &pages, lru)
		__free_page(page);
	return ret;
}

/* -------- flusher: a disk that forgets what is written to it -------- */

static int kd_major;
static struct gendisk *kd_disk;

static void kd_submit_bio(struct bio *bio)
{
	if (current->flags & PF_WQ_WORKER)
		kd_fire(KD_FLUSHER);
	if (bio_data_dir(bio) == READ)
		zero_fill_bio(bio);
	bio_endio(bio);
}

static const struct block_device_operations kd_disk_ops = {
	.owner		= THIS_MODULE,
	.submit_bio	= kd_submit_bio,
};

static int __init kd_add_disk(void)
{
	int ret;

	kd_major = register_blkdev(0, "known_depth");
	if (kd_major < 0)
		return kd_major;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
	kd_disk = blk_alloc_disk(NULL, NUMA_NO_NODE);
	ret = PTR_ERR_OR_ZERO(kd_disk);
#else
	kd_disk = blk_alloc_disk(NUMA_NO_NODE);
	ret = kd_disk ? 0 : -ENOMEM;
#endif
	if (ret)
		goto unregister;
	kd_disk->major = kd_major;
	kd_disk->first_minor = 0;
	kd_disk->minors = 1;
	kd_disk->fops = &kd_disk_ops;
	strscpy(kd_disk->disk_name, "known_depth0", DISK_NAME_LEN);
	set_capacity(kd_disk, SZ_16M >> SECTOR_SHIFT);
	ret = add_disk(kd_disk);
	if (!ret)
		return 0;
	put_disk(kd_disk);
unregister:
	unregister_blkdev(kd_major, "known_depth");
	return ret;
}

static void kd_del_disk(void)
{
	del_gendisk(kd_disk);
	put_disk(kd_disk);
	unregister_blkdev(kd_major, "known_depth");
}

/* -------- control -------- */

static int kd_run(enum kd_class class, unsigned long bytes)
{
	WRITE_ONCE(kd_result[class], 0);
	WRITE_ONCE(kd_armed[class], bytes);
	switch (class) {
	case KD_SYSCALL:
		kd_fire(KD_SYSCALL);
		return 0;
	case KD_WORKQUEUE:
		schedule_work(&kd_work);
		flush_work(&kd_work);
		return 0;
	case KD_KTHREAD:
		return kd_run_kthread();
	case KD_PAGE_FAULT:
		return kd_run_page_fault();
	case KD_FS_TRANSACTION:
		kd_transaction();
		return 0;
	case KD_DIRECT_RECLAIM:
	case KD_KSWAPD:
		return kd_run_reclaim(class);
	default:
		/* Stays armed. */
		return 0;
	}
}

static ssize_t kd_run_write(struct file *file, const char __user *ubuf,
			    size_t count, loff_t *ppos)
{
	unsigned long bytes;
	char text[64], *number;
	int class, ret;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, ubuf, count))
		return -EFAULT;
	text[count] = '\0';
	number = strchr(strim(text), ' ');
	if (!number)
		return -EINVAL;
	*number++ = '\0';
	if (kstrtoul(number, 10, &bytes) || bytes > THREAD_SIZE - KD_ROOM ||
	    !bytes)
		return -EINVAL;
	for (class = 0; class < KD_CLASSES; class++)
		if (!strcmp(text, kd_names[class]))
			break;
	if (class == KD_CLASSES)
		return -EINVAL;
	mutex_lock(&kd_lock);
	ret = kd_run(class, bytes);
	mutex_unlock(&kd_lock);
	return ret ? ret : count;
}

static const struct file_operations kd_run_fops = {
	.owner	= THIS_MODULE,
	.write	= kd_run_write,
};

static int kd_result_show(struct seq_file *m, void *v)
{
	int class;

	for (class = 0; class < KD_CLASSES; class++)
		if (READ_ONCE(kd_result[class]))
			seq_printf(m, "%s %lu\n", kd_names[class],
				   kd_result[class]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(kd_result);

static int __init kd_init(void)
{
	int ret = misc_register(&kd_misc);

	if (ret)
		return ret;
	ret = kd_add_disk();
	if (ret)
		goto misc;
	ret = kd_register_shrinker();
	if (ret)
		goto disk;
	kd_dir = debugfs_create_dir("known_depth", NULL);
	debugfs_create_file("run", 0200, kd_dir, NULL, &kd_run_fops);
	debugfs_create_file("result", 0400, kd_dir, NULL, &kd_result_fops);
	debugfs_create_u32("spin_jiffies", 0600, kd_dir, &kd_spin_jiffies);
	return 0;
disk:
	kd_del_disk();
misc:
	misc_deregister(&kd_misc);
	return ret;
}

static void __exit kd_exit(void)
{
	debugfs_remove(kd_dir);
	kd_unregister_shrinker();
	kd_del_disk();
	misc_deregister(&kd_misc);
}

module_init(kd_init);
module_exit(kd_exit);
MODULE_DESCRIPTION("call chains of known depth");
MODULE_LICENSE("GPL");
