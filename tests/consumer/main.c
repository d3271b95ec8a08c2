// SPDX-License-Identifier: GPL-2.0
/*
 * syncmap_consumer: opening /sys/kernel/debug/syncmap_consumer/tap runs all
 * checks; reading it gives their results as TAP.  As long as the module is
 * loaded it owns a map, "consumer".
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "consumer.h"

#define REPORT_SIZE	(64 * 1024)

static DEFINE_MUTEX(run_lock);
static struct syncmap *own_map;
static struct dentry *folder;

/**
 * struct report - what a run said
 * @checks:	how many there were
 * @len:	bytes in @text
 * @text:	TAP
 */
struct report {
	u32 checks;
	size_t len;
	char text[REPORT_SIZE];
};

/**
 * struct setting - in which way checks are run
 * @context:	its name
 * @run:	gets a check there
 * @gfp:	what allocations there may do
 * @prepare:	NULL, or fills the map beforehand, in process context
 */
struct setting {
	const char *context;
	void (*run)(check_fn fn, struct check_env *env);
	gfp_t gfp;
	check_fn prepare;
};

/* k0 to k4 in the snapshot, k5 to k9 in the dirty table only */
static void fill_for_interrupt(struct check_env *env)
{
	for (u32 n = 0; n < 5; n++)
		EXPECT(env, !put_number(env, n, n));
	for (u32 turn = 0; turn < 1000; turn++)
		EXPECT(env, lacks_number(env, 10));
	for (u32 n = 5; n < 10; n++)
		EXPECT(env, !put_number(env, n, n));
}

static const struct setting process = {
	"process", run_in_process, GFP_KERNEL
};

static const struct setting softirq = {
	"softirq", run_in_softirq, GFP_ATOMIC
};

static const struct setting hardirq = {
	"hardirq", run_in_hardirq, GFP_KERNEL, fill_for_interrupt
};

static const struct setting nmi = {
	"nmi", run_in_nmi, GFP_KERNEL, fill_for_interrupt
};

__printf(2, 3)
static void say(struct report *report, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report->len += vscnprintf(report->text + report->len,
				  sizeof(report->text) - report->len, fmt,
				  args);
	va_end(args);
}

static void judge(struct report *report, const char *name,
		  const struct setting *setting, const struct check_env *env)
{
	say(report, "%sok %u - %s, %s sizes, %s: %s", env->failed ? "not " : "",
	    ++report->checks,
	    env->policy == SYNCMAP_CLASSIC ? "classic" : "cow",
	    env->fixed ? "fixed" : "any", setting->context, name);
	if (env->skipped && !env->failed)
		say(report, " # SKIP %s", env->skipped);
	say(report, "\n");
	if (env->failed)
		say(report, "# line %d: not so: %s\n", env->line, env->failed);
}

static void run_one(const struct check *check, const struct setting *setting,
		    struct check_env *env)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;

	config.policy = env->policy;
	if (env->fixed) {
		config.key_size = 8;
		config.value_size = 8;
	}
	env->map = syncmap_create("check", &config);
	if (IS_ERR(env->map)) {
		env->failed = "the map is made";
		return;
	}
	env->gfp = GFP_KERNEL;
	if (setting->prepare)
		setting->prepare(env);
	env->gfp = setting->gfp;
	if (!env->failed)
		setting->run(check->fn, env);
	syncmap_destroy(env->map);
}

static void run_all(struct report *report, const struct check *check,
		    const struct setting *setting, enum syncmap_policy policy,
		    bool fixed)
{
	for (; check->name; check++) {
		struct check_env env = { .policy = policy, .fixed = fixed };

		run_one(check, setting, &env);
		judge(report, check->name, setting, &env);
	}
}

static void run_nmi(struct report *report, enum syncmap_policy policy)
{
	int err = nmi_probe_add();

	if (err == -EOPNOTSUPP) {
		say(report, "ok %u - nmi # SKIP no kprobes on x86\n",
		    ++report->checks);
		return;
	}
	if (err) {
		say(report, "not ok %u - nmi: kprobe: error %d\n",
		    ++report->checks, err);
		return;
	}
	run_all(report, checks_interrupt, &nmi, policy, true);
	nmi_probe_remove();
}

static void run_policy(struct report *report, enum syncmap_policy policy)
{
	for (int fixed = 0; fixed <= 1; fixed++) {
		run_all(report, checks_any, &process, policy, fixed);
		run_all(report, checks_any, &softirq, policy, fixed);
	}
	run_all(report, checks_process, &process, policy, false);
	run_all(report, checks_interrupt, &hardirq, policy, true);
	run_nmi(report, policy);
	run_all(report, checks_storm, &process, policy, true);
}

static int tap_show(struct seq_file *seq, void *unused)
{
	struct report *report = seq->private;

	seq_write(seq, report->text, report->len);
	return 0;
}

static int tap_open(struct inode *inode, struct file *file)
{
	struct report *report = kvzalloc(sizeof(*report), GFP_KERNEL);
	int err;

	if (!report)
		return -ENOMEM;
	mutex_lock(&run_lock);
	run_policy(report, SYNCMAP_COW);
	run_policy(report, SYNCMAP_CLASSIC);
	mutex_unlock(&run_lock);
	say(report, "1..%u\n", report->checks);

	err = single_open_size(file, tap_show, report, REPORT_SIZE + 1);
	if (err)
		kvfree(report);
	return err;
}

static int tap_release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;

	kvfree(seq->private);
	return single_release(inode, file);
}

static const struct file_operations tap_fops = {
	.owner = THIS_MODULE,
	.open = tap_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = tap_release,
};

static int __init consumer_init(void)
{
	own_map = syncmap_create("consumer", NULL);
	if (IS_ERR(own_map))
		return PTR_ERR(own_map);
	folder = debugfs_create_dir("syncmap_consumer", NULL);
	debugfs_create_file("tap", 0400, folder, NULL, &tap_fops);
	return 0;
}

static void __exit consumer_exit(void)
{
	debugfs_remove(folder);
	syncmap_destroy(own_map);
}

module_init(consumer_init);
module_exit(consumer_exit);
MODULE_DESCRIPTION("A user of syncmap, to test it");
MODULE_LICENSE("GPL");
