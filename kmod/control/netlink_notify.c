// SPDX-License-Identifier: GPL-2.0
/* What the group "events" is told. */
#include <linux/atomic.h>
#include "netlink.h"
#include "registry.h"

#define GROUP_EVENTS	0

/* notifications that could not be sent since the last event that was */
static atomic64_t lost;

static bool anyone_listens(void)
{
	return genl_has_listeners(&sm_nl_family, &init_net, GROUP_EVENTS);
}

/* Return: whether it reached every listener, or there is none. */
static bool send(struct sk_buff *skb, void *hdr)
{
	int err;

	genlmsg_end(skb, hdr);
	err = genlmsg_multicast(&sm_nl_family, skb, 0, GROUP_EVENTS,
				GFP_KERNEL);
	return !err || err == -ESRCH;
}

static bool notify_map(u8 cmd, struct sm_named *named)
{
	struct sk_buff *skb = genlmsg_new(sm_nl_map_size(), GFP_KERNEL);
	void *hdr;

	if (!skb)
		return false;
	hdr = genlmsg_put(skb, 0, 0, &sm_nl_family, 0, cmd);
	if (hdr && !sm_nl_put_map(skb, named))
		return send(skb, hdr);
	nlmsg_free(skb);
	return false;
}

/**
 * sm_notify_map() - tell what happened to a map
 * @cmd:	one of SYNCMAP_CMD_MAP_*_NTF
 * @named:	the map
 *
 * Context: process; sleeps.  With the registry's lock held, so that they are
 * told in the order in which they happened.
 */
void sm_notify_map(u8 cmd, struct sm_named *named)
{
	if (anyone_listens() && !notify_map(cmd, named))
		atomic64_inc(&lost);
}

static int put_event(struct sk_buff *skb, struct sm_named *named,
		     enum sm_event_kind kind, const struct sm_event *event,
		     u64 lost_before)
{
	if (nla_put_u32(skb, SYNCMAP_A_EVENT_MAP_ID, named->id) ||
	    nla_put_string(skb, SYNCMAP_A_EVENT_MAP_NAME, named->name) ||
	    nla_put_u64_64bit(skb, SYNCMAP_A_EVENT_TIME, event->time,
			      SYNCMAP_A_EVENT_PAD) ||
	    nla_put_u64_64bit(skb, SYNCMAP_A_EVENT_COUNT, event->count,
			      SYNCMAP_A_EVENT_PAD))
		return -EMSGSIZE;
	if (kind == SM_EVENT_DIRTY_COPY &&
	    nla_put_u64_64bit(skb, SYNCMAP_A_EVENT_COPIED_ENTRIES,
			      event->copied_entries, SYNCMAP_A_EVENT_PAD))
		return -EMSGSIZE;
	if (lost_before &&
	    nla_put_u64_64bit(skb, SYNCMAP_A_EVENT_LOST, lost_before,
			      SYNCMAP_A_EVENT_PAD))
		return -EMSGSIZE;
	return 0;
}

static size_t event_size(void)
{
	return nla_total_size(sizeof(u32)) +
	       nla_total_size(SYNCMAP_NAME_MAX + 1) +
	       4 * nla_total_size_64bit(sizeof(u64));
}

static bool notify_event(struct sm_named *named, enum sm_event_kind kind,
			 const struct sm_event *event, u64 lost_before)
{
	static const u8 cmds[] = {
		[SM_EVENT_PROMOTION] = SYNCMAP_CMD_PROMOTION_NTF,
		[SM_EVENT_DIRTY_COPY] = SYNCMAP_CMD_DIRTY_COPY_NTF,
	};
	struct sk_buff *skb = genlmsg_new(event_size(), GFP_KERNEL);
	void *hdr;

	if (!skb)
		return false;
	hdr = genlmsg_put(skb, 0, 0, &sm_nl_family, 0, cmds[kind]);
	if (hdr && !put_event(skb, named, kind, event, lost_before))
		return send(skb, hdr);
	nlmsg_free(skb);
	return false;
}

static void on_event(struct sm_events *events, enum sm_event_kind kind,
		     const struct sm_event *event)
{
	struct sm_named *named = container_of(events, struct sm_named, events);
	u64 lost_before;

	/* A deleted map that is still held has no more to tell. */
	if (!READ_ONCE(named->listed) || !anyone_listens())
		return;
	lost_before = atomic64_xchg(&lost, 0);
	if (!notify_event(named, kind, event, lost_before))
		atomic64_add(lost_before + 1, &lost);
}

/**
 * sm_notify_init() - tell of events from now on
 */
void sm_notify_init(void)
{
	sm_events_listen(on_event);
}

/**
 * sm_notify_exit() - tell of no events any more
 *
 * Context: process; sleeps until the last has been told.
 */
void sm_notify_exit(void)
{
	sm_events_listen(NULL);
}
