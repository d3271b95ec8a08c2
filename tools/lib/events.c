// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include "events.h"

static const struct kind {
	const char *name;
	bool is_map;
} kinds[SYNCMAP_CMD_MAX + 1] = {
	[SYNCMAP_CMD_MAP_NEW_NTF] = { "map-created", true },
	[SYNCMAP_CMD_MAP_SET_NTF] = { "map-changed", true },
	[SYNCMAP_CMD_MAP_DEL_NTF] = { "map-deleted", true },
	[SYNCMAP_CMD_MAP_CLEAR_NTF] = { "map-cleared", true },
	[SYNCMAP_CMD_PROMOTION_NTF] = { "promotion", false },
	[SYNCMAP_CMD_DIRTY_COPY_NTF] = { "dirty-copy", false },
	[SYNCMAP_CMD_RESHARD_NTF] = { "reshard", false },
};

const char * const reshard_phases[] = {
	[SYNCMAP_RESHARD_PHASE_PREPARE] = "prepare",
	[SYNCMAP_RESHARD_PHASE_PUBLISH] = "publish",
	[SYNCMAP_RESHARD_PHASE_DRAIN] = "drain",
	[SYNCMAP_RESHARD_PHASE_DONE] = "done",
	NULL
};

static uint32_t get_u32(struct nlattr **attrs, int type)
{
	return attrs[type] ? sm_nl_u32(attrs[type]) : 0;
}

static uint64_t get_u64(struct nlattr **attrs, int type)
{
	return attrs[type] ? nla_get_u64(attrs[type]) : 0;
}

static int read_event(struct event *event, struct nlmsghdr *msg)
{
	struct nlattr *attrs[SYNCMAP_A_EVENT_MAX + 1];

	if (sm_nl_parse(attrs, SYNCMAP_A_EVENT_MAX, msg) ||
	    !attrs[SYNCMAP_A_EVENT_MAP_ID] || !attrs[SYNCMAP_A_EVENT_MAP_NAME])
		return -EBADMSG;
	event->map.id = sm_nl_u32(attrs[SYNCMAP_A_EVENT_MAP_ID]);
	nla_strlcpy(event->map.name, attrs[SYNCMAP_A_EVENT_MAP_NAME],
		    sizeof(event->map.name));
	event->time = get_u64(attrs, SYNCMAP_A_EVENT_TIME);
	event->count = get_u64(attrs, SYNCMAP_A_EVENT_COUNT);
	event->copies = attrs[SYNCMAP_A_EVENT_COPIED_ENTRIES];
	event->copied_entries = get_u64(attrs, SYNCMAP_A_EVENT_COPIED_ENTRIES);
	event->lost = get_u64(attrs, SYNCMAP_A_EVENT_LOST);
	event->is_reshard = attrs[SYNCMAP_A_EVENT_PHASE];
	event->phase = get_u32(attrs, SYNCMAP_A_EVENT_PHASE);
	event->from_shards = get_u32(attrs, SYNCMAP_A_EVENT_FROM_SHARDS);
	event->to_shards = get_u32(attrs, SYNCMAP_A_EVENT_TO_SHARDS);
	event->duration_ns = get_u64(attrs, SYNCMAP_A_EVENT_DURATION);
	event->error = get_u32(attrs, SYNCMAP_A_EVENT_ERROR);
	return 0;
}

int event_read(struct event *event, struct nlmsghdr *msg)
{
	unsigned int cmd;

	if (!genlmsg_valid_hdr(msg, 0))
		return -EBADMSG;
	cmd = genlmsg_hdr(msg)->cmd;
	if (cmd > SYNCMAP_CMD_MAX || !kinds[cmd].name)
		return -EOPNOTSUPP;
	*event = (struct event){
		.name = kinds[cmd].name,
		.is_map = kinds[cmd].is_map,
	};
	return event->is_map ? map_read(&event->map, msg) :
			       read_event(event, msg);
}
