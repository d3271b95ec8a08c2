// SPDX-License-Identifier: GPL-2.0
/* rhashtable with a multiplicative hash and a comparison of one word. */
#include <linux/hash.h>
#include "peer.h"
#include "rhashtable.h"

static u32 tuned_hash(const void *data, u32 len, u32 seed)
{
	return (*(const u64 *)data ^ seed) * GOLDEN_RATIO_64 >> 32;
}

static int tuned_compare(struct rhashtable_compare_arg *arg, const void *object)
{
	return *(const u64 *)arg->key != ((const struct peer_object *)object)->key;
}

static const struct rhashtable_params peer_params = {
	.key_len = sizeof(u64),
	.key_offset = offsetof(struct peer_object, key),
	.head_offset = offsetof(struct peer_object, node),
	.hashfn = tuned_hash,
	.obj_cmpfn = tuned_compare,
	.automatic_shrinking = true,
};

#define PEER		peer_rhashtable_tuned
#define PEER_NAME	"rhashtable-tuned"
#include "loops.h"
