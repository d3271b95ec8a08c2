/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The search for an order in which operations could have happened, each at an
 * instant between its call and its return.
 */
#ifndef HOST_LINEAR_H
#define HOST_LINEAR_H

#include "history.h"

/* configurations that are tried before a history is refused */
#define LINEAR_EFFORT	(1U << 20)

/* @first: each key's value before them */
enum history_verdict linear_judge(const struct history_entry *const *op,
				  uint32_t n,
				  const uint64_t first[HISTORY_KEYS]);

#endif
