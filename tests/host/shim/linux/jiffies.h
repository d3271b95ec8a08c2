/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_JIFFIES_H
#define SHIM_LINUX_JIFFIES_H

#include <linux/timekeeping.h>

#define HZ			1000
#define jiffies			((unsigned long)(ktime_get_ns() / 1000000))
#define msecs_to_jiffies(ms)	((unsigned long)(ms))

#endif
