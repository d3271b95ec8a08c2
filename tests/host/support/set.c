// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdlib.h>
#include "set.h"

static struct host_item *find(const struct host_set *set, const void *p)
{
	size_t i = ((uintptr_t)p >> 4) * 0x9e3779b97f4a7c15ULL >> 20;

	for (i %= set->room; set->item[i].p && set->item[i].p != p;)
		i = (i + 1) % set->room;
	return &set->item[i];
}

static void grow(struct host_set *set)
{
	struct host_set old = *set;
	size_t i;

	set->room = old.room ? 2 * old.room : 64;
	set->item = calloc(set->room, sizeof(*set->item));
	for (i = 0; i < old.room; i++)
		if (old.item[i].p)
			*find(set, old.item[i].p) = old.item[i];
	free(old.item);
}

unsigned long *host_set_at(struct host_set *set, const void *p)
{
	struct host_item *item;

	if (2 * set->n >= set->room)
		grow(set);
	item = find(set, p);
	if (!item->p) {
		item->p = p;
		set->n++;
	}
	return &item->word;
}

bool host_set_has(const struct host_set *set, const void *p)
{
	return set->room && find(set, p)->p;
}

void host_set_free(struct host_set *set)
{
	free(set->item);
	*set = (struct host_set){ 0 };
}
