// SPDX-License-Identifier: GPL-2.0
#include "peer.h"

#define PEER		peer_syncmap_classic
#define PEER_NAME	"syncmap-classic"
#define PEER_POLICY	SYNCMAP_CLASSIC
#include "syncmap.h"
#include "loops.h"
