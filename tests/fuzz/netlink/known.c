// SPDX-License-Identifier: GPL-2.0
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <linux/syncmap.h>
#include "known.h"

#define NAME		"known"
#define ENTRIES		500
/* such an id is seldom made by spoiling a number, and is the length of no sound message */
#define ID_IS_RARE(id)	((id) > 300 && (id) % 4 == 1)

static struct request simple;
static uint32_t id;

/* Ask what should succeed. */
static void ask(struct talk *talk, reply_fn fn, void *arg)
{
	struct verdict verdict = simple_ask(talk, &simple, fn, arg);

	if (verdict.refused)
		die("command %u: %s", simple.data[NLMSG_HDRLEN],
		    strerror(verdict.err));
}

static void begin(struct talk *talk, uint8_t command, uint16_t flags)
{
	simple_begin(talk, &simple, command, flags);
}

static void put_name(uint16_t type, const char *name)
{
	simple_put(&simple, type, name, strlen(name) + 1);
}

static void take_id(const struct nlmsghdr *msg, void *arg)
{
	uint32_t len;
	const void *value = attr_of(msg, SYNCMAP_A_MAP_ID, &len);

	if (!value)
		die("a new map has no id");
	memcpy(arg, value, sizeof(uint32_t));
}

static void delete_map(struct talk *talk, const char *name)
{
	begin(talk, SYNCMAP_CMD_MAP_DEL, 0);
	put_name(SYNCMAP_A_MAP_NAME, name);
	ask(talk, NULL, NULL);
}

static void make_map(struct talk *talk, const char *name)
{
	begin(talk, SYNCMAP_CMD_MAP_NEW, 0);
	put_name(SYNCMAP_A_MAP_NAME, name);
	ask(talk, take_id, &id);
}

static void put_entry(uint32_t key)
{
	struct nlattr nest = {
		.nla_len = NLA_HDRLEN + 2 * (NLA_HDRLEN + sizeof(key)),
		.nla_type = SYNCMAP_A_ENTRIES_ENTRY | NLA_F_NESTED,
	};
	uint32_t value = ~key;

	memcpy(simple.data + simple.len, &nest, sizeof(nest));
	simple.len += NLA_HDRLEN;
	simple_put(&simple, SYNCMAP_A_ENTRY_KEY, &key, sizeof(key));
	simple_put(&simple, SYNCMAP_A_ENTRY_VALUE, &value, sizeof(value));
}

void known_make(struct talk *talk)
{
	uint32_t key;

	do {
		make_map(talk, NAME);
		if (!ID_IS_RARE(id))
			delete_map(talk, NAME);
	} while (!ID_IS_RARE(id));
	begin(talk, SYNCMAP_CMD_ENTRY_SET, 0);
	put_name(SYNCMAP_A_ENTRIES_MAP_NAME, NAME);
	for (key = 0; key < ENTRIES; key++)
		put_entry(key);
	ask(talk, NULL, NULL);
}

static bool only_reads(uint8_t command)
{
	return command == SYNCMAP_CMD_INFO_GET ||
	       command == SYNCMAP_CMD_MAP_GET ||
	       command == SYNCMAP_CMD_ENTRY_GET ||
	       command == SYNCMAP_CMD_STATS_GET;
}

void known_spare(struct request *request)
{
	uint8_t *at = request->data + NLMSG_HDRLEN;
	uint8_t *end = request->data + request->len;
	bool aligned;

	if (request->messages == 1 && request->len > NLMSG_HDRLEN &&
	    only_reads(*at))
		return;
	for (; at + sizeof(id) <= end; at++) {
		/* attributes are */
		aligned = (at - request->data) % NLA_ALIGNTO == 0;
		if (!memcmp(at, NAME, sizeof(NAME) - 1))
			*at = 'x';
		else if (aligned && !memcmp(at, &id, sizeof(id)))
			memset(at, 0xff, sizeof(id));
	}
}

/* Tick the key off, if it has its value. */
static void check_entry(uint8_t *seen, const uint8_t *nest, uint32_t len)
{
	uint32_t key, value;

	if (len < 2 * (NLA_HDRLEN + sizeof(key)))
		die("an entry of the known map has %u bytes", len);
	memcpy(&key, nest + NLA_HDRLEN, sizeof(key));
	memcpy(&value, nest + 2 * NLA_HDRLEN + sizeof(key), sizeof(value));
	if (key >= ENTRIES || value != ~key || seen[key]++)
		die("key %u of the known map is wrong, or there twice", key);
}

static void take_entries(const struct nlmsghdr *msg, void *arg)
{
	const uint8_t *at = (const void *)msg, *end = at + msg->nlmsg_len;
	struct nlattr attr;

	for (at += NLMSG_HDRLEN + GENL_HDRLEN; at < end;
	     at += NLA_ALIGN(attr.nla_len)) {
		memcpy(&attr, at, sizeof(attr));
		if ((attr.nla_type & NLA_TYPE_MASK) == SYNCMAP_A_ENTRIES_ENTRY)
			check_entry(arg, at + NLA_HDRLEN,
				    attr.nla_len - NLA_HDRLEN);
	}
}

void known_check(struct talk *talk)
{
	uint8_t seen[ENTRIES] = {};

	begin(talk, SYNCMAP_CMD_ENTRY_GET, NLM_F_DUMP);
	put_name(SYNCMAP_A_ENTRIES_MAP_NAME, NAME);
	ask(talk, take_entries, seen);
	if (memchr(seen, 0, ENTRIES))
		die("a key of the known map is gone");
}

/* Maps to delete: a dump is not to be interrupted by it. */
struct names {
	char name[256][64];
	uint32_t nr;
	uint32_t all;
};

static void take_name(const struct nlmsghdr *msg, void *arg)
{
	struct names *names = arg;
	uint32_t len;
	const char *name = attr_of(msg, SYNCMAP_A_MAP_NAME, &len);

	if (!name || !len || name[len - 1])
		die("a map has no name");
	names->all++;
	if (names->nr < sizeof(names->name) / sizeof(*names->name) &&
	    len <= sizeof(*names->name))
		memcpy(names->name[names->nr++], name, len);
}

static void list(struct talk *talk, struct names *names)
{
	*names = (struct names){};
	begin(talk, SYNCMAP_CMD_MAP_GET, NLM_F_DUMP);
	ask(talk, take_name, names);
}

uint32_t maps_count(struct talk *talk)
{
	static struct names names;

	list(talk, &names);
	return names.all;
}

void maps_delete(struct talk *talk, bool all)
{
	static struct names names;
	uint32_t i;

	do {
		list(talk, &names);
		for (i = 0; i < names.nr; i++)
			if (all || strcmp(names.name[i], NAME))
				delete_map(talk, names.name[i]);
	} while (names.nr < names.all);
}
