/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of `entry` that move whole files: entry_file.c. */
#ifndef SYNCMAP_CLI_ENTRY_H
#define SYNCMAP_CLI_ENTRY_H

#include "command.h"
#include "entries.h"
#include "map.h"

enum status entry_load(struct cli *cli, struct args *args);
enum status entry_save(struct cli *cli, struct args *args);

/* Say that a map changed while it was read, if it did. */
void say_if_changed(const struct sm_nl *nl, const char *map);

/* The optional word "keys", which leaves out values. */
bool args_keys_only(struct args *args);

#endif
