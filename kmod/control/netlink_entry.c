// SPDX-License-Identifier: GPL-2.0
/* Requests with one or many entries. */
#include <linux/sched.h>
#include <linux/slab.h>
#include "../core/core.h"
#include "netlink.h"
#include "registry.h"

/* skb->head is allocated in powers of two: leave room for what is behind it */
#define REPLY_MAX	SKB_WITH_OVERHEAD(SYNCMAP_REPLY_MAX)
#define REPLY_FIXED	(4 * nla_total_size(sizeof(u32)))

#define STATUS_SIZE	(nla_total_size(0) + nla_total_size(sizeof(u32)))
#define VALUE_SIZE_MAX	nla_total_size(SYNCMAP_VALUE_MAX)

static struct sm_named *find(struct genl_info *info)
{
	return sm_nl_find(info->attrs, SYNCMAP_A_ENTRIES_MAP_ID,
			  SYNCMAP_A_ENTRIES_MAP_NAME, info->extack);
}

static int take_key(struct sm_change *change, struct nlattr **entry,
		    const struct nlattr *nest, struct netlink_ext_ack *extack)
{
	const struct nlattr *key = entry[SYNCMAP_A_ENTRY_KEY];

	if (!key)
		return sm_nl_missing(extack, nest, SYNCMAP_A_ENTRY_KEY,
				     "an entry needs a key");
	change->key = nla_data(key);
	change->key_len = nla_len(key);
	return 0;
}

static void take_old(struct sm_change *change, const struct nlattr *old)
{
	change->old = nla_data(old);
	change->old_len = nla_len(old);
}

/* an ENTRY of ENTRY_GET, as a change that only has a key */
static int parse_get(struct sm_change *change, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *entry[ARRAY_SIZE(sm_nl_get_policy)];
	int err;

	err = nla_parse_nested(entry, ARRAY_SIZE(entry) - 1, nest,
			       sm_nl_get_policy, extack);
	if (err)
		return err;
	*change = (struct sm_change){ .op = SM_DELETE, .gfp = GFP_KERNEL };
	return take_key(change, entry, nest, extack);
}

static int parse_del(struct sm_change *change, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *entry[ARRAY_SIZE(sm_nl_del_policy)];
	const struct nlattr *old;
	int err;

	err = nla_parse_nested(entry, ARRAY_SIZE(entry) - 1, nest,
			       sm_nl_del_policy, extack);
	if (err)
		return err;
	old = entry[SYNCMAP_A_ENTRY_OLD];
	*change = (struct sm_change){
		.op = old ? SM_COMPARE_AND_DELETE : SM_DELETE,
		.gfp = GFP_KERNEL,
	};
	if (old)
		take_old(change, old);
	return take_key(change, entry, nest, extack);
}

static enum sm_op op_of(const struct nlattr *attr)
{
	static const enum sm_op ops[] = {
		[SYNCMAP_ENTRY_OP_STORE] = SM_STORE,
		[SYNCMAP_ENTRY_OP_ADD] = SM_LOAD_OR_STORE,
		[SYNCMAP_ENTRY_OP_SWAP] = SM_SWAP,
		[SYNCMAP_ENTRY_OP_COMPARE] = SM_COMPARE_AND_SWAP,
		[SYNCMAP_ENTRY_OP_REPLACE] = SM_REPLACE,
	};

	return attr ? ops[nla_get_u32(attr)] : SM_STORE;
}

static int parse_set(struct sm_change *change, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *entry[ARRAY_SIZE(sm_nl_set_policy)];
	const struct nlattr *value, *old;
	int err;

	err = nla_parse_nested(entry, ARRAY_SIZE(entry) - 1, nest,
			       sm_nl_set_policy, extack);
	if (err)
		return err;
	value = entry[SYNCMAP_A_ENTRY_VALUE];
	old = entry[SYNCMAP_A_ENTRY_OLD];
	*change = (struct sm_change){
		.op = op_of(entry[SYNCMAP_A_ENTRY_OP]),
		.gfp = GFP_KERNEL,
	};
	err = take_key(change, entry, nest, extack);
	if (err)
		return err;

	if (!value)
		return sm_nl_missing(extack, nest, SYNCMAP_A_ENTRY_VALUE,
				     "an entry to be set needs a value");
	if (!old && change->op == SM_COMPARE_AND_SWAP)
		return sm_nl_missing(extack, nest, SYNCMAP_A_ENTRY_OLD,
				     "compare needs the old value");
	if (old && change->op != SM_COMPARE_AND_SWAP)
		return sm_nl_refuse(extack, old,
				    "an old value goes with compare only",
				    -EINVAL);
	if (old)
		take_old(change, old);
	change->value = nla_data(value);
	change->value_len = nla_len(value);
	return 0;
}

typedef int (*parse_fn)(struct sm_change *change, const struct nlattr *nest,
			struct netlink_ext_ack *extack);

/* what a request asks for, found when it is checked */
struct batch {
	parse_fn parse;
	bool previous;		/* the RETURN flag */
	u32 entries;
	size_t reply_min;	/* bytes of answer, without values */
	size_t reply_max;	/* with the longest */
};

static bool returns_value(const struct batch *batch,
			  const struct sm_change *change)
{
	return batch->previous || change->op == SM_SWAP ||
	       change->op == SM_LOAD_OR_STORE;
}

/* The attribute behind bytes of the request. */
static const struct nlattr *attr_of(const void *data)
{
	return data - NLA_HDRLEN;
}

/* Which of a change's attributes has a size that the map does not take? */
static const struct nlattr *culprit(struct syncmap *map,
				    const struct sm_change *change)
{
	struct sm_change key = {
		.op = SM_DELETE,
		.key = change->key,
		.key_len = change->key_len,
	};
	int err;

	if (sm_change_check(map, &key, &err) || !change->value)
		return attr_of(change->key);
	return attr_of(change->value);
}

static int check_entry(struct syncmap *map, struct batch *batch,
		       const struct nlattr *nest,
		       struct netlink_ext_ack *extack)
{
	struct sm_change change;
	const char *wrong;
	int err;

	err = batch->parse(&change, nest, extack);
	if (err)
		return err;
	wrong = sm_change_check(map, &change, &err);
	if (wrong)
		return sm_nl_refuse(extack, culprit(map, &change), wrong, err);

	batch->entries++;
	batch->reply_min += STATUS_SIZE;
	batch->reply_max += STATUS_SIZE;
	if (batch->parse == parse_get) {
		batch->reply_min += nla_total_size(change.key_len);
		batch->reply_max += nla_total_size(change.key_len);
	}
	if (batch->parse == parse_get || returns_value(batch, &change))
		batch->reply_max += VALUE_SIZE_MAX;
	return 0;
}

/* Check the whole request before anything is done. */
static int check(struct syncmap *map, struct batch *batch,
		 struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, err;

	batch->reply_min = batch->reply_max = REPLY_FIXED;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != SYNCMAP_A_ENTRIES_ENTRY)
			continue;
		err = check_entry(map, batch, attr, info->extack);
		if (err)
			return err;
		if (GENL_HDRLEN + NLMSG_HDRLEN + batch->reply_min > REPLY_MAX)
			return sm_nl_refuse(info->extack, attr,
				"more entries than one answer can tell of",
				-EMSGSIZE);
		cond_resched();
	}
	if (!batch->entries)
		return sm_nl_missing(info->extack, NULL,
				     SYNCMAP_A_ENTRIES_ENTRY,
				     "at least one entry is needed");
	return 0;
}

static struct sk_buff *begin_reply(const struct batch *batch,
				   struct genl_info *info, void **hdr)
{
	size_t max = REPLY_MAX - GENL_HDRLEN - NLMSG_HDRLEN;

	return sm_nl_reply(info, min(batch->reply_max, max), hdr);
}

/* keys that are looked up at once: so that their cache misses overlap */
#define GET_GROUP	16

/**
 * struct get_group - some of a request's keys
 * @attr:	where each is
 * @key:	each
 * @value:	what is found of each, while in rcu_read_lock()
 * @nr:		how many
 */
struct get_group {
	const struct nlattr *attr[GET_GROUP];
	struct syncmap_key key[GET_GROUP];
	const struct syncmap_value *value[GET_GROUP];
	u32 nr;
};

static int put_found(struct sk_buff *skb, const struct syncmap_key *key,
		     const struct syncmap_value *value)
{
	u32 status = value ? SYNCMAP_ENTRY_STATUS_FOUND :
			     SYNCMAP_ENTRY_STATUS_ABSENT;
	struct nlattr *nest = nla_nest_start(skb, SYNCMAP_A_ENTRIES_ENTRY);

	if (!nest || nla_put(skb, SYNCMAP_A_ENTRY_KEY, key->len, key->data) ||
	    nla_put_u32(skb, SYNCMAP_A_ENTRY_STATUS, status))
		return -EMSGSIZE;
	if (value && nla_put(skb, SYNCMAP_A_ENTRY_VALUE, value->len,
			     value->data))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Look a group up, and empty it. */
static int get_group(struct sk_buff *skb, struct syncmap *map,
		     struct get_group *group, struct genl_info *info)
{
	int err = 0;
	u32 i;

	rcu_read_lock();
	syncmap_load_batch(map, group->key, group->value, group->nr);
	for (i = 0; i < group->nr && !err; i++)
		err = put_found(skb, &group->key[i], group->value[i]);
	rcu_read_unlock();
	if (err)
		return sm_nl_refuse(info->extack, group->attr[i - 1],
				    "the answer has no room for this entry; ask for fewer",
				    err);
	group->nr = 0;
	cond_resched();
	return 0;
}

/* The group is looked up when it is full. */
static int get_one(struct sk_buff *skb, struct syncmap *map,
		   struct get_group *group, const struct nlattr *attr,
		   struct genl_info *info)
{
	struct sm_change change;
	int err = parse_get(&change, attr, info->extack);

	if (err)
		return err;
	group->attr[group->nr] = attr;
	group->key[group->nr] = (struct syncmap_key){ change.key,
						      change.key_len };
	return ++group->nr < GET_GROUP ? 0 : get_group(skb, map, group, info);
}

static int get_all(struct sk_buff *skb, struct sm_named *named,
		   struct genl_info *info)
{
	struct get_group group = { .nr = 0 };
	const struct nlattr *attr;
	int rem, err;

	if (nla_put_u32(skb, SYNCMAP_A_ENTRIES_MAP_ID, named->id))
		return -EMSGSIZE;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != SYNCMAP_A_ENTRIES_ENTRY)
			continue;
		err = get_one(skb, named->map, &group, attr, info);
		if (err)
			return err;
	}
	return get_group(skb, named->map, &group, info);
}

static int get(struct sm_named *named, struct genl_info *info)
{
	struct batch batch = { .parse = parse_get };
	struct sk_buff *skb;
	void *hdr;
	int err;

	err = sm_nl_only(info->attrs, SYNCMAP_A_ENTRIES_CURSOR,
			 BIT(SYNCMAP_A_ENTRIES_MAP_ID) |
			 BIT(SYNCMAP_A_ENTRIES_MAP_NAME) |
			 BIT(SYNCMAP_A_ENTRIES_ENTRY), info->extack);
	if (!err)
		err = check(named->map, &batch, info);
	if (err)
		return err;
	skb = begin_reply(&batch, info, &hdr);
	if (!skb)
		return -ENOMEM;
	err = get_all(skb, named, info);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

int sm_nl_entry_get(struct sk_buff *request, struct genl_info *info)
{
	struct sm_named *named = find(info);
	int err;

	if (IS_ERR(named))
		return PTR_ERR(named);
	err = get(named, info);
	sm_named_put(named);
	return err;
}

static u32 status_of(enum sm_status status)
{
	static const u32 statuses[] = {
		[SM_ABSENT] = SYNCMAP_ENTRY_STATUS_ABSENT,
		[SM_FOUND] = SYNCMAP_ENTRY_STATUS_FOUND,
		[SM_INSERTED] = SYNCMAP_ENTRY_STATUS_INSERTED,
		[SM_REPLACED] = SYNCMAP_ENTRY_STATUS_REPLACED,
		[SM_DELETED] = SYNCMAP_ENTRY_STATUS_DELETED,
		[SM_DIFFERENT] = SYNCMAP_ENTRY_STATUS_DIFFERENT,
	};

	return statuses[status];
}

/* Did the change meet a value, to replace, to delete or to keep? */
static bool met_value(enum sm_status status)
{
	return status != SM_ABSENT && status != SM_INSERTED;
}

/* room was made sure of before the change */
static int put_outcome(struct sk_buff *skb, enum sm_status status,
		       const struct syncmap_buf *met)
{
	struct nlattr *nest = nla_nest_start(skb, SYNCMAP_A_ENTRIES_ENTRY);

	if (!nest ||
	    nla_put_u32(skb, SYNCMAP_A_ENTRY_STATUS, status_of(status)))
		return -EMSGSIZE;
	if (met && met_value(status) &&
	    nla_put(skb, SYNCMAP_A_ENTRY_VALUE, met->len, met->data))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * struct applying - a request being applied
 * @named:	the map
 * @batch:	the request, checked
 * @info:	the request
 * @skb:	its answer
 * @met:	holds the value that a change met
 * @applied:	entries applied
 */
struct applying {
	struct sm_named *named;
	const struct batch *batch;
	struct genl_info *info;
	struct sk_buff *skb;
	struct syncmap_buf met;
	u32 applied;
};

static bool has_room(const struct applying *work, bool value)
{
	return skb_tailroom(work->skb) >= REPLY_FIXED + STATUS_SIZE +
					  (value ? VALUE_SIZE_MAX : 0);
}

static int apply_one(struct applying *work, const struct nlattr *attr)
{
	struct sm_change change;
	bool value;
	int ret;

	ret = work->batch->parse(&change, attr, work->info->extack);
	if (ret)
		return ret;
	value = returns_value(work->batch, &change);
	if (!has_room(work, value))
		return -EMSGSIZE;
	if (value) {
		if (change.op == SM_STORE)
			change.op = SM_SWAP;
		change.previous = &work->met;
	}
	ret = sm_map_change(work->named->map, &change);
	return ret < 0 ? ret : put_outcome(work->skb, ret, change.previous);
}

static const char *why_not(int err)
{
	switch (err) {
	case -ENOSPC:
		return "the map is full: max-entries or max-bytes";
	case -ENOMEM:
		return "out of memory for this entry";
	case -EMSGSIZE:
		return "the answer has no room for this entry's value";
	default:
		return "this entry was refused";
	}
}

/*
 * Apply the entries in their order, to the first that fails.
 * Return: 0, or that one's errno if it was the first of all.
 */
static int apply_all(struct applying *work)
{
	struct netlink_ext_ack *extack = work->info->extack;
	const struct nlattr *attr;
	int rem, err = 0;

	nlmsg_for_each_attr(attr, work->info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != SYNCMAP_A_ENTRIES_ENTRY)
			continue;
		err = apply_one(work, attr);
		if (err)
			break;
		work->applied++;
		cond_resched();
	}
	if (err && !work->applied)
		return sm_nl_refuse(extack, attr, why_not(err), err);
	if (err && (nla_put_u32(work->skb, SYNCMAP_A_ENTRIES_FAILED,
				work->applied) ||
		    nla_put_u32(work->skb, SYNCMAP_A_ENTRIES_ERROR, -err)))
		return -EMSGSIZE;
	return nla_put_u32(work->skb, SYNCMAP_A_ENTRIES_APPLIED, work->applied);
}

static int apply(struct applying *work)
{
	void *hdr;
	int err;

	work->skb = begin_reply(work->batch, work->info, &hdr);
	if (!work->skb)
		return -ENOMEM;
	err = nla_put_u32(work->skb, SYNCMAP_A_ENTRIES_MAP_ID, work->named->id);
	if (!err)
		err = apply_all(work);
	if (err) {
		nlmsg_free(work->skb);
		return err;
	}
	genlmsg_end(work->skb, hdr);
	return genlmsg_reply(work->skb, work->info);
}

static int change(struct sm_named *named, parse_fn parse,
		  struct genl_info *info)
{
	struct batch batch = {
		.parse = parse,
		.previous = info->attrs[SYNCMAP_A_ENTRIES_RETURN],
	};
	struct applying work = {
		.named = named,
		.batch = &batch,
		.info = info,
		.met.size = SYNCMAP_VALUE_MAX,
	};
	int err;

	err = check(named->map, &batch, info);
	if (err)
		return err;
	work.met.data = kmalloc(SYNCMAP_VALUE_MAX, GFP_KERNEL);
	if (!work.met.data)
		return sm_nl_refuse(info->extack, NULL,
				    "out of memory for previous values",
				    -ENOMEM);
	err = apply(&work);
	kfree(work.met.data);
	return err;
}

static int find_and_change(struct genl_info *info, parse_fn parse)
{
	struct sm_named *named = find(info);
	int err;

	if (IS_ERR(named))
		return PTR_ERR(named);
	err = change(named, parse, info);
	sm_named_put(named);
	return err;
}

int sm_nl_entry_set(struct sk_buff *request, struct genl_info *info)
{
	return find_and_change(info, parse_set);
}

int sm_nl_entry_del(struct sk_buff *request, struct genl_info *info)
{
	return find_and_change(info, parse_del);
}
