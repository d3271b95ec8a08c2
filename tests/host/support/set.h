/* SPDX-License-Identifier: GPL-2.0 */
/* A set of pointers, with a word for each. */
#ifndef HOST_SET_H
#define HOST_SET_H

#include <stdbool.h>
#include <stddef.h>

struct host_set {
	size_t n;
	size_t room;
	struct host_item {
		const void *p;
		unsigned long word;
	} *item;
};

/* the word of @p, 0 if it is new; NULL is no member */
unsigned long *host_set_at(struct host_set *set, const void *p);
bool host_set_has(const struct host_set *set, const void *p);
void host_set_free(struct host_set *set);

#endif
