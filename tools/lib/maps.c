// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include "maps.h"

/* times that a list is begun anew because maps came or went */
#define LIST_TRIES	10

const char * const map_policies[] = {
	[SYNCMAP_MAP_POLICY_COW] = "cow",
	[SYNCMAP_MAP_POLICY_CLASSIC] = "classic",
	NULL
};

const char * const map_aligns[] = {
	[SYNCMAP_MAP_ALIGN_PACKED] = "packed",
	[SYNCMAP_MAP_ALIGN_LINE] = "line",
	NULL
};

const char *map_word(const char * const *words, uint32_t number)
{
	while (number-- && *words)
		words++;
	return *words ? *words : "?";
}

void map_forget_any(struct map *map)
{
	if (!map->key_size)
		map->given &= ~(1u << SYNCMAP_A_MAP_KEY_SIZE);
	if (map->value_size == MAP_VALUE_ANY)
		map->given &= ~(1u << SYNCMAP_A_MAP_VALUE_SIZE);
}

bool map_name_is_valid(const char *name)
{
	size_t len = strlen(name);
	const char *at;

	for (at = name; *at; at++)
		if (!strchr("._-", *at) && !(*at >= '0' && *at <= '9') &&
		    !((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z'))
			return false;
	return len && len <= MAP_NAME_MAX && strcmp(name, ".") &&
	       strcmp(name, "..");
}

static uint32_t get_u32(struct nlattr **attrs, int type, uint32_t otherwise)
{
	return attrs[type] ? sm_nl_u32(attrs[type]) : otherwise;
}

static uint64_t get_u64(struct nlattr **attrs, int type)
{
	return attrs[type] ? nla_get_u64(attrs[type]) : 0;
}

int map_read(struct map *map, struct nlmsghdr *msg)
{
	struct nlattr *attrs[SYNCMAP_A_MAP_MAX + 1];

	if (sm_nl_parse(attrs, SYNCMAP_A_MAP_MAX, msg) ||
	    !attrs[SYNCMAP_A_MAP_ID] || !attrs[SYNCMAP_A_MAP_NAME])
		return -EBADMSG;
	*map = (struct map){
		.id = sm_nl_u32(attrs[SYNCMAP_A_MAP_ID]),
		.policy = get_u32(attrs, SYNCMAP_A_MAP_POLICY, 0),
		.shards = get_u32(attrs, SYNCMAP_A_MAP_SHARDS, 0),
		.shards_auto = attrs[SYNCMAP_A_MAP_SHARDS_AUTO],
		.key_size = get_u32(attrs, SYNCMAP_A_MAP_KEY_SIZE, 0),
		.value_size = get_u32(attrs, SYNCMAP_A_MAP_VALUE_SIZE,
				      MAP_VALUE_ANY),
		.align = get_u32(attrs, SYNCMAP_A_MAP_ALIGN, 0),
		.max_entries = get_u64(attrs, SYNCMAP_A_MAP_MAX_ENTRIES),
		.max_bytes = get_u64(attrs, SYNCMAP_A_MAP_MAX_BYTES),
		.entries = get_u64(attrs, SYNCMAP_A_MAP_ENTRIES),
		.bytes = get_u64(attrs, SYNCMAP_A_MAP_BYTES),
		.resharding = attrs[SYNCMAP_A_MAP_RESHARDING],
		.reshard_error = get_u32(attrs, SYNCMAP_A_MAP_RESHARD_ERROR, 0),
	};
	nla_strlcpy(map->name, attrs[SYNCMAP_A_MAP_NAME], sizeof(map->name));
	if (attrs[SYNCMAP_A_MAP_OWNER])
		nla_strlcpy(map->owner, attrs[SYNCMAP_A_MAP_OWNER],
			    sizeof(map->owner));
	return 0;
}

static int take_map(struct nlmsghdr *msg, void *arg)
{
	return map_read(arg, msg);
}

static struct nl_msg *about_id(struct sm_nl *nl, int cmd, uint32_t id)
{
	struct nl_msg *msg = sm_nl_new(nl, cmd, 0);

	nla_put_u32(msg, SYNCMAP_A_MAP_ID, id);
	return msg;
}

static struct nl_msg *about(struct sm_nl *nl, int cmd, const char *name)
{
	struct nl_msg *msg = sm_nl_new(nl, cmd, 0);

	nla_put_string(msg, SYNCMAP_A_MAP_NAME, name);
	return msg;
}

int map_get(struct sm_nl *nl, const char *name, struct map *map)
{
	return sm_nl_ask(nl, about(nl, SYNCMAP_CMD_MAP_GET, name), take_map,
			 map);
}

int map_get_id(struct sm_nl *nl, uint32_t id, struct map *map)
{
	return sm_nl_ask(nl, about_id(nl, SYNCMAP_CMD_MAP_GET, id), take_map,
			 map);
}

int map_delete(struct sm_nl *nl, const char *name)
{
	return sm_nl_ask(nl, about(nl, SYNCMAP_CMD_MAP_DEL, name), NULL, NULL);
}

int map_clear(struct sm_nl *nl, const char *name)
{
	return sm_nl_ask(nl, about(nl, SYNCMAP_CMD_MAP_CLEAR, name), NULL,
			 NULL);
}

int map_reshard(struct sm_nl *nl, uint32_t id, uint32_t shards)
{
	struct nl_msg *msg = about_id(nl, SYNCMAP_CMD_RESHARD, id);

	nla_put_u32(msg, SYNCMAP_A_MAP_SHARDS, shards);
	return sm_nl_ask(nl, msg, NULL, NULL);
}

static void put_u32(struct nl_msg *msg, const struct map *map, int type,
		    uint32_t value)
{
	if (map->given & 1u << type)
		nla_put_u32(msg, type, value);
}

static void put_u64(struct nl_msg *msg, const struct map *map, int type,
		    uint64_t value)
{
	if (map->given & 1u << type)
		nla_put_u64(msg, type, value);
}

static struct nl_msg *describe(struct sm_nl *nl, int cmd, const char *name,
			       const struct map *map)
{
	struct nl_msg *msg = about(nl, cmd, name);

	put_u32(msg, map, SYNCMAP_A_MAP_POLICY, map->policy);
	put_u32(msg, map, SYNCMAP_A_MAP_SHARDS, map->shards);
	put_u32(msg, map, SYNCMAP_A_MAP_KEY_SIZE, map->key_size);
	put_u32(msg, map, SYNCMAP_A_MAP_VALUE_SIZE, map->value_size);
	put_u32(msg, map, SYNCMAP_A_MAP_ALIGN, map->align);
	put_u64(msg, map, SYNCMAP_A_MAP_MAX_ENTRIES, map->max_entries);
	put_u64(msg, map, SYNCMAP_A_MAP_MAX_BYTES, map->max_bytes);
	return msg;
}

int map_create(struct sm_nl *nl, const char *name, struct map *map)
{
	return sm_nl_ask(nl, describe(nl, SYNCMAP_CMD_MAP_NEW, name, map),
			 take_map, map);
}

int map_set(struct sm_nl *nl, const char *name, const struct map *map)
{
	return sm_nl_ask(nl, describe(nl, SYNCMAP_CMD_MAP_SET, name, map), NULL,
			 NULL);
}

static int add_map(struct nlmsghdr *msg, void *arg)
{
	struct map_list *list = arg;

	list->maps = grow(list->maps, &list->room, list->nr + 1,
			  sizeof(*list->maps));
	return map_read(&list->maps[list->nr++], msg);
}

int map_list(struct sm_nl *nl, struct map_list *list)
{
	int tries, err = 0;

	*list = (struct map_list){ .changed = true };
	for (tries = 0; !err && list->changed && tries < LIST_TRIES; tries++) {
		list->nr = 0;
		err = sm_nl_ask(nl, sm_nl_new(nl, SYNCMAP_CMD_MAP_GET,
					      NLM_F_DUMP), add_map, list);
		list->changed = sm_nl_interrupted(nl);
	}
	return err;
}
