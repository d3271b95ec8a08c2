// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <uapi/linux/syncmap_version.h>
#include "netlink.h"
#include "registry.h"

/* as NL_SET_ERR_MSG() does, for texts that are chosen */
static void set_message(struct netlink_ext_ack *extack, const char *why)
{
	/* 6.1 gives the start of a dump no place for a text */
	if (extack)
		extack->_msg = why;
}

/**
 * sm_nl_refuse() - say why a request is refused
 * @extack:	where; NULL: nowhere
 * @attr:	the attribute that is wrong; NULL: none in particular
 * @why:	a text that stays
 * @err:	a negative errno
 *
 * Return: @err.
 */
int sm_nl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		 const char *why, int err)
{
	set_message(extack, why);
	NL_SET_BAD_ATTR(extack, attr);
	return err;
}

/**
 * sm_nl_missing() - say that a request lacks an attribute
 * @extack:	where; NULL: nowhere
 * @nest:	the attribute that lacks it; NULL: the message
 * @type:	what is lacking
 * @why:	a text that stays
 *
 * Return: -EINVAL.
 */
int sm_nl_missing(struct netlink_ext_ack *extack, const struct nlattr *nest,
		  int type, const char *why)
{
	set_message(extack, why);
	NL_SET_ERR_ATTR_MISS(extack, nest, type);
	return -EINVAL;
}

/**
 * sm_nl_only() - refuse what only the other form of a command takes
 * @attrs:	the request's attributes
 * @max:	the largest type that the policy knows
 * @allowed:	bits of the types that this form takes
 * @extack:	says which is refused
 *
 * The "do" and the "dump" of a command share a policy.
 *
 * Return: 0, -EINVAL.
 */
int sm_nl_only(struct nlattr **attrs, int max, unsigned long allowed,
	       struct netlink_ext_ack *extack)
{
	int type;

	for (type = 1; type <= max; type++)
		if (attrs[type] && !(allowed & BIT(type)))
			return sm_nl_refuse(extack, attrs[type],
				"this attribute does not go with this form of the command",
				-EINVAL);
	return 0;
}

/**
 * sm_nl_dump_attrs() - the attributes of the request that a dump answers
 * @cb:		the dump, starting
 * @attrs:	out: by type
 * @max:	the largest type that @policy knows
 * @policy:	of the command, which the request has passed
 * @allowed:	bits of the types that the dump takes
 *
 * Where genetlink keeps them has changed since the oldest kernel supported.
 *
 * Return: 0, -EINVAL.
 */
int sm_nl_dump_attrs(struct netlink_callback *cb, struct nlattr **attrs,
		     int max, const struct nla_policy *policy,
		     unsigned long allowed)
{
	int err;

	err = genlmsg_parse(cb->nlh, &sm_nl_family, attrs, max, policy,
			    cb->extack);
	return err ?: sm_nl_only(attrs, max, allowed, cb->extack);
}

/**
 * sm_nl_find() - find the map that a request is about
 * @attrs:	the request's attributes
 * @id:		the type of the one with the id
 * @name:	the type of the one with the name
 * @extack:	says what was wrong
 *
 * Return: the map with a reference; ERR_PTR: -ENOENT, -EINVAL.
 */
struct sm_named *sm_nl_find(struct nlattr **attrs, int id, int name,
			    struct netlink_ext_ack *extack)
{
	struct sm_named *named;
	int err;

	if (!attrs[id] && !attrs[name]) {
		err = sm_nl_missing(extack, NULL, name,
				    "which map? give its name or its id");
	} else if (attrs[id] && attrs[name]) {
		err = sm_nl_refuse(extack, attrs[id],
				   "give the map's name or its id, not both",
				   -EINVAL);
	} else if (attrs[name]) {
		named = sm_registry_find(nla_data(attrs[name]));
		if (named)
			return named;
		err = sm_nl_refuse(extack, attrs[name],
				   "there is no map of this name", -ENOENT);
	} else {
		named = sm_registry_find_id(nla_get_u32(attrs[id]));
		if (named)
			return named;
		err = sm_nl_refuse(extack, attrs[id],
				   "there is no map with this id", -ENOENT);
	}
	return ERR_PTR(err);
}

/**
 * sm_nl_reply() - begin the answer to a request
 * @info:	the request
 * @size:	bytes that its attributes may need
 * @hdr:	out: for genlmsg_end()
 *
 * Return: the message, or NULL, with the request refused for want of memory.
 */
struct sk_buff *sm_nl_reply(struct genl_info *info, size_t size, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(size, GFP_KERNEL);

	if (skb) {
		*hdr = genlmsg_put_reply(skb, info, &sm_nl_family, 0,
					 info->genlhdr->cmd);
		if (*hdr)
			return skb;
		nlmsg_free(skb);
	}
	sm_nl_refuse(info->extack, NULL, "out of memory for the answer",
		     -ENOMEM);
	return NULL;
}

/* where a dump of all maps stands: in netlink_callback.ctx */
struct maps_dump {
	u64 next;	/* the least id that has not been sent */
};

/**
 * sm_nl_each_map() - put what fits of a dump of all maps into a message
 * @skb:	where to put it
 * @cb:		the dump
 * @put:	puts one map, or returns a negative errno if it does not fit
 *
 * Return: what a dumpit callback returns.
 */
int sm_nl_each_map(struct sk_buff *skb, struct netlink_callback *cb,
		   int (*put)(struct sk_buff *skb, struct netlink_callback *cb,
			      struct sm_named *named))
{
	struct maps_dump *dump = (struct maps_dump *)cb->ctx;
	struct sm_named *named;
	int err = 0;

	while (dump->next <= U32_MAX &&
	       (named = sm_registry_next(dump->next))) {
		err = put(skb, cb, named);
		if (!err)
			dump->next = (u64)named->id + 1;
		sm_named_put(named);
		if (err)
			break;
	}
	return skb->len ?: err;
}

static u32 features(void)
{
	u32 bits = 0;

	if (IS_ENABLED(CONFIG_TRACEPOINTS))
		bits |= BIT(SYNCMAP_FEATURE_TRACEPOINTS);
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		bits |= BIT(SYNCMAP_FEATURE_PREEMPT_RT);
#ifdef CONFIG_DEBUG_INFO_BTF_MODULES
	if (THIS_MODULE->btf_data_size)
		bits |= BIT(SYNCMAP_FEATURE_BTF);
#endif
	return bits;
}

static int info_get(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *hdr;

	skb = sm_nl_reply(info, nla_total_size(sizeof(SYNCMAP_VERSION)) +
			  2 * nla_total_size(sizeof(u32)), &hdr);
	if (!skb)
		return -ENOMEM;
	if (nla_put_string(skb, SYNCMAP_A_INFO_VERSION, SYNCMAP_VERSION) ||
	    nla_put_u32(skb, SYNCMAP_A_INFO_FEATURES, features()) ||
	    nla_put_u32(skb, SYNCMAP_A_INFO_MAPS, sm_registry_count())) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

#define TAKES(what) .policy = what, .maxattr = ARRAY_SIZE(what) - 1

static const struct genl_ops ops[] = {
	{
		.cmd = SYNCMAP_CMD_INFO_GET,
		.doit = info_get,
	}, {
		.cmd = SYNCMAP_CMD_MAP_GET,
		.flags = GENL_ADMIN_PERM,
		TAKES(sm_nl_map_ref_policy),
		.doit = sm_nl_map_get,
		.start = sm_nl_map_dump_start,
		.dumpit = sm_nl_map_dump,
	}, {
		.cmd = SYNCMAP_CMD_MAP_NEW,
		.flags = GENL_ADMIN_PERM,
		TAKES(sm_nl_map_new_policy),
		.doit = sm_nl_map_new,
	}, {
		.cmd = SYNCMAP_CMD_MAP_SET,
		.flags = GENL_ADMIN_PERM,
		TAKES(sm_nl_map_set_policy),
		.doit = sm_nl_map_set,
	}, {
		.cmd = SYNCMAP_CMD_MAP_DEL,
		.flags = GENL_ADMIN_PERM,
		TAKES(sm_nl_map_ref_policy),
		.doit = sm_nl_map_del,
	}, {
		.cmd = SYNCMAP_CMD_MAP_CLEAR,
		.flags = GENL_ADMIN_PERM,
		TAKES(sm_nl_map_ref_policy),
		.doit = sm_nl_map_clear,
	}, {
		.cmd = SYNCMAP_CMD_ENTRY_GET,
		.flags = GENL_ADMIN_PERM,
		TAKES(sm_nl_entry_get_policy),
		.doit = sm_nl_entry_get,
		.start = sm_nl_entry_dump_start,
		.dumpit = sm_nl_entry_dump,
		.done = sm_nl_entry_dump_done,
	}, {
		.cmd = SYNCMAP_CMD_ENTRY_SET,
		.flags = GENL_ADMIN_PERM,
		TAKES(sm_nl_entry_set_policy),
		.doit = sm_nl_entry_set,
	}, {
		.cmd = SYNCMAP_CMD_ENTRY_DEL,
		.flags = GENL_ADMIN_PERM,
		TAKES(sm_nl_entry_del_policy),
		.doit = sm_nl_entry_del,
	}, {
		.cmd = SYNCMAP_CMD_STATS_GET,
		TAKES(sm_nl_stats_get_policy),
		.doit = sm_nl_stats_get,
		.start = sm_nl_stats_dump_start,
		.dumpit = sm_nl_stats_dump,
	}, {
		.cmd = SYNCMAP_CMD_RESHARD,
		.flags = GENL_ADMIN_PERM,
		TAKES(sm_nl_reshard_policy),
		.doit = sm_nl_reshard,
	},
};

static const struct genl_multicast_group groups[] = {
	{ .name = SYNCMAP_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family sm_nl_family __ro_after_init = {
	.name = SYNCMAP_GENL_NAME,
	.version = SYNCMAP_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = false,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * sm_netlink_init() - open the family
 *
 * Return: 0, or a negative errno.
 */
int __init sm_netlink_init(void)
{
	int err = genl_register_family(&sm_nl_family);

	if (!err)
		sm_notify_init();
	return err;
}

/**
 * sm_netlink_exit() - close the family; no request runs, nothing is told after
 *
 * Context: process; sleeps.
 */
void sm_netlink_exit(void)
{
	sm_notify_exit();
	genl_unregister_family(&sm_nl_family);
}

MODULE_ALIAS_GENL_FAMILY(SYNCMAP_GENL_NAME);
