/* SPDX-License-Identifier: GPL-2.0 */
/* A map that no message may change, and the maps that messages make. */
#ifndef NETLINK_KNOWN_H
#define NETLINK_KNOWN_H

#include "talk.h"

/* Make the map, with entries. */
void known_make(struct talk *talk);

/* Let a request that could change the map be about another. */
void known_spare(struct request *request);

/* Are its entries what they were?  Exits if not. */
void known_check(struct talk *talk);

/* Delete all maps but the known one; it too, if @all. */
void maps_delete(struct talk *talk, bool all);

/* How many maps there are. */
uint32_t maps_count(struct talk *talk);

#endif
