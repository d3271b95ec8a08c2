// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/syncmap.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "extack.h"
#include "nl.h"
#include "say.h"

/* The attributes by the names that syncmap.yaml gives them. */

static const char * const map_names[SYNCMAP_A_MAP_MAX + 1] = {
	[SYNCMAP_A_MAP_ID] = "id",
	[SYNCMAP_A_MAP_NAME] = "name",
	[SYNCMAP_A_MAP_POLICY] = "policy",
	[SYNCMAP_A_MAP_SHARDS] = "shards",
	[SYNCMAP_A_MAP_SHARDS_AUTO] = "shards-auto",
	[SYNCMAP_A_MAP_KEY_SIZE] = "key-size",
	[SYNCMAP_A_MAP_VALUE_SIZE] = "value-size",
	[SYNCMAP_A_MAP_ALIGN] = "align",
	[SYNCMAP_A_MAP_MAX_ENTRIES] = "max-entries",
	[SYNCMAP_A_MAP_MAX_BYTES] = "max-bytes",
	[SYNCMAP_A_MAP_ENTRIES] = "entries",
	[SYNCMAP_A_MAP_BYTES] = "bytes",
	[SYNCMAP_A_MAP_OWNER] = "owner",
	[SYNCMAP_A_MAP_RESHARDING] = "resharding",
	[SYNCMAP_A_MAP_RESHARD_ERROR] = "reshard-error",
};

static const char * const entries_names[SYNCMAP_A_ENTRIES_MAX + 1] = {
	[SYNCMAP_A_ENTRIES_MAP_ID] = "map-id",
	[SYNCMAP_A_ENTRIES_MAP_NAME] = "map-name",
	[SYNCMAP_A_ENTRIES_ENTRY] = "entry",
	[SYNCMAP_A_ENTRIES_RETURN] = "return",
	[SYNCMAP_A_ENTRIES_KEYS_ONLY] = "keys-only",
	[SYNCMAP_A_ENTRIES_CURSOR] = "cursor",
	[SYNCMAP_A_ENTRIES_APPLIED] = "applied",
	[SYNCMAP_A_ENTRIES_FAILED] = "failed",
	[SYNCMAP_A_ENTRIES_ERROR] = "error",
};

static const char * const entry_names[SYNCMAP_A_ENTRY_MAX + 1] = {
	[SYNCMAP_A_ENTRY_KEY] = "key",
	[SYNCMAP_A_ENTRY_VALUE] = "value",
	[SYNCMAP_A_ENTRY_OLD] = "old",
	[SYNCMAP_A_ENTRY_OP] = "op",
	[SYNCMAP_A_ENTRY_STATUS] = "status",
};

static const char * const stats_names[SYNCMAP_A_STATS_MAX + 1] = {
	[SYNCMAP_A_STATS_MAP_ID] = "map-id",
	[SYNCMAP_A_STATS_MAP_NAME] = "map-name",
};

#define SPACE(names) { names, sizeof(names) / sizeof(*(names)) }

static const struct space {
	const char * const *names;
	uint32_t size;
} map_space = SPACE(map_names),
	entries_space = SPACE(entries_names),
	entry_space = SPACE(entry_names),
	stats_space = SPACE(stats_names);

static const struct space *space_of(int cmd)
{
	switch (cmd) {
	case SYNCMAP_CMD_MAP_GET ... SYNCMAP_CMD_MAP_CLEAR:
	case SYNCMAP_CMD_RESHARD:
		return &map_space;
	case SYNCMAP_CMD_ENTRY_GET ... SYNCMAP_CMD_ENTRY_DEL:
		return &entries_space;
	case SYNCMAP_CMD_STATS_GET:
		return &stats_space;
	default:
		return NULL;
	}
}

static const char *name_of(const struct space *space, uint32_t type)
{
	if (!space || type >= space->size || !space->names[type])
		return "?";
	return space->names[type];
}

/**
 * struct place - an attribute of a request
 * @attr:	the attribute; NULL: none
 * @entry:	the ENTRY that it is in, or is; NULL: none
 * @index:	the index of that ENTRY
 * @entries:	ENTRYs in the request
 */
struct place {
	struct nlattr *attr;
	struct nlattr *entry;
	int index;
	int entries;
};

static struct nlattr *find_in(struct nlattr *nest, const char *wanted)
{
	struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem)
		if ((char *)attr == wanted)
			return attr;
	return NULL;
}

/* Find the attribute that begins at an offset in a request. */
static struct place find(struct nlmsghdr *request, uint32_t offset)
{
	const struct space *space = space_of(genlmsg_hdr(request)->cmd);
	char *wanted = (char *)request + offset;
	struct place place = {};
	struct nlattr *attr, *inner;
	int rem;

	nlmsg_for_each_attr(attr, request, GENL_HDRLEN, rem) {
		bool is_entry = space == &entries_space &&
				nla_type(attr) == SYNCMAP_A_ENTRIES_ENTRY;

		inner = is_entry ? find_in(attr, wanted) : NULL;
		if ((char *)attr == wanted || inner) {
			place.attr = inner ? inner : attr;
			place.entry = is_entry ? attr : NULL;
			place.index = place.entries;
		}
		place.entries += is_entry;
	}
	return place;
}

static void name_place(struct extack *extack, const struct place *place,
		       const char *name)
{
	if (place->entry && place->entries > 1)
		snprintf(extack->attr, sizeof(extack->attr), "%s of entry %d",
			 name, place->index + 1);
	else
		snprintf(extack->attr, sizeof(extack->attr), "%s", name);
}

static void take_offset(struct extack *extack, struct nlmsghdr *request,
			uint32_t offset)
{
	struct place place = find(request, offset);
	const struct space *space = space_of(genlmsg_hdr(request)->cmd);

	if (!place.attr)
		return;
	if (place.entry && place.attr != place.entry)
		space = &entry_space;
	name_place(extack, &place, name_of(space, nla_type(place.attr)));
}

static void take_missing(struct extack *extack, struct nlmsghdr *request,
			 uint32_t type, const struct nlattr *nest)
{
	const struct space *space = space_of(genlmsg_hdr(request)->cmd);
	struct place place = {};

	if (nest) {
		place = find(request, sm_nl_u32(nest));
		space = &entry_space;
	}
	name_place(extack, &place, name_of(space, type));
}

static unsigned long long limit(struct nlattr **attrs, int type,
				unsigned long long otherwise)
{
	return attrs[type] ? nla_get_u64(attrs[type]) : otherwise;
}

static void take_policy(struct extack *extack, struct nlattr *policy)
{
	struct nlattr *attrs[NL_POLICY_TYPE_ATTR_MAX + 1];

	if (nla_parse_nested(attrs, NL_POLICY_TYPE_ATTR_MAX, policy, NULL))
		return;
	if (attrs[NL_POLICY_TYPE_ATTR_MAX_VALUE_U])
		snprintf(extack->wanted, sizeof(extack->wanted),
			 "%llu to %llu",
			 limit(attrs, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, 0),
			 limit(attrs, NL_POLICY_TYPE_ATTR_MAX_VALUE_U, 0));
	else if (attrs[NL_POLICY_TYPE_ATTR_MAX_LENGTH])
		snprintf(extack->wanted, sizeof(extack->wanted),
			 "%u to %u bytes",
			 sm_nl_u32(attrs[NL_POLICY_TYPE_ATTR_MIN_LENGTH]),
			 sm_nl_u32(attrs[NL_POLICY_TYPE_ATTR_MAX_LENGTH]));
}

static void take_attrs(struct extack *extack, struct nlattr **attrs,
		       struct nlmsghdr *request)
{
	if (attrs[NLMSGERR_ATTR_MSG])
		nla_strlcpy(extack->text, attrs[NLMSGERR_ATTR_MSG],
			    sizeof(extack->text));
	if (attrs[NLMSGERR_ATTR_OFFS])
		take_offset(extack, request,
			    sm_nl_u32(attrs[NLMSGERR_ATTR_OFFS]));
	else if (attrs[NLMSGERR_ATTR_MISS_TYPE])
		take_missing(extack, request,
			     sm_nl_u32(attrs[NLMSGERR_ATTR_MISS_TYPE]),
			     attrs[NLMSGERR_ATTR_MISS_NEST]);
	if (attrs[NLMSGERR_ATTR_POLICY])
		take_policy(extack, attrs[NLMSGERR_ATTR_POLICY]);
}

/* Bytes of payload before the attributes. */
static int before_attrs(struct nlmsghdr *answer)
{
	struct nlmsgerr *error = nlmsg_data(answer);

	if (answer->nlmsg_type == NLMSG_DONE)
		return sizeof(int);
	if (answer->nlmsg_flags & NLM_F_CAPPED)
		return sizeof(*error);
	return sizeof(*error) + error->msg.nlmsg_len - NLMSG_HDRLEN;
}

void extack_take(struct extack *extack, struct nlmsghdr *answer,
		 struct nl_msg *request)
{
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1];
	int before;

	if (nlmsg_datalen(answer) < (int)sizeof(int))
		return;
	extack->err = *(int *)nlmsg_data(answer);
	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    (answer->nlmsg_type == NLMSG_ERROR &&
	     nlmsg_datalen(answer) < (int)sizeof(struct nlmsgerr)))
		return;
	before = before_attrs(answer);
	if (before < nlmsg_datalen(answer) &&
	    !nlmsg_parse(answer, before, attrs, NLMSGERR_ATTR_MAX, NULL))
		take_attrs(extack, attrs, nlmsg_hdr(request));
}

const char *errno_hint(int err)
{
	return err == -EPERM ? ": this needs CAP_NET_ADMIN (root)" : "";
}

void extack_say(const struct extack *extack, const char *about)
{
	const char *errno_text = strerror(-extack->err);

	if (!*extack->text)
		say("%s: %s%s", about, errno_text,
		    errno_hint(extack->err));
	else if (!*extack->attr)
		say("%s: %s (%s)", about, extack->text, errno_text);
	else if (!*extack->wanted)
		say("%s: %s (attribute %s: %s)", about, extack->text,
		    extack->attr, errno_text);
	else
		say("%s: %s, wanted is %s (attribute %s: %s)", about,
		    extack->text, extack->wanted, extack->attr, errno_text);
}
