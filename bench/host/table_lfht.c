// SPDX-License-Identifier: GPL-2.0
#include <time.h>
#include <unistd.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include "shim.h"
#include "table_lfht.h"

#define LOOK_US		2000	/* how long to look whether it is quiet */
#define QUIET_NS	400000	/* of processor time within that: it is */
#define LOOKS_QUIET	4	/* that often in a row */
#define LOOKS_MAX	5000

struct sm_secret table_secret;

void table_init(void)
{
	get_random_bytes(&table_secret, sizeof(table_secret));
	table_secret.word[0] |= 1;
}

struct table *table_make(void)
{
	struct cds_lfht *lfht;

	lfht = cds_lfht_new_flavor(1, 1, 0,
				   CDS_LFHT_AUTO_RESIZE | CDS_LFHT_ACCOUNTING,
				   &urcu_qsbr_flavor, NULL);
	if (!lfht)
		die("making a table: no memory");
	return (struct table *)lfht;
}

void table_free(struct table *table)
{
	struct cds_lfht *lfht = table_lfht(table);
	struct cds_lfht_iter iter;
	struct cds_lfht_node *node;

	cds_lfht_for_each(lfht, &iter, node)
		if (!cds_lfht_del(lfht, node))
			node_retire(node);
	table_settle(table);
	if (cds_lfht_destroy(lfht, NULL))
		die("freeing a table: it has keys");
}

u64 table_len(struct table *table)
{
	unsigned long count;
	long before, after;

	cds_lfht_count_nodes(table_lfht(table), &before, &count, &after);
	return count;
}

u64 table_room(void)
{
	return U64_MAX;
}

static u64 processor_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return used.tv_sec * 1000000000ULL + used.tv_nsec;
}

/* The thread that resizes cannot be asked; that it is through is seen. */
void table_settle(struct table *table)
{
	u32 looks, quiet = 0;
	u64 before;

	rcu_barrier();
	shim_offline();
	for (looks = 0; looks < LOOKS_MAX && quiet < LOOKS_QUIET; looks++) {
		before = processor_ns();
		usleep(LOOK_US);
		if (processor_ns() - before < QUIET_NS)
			quiet++;
		else
			quiet = 0;
	}
	shim_online();
}

bool table_all_dirty(struct table *table)
{
	return false;
}

bool table_none_dirty(struct table *table)
{
	return true;
}

size_t table_hidden_bytes(void)
{
	return 0;
}
