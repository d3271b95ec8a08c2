// SPDX-License-Identifier: GPL-2.0
/* rhashtable with its default hash and comparison. */
#include "peer.h"
#include "rhashtable.h"

static const struct rhashtable_params peer_params = {
	.key_len = sizeof(u64),
	.key_offset = offsetof(struct peer_object, key),
	.head_offset = offsetof(struct peer_object, node),
	.automatic_shrinking = true,
};

#define PEER		peer_rhashtable
#define PEER_NAME	"rhashtable"
#include "loops.h"
