/* SPDX-License-Identifier: GPL-2.0 */
/* The file "peers" beside the load generator's own. */
#ifndef SYNCMAP_BENCH_PEERS_H
#define SYNCMAP_BENCH_PEERS_H

struct dentry;

#ifdef CONFIG_UML_X86_NATIVE
int peers_init(struct dentry *folder);
void peers_exit(void);
#else
static inline int peers_init(struct dentry *folder)
{
	return 0;
}

static inline void peers_exit(void)
{
}
#endif

#endif
