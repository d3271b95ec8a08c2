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

/*
 * What could not be told is counted, for whoever hears the next; and who waits
 * for this very one, which may be the last, must know that there is a gap, as
 * where its socket is full.
 */
static void lose(void)
{
	atomic64_inc(&lost);
	genl_set_err(&sm_nl_family, &init_net, 0, GROUP_EVENTS, ENOBUFS);
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
		lose();
}

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, SYNCMAP_A_EVENT_PAD);
}

static int put_promotion(struct sk_buff *skb, const void *data)
{
	const struct sm_event *event = data;

	return put_u64(skb, SYNCMAP_A_EVENT_COUNT, event->count);
}

static int put_dirty_copy(struct sk_buff *skb, const void *data)
{
	const struct sm_event *event = data;

	return put_u64(skb, SYNCMAP_A_EVENT_COUNT, event->count) ?:
	       put_u64(skb, SYNCMAP_A_EVENT_COPIED_ENTRIES,
		       event->copied_entries);
}

static int put_reshard(struct sk_buff *skb, const void *data)
{
	static const u32 phases[] = {
		[SM_RESHARD_PREPARE] = SYNCMAP_RESHARD_PHASE_PREPARE,
		[SM_RESHARD_PUBLISH] = SYNCMAP_RESHARD_PHASE_PUBLISH,
		[SM_RESHARD_DRAIN] = SYNCMAP_RESHARD_PHASE_DRAIN,
		[SM_RESHARD_DONE] = SYNCMAP_RESHARD_PHASE_DONE,
	};
	const struct sm_reshard_event *event = data;
	int err;

	err = nla_put_u32(skb, SYNCMAP_A_EVENT_PHASE, phases[event->phase]) ?:
	      nla_put_u32(skb, SYNCMAP_A_EVENT_FROM_SHARDS, event->from) ?:
	      nla_put_u32(skb, SYNCMAP_A_EVENT_TO_SHARDS, event->to) ?:
	      put_u64(skb, SYNCMAP_A_EVENT_DURATION, event->ns);
	if (!err && event->err)
		err = nla_put_u32(skb, SYNCMAP_A_EVENT_ERROR, -event->err);
	return err;
}

/**
 * struct telling - what is to be told of a map
 * @named:	the map
 * @cmd:	one of SYNCMAP_CMD_*_NTF
 * @time:	when it was, ns of CLOCK_BOOTTIME
 * @put:	puts what is @event's own
 * @event:	for @put
 * @lost:	how many could not be told before it
 */
struct telling {
	struct sm_named *named;
	u8 cmd;
	u64 time;
	int (*put)(struct sk_buff *skb, const void *event);
	const void *event;
	u64 lost;
};

static int put_event(struct sk_buff *skb, const struct telling *telling)
{
	int err;

	err = nla_put_u32(skb, SYNCMAP_A_EVENT_MAP_ID, telling->named->id) ?:
	      nla_put_string(skb, SYNCMAP_A_EVENT_MAP_NAME,
			     telling->named->name) ?:
	      put_u64(skb, SYNCMAP_A_EVENT_TIME, telling->time) ?:
	      telling->put(skb, telling->event);
	if (!err && telling->lost)
		err = put_u64(skb, SYNCMAP_A_EVENT_LOST, telling->lost);
	return err;
}

/* of the one with most attributes, a phase of resharding */
static size_t event_size(void)
{
	return nla_total_size(SYNCMAP_NAME_MAX + 1) +
	       5 * nla_total_size(sizeof(u32)) +
	       4 * nla_total_size_64bit(sizeof(u64));
}

static bool notify_event(const struct telling *telling)
{
	struct sk_buff *skb = genlmsg_new(event_size(), GFP_KERNEL);
	void *hdr;

	if (!skb)
		return false;
	hdr = genlmsg_put(skb, 0, 0, &sm_nl_family, 0, telling->cmd);
	if (hdr && !put_event(skb, telling))
		return send(skb, hdr);
	nlmsg_free(skb);
	return false;
}

static void tell(struct telling *telling)
{
	/* A deleted map that is still held has no more to tell. */
	if (!READ_ONCE(telling->named->listed) || !anyone_listens())
		return;
	telling->lost = atomic64_xchg(&lost, 0);
	if (!notify_event(telling)) {
		atomic64_add(telling->lost, &lost);
		lose();
	}
}

static struct sm_named *named_of(struct sm_events *events)
{
	return container_of(events, struct sm_named, events);
}

static void on_event(struct sm_events *events, enum sm_event_kind kind,
		     const struct sm_event *event)
{
	struct telling telling = {
		.named = named_of(events),
		.time = event->time,
		.event = event,
	};

	switch (kind) {
	case SM_EVENT_PROMOTION:
		telling.cmd = SYNCMAP_CMD_PROMOTION_NTF;
		telling.put = put_promotion;
		break;
	case SM_EVENT_DIRTY_COPY:
		telling.cmd = SYNCMAP_CMD_DIRTY_COPY_NTF;
		telling.put = put_dirty_copy;
		break;
	default:
		return;
	}
	tell(&telling);
}

static void on_reshard(struct sm_events *events,
		       const struct sm_reshard_event *event)
{
	tell(&(struct telling){
		.named = named_of(events),
		.cmd = SYNCMAP_CMD_RESHARD_NTF,
		.time = event->time,
		.put = put_reshard,
		.event = event,
	});
}

static const struct sm_listener listener = {
	.anyone = anyone_listens,
	.event = on_event,
	.reshard = on_reshard,
};

/**
 * sm_notify_init() - tell of events from now on
 */
void sm_notify_init(void)
{
	sm_events_listen(&listener);
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
