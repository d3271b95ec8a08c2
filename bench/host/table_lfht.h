/* SPDX-License-Identifier: GPL-2.0 */
/*
 * liburcu's hash table, as the examples that come with it use it: nodes with
 * the key, the value and the head for call_rcu() in one piece of memory, and
 * cds_lfht_add_replace() where a key gets another value.  The hash is ours.
 */
#ifndef BENCH_HOST_TABLE_LFHT_H
#define BENCH_HOST_TABLE_LFHT_H

#include <stdlib.h>
#include <linux/container_of.h>
#include <linux/rcupdate.h>
#include <urcu/rculfhash.h>
#include "../../kmod/core/hash.h"
#include "request.h"
#include "table.h"

#define TABLE_HAS_BATCH	0
#define TABLE_HAS_DIRTY	0

struct node {
	struct cds_lfht_node node;
	u64 key;
	u64 value;
	struct rcu_head rcu;
};

extern struct sm_secret table_secret;

static inline struct cds_lfht *table_lfht(struct table *table)
{
	return (struct cds_lfht *)table;
}

static inline unsigned long table_hash(const u64 *key)
{
	return sm_hash(&table_secret, key, sizeof(*key));
}

static inline int node_is(struct cds_lfht_node *node, const void *key)
{
	return container_of(node, struct node, node)->key == *(const u64 *)key;
}

static inline void node_free(struct rcu_head *rcu)
{
	free(container_of(rcu, struct node, rcu));
}

static inline struct cds_lfht_node *table_find(struct table *table,
					       const u64 *key)
{
	struct cds_lfht_iter iter;

	cds_lfht_lookup(table_lfht(table), table_hash(key), node_is, key,
			&iter);
	return cds_lfht_iter_get_node(&iter);
}

static inline bool table_load(struct table *table, const u64 *key, u64 *value)
{
	struct cds_lfht_node *found = table_find(table, key);

	if (!found)
		return false;
	*value = container_of(found, struct node, node)->value;
	return true;
}

static inline void node_retire(struct cds_lfht_node *node)
{
	call_rcu(&container_of(node, struct node, node)->rcu, node_free);
}

static inline void table_store(struct table *table, const u64 *key, u64 value)
{
	struct node *new = malloc(sizeof(*new));
	struct cds_lfht_node *old;

	if (unlikely(!new))
		die("no memory");
	cds_lfht_node_init(&new->node);
	new->key = *key;
	new->value = value;
	old = cds_lfht_add_replace(table_lfht(table), table_hash(key), node_is,
				   key, &new->node);
	if (old)
		node_retire(old);
}

static inline bool table_delete(struct table *table, const u64 *key)
{
	struct cds_lfht_node *found = table_find(table, key);

	if (!found || cds_lfht_del(table_lfht(table), found))
		return false;
	node_retire(found);
	return true;
}

#endif
