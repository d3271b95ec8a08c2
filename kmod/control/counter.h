/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SYNCMAP_CONTROL_COUNTER_H
#define SYNCMAP_CONTROL_COUNTER_H

#include <linux/types.h>
#include "../observe/counters.h"

/**
 * struct sm_counter_form - how a counter is shown
 * @type:	its attribute, of enum syncmap_a_counter
 * @name:	its name in text
 */
struct sm_counter_form {
	u16 type;
	const char *name;
};

extern const struct sm_counter_form sm_counter_forms[SM_NR_COUNTERS];

#endif
