// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include "../core/core.h"
#include "counter.h"
#include "netlink.h"
#include "registry.h"

/* kept for the map alone: a shard has none */
static bool is_map_only(enum sm_counter counter)
{
	return counter == SM_CLEARS || counter == SM_ALLOCS ||
	       counter == SM_ALLOC_FAILURES || counter == SM_BYTES;
}

static size_t stats_size(void)
{
	return nla_total_size(SYNCMAP_NAME_MAX + 1) +
	       3 * nla_total_size(sizeof(u32)) +
	       2 * nla_total_size_64bit(sizeof(u64)) +
	       nla_total_size(SM_NR_COUNTERS *
			      nla_total_size_64bit(sizeof(u64)));
}

static int put_counters(struct sk_buff *skb, const struct sm_stats *stats,
			bool of_shard)
{
	struct nlattr *nest;
	int i;

	nest = nla_nest_start(skb, SYNCMAP_A_STATS_COUNTERS);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < SM_NR_COUNTERS; i++) {
		if (of_shard && is_map_only(i))
			continue;
		if (nla_put_u64_64bit(skb, sm_counter_forms[i].type, stats->value[i],
				      SYNCMAP_A_COUNTER_PAD))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_head(struct sk_buff *skb, struct sm_named *named)
{
	if (nla_put_u32(skb, SYNCMAP_A_STATS_MAP_ID, named->id) ||
	    nla_put_string(skb, SYNCMAP_A_STATS_MAP_NAME, named->name) ||
	    nla_put_u64_64bit(skb, SYNCMAP_A_STATS_TIME,
			      ktime_get_boottime_ns(), SYNCMAP_A_STATS_PAD) ||
	    nla_put_u32(skb, SYNCMAP_A_STATS_SHARDS,
			sm_map_shards(named->map)))
		return -EMSGSIZE;
	return 0;
}

static int put_map(struct sk_buff *skb, struct sm_named *named)
{
	struct sm_stats stats;

	sm_map_stats(named->map, &stats);
	if (put_head(skb, named) ||
	    nla_put_u64_64bit(skb, SYNCMAP_A_STATS_ENTRIES,
			      syncmap_len(named->map), SYNCMAP_A_STATS_PAD))
		return -EMSGSIZE;
	return put_counters(skb, &stats, false);
}

static struct sm_named *find(struct nlattr **attrs,
			     struct netlink_ext_ack *extack)
{
	return sm_nl_find(attrs, SYNCMAP_A_STATS_MAP_ID,
			  SYNCMAP_A_STATS_MAP_NAME, extack);
}

int sm_nl_stats_get(struct sk_buff *request, struct genl_info *info)
{
	struct sm_named *named = find(info->attrs, info->extack);
	struct sk_buff *skb;
	void *hdr;
	int err;

	if (IS_ERR(named))
		return PTR_ERR(named);
	skb = sm_nl_reply(info, stats_size(), &hdr);
	err = skb ? put_map(skb, named) : -ENOMEM;
	sm_named_put(named);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/**
 * struct shards_dump - where a dump of a map's shards stands
 * @next:	the index of the first shard that has not been sent
 * @map_id:	the map; 0: it is a dump of all maps
 *
 * The map is looked up for each message: a reader who stops reading must not
 * keep it in memory.  @next is where sm_nl_each_map() has its own.
 */
struct shards_dump {
	u64 next;
	u32 map_id;
};

int sm_nl_stats_dump_start(struct netlink_callback *cb)
{
	struct shards_dump *dump = (struct shards_dump *)cb->ctx;
	struct nlattr *attrs[ARRAY_SIZE(sm_nl_stats_get_policy)];
	struct sm_named *named;
	int err;

	err = sm_nl_dump_attrs(cb, attrs, ARRAY_SIZE(attrs) - 1,
			       sm_nl_stats_get_policy,
			       BIT(SYNCMAP_A_STATS_MAP_ID) |
			       BIT(SYNCMAP_A_STATS_MAP_NAME));
	if (err)
		return err;
	if (!attrs[SYNCMAP_A_STATS_MAP_ID] && !attrs[SYNCMAP_A_STATS_MAP_NAME])
		return 0;
	named = find(attrs, cb->extack);
	if (IS_ERR(named))
		return PTR_ERR(named);
	dump->map_id = named->id;
	sm_named_put(named);
	return 0;
}

static void *put_header(struct sk_buff *skb, struct netlink_callback *cb)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &sm_nl_family, NLM_F_MULTI, SYNCMAP_CMD_STATS_GET);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

static int dump_map(struct sk_buff *skb, struct netlink_callback *cb,
		    struct sm_named *named)
{
	void *hdr = put_header(skb, cb);

	if (!hdr)
		return -EMSGSIZE;
	if (put_map(skb, named)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_shard(struct sk_buff *skb, struct netlink_callback *cb,
		      struct sm_named *named, u32 shard,
		      const struct sm_stats *stats)
{
	void *hdr = put_header(skb, cb);

	if (!hdr)
		return -EMSGSIZE;
	if (put_head(skb, named) ||
	    nla_put_u32(skb, SYNCMAP_A_STATS_SHARD, shard) ||
	    put_counters(skb, stats, true)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_shards(struct sk_buff *skb, struct netlink_callback *cb,
		       struct sm_named *named, struct shards_dump *dump)
{
	struct sm_stats stats;
	int err = 0;

	/* Splits change the meaning of an index. */
	cb->seq = sm_map_shards(named->map);
	while (!err && sm_map_shard_stats(named->map, dump->next, &stats)) {
		err = dump_shard(skb, cb, named, dump->next, &stats);
		if (!err)
			dump->next++;
	}
	return skb->len ?: err;
}

int sm_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct shards_dump *dump = (struct shards_dump *)cb->ctx;
	struct sm_named *named;
	int ret;

	if (!dump->map_id) {
		cb->seq = sm_registry_changes() + 1;
		return sm_nl_each_map(skb, cb, dump_map);
	}
	named = sm_registry_find_id(dump->map_id);
	if (!named) {
		NL_SET_ERR_MSG(cb->extack, "the map was deleted meanwhile");
		return -ENOENT;
	}
	ret = dump_shards(skb, cb, named, dump);
	sm_named_put(named);
	return ret;
}
