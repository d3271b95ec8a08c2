/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PRINTK_H
#define SHIM_LINUX_PRINTK_H

#include <stdio.h>

#define pr_err(...)	fprintf(stderr, __VA_ARGS__)
#define pr_warn(...)	pr_err(__VA_ARGS__)
#define pr_info(...)	pr_err(__VA_ARGS__)
#define pr_debug(...)	((void)0)

#endif
