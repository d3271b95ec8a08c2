// SPDX-License-Identifier: GPL-2.0
/*
 * syncmap_bench: a load generator for syncmap, in the kernel.
 *
 * A line of key=value words written to /sys/kernel/debug/syncmap_bench/run is
 * a run; the write returns when it has ended, or a signal has ended it.
 * Reading the file gives the result of the last run, nothing if that failed or
 * is still going on.  The file "error" says why the last write failed.
 *
 * A map that a run made stays until the file that the run was written to is
 * closed, so that its counters can be looked at.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "peers/peers.h"
#include "run.h"

#define LINE_MAX	1024

static DEFINE_MUTEX(run_lock);		/* one run at a time */
static DEFINE_MUTEX(result_lock);	/* guards the two below */
static struct bench_result *last_result;
static struct bench_error last_error;
static struct dentry *folder;

/**
 * struct bench_file - the file "run", opened
 * @made:	the map that its last run made, or NULL; guarded by run_lock, but
 *		in release, when nobody else can use the file
 */
struct bench_file {
	struct syncmap *made;
};

static void keep_result(struct bench_result *result)
{
	mutex_lock(&result_lock);
	swap(last_result, result);
	mutex_unlock(&result_lock);
	kvfree(result);
}

static int do_run(struct bench_file *file, char *line,
		  struct bench_error *error)
{
	struct bench_params params;
	struct bench_result *result;
	int err;

	syncmap_destroy(file->made);
	file->made = NULL;
	err = bench_params_parse(&params, line, error);
	if (err)
		return err;
	result = kvzalloc(sizeof(*result), GFP_KERNEL);
	if (!result)
		return bench_fail(error, -ENOMEM, "no memory for the result");
	keep_result(NULL);
	err = bench_run(&params, result, &file->made, error);
	if (!err || result->interrupted)
		keep_result(result);
	else
		kvfree(result);
	return err;
}

static int try_run(struct bench_file *file, const char __user *from, size_t len,
		   struct bench_error *error)
{
	char *line;
	int err;

	if (len > LINE_MAX)
		return bench_fail(error, -EINVAL,
				  "a line of at most %d bytes is wanted",
				  LINE_MAX);
	line = memdup_user_nul(from, len);
	if (IS_ERR(line))
		return bench_fail(error, PTR_ERR(line), "reading the line");
	if (mutex_trylock(&run_lock)) {
		err = do_run(file, line, error);
		mutex_unlock(&run_lock);
	} else {
		err = bench_fail(error, -EBUSY, "another run is going on");
	}
	kfree(line);
	return err;
}

static ssize_t run_write(struct file *file, const char __user *from,
			 size_t len, loff_t *pos)
{
	struct seq_file *seq = file->private_data;
	struct bench_error error = {};
	int err = try_run(seq->private, from, len, &error);

	mutex_lock(&result_lock);
	last_error = error;
	mutex_unlock(&result_lock);
	return err ?: len;
}

static int run_show(struct seq_file *seq, void *unused)
{
	mutex_lock(&result_lock);
	if (last_result)
		bench_report(seq, last_result);
	mutex_unlock(&result_lock);
	return 0;
}

static int run_open(struct inode *inode, struct file *file)
{
	struct bench_file *bench = kzalloc(sizeof(*bench), GFP_KERNEL);
	int err;

	if (!bench)
		return -ENOMEM;
	err = single_open(file, run_show, bench);
	if (err)
		kfree(bench);
	return err;
}

static int run_release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;
	struct bench_file *bench = seq->private;

	syncmap_destroy(bench->made);
	kfree(bench);
	return single_release(inode, file);
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = run_open,
	.read = seq_read,
	.write = run_write,
	.llseek = seq_lseek,
	.release = run_release,
};

static int error_show(struct seq_file *seq, void *unused)
{
	mutex_lock(&result_lock);
	if (*last_error.text)
		seq_printf(seq, "%s\n", last_error.text);
	mutex_unlock(&result_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(error);

static int __init bench_init(void)
{
	folder = debugfs_create_dir("syncmap_bench", NULL);
	debugfs_create_file("run", 0600, folder, NULL, &run_fops);
	debugfs_create_file("error", 0400, folder, NULL, &error_fops);
	return peers_init(folder);
}

static void __exit bench_exit(void)
{
	debugfs_remove(folder);
	kvfree(last_result);
	peers_exit();
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("Load generator for syncmap");
MODULE_LICENSE("GPL");
