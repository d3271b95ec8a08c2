// SPDX-License-Identifier: GPL-2.0
/* The dump of a map's entries, and the cursor from which it goes on. */
#include <linux/slab.h>
#include "../core/core.h"
#include "netlink.h"
#include "registry.h"

/* room for the largest entry with its map and cursor, in one message */
#define MESSAGE_MIN	8192

/**
 * struct cursor - a struct sm_cursor as userspace holds it
 * @map_id:	the map in which it is a place
 * @key_len:	bytes of @key
 * @hash:	see struct sm_cursor
 * @key:	see struct sm_cursor
 */
struct cursor {
	u32 map_id;
	u32 key_len;
	u64 hash;
	u8 key[];
};

static_assert(sizeof(struct cursor) == SM_NL_CURSOR_MIN);
static_assert(sizeof(struct cursor) + SYNCMAP_KEY_MAX == SM_NL_CURSOR_MAX);

/**
 * struct entry_dump - where a dump of entries stands
 * @map_id:	the map, looked up for each message: a reader who stops reading
 *		must not keep it in memory
 * @keys_only:	leave out values
 * @cursor:	the last entry sent
 */
struct entry_dump {
	u32 map_id;
	bool keys_only;
	struct sm_cursor cursor;
};

static struct entry_dump **dump_of(struct netlink_callback *cb)
{
	return (struct entry_dump **)cb->ctx;
}

static int take_cursor(struct entry_dump *dump, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	const struct cursor *from = nla_data(attr);
	struct sm_cursor *to = &dump->cursor;
	struct cursor head;

	/* an attribute is aligned to 4 bytes only */
	memcpy(&head, from, sizeof(head));
	if (nla_len(attr) != sizeof(head) + head.key_len)
		return sm_nl_refuse(extack, attr,
				    "this is no cursor of an entry dump",
				    -EINVAL);
	if (head.map_id != dump->map_id)
		return sm_nl_refuse(extack, attr,
				    "this cursor is from another map", -EINVAL);
	to->hash = head.hash;
	to->key_len = head.key_len;
	memcpy(to->key, from->key, head.key_len);
	return 0;
}

static int put_cursor(struct sk_buff *skb, const struct entry_dump *dump)
{
	const struct sm_cursor *from = &dump->cursor;
	struct cursor head = {
		.map_id = dump->map_id,
		.key_len = from->key_len,
		.hash = from->hash,
	};
	struct nlattr *attr;

	attr = nla_reserve(skb, SYNCMAP_A_ENTRIES_CURSOR,
			   sizeof(head) + from->key_len);
	if (!attr)
		return -EMSGSIZE;
	memcpy(nla_data(attr), &head, sizeof(head));
	memcpy(nla_data(attr) + sizeof(head), from->key, from->key_len);
	return 0;
}

/* Moves whenever the map does, and is never 0, which netlink takes for none. */
static unsigned int changes(struct sm_named *named)
{
	return (u32)sm_map_changes(named->map) << 1 | 1;
}

static int prepare(struct entry_dump *dump, struct netlink_callback *cb)
{
	struct nlattr *attrs[ARRAY_SIZE(sm_nl_entry_get_policy)];
	struct sm_named *named;
	int err;

	err = sm_nl_dump_attrs(cb, attrs, ARRAY_SIZE(attrs) - 1,
			       sm_nl_entry_get_policy,
			       BIT(SYNCMAP_A_ENTRIES_MAP_ID) |
			       BIT(SYNCMAP_A_ENTRIES_MAP_NAME) |
			       BIT(SYNCMAP_A_ENTRIES_KEYS_ONLY) |
			       BIT(SYNCMAP_A_ENTRIES_CURSOR));
	if (err)
		return err;
	named = sm_nl_find(attrs, SYNCMAP_A_ENTRIES_MAP_ID,
			   SYNCMAP_A_ENTRIES_MAP_NAME, cb->extack);
	if (IS_ERR(named))
		return PTR_ERR(named);
	dump->map_id = named->id;
	dump->keys_only = attrs[SYNCMAP_A_ENTRIES_KEYS_ONLY];
	if (attrs[SYNCMAP_A_ENTRIES_CURSOR])
		err = take_cursor(dump, attrs[SYNCMAP_A_ENTRIES_CURSOR],
				  cb->extack);
	/* A change during the first message counts already. */
	cb->prev_seq = changes(named);
	sm_named_put(named);
	return err;
}

int sm_nl_entry_dump_start(struct netlink_callback *cb)
{
	struct entry_dump *dump;
	int err;

	dump = kzalloc(sizeof(*dump), GFP_KERNEL_ACCOUNT);
	if (!dump)
		return sm_nl_refuse(cb->extack, NULL,
				    "out of memory for the dump", -ENOMEM);
	err = prepare(dump, cb);
	if (err) {
		kfree(dump);
		return err;
	}
	*dump_of(cb) = dump;
	cb->min_dump_alloc = MESSAGE_MIN;
	return 0;
}

int sm_nl_entry_dump_done(struct netlink_callback *cb)
{
	kfree(*dump_of(cb));
	return 0;
}

/* a message being filled */
struct filling {
	struct sk_buff *skb;
	bool keys_only;
	u32 entries;
};

static bool put_entry(const void *key, u32 key_len,
		      const struct syncmap_value *value, void *arg)
{
	struct filling *filling = arg;
	struct sk_buff *skb = filling->skb;
	struct nlattr *nest;

	nest = nla_nest_start(skb, SYNCMAP_A_ENTRIES_ENTRY);
	if (!nest)
		return false;
	if (nla_put(skb, SYNCMAP_A_ENTRY_KEY, key_len, key))
		goto full;
	if (!filling->keys_only &&
	    nla_put(skb, SYNCMAP_A_ENTRY_VALUE, value->len, value->data))
		goto full;
	if (skb_tailroom(skb) < nla_total_size(SM_NL_CURSOR_MAX))
		goto full;
	nla_nest_end(skb, nest);
	filling->entries++;
	return true;

full:
	nla_nest_cancel(skb, nest);
	return false;
}

/* Return: 0; -ENODATA: there are no more; -EMSGSIZE. */
static int fill(struct sk_buff *skb, struct sm_named *named,
		struct entry_dump *dump)
{
	struct filling filling = {
		.skb = skb,
		.keys_only = dump->keys_only,
	};

	if (nla_put_u32(skb, SYNCMAP_A_ENTRIES_MAP_ID, named->id))
		return -EMSGSIZE;
	sm_map_walk(named->map, &dump->cursor, put_entry, &filling);
	if (!filling.entries)
		return dump->cursor.done ? -ENODATA : -EMSGSIZE;
	return dump->cursor.done ? 0 : put_cursor(skb, dump);
}

static int dump_message(struct sk_buff *skb, struct netlink_callback *cb,
			struct sm_named *named, struct entry_dump *dump)
{
	void *hdr;
	int err;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &sm_nl_family, NLM_F_MULTI, SYNCMAP_CMD_ENTRY_GET);
	if (!hdr)
		return -EMSGSIZE;
	err = fill(skb, named, dump);
	cb->seq = changes(named);
	if (err) {
		genlmsg_cancel(skb, hdr);
		return err == -ENODATA ? 0 : err;
	}
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return skb->len;
}

int sm_nl_entry_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct entry_dump *dump = *dump_of(cb);
	struct sm_named *named;
	int ret;

	if (dump->cursor.done)
		return 0;
	named = sm_registry_find_id(dump->map_id);
	if (!named) {
		NL_SET_ERR_MSG(cb->extack, "the map was deleted meanwhile");
		return -ENOENT;
	}
	ret = dump_message(skb, cb, named, dump);
	sm_named_put(named);
	return ret;
}
