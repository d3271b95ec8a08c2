// SPDX-License-Identifier: GPL-2.0
#include <linux/log2.h>
#include "../core/core.h"
#include "netlink.h"
#include "registry.h"

/**
 * sm_nl_map_size() - bytes that sm_nl_put_map() needs at most
 *
 * Return: that size.
 */
size_t sm_nl_map_size(void)
{
	return nla_total_size(SYNCMAP_NAME_MAX + 1) +
	       nla_total_size(MODULE_NAME_LEN) +
	       7 * nla_total_size(sizeof(u32)) +
	       2 * nla_total_size(0) +
	       4 * nla_total_size_64bit(sizeof(u64));
}

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, SYNCMAP_A_MAP_PAD);
}

static int put_config(struct sk_buff *skb, const struct syncmap_config *config)
{
	u32 policy = config->policy == SYNCMAP_CLASSIC ?
		     SYNCMAP_MAP_POLICY_CLASSIC : SYNCMAP_MAP_POLICY_COW;
	u32 align = config->align_line ? SYNCMAP_MAP_ALIGN_LINE :
					 SYNCMAP_MAP_ALIGN_PACKED;

	if (nla_put_u32(skb, SYNCMAP_A_MAP_POLICY, policy) ||
	    nla_put_u32(skb, SYNCMAP_A_MAP_SHARDS, config->shards) ||
	    nla_put_u32(skb, SYNCMAP_A_MAP_KEY_SIZE, config->key_size) ||
	    nla_put_u32(skb, SYNCMAP_A_MAP_ALIGN, align) ||
	    put_u64(skb, SYNCMAP_A_MAP_MAX_ENTRIES, config->max_entries) ||
	    put_u64(skb, SYNCMAP_A_MAP_MAX_BYTES, config->max_bytes))
		return -EMSGSIZE;
	if (config->value_size != SYNCMAP_VALUE_ANY &&
	    nla_put_u32(skb, SYNCMAP_A_MAP_VALUE_SIZE, config->value_size))
		return -EMSGSIZE;
	return 0;
}

static int put_reshard(struct sk_buff *skb, const struct sm_named *named)
{
	int err;

	/* pairs with the release in registry.c: how it ended */
	if (smp_load_acquire(&named->resharding))
		return nla_put_flag(skb, SYNCMAP_A_MAP_RESHARDING);
	err = READ_ONCE(named->reshard_err);
	return err ? nla_put_u32(skb, SYNCMAP_A_MAP_RESHARD_ERROR, -err) : 0;
}

/**
 * sm_nl_put_map() - describe a map
 * @skb:	the message to which its attributes are added
 * @named:	the map
 *
 * Return: 0, -EMSGSIZE.
 */
int sm_nl_put_map(struct sk_buff *skb, struct sm_named *named)
{
	struct sm_info info;

	sm_map_info(named->map, &info);
	if (nla_put_u32(skb, SYNCMAP_A_MAP_ID, named->id) ||
	    nla_put_string(skb, SYNCMAP_A_MAP_NAME, named->name) ||
	    put_config(skb, &info.config) ||
	    put_u64(skb, SYNCMAP_A_MAP_ENTRIES, info.entries) ||
	    put_u64(skb, SYNCMAP_A_MAP_BYTES, info.bytes))
		return -EMSGSIZE;
	if (info.shards_auto && nla_put_flag(skb, SYNCMAP_A_MAP_SHARDS_AUTO))
		return -EMSGSIZE;
	if (put_reshard(skb, named))
		return -EMSGSIZE;
	if (named->owner[0] &&
	    nla_put_string(skb, SYNCMAP_A_MAP_OWNER, named->owner))
		return -EMSGSIZE;
	return 0;
}

static struct sm_named *find(struct genl_info *info)
{
	return sm_nl_find(info->attrs, SYNCMAP_A_MAP_ID, SYNCMAP_A_MAP_NAME,
			  info->extack);
}

/* Finish @skb with the map and send it. */
static int answer(struct sk_buff *skb, void *hdr, struct genl_info *info,
		  struct sm_named *named)
{
	int err = sm_nl_put_map(skb, named);

	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

int sm_nl_map_get(struct sk_buff *request, struct genl_info *info)
{
	struct sm_named *named = find(info);
	struct sk_buff *skb;
	void *hdr;
	int err;

	if (IS_ERR(named))
		return PTR_ERR(named);
	skb = sm_nl_reply(info, sm_nl_map_size(), &hdr);
	err = skb ? answer(skb, hdr, info, named) : -ENOMEM;
	sm_named_put(named);
	return err;
}

static void take(struct syncmap_config *config, const struct nlattr *attr)
{
	switch (nla_type(attr)) {
	case SYNCMAP_A_MAP_POLICY:
		config->policy = nla_get_u32(attr) ==
				 SYNCMAP_MAP_POLICY_CLASSIC ?
				 SYNCMAP_CLASSIC : SYNCMAP_COW;
		break;
	case SYNCMAP_A_MAP_SHARDS:
		config->shards = nla_get_u32(attr) ?: SYNCMAP_SHARDS_AUTO;
		break;
	case SYNCMAP_A_MAP_KEY_SIZE:
		config->key_size = nla_get_u32(attr);
		break;
	case SYNCMAP_A_MAP_VALUE_SIZE:
		config->value_size = nla_get_u32(attr);
		break;
	case SYNCMAP_A_MAP_ALIGN:
		config->align_line = nla_get_u32(attr) ==
				     SYNCMAP_MAP_ALIGN_LINE;
		break;
	case SYNCMAP_A_MAP_MAX_ENTRIES:
		config->max_entries = nla_get_u64(attr);
		break;
	case SYNCMAP_A_MAP_MAX_BYTES:
		config->max_bytes = nla_get_u64(attr);
		break;
	}
}

/*
 * Attributes are taken one by one in the order of their types, policy first,
 * so that the first with which the configuration is wrong can be named.
 */
static int take_config(struct genl_info *info, struct syncmap_config *config)
{
	const char *wrong;
	int type;

	for (type = SYNCMAP_A_MAP_POLICY; type <= SYNCMAP_A_MAP_MAX_BYTES;
	     type++) {
		if (!info->attrs[type])
			continue;
		take(config, info->attrs[type]);
		wrong = sm_config_check(config);
		if (wrong)
			return sm_nl_refuse(info->extack, info->attrs[type],
					    wrong, -EINVAL);
	}
	return 0;
}

static int add_refused(struct genl_info *info, int err)
{
	const struct nlattr *name = info->attrs[SYNCMAP_A_MAP_NAME];

	switch (err) {
	case -EEXIST:
		return sm_nl_refuse(info->extack, name,
				    "there is a map of this name", err);
	case -ENOSPC:
		return sm_nl_refuse(info->extack,
				    info->attrs[SYNCMAP_A_MAP_MAX_BYTES],
				    "max-bytes is too little for an empty map",
				    err);
	case -EOVERFLOW:
		return sm_nl_refuse(info->extack, name,
				    "no more map ids until the module is loaded again",
				    err);
	case -ENOMEM:
		return sm_nl_refuse(info->extack, name,
				    "out of memory for the map", err);
	default:
		return sm_nl_refuse(info->extack, name,
				    "the map could not be made", err);
	}
}

int sm_nl_map_new(struct sk_buff *request, struct genl_info *info)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;
	const struct nlattr *name = info->attrs[SYNCMAP_A_MAP_NAME];
	struct sm_named *named;
	struct sk_buff *skb;
	void *hdr;
	int err;

	if (!name)
		return sm_nl_missing(info->extack, NULL, SYNCMAP_A_MAP_NAME,
				     "a new map needs a name");
	err = take_config(info, &config);
	if (err)
		return err;

	skb = sm_nl_reply(info, sm_nl_map_size(), &hdr);
	if (!skb)
		return -ENOMEM;
	named = sm_registry_add(nla_data(name), &config, NULL);
	if (IS_ERR(named)) {
		nlmsg_free(skb);
		return add_refused(info, PTR_ERR(named));
	}
	err = answer(skb, hdr, info, named);
	sm_named_put(named);
	return err;
}

/* the attributes that sm_registry_set() changes */
static const int setting_types[SM_NR_SETTINGS] = {
	[SM_SET_POLICY] = SYNCMAP_A_MAP_POLICY,
	[SM_SET_MAX_ENTRIES] = SYNCMAP_A_MAP_MAX_ENTRIES,
	[SM_SET_MAX_BYTES] = SYNCMAP_A_MAP_MAX_BYTES,
};

static int take_settings(struct genl_info *info, struct sm_settings *settings)
{
	const struct nlattr *attr;
	int i;

	for (i = 0; i < SM_NR_SETTINGS; i++) {
		attr = info->attrs[setting_types[i]];
		if (!attr)
			continue;
		take(&settings->config, attr);
		settings->given |= BIT(i);
	}
	if (settings->given)
		return 0;
	return sm_nl_missing(info->extack, NULL, SYNCMAP_A_MAP_POLICY,
			     "nothing to set: give a policy, max-entries or max-bytes");
}

static int set_refused(struct genl_info *info, enum sm_setting refused, int err)
{
	const struct nlattr *attr = info->attrs[setting_types[refused]];

	switch (err) {
	case -ENOENT:
		return sm_nl_refuse(info->extack, NULL,
				    "the map was deleted meanwhile", err);
	case -ENOSPC:
		return sm_nl_refuse(info->extack, attr,
				    "the map holds more than this allows", err);
	case -ENOMEM:
		return sm_nl_refuse(info->extack, attr,
				    "out of memory for this change", err);
	default:
		return sm_nl_refuse(info->extack, attr,
				    "a classic map holds at most 1000000 entries",
				    err);
	}
}

int sm_nl_map_set(struct sk_buff *request, struct genl_info *info)
{
	struct sm_settings settings = {};
	struct sm_named *named;
	int err;

	err = take_settings(info, &settings);
	if (err)
		return err;
	named = find(info);
	if (IS_ERR(named))
		return PTR_ERR(named);
	err = sm_registry_set(named, &settings);
	sm_named_put(named);
	return err ? set_refused(info, settings.refused, err) : 0;
}

static int del_refused(struct genl_info *info, int err)
{
	const struct nlattr *attr = info->attrs[SYNCMAP_A_MAP_NAME] ?:
				    info->attrs[SYNCMAP_A_MAP_ID];

	return sm_nl_refuse(info->extack, attr, err == -EBUSY ?
			    "a kernel module holds this map" :
			    "the map was deleted meanwhile", err);
}

int sm_nl_map_del(struct sk_buff *request, struct genl_info *info)
{
	struct sm_named *named = find(info);
	int err;

	if (IS_ERR(named))
		return PTR_ERR(named);
	err = sm_registry_remove(named);
	sm_named_put(named);
	return err ? del_refused(info, err) : 0;
}

int sm_nl_map_clear(struct sk_buff *request, struct genl_info *info)
{
	struct sm_named *named = find(info);
	int err;

	if (IS_ERR(named))
		return PTR_ERR(named);
	err = sm_registry_clear(named);
	sm_named_put(named);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(info->extack, "max-bytes leaves no room for the empty map beside the full one");
	else if (err)
		NL_SET_ERR_MSG(info->extack, "out of memory for the empty map");
	return err;
}

static int reshard_refused(struct genl_info *info, int err)
{
	if (err == -EBUSY)
		return sm_nl_refuse(info->extack, NULL,
				    "the map is being resharded", err);
	if (err == -ENOENT)
		return sm_nl_refuse(info->extack, NULL,
				    "the map was deleted meanwhile", err);
	return sm_nl_refuse(info->extack, info->attrs[SYNCMAP_A_MAP_SHARDS],
			    "the number of shards is not a power of two", err);
}

int sm_nl_reshard(struct sk_buff *request, struct genl_info *info)
{
	const struct nlattr *shards = info->attrs[SYNCMAP_A_MAP_SHARDS];
	struct sm_named *named;
	int err;

	if (!shards)
		return sm_nl_missing(info->extack, NULL, SYNCMAP_A_MAP_SHARDS,
				     "how many shards?");
	named = find(info);
	if (IS_ERR(named))
		return PTR_ERR(named);
	err = sm_registry_reshard(named, nla_get_u32(shards));
	sm_named_put(named);
	return err ? reshard_refused(info, err) : 0;
}

int sm_nl_map_dump_start(struct netlink_callback *cb)
{
	struct nlattr *attrs[ARRAY_SIZE(sm_nl_map_ref_policy)];

	return sm_nl_dump_attrs(cb, attrs, ARRAY_SIZE(attrs) - 1,
				sm_nl_map_ref_policy, 0);
}

static int dump_one(struct sk_buff *skb, struct netlink_callback *cb,
		    struct sm_named *named)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &sm_nl_family, NLM_F_MULTI, SYNCMAP_CMD_MAP_GET);
	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	if (sm_nl_put_map(skb, named)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

int sm_nl_map_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	cb->seq = sm_registry_changes() + 1;
	return sm_nl_each_map(skb, cb, dump_one);
}
