// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says to each request of tools/lib is what the fuzzer says: a
 * byte for the request, then datagrams, each behind two bytes for its length.
 */
#include <string.h>
#include "entries.h"
#include "events.h"
#include "fuzz.h"
#include "kernel.h"
#include "stats.h"

static const uint8_t *left;
static size_t size_left;
static volatile unsigned char sink;

static bool next_datagram(const uint8_t **data, size_t *size)
{
	if (size_left < 2)
		return false;
	*size = left[0] | left[1] << 8;
	*data = left + 2;
	size_left -= 2;
	if (*size > size_left)
		*size = size_left;
	left = *data + *size;
	size_left -= *size;
	return true;
}

static void serve(struct nlmsghdr *request)
{
	const uint8_t *data;
	size_t size;

	(void)request;
	while (next_datagram(&data, &size))
		kernel_say(data, size);
}

/* Every byte is there to be read. */
static void touch(const void *data, size_t size)
{
	const unsigned char *bytes = data;
	size_t i;

	for (i = 0; i < size; i++)
		sink ^= bytes[i];
}

static int take_entry(const struct entry *entry, void *arg)
{
	(void)arg;
	touch(entry->key, entry->key_len);
	touch(entry->value, entry->value_len);
	return 0;
}

static void is_text(const char *text, size_t room)
{
	must(memchr(text, 0, room));
}

static void is_map(const struct map *map)
{
	is_text(map->name, sizeof(map->name));
	is_text(map->owner, sizeof(map->owner));
	is_text(map_word(map_policies, map->policy), 16);
}

static void ask_map(struct sm_nl *nl)
{
	struct map map = {};

	if (!map_get(nl, "fuzz", &map))
		is_map(&map);
}

static void ask_maps(struct sm_nl *nl)
{
	struct map_list list;
	unsigned long i;

	if (!map_list(nl, &list))
		for (i = 0; i < list.nr; i++)
			is_map(&list.maps[i]);
	free(list.maps);
}

static void ask_stats(struct sm_nl *nl)
{
	struct stats_list list;
	struct activity activity;
	unsigned long i;

	if (!stats_list(nl, "fuzz", &list))
		for (i = 0; i < list.nr; i++) {
			is_text(list.stats[i].map, sizeof(list.stats[i].map));
			stats_activity(&activity, NULL, &list.stats[i]);
		}
	free(list.stats);
}

static void ask_dump(struct sm_nl *nl)
{
	entries_dump(nl, "fuzz", false, take_entry, NULL);
}

static void ask_about(struct sm_nl *nl, int cmd, const struct bytes *value)
{
	struct batch batch = { .nl = nl, .cmd = cmd, .map = "fuzz" };
	const struct bytes key = { .len = 3, .data = "key" };
	int i;

	for (i = 0; i < 3; i++)
		batch_add(&batch, SYNCMAP_ENTRY_OP_COMPARE, &key, value, value);
	if (batch_send(&batch, take_entry, NULL))
		return;
	must(batch.applied <= 3);
	must(!batch.error || batch.applied < 3);
}

static void ask_get(struct sm_nl *nl)
{
	ask_about(nl, SYNCMAP_CMD_ENTRY_GET, NULL);
}

static void ask_set(struct sm_nl *nl)
{
	ask_about(nl, SYNCMAP_CMD_ENTRY_SET,
		  &(struct bytes){ .len = 2, .data = "va" });
}

static void hear(struct sm_nl *nl)
{
	struct nlmsghdr *msg;
	const uint8_t *data;
	struct event event;
	size_t size;

	(void)nl;
	while (next_datagram(&data, &size)) {
		msg = malloc(size ? size : 1);
		memcpy(msg, data, size);
		/* libnl looks at that much */
		if (nlmsg_ok(msg, size) && !event_read(&event, msg))
			is_map(&event.map);
		free(msg);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (* const asks[])(struct sm_nl *nl) = {
		ask_map, ask_maps, ask_stats, ask_dump, ask_get, ask_set, hear,
	};
	static struct sm_nl *nl;

	if (!size)
		return 0;
	if (!nl)
		nl = kernel_connect();
	kernel_serve(serve);
	left = data + 1;
	size_left = size - 1;
	asks[*data % (sizeof(asks) / sizeof(*asks))](nl);
	sm_nl_say(nl, "fuzz");
	return 0;
}
