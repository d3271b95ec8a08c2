/* SPDX-License-Identifier: GPL-2.0 */
/* Between the shim's own files. */
#ifndef SHIM_INTERNAL_H
#define SHIM_INTERNAL_H

#include <linux/types.h>
#include "shim.h"

/* is a callback not yet run? */
bool shim_callbacks(void);

/* the accounts of memory.c, for per-CPU memory */
bool shim_percpu_may_allocate(gfp_t gfp);
void shim_percpu_freed(void);

#endif
