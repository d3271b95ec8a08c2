/* SPDX-License-Identifier: GPL-2.0 */
/* What other objects share with `monitor`. */
#ifndef SYNCMAP_CLI_MONITOR_H
#define SYNCMAP_CLI_MONITOR_H

#include "events.h"
#include "map.h"

/* Print an event, as a line. */
void emit_event(struct cli *cli, const struct event *event);

#endif
