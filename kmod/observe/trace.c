// SPDX-License-Identifier: GPL-2.0
/* The bodies of the tracepoints, once. */
#define CREATE_TRACE_POINTS
#include <trace/events/syncmap.h>
