// SPDX-License-Identifier: GPL-2.0
#include "peer.h"

#define PEER		peer_syncmap_cow
#define PEER_NAME	"syncmap-cow"
#define PEER_POLICY	SYNCMAP_COW
#include "syncmap.h"
#include "loops.h"
