/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SYNCMAP_CONTROL_DEBUGFS_H
#define SYNCMAP_CONTROL_DEBUGFS_H

struct dentry;
struct sm_named;

struct dentry *sm_debugfs_add(struct sm_named *named);
void sm_debugfs_remove(struct dentry *folder);
void sm_debugfs_init(void);
void sm_debugfs_exit(void);

#endif
