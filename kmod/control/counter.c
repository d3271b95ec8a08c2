// SPDX-License-Identifier: GPL-2.0
#include <uapi/linux/syncmap.h>
#include "counter.h"

#define X(NAME, name)						\
	[SM_##NAME] = { SYNCMAP_A_COUNTER_##NAME, #name },

const struct sm_counter_form sm_counter_forms[] = {
	SM_COUNTERS(X)
};
