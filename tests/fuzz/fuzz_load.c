// SPDX-License-Identifier: GPL-2.0
/*
 * `entry load`: whatever is in the file, the kernel is sent what it can take.
 * The first byte says how the file is loaded and what the map is like.
 */
#include "entry.h"
#include "files.h"
#include "fuzz.h"
#include "kernel.h"

static struct map map;
static unsigned long entries;

static void tell_map(struct nlmsghdr *request)
{
	struct nl_msg *msg = kernel_answer(request);

	nla_put_u32(msg, SYNCMAP_A_MAP_ID, 1);
	nla_put_string(msg, SYNCMAP_A_MAP_NAME, "fuzz");
	if (map.key_size)
		nla_put_u32(msg, SYNCMAP_A_MAP_KEY_SIZE, map.key_size);
	if (map.value_size != MAP_VALUE_ANY)
		nla_put_u32(msg, SYNCMAP_A_MAP_VALUE_SIZE, map.value_size);
	kernel_send(msg);
}

static void take_entry(struct nlattr *nest)
{
	struct nlattr *attrs[SYNCMAP_A_ENTRY_MAX + 1], *key, *value;

	must(!nla_parse_nested(attrs, SYNCMAP_A_ENTRY_MAX, nest, NULL));
	key = attrs[SYNCMAP_A_ENTRY_KEY];
	value = attrs[SYNCMAP_A_ENTRY_VALUE];
	must(key && value && attrs[SYNCMAP_A_ENTRY_OP]);
	must(nla_len(key) >= 1 && nla_len(key) <= KEY_MAX);
	must(nla_len(value) <= VALUE_MAX);
	must(!map.key_size || nla_len(key) == (int)map.key_size);
	must(map.value_size == MAP_VALUE_ANY ||
	     nla_len(value) == (int)map.value_size);
	entries++;
}

static void take_entries(struct nlmsghdr *request)
{
	unsigned long before = entries;
	struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, request, GENL_HDRLEN, rem)
		if (nla_type(attr) == SYNCMAP_A_ENTRIES_ENTRY)
			take_entry(attr);
	must(entries > before && entries - before <= BATCH_MAX);
}

static void serve(struct nlmsghdr *request)
{
	if (genlmsg_hdr(request)->cmd == SYNCMAP_CMD_MAP_GET)
		tell_map(request);
	else
		take_entries(request);
	kernel_ack(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t key_sizes[] = { 0, 0, 4, 8 };
	static const uint32_t value_sizes[] = { MAP_VALUE_ANY, MAP_VALUE_ANY, 0, 8 };
	const char *words[] = { "fuzz", NULL, "value", "u64:1", "add", "strict" };
	enum status status;
	bool strict;

	if (!size)
		return 0;
	strict = *data & 1;
	map = (struct map){
		.key_size = key_sizes[*data >> 1 & 3],
		.value_size = value_sizes[*data >> 3 & 3],
	};
	entries = 0;
	kernel_serve(serve);
	status = run_on_file(entry_load, data + 1, size - 1, words, 5 + strict);
	must(status == STATUS_DONE || status == STATUS_USAGE);
	must(!strict || status == STATUS_DONE || !entries);
	return 0;
}
