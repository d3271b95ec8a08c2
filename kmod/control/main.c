// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <uapi/linux/syncmap_version.h>
#include "../core/core.h"
#include "debugfs.h"
#include "netlink.h"
#include "registry.h"

static int __init syncmap_init(void)
{
	int err;

	err = sm_core_init();
	if (err)
		return err;
	err = sm_registry_init();
	if (err)
		goto exit_core;
	sm_debugfs_init();
	err = sm_netlink_init();
	if (err)
		goto exit_debugfs;
	return 0;

exit_debugfs:
	sm_debugfs_exit();
	sm_registry_exit();
exit_core:
	sm_core_exit();
	return err;
}

/*
 * No other module uses a map now: each that does holds this one.  What
 * userspace made goes with it.
 */
static void __exit syncmap_exit(void)
{
	sm_netlink_exit();
	sm_registry_exit();
	sm_debugfs_exit();
	sm_core_exit();
}

module_init(syncmap_init);
module_exit(syncmap_exit);

MODULE_DESCRIPTION("Concurrent map with a read snapshot and a dirty table");
MODULE_LICENSE("GPL");
MODULE_VERSION(SYNCMAP_VERSION);
