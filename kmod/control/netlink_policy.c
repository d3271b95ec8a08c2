// SPDX-License-Identifier: GPL-2.0
/*
 * What each command takes.  An attribute without an entry here is refused by
 * the policy; where a command takes fewer in a dump, its start says so.
 */
#include <linux/syncmap.h>
#include "netlink.h"
#include "registry.h"

static int name_validate(const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	const char *name = nla_data(attr);

	if (sm_name_valid(name) && strlen(name) + 1 == nla_len(attr))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a map's name is 1 to 63 of A-Z a-z 0-9 . _ -, not . or ..");
	return -EINVAL;
}

#define NAME_POLICY \
	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, name_validate, SYNCMAP_NAME_MAX)
#define KEY_POLICY	NLA_POLICY_RANGE(NLA_BINARY, 1, SYNCMAP_KEY_MAX)
#define VALUE_POLICY	NLA_POLICY_RANGE(NLA_BINARY, 0, SYNCMAP_VALUE_MAX)

const struct nla_policy sm_nl_map_ref_policy[] = {
	[SYNCMAP_A_MAP_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[SYNCMAP_A_MAP_NAME] = NAME_POLICY,
};

const struct nla_policy sm_nl_map_new_policy[] = {
	[SYNCMAP_A_MAP_NAME] = NAME_POLICY,
	[SYNCMAP_A_MAP_POLICY] =
		NLA_POLICY_MAX(NLA_U32, SYNCMAP_MAP_POLICY_CLASSIC),
	[SYNCMAP_A_MAP_SHARDS] =
		NLA_POLICY_MAX(NLA_U32, SYNCMAP_SHARDS_MAX),
	[SYNCMAP_A_MAP_KEY_SIZE] = NLA_POLICY_MAX(NLA_U32, SYNCMAP_KEY_MAX),
	[SYNCMAP_A_MAP_VALUE_SIZE] = NLA_POLICY_MAX(NLA_U32, SYNCMAP_VALUE_MAX),
	[SYNCMAP_A_MAP_ALIGN] = NLA_POLICY_MAX(NLA_U32, SYNCMAP_MAP_ALIGN_LINE),
	[SYNCMAP_A_MAP_MAX_ENTRIES] = NLA_POLICY_MIN(NLA_U64, 1),
	[SYNCMAP_A_MAP_MAX_BYTES] = NLA_POLICY_MIN(NLA_U64, 1),
};

const struct nla_policy sm_nl_map_set_policy[] = {
	[SYNCMAP_A_MAP_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[SYNCMAP_A_MAP_NAME] = NAME_POLICY,
	[SYNCMAP_A_MAP_POLICY] =
		NLA_POLICY_MAX(NLA_U32, SYNCMAP_MAP_POLICY_CLASSIC),
	[SYNCMAP_A_MAP_MAX_ENTRIES] = NLA_POLICY_MIN(NLA_U64, 1),
	[SYNCMAP_A_MAP_MAX_BYTES] = NLA_POLICY_MIN(NLA_U64, 1),
};

const struct nla_policy sm_nl_reshard_policy[] = {
	[SYNCMAP_A_MAP_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[SYNCMAP_A_MAP_NAME] = NAME_POLICY,
	[SYNCMAP_A_MAP_SHARDS] =
		NLA_POLICY_MAX(NLA_U32, SYNCMAP_SHARDS_MAX),
};

const struct nla_policy sm_nl_get_policy[] = {
	[SYNCMAP_A_ENTRY_KEY] = KEY_POLICY,
};

const struct nla_policy sm_nl_set_policy[] = {
	[SYNCMAP_A_ENTRY_KEY] = KEY_POLICY,
	[SYNCMAP_A_ENTRY_VALUE] = VALUE_POLICY,
	[SYNCMAP_A_ENTRY_OLD] = VALUE_POLICY,
	[SYNCMAP_A_ENTRY_OP] =
		NLA_POLICY_MAX(NLA_U32, SYNCMAP_ENTRY_OP_REPLACE),
};

const struct nla_policy sm_nl_del_policy[] = {
	[SYNCMAP_A_ENTRY_KEY] = KEY_POLICY,
	[SYNCMAP_A_ENTRY_OLD] = VALUE_POLICY,
};

const struct nla_policy sm_nl_entry_get_policy[] = {
	[SYNCMAP_A_ENTRIES_MAP_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[SYNCMAP_A_ENTRIES_MAP_NAME] = NAME_POLICY,
	[SYNCMAP_A_ENTRIES_ENTRY] = NLA_POLICY_NESTED(sm_nl_get_policy),
	[SYNCMAP_A_ENTRIES_KEYS_ONLY] = { .type = NLA_FLAG },
	[SYNCMAP_A_ENTRIES_CURSOR] =
		NLA_POLICY_RANGE(NLA_BINARY, SM_NL_CURSOR_MIN, SM_NL_CURSOR_MAX),
};

const struct nla_policy sm_nl_entry_set_policy[] = {
	[SYNCMAP_A_ENTRIES_MAP_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[SYNCMAP_A_ENTRIES_MAP_NAME] = NAME_POLICY,
	[SYNCMAP_A_ENTRIES_ENTRY] = NLA_POLICY_NESTED(sm_nl_set_policy),
	[SYNCMAP_A_ENTRIES_RETURN] = { .type = NLA_FLAG },
};

const struct nla_policy sm_nl_entry_del_policy[] = {
	[SYNCMAP_A_ENTRIES_MAP_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[SYNCMAP_A_ENTRIES_MAP_NAME] = NAME_POLICY,
	[SYNCMAP_A_ENTRIES_ENTRY] = NLA_POLICY_NESTED(sm_nl_del_policy),
	[SYNCMAP_A_ENTRIES_RETURN] = { .type = NLA_FLAG },
};

const struct nla_policy sm_nl_stats_get_policy[] = {
	[SYNCMAP_A_STATS_MAP_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[SYNCMAP_A_STATS_MAP_NAME] = NAME_POLICY,
};
