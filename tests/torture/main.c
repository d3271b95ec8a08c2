// SPDX-License-Identifier: GPL-2.0
/*
 * syncmap_torture: begins when it is loaded, and goes on for so many seconds
 * or until it is unloaded.  In /sys/kernel/debug/syncmap_torture/:
 *
 *	pause		1: let all come to rest, then audit each map; 0: go on
 *	expected	"MAP COUNTER NUMBER" for the maps' counters, at rest
 *	report		"KEY: NUMBER"
 *
 * What is found broken is counted there, and told in the kernel's log.
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/workqueue.h>
#include "torture.h"

#define TELL_MOST	50	/* violations in the log */

static unsigned int seconds;
module_param(seconds, uint, 0444);
MODULE_PARM_DESC(seconds, "end after so many; 0: when unloaded");

static unsigned int threads;
module_param(threads, uint, 0444);
MODULE_PARM_DESC(threads, "threads; 0: two for each CPU");

const struct torture_form torture_forms[TORTURE_MAPS] = {
	{
		.name = "torture-cow",
		.config = SYNCMAP_CONFIG_INIT,
		.residents = 2000,
		.own = 1000,
	}, {
		.name = "torture-fixed",
		.config = {
			.shards = 1, .key_size = 8, .value_size = 64,
			.align_line = true,
		},
		.residents = 500,
		.own = 8000,
	}, {
		.name = "torture-classic",
		.config = {
			.policy = SYNCMAP_CLASSIC,
			.value_size = SYNCMAP_VALUE_ANY,
		},
		.residents = 500,
		.own = 200,
	}, {
		.name = "torture-clear",
		.config = SYNCMAP_CONFIG_INIT,
		.own = 500,
		.cleared = true,
	}, {
		.name = "torture-switch",
		.config = SYNCMAP_CONFIG_INIT,
		.residents = 1000,
		.own = 500,
		.switched = true,
	}, {
		.name = "torture-small",
		.config = {
			.value_size = SYNCMAP_VALUE_ANY, .max_entries = 700,
		},
		.residents = 100,
		.own = 500,
		.limited = true,
	},
};

static struct torture torture;
static struct dentry *folder;
static DEFINE_MUTEX(pause_lock);	/* who opens or closes the gate holds it */
static bool ended;			/* guarded by it */

/**
 * torture_violation() - count and tell that a promise is broken
 * @torture:	the whole
 * @m:		index of the map that broke it
 * @fmt:	how, no newline
 *
 * Context: any.
 */
void torture_violation(struct torture *torture, u32 m, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	if (atomic_inc_return(&torture->violations) > TELL_MOST)
		return;
	va_start(args, fmt);
	vaf.va = &args;
	pr_err("syncmap_torture: violation: %s: %pV\n", torture_forms[m].name,
	       &vaf);
	va_end(args);
}

static struct torture_counts sum_counts(u32 m)
{
	struct torture_counts sum = {};

	for (u32 i = 0; i < torture.actors; i++) {
		const struct torture_counts *c = &torture.actor[i]->counts[m];

		sum.found += c->found;
		sum.absent += c->absent;
		sum.inserts += c->inserts;
		sum.updates += c->updates;
		sum.either += c->either;
		sum.deletes += c->deletes;
		sum.enomem += c->enomem;
		sum.enospc += c->enospc;
	}
	return sum;
}

static int expected_show(struct seq_file *seq, void *unused)
{
	for (u32 m = 0; m < TORTURE_MAPS; m++) {
		const char *name = torture_forms[m].name;
		struct torture_counts sum = sum_counts(m);

		seq_printf(seq, "%s found %llu\n", name, sum.found);
		seq_printf(seq, "%s absent %llu\n", name, sum.absent);
		seq_printf(seq, "%s inserts %llu\n", name, sum.inserts);
		seq_printf(seq, "%s updates %llu\n", name, sum.updates);
		seq_printf(seq, "%s either %llu\n", name, sum.either);
		seq_printf(seq, "%s deletes %llu\n", name, sum.deletes);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(expected);

static void say(struct seq_file *seq, const char *key, u64 number)
{
	seq_printf(seq, "%s: %llu\n", key, number);
}

static int report_show(struct seq_file *seq, void *unused)
{
	u64 ops[3] = {}, enomem = 0, enospc = 0;

	for (u32 i = 0; i < torture.actors; i++)
		ops[(i >= torture.threads) + (i >= torture.owners)] +=
			READ_ONCE(torture.actor[i]->ops);
	for (u32 m = 0; m < TORTURE_MAPS; m++) {
		struct torture_counts sum = sum_counts(m);

		enomem += sum.enomem;
		enospc += sum.enospc;
	}
	say(seq, "running", !READ_ONCE(ended));
	say(seq, "operations", ops[0] + ops[1] + ops[2]);
	say(seq, "process_operations", ops[0]);
	say(seq, "softirq_operations", ops[1]);
	say(seq, "hardirq_operations", ops[2]);
	say(seq, "failed_allocations", enomem);
	say(seq, "refused_by_limit", enospc);
	say(seq, "ranges", atomic64_read(&torture.ranges));
	say(seq, "reshapes", atomic64_read(&torture.reshapes));
	say(seq, "brief_maps", atomic64_read(&torture.briefs));
	say(seq, "audits", atomic64_read(&torture.audits));
	say(seq, "violations", atomic_read(&torture.violations));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(report);

static void audit_all(void)
{
	for (u32 m = 0; m < TORTURE_MAPS; m++)
		torture_audit(&torture, m);
	atomic64_inc(&torture.audits);
}

static ssize_t pause_write(struct file *file, const char __user *from,
			   size_t len, loff_t *pos)
{
	bool pause;
	int err = kstrtobool_from_user(from, len, &pause);

	if (err)
		return err;
	mutex_lock(&pause_lock);
	if (pause) {
		gate_close(&torture.gate);
		audit_all();
	} else if (!ended) {
		gate_open(&torture.gate);
	}
	mutex_unlock(&pause_lock);
	return len;
}

static const struct file_operations pause_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = pause_write,
	.llseek = noop_llseek,
};

static void end(struct work_struct *unused)
{
	mutex_lock(&pause_lock);
	WRITE_ONCE(ended, true);
	gate_close(&torture.gate);
	mutex_unlock(&pause_lock);
}

static DECLARE_DELAYED_WORK(end_work, end);

static int make_maps(void)
{
	for (u32 m = 0; m < TORTURE_MAPS; m++) {
		const struct torture_form *form = &torture_forms[m];
		struct syncmap *map = syncmap_create(form->name, &form->config);

		if (IS_ERR(map))
			return PTR_ERR(map);
		torture.map[m] = map;
	}
	return 0;
}

static void undo(void)
{
	gate_close(&torture.gate);
	torture_garden_stop(&torture);
	torture_actors_stop(&torture);
	for (u32 m = 0; m < TORTURE_MAPS; m++)
		syncmap_destroy(torture.map[m]);
}

static int __init torture_init(void)
{
	int err;

	gate_init(&torture.gate);
	err = make_maps();
	if (!err)
		err = torture_actors_start(&torture, threads ?:
					   2 * num_online_cpus());
	if (!err)
		err = torture_garden_start(&torture);
	if (err) {
		undo();
		return err;
	}
	folder = debugfs_create_dir("syncmap_torture", NULL);
	debugfs_create_file("pause", 0200, folder, NULL, &pause_fops);
	debugfs_create_file("expected", 0400, folder, NULL, &expected_fops);
	debugfs_create_file("report", 0400, folder, NULL, &report_fops);
	gate_open(&torture.gate);
	if (seconds)
		schedule_delayed_work(&end_work, seconds * HZ);
	return 0;
}

static void __exit torture_exit(void)
{
	debugfs_remove(folder);
	cancel_delayed_work_sync(&end_work);
	undo();
}

module_init(torture_init);
module_exit(torture_exit);
MODULE_DESCRIPTION("Torture of syncmap");
MODULE_LICENSE("GPL");
