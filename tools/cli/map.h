/* SPDX-License-Identifier: GPL-2.0 */
/* What other objects share with `map`. */
#ifndef SYNCMAP_CLI_MAP_H
#define SYNCMAP_CLI_MAP_H

#include "command.h"
#include "maps.h"

/* Take the name of a map. */
const char *args_map(struct args *args);

#endif
