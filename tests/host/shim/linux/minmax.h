/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

#define min(a, b) ({ __auto_type __a = (a); __auto_type __b = (b); \
	__a < __b ? __a : __b; })
#define max(a, b) ({ __auto_type __a = (a); __auto_type __b = (b); \
	__a > __b ? __a : __b; })
#define min_t(t, a, b)		min((t)(a), (t)(b))
#define max3(a, b, c)		max(max(a, b), c)
#define max_t(t, a, b)		max((t)(a), (t)(b))
#define clamp(v, lo, hi)	min(max(v, lo), hi)
#define clamp_t(t, v, lo, hi)	min_t(t, max_t(t, v, lo), hi)
#define swap(a, b) do { __auto_type __t = (a); (a) = (b); (b) = __t; } while (0)

#endif
