/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FAST_LINUX_STRING_H
#define FAST_LINUX_STRING_H

#include <string.h>

#endif
