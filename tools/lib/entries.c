// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include "entries.h"

/* bytes that an entry takes in a request, at most */
static size_t size_of(const struct bytes *key, const struct bytes *value,
		      const struct bytes *old)
{
	return nla_total_size(0) + nla_total_size(key->len) +
	       (value ? nla_total_size(value->len) : 0) +
	       (old ? nla_total_size(old->len) : 0) +
	       nla_total_size(sizeof(uint32_t));
}

static struct nl_msg *begin(struct sm_nl *nl, int cmd, int flags,
			    const char *map)
{
	struct nl_msg *msg = sm_nl_new(nl, cmd, flags);

	nla_put_string(msg, SYNCMAP_A_ENTRIES_MAP_NAME, map);
	return msg;
}

static bool has_room(const struct batch *batch, size_t size)
{
	return batch->entries < BATCH_MAX &&
	       nlmsg_hdr(batch->msg)->nlmsg_len + size <= SM_NL_REQUEST_MAX;
}

bool batch_add(struct batch *batch, int op, const struct bytes *key,
	       const struct bytes *value, const struct bytes *old)
{
	struct nlattr *nest;

	if (!batch->msg) {
		batch->msg = begin(batch->nl, batch->cmd, 0, batch->map);
		if (batch->previous)
			nla_put_flag(batch->msg, SYNCMAP_A_ENTRIES_RETURN);
	}
	if (!has_room(batch, size_of(key, value, old)))
		return false;
	nest = nla_nest_start(batch->msg,
			      SYNCMAP_A_ENTRIES_ENTRY | NLA_F_NESTED);
	nla_put(batch->msg, SYNCMAP_A_ENTRY_KEY, key->len, key->data);
	if (value)
		nla_put(batch->msg, SYNCMAP_A_ENTRY_VALUE, value->len,
			value->data);
	if (old)
		nla_put(batch->msg, SYNCMAP_A_ENTRY_OLD, old->len, old->data);
	if (batch->cmd == SYNCMAP_CMD_ENTRY_SET)
		nla_put_u32(batch->msg, SYNCMAP_A_ENTRY_OP, op);
	nla_nest_end(batch->msg, nest);
	batch->entries++;
	return true;
}

static int read_entry(struct entry *entry, struct nlattr *nest)
{
	struct nlattr *attrs[SYNCMAP_A_ENTRY_MAX + 1];
	struct nlattr *key, *value;

	if (nla_parse_nested(attrs, SYNCMAP_A_ENTRY_MAX, nest, NULL))
		return -EBADMSG;
	key = attrs[SYNCMAP_A_ENTRY_KEY];
	value = attrs[SYNCMAP_A_ENTRY_VALUE];
	*entry = (struct entry){
		.key = key ? nla_data(key) : NULL,
		.key_len = key ? nla_len(key) : 0,
		.value = value ? nla_data(value) : NULL,
		.value_len = value ? nla_len(value) : 0,
	};
	entry->status = sm_nl_u32(attrs[SYNCMAP_A_ENTRY_STATUS]);
	return 0;
}

/**
 * struct taking - how the entries of an answer are taken
 * @batch:	the request; NULL: it is a dump
 * @sent:	how many entries it had
 * @fn:		takes each
 * @arg:	for @fn
 */
struct taking {
	struct batch *batch;
	uint32_t sent;
	entry_fn fn;
	void *arg;
};

static int take_entries(struct nlmsghdr *msg, const struct taking *taking)
{
	struct nlattr *attr;
	struct entry entry;
	int rem, err = 0;

	nlmsg_for_each_attr(attr, msg, GENL_HDRLEN, rem) {
		if (nla_type(attr) != SYNCMAP_A_ENTRIES_ENTRY)
			continue;
		err = read_entry(&entry, attr);
		if (!err)
			err = taking->fn(&entry, taking->arg);
		if (err)
			break;
	}
	return err;
}

/* How many were applied, and why the next was not, of those that were sent. */
static int take_applied(struct nlmsghdr *msg, const struct taking *taking)
{
	struct nlattr *attrs[SYNCMAP_A_ENTRIES_MAX + 1];
	struct batch *batch = taking->batch;

	if (sm_nl_parse(attrs, SYNCMAP_A_ENTRIES_MAX, msg))
		return -EBADMSG;
	batch->applied = sm_nl_u32(attrs[SYNCMAP_A_ENTRIES_APPLIED]);
	batch->error = sm_nl_u32(attrs[SYNCMAP_A_ENTRIES_ERROR]);
	return batch->applied > taking->sent - !!batch->error ? -EBADMSG : 0;
}

static int take_answer(struct nlmsghdr *msg, void *arg)
{
	const struct taking *taking = arg;
	int err = taking->batch ? take_applied(msg, taking) : 0;

	return !err && taking->fn ? take_entries(msg, taking) : err;
}

int batch_send(struct batch *batch, entry_fn fn, void *arg)
{
	struct taking taking = {
		.batch = batch,
		.sent = batch->entries,
		.fn = fn,
		.arg = arg,
	};
	struct nl_msg *msg = batch->msg;

	batch->msg = NULL;
	batch->entries = 0;
	batch->applied = 0;
	batch->error = 0;
	return msg ? sm_nl_ask(batch->nl, msg, take_answer, &taking) : 0;
}

int entries_dump(struct sm_nl *nl, const char *map, bool keys_only, entry_fn fn,
		 void *arg)
{
	struct taking taking = { .fn = fn, .arg = arg };
	struct nl_msg *msg = begin(nl, SYNCMAP_CMD_ENTRY_GET, NLM_F_DUMP, map);

	if (keys_only)
		nla_put_flag(msg, SYNCMAP_A_ENTRIES_KEYS_ONLY);
	return sm_nl_ask(nl, msg, take_answer, &taking);
}
