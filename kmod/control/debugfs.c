// SPDX-License-Identifier: GPL-2.0
/*
 * syncmap/MAP/ in debugfs: lines of "key: value" whose keys are stable, for
 * root.  debugfs_remove() waits for whoever reads a file and lets nobody in
 * after, so a file that stays open never sees a map that is gone.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/ktime.h>
#include "../core/core.h"
#include "counter.h"
#include "debugfs.h"
#include "registry.h"

static struct dentry *root;

static void show_number(struct seq_file *file, const char *key, u64 value)
{
	seq_printf(file, "%s: %llu\n", key, value);
}

static void show_text(struct seq_file *file, const char *key, const char *value)
{
	seq_printf(file, "%s: %s\n", key, value);
}

static int stats_show(struct seq_file *file, void *unused)
{
	struct sm_named *named = file->private;
	struct sm_stats stats;
	int i;

	sm_map_stats(named->map, &stats);
	show_number(file, "time", ktime_get_boottime_ns());
	show_number(file, "shards", sm_map_shards(named->map));
	show_number(file, "entries", syncmap_len(named->map));
	for (i = 0; i < SM_NR_COUNTERS; i++)
		show_number(file, sm_counter_forms[i].name, stats.value[i]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static int config_show(struct seq_file *file, void *unused)
{
	struct sm_named *named = file->private;
	const struct syncmap_config *config;
	struct sm_info info;

	sm_map_info(named->map, &info);
	config = &info.config;
	show_number(file, "id", named->id);
	show_text(file, "name", named->name);
	show_text(file, "owner", named->owner[0] ? named->owner : "userspace");
	show_text(file, "policy",
		  config->policy == SYNCMAP_CLASSIC ? "classic" : "cow");
	show_number(file, "shards", config->shards);
	show_text(file, "shards_auto", info.shards_auto ? "yes" : "no");
	if (config->key_size)
		show_number(file, "key_size", config->key_size);
	else
		show_text(file, "key_size", "any");
	if (config->value_size != SYNCMAP_VALUE_ANY)
		show_number(file, "value_size", config->value_size);
	else
		show_text(file, "value_size", "any");
	show_text(file, "align", config->align_line ? "line" : "packed");
	show_number(file, "max_entries", config->max_entries);
	show_number(file, "max_bytes", config->max_bytes);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(config);

/**
 * sm_debugfs_add() - show a map
 * @named:	the map
 *
 * Context: process; sleeps.
 * Return: its folder, or an ERR_PTR that sm_debugfs_remove() knows: a kernel
 * without debugfs has none.
 */
struct dentry *sm_debugfs_add(struct sm_named *named)
{
	struct dentry *folder = debugfs_create_dir(named->name, root);

	debugfs_create_file("stats", 0400, folder, named, &stats_fops);
	debugfs_create_file("config", 0400, folder, named, &config_fops);
	return folder;
}

/**
 * sm_debugfs_remove() - show a map no longer
 * @folder:	what sm_debugfs_add() gave
 *
 * Context: process; sleeps until nobody reads its files.
 */
void sm_debugfs_remove(struct dentry *folder)
{
	debugfs_remove(folder);
}

/**
 * sm_debugfs_init() - make the folder of all maps
 */
void sm_debugfs_init(void)
{
	root = debugfs_create_dir("syncmap", NULL);
}

/**
 * sm_debugfs_exit() - remove what is left
 */
void sm_debugfs_exit(void)
{
	debugfs_remove(root);
}
