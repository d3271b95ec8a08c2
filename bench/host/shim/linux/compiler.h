/* SPDX-License-Identifier: GPL-2.0 */
/* Threads give way to nobody: a marked access is just an access. */
#ifndef SHIM_TURNS_H
#define SHIM_TURNS_H
#define shim_access()	((void)0)
#endif

#include_next <linux/compiler.h>
