// SPDX-License-Identifier: GPL-2.0
/*
 * Changes: one engine for all of sync.Map's.  A change of a key that has an
 * entry is one cmpxchg on the entry's value, without the lock.  Only a key
 * that has none, or an EXPUNGED one, takes the shard's lock to get one.
 *
 * Nothing is allocated under the lock or inside rcu_read_lock(): an attempt
 * that lacks memory says what it needs, and is made again from the start.
 */
#include <linux/export.h>
#include "../observe/hooks.h"
#include "lookup.h"

/* promote when this share of a shard's entries waits for it to be freed */
#define SM_LIMBO_SHARE	8
#define SM_LIMBO_SMALL	64

/**
 * struct sm_attempt - a change under way
 * @map:	where
 * @change:	what was asked
 * @hash:	the key's hash
 * @value:	the new value, not published yet
 * @entry:	a new entry, not linked yet; may have the value as its own
 * @need_value:	a value is needed
 * @need_entry:	an entry is needed
 * @links:	an entry is to be linked: only then is there what follows
 * @have:	memory for the tables
 * @want:	what of that is lacking
 */
struct sm_attempt {
	struct syncmap *map;
	const struct sm_change *change;
	u64 hash;
	struct syncmap_value *value;
	struct sm_entry *entry;
	bool need_value;
	bool need_entry;
	bool links;
	struct sm_reserve have;
	struct sm_reserve want;
};

/* most changes link nothing, and clearing the rest is a good part of their time */
static void sm_attempt_begin(struct sm_attempt *at, struct syncmap *map,
			     const struct sm_change *change)
{
	at->map = map;
	at->change = change;
	at->hash = sm_map_hash(map, change->key, change->key_len);
	at->value = NULL;
	at->entry = NULL;
	at->need_value = false;
	at->need_entry = false;
	at->links = false;
}

static void sm_attempt_links(struct sm_attempt *at)
{
	static const struct sm_reserve none = SM_RESERVE_NONE;

	if (!at->links)
		at->have = none;
	at->want = none;
	at->links = true;
}

static bool sm_op_inserts(enum sm_op op)
{
	return op == SM_STORE || op == SM_LOAD_OR_STORE || op == SM_SWAP;
}

static bool sm_op_deletes(enum sm_op op)
{
	return op == SM_DELETE || op == SM_COMPARE_AND_DELETE;
}

static bool sm_op_compares(enum sm_op op)
{
	return op == SM_COMPARE_AND_SWAP || op == SM_COMPARE_AND_DELETE;
}

static bool sm_value_is(const struct syncmap_value *value, const void *data,
			u32 len)
{
	return value->len == len && !memcmp(value->data, data, len);
}

/* what is to become of a key that has this value; nothing is written yet */
static enum sm_status sm_decide(const struct sm_change *change,
				const struct syncmap_value *value)
{
	if (!value)
		return sm_op_inserts(change->op) ? SM_INSERTED : SM_ABSENT;
	if (change->op == SM_LOAD_OR_STORE)
		return SM_FOUND;
	if (sm_op_compares(change->op) &&
	    !sm_value_is(value, change->old, change->old_len))
		return SM_DIFFERENT;
	return sm_op_deletes(change->op) ? SM_DELETED : SM_REPLACED;
}

static bool sm_status_writes(enum sm_status status)
{
	return status == SM_INSERTED || status == SM_REPLACED ||
	       status == SM_DELETED;
}

/* inside rcu_read_lock(), which keeps @value */
static void sm_hand_out(const struct sm_change *change,
			const struct syncmap_value *value)
{
	struct syncmap_buf *buf = change->previous;

	if (!buf)
		return;
	buf->len = value ? value->len : 0;
	if (value)
		memcpy(buf->data, value->data, min(buf->size, value->len));
}

/* the entry that was found has the new value now, or none */
static void sm_changed(struct sm_attempt *at, const struct sm_found *found,
		       enum sm_status status)
{
	static const enum sm_counter counter[] = {
		[SM_INSERTED] = SM_INSERTS,
		[SM_REPLACED] = SM_UPDATES,
		[SM_DELETED] = SM_DELETES,
	};

	sm_count(found->shard, counter[status]);
	if (status != SM_DELETED)
		at->value = NULL;
	else
		percpu_counter_dec(&found->shard->world->len);
	if (found->value)
		sm_entry_retire_value(at->map, found->entry, found->value);
	if (status == SM_DELETED)
		sm_map_note_delete(at->map, found->shard);
}

/*
 * Change a key that has an entry.  The lock may be held or not.
 * Return: a status, -EAGAIN where memory is needed or the value turned
 * EXPUNGED, -ENOSPC.
 */
static int sm_change_entry(struct sm_attempt *at, struct sm_found *found)
{
	struct sm_world *world = found->shard->world;
	struct syncmap_value *new;
	enum sm_status status;
	bool admitted;

	for (;;) {
		status = sm_decide(at->change, found->value);
		if (!sm_status_writes(status))
			break;
		new = status == SM_DELETED ? NULL : at->value;
		at->need_value = status != SM_DELETED && !new;
		if (at->need_value)
			return -EAGAIN;
		admitted = status != SM_INSERTED ||
			   sm_world_admit(at->map, world);
		if (admitted &&
		    sm_entry_replace(found->entry, found->value, new))
			break;
		if (admitted && status == SM_INSERTED)
			percpu_counter_dec(&world->len);
		found->value = sm_entry_value(found->entry);
		if (found->value == SM_EXPUNGED)
			return -EAGAIN;
		/* no room, unless somebody else stored to it meanwhile */
		if (!admitted && !found->value)
			return -ENOSPC;
	}
	sm_hand_out(at->change, found->value);
	if (sm_status_writes(status))
		sm_changed(at, found, status);
	return status;
}

/* sync.Map calls missLocked() for these when it found no key in the snapshot */
static void sm_classic_miss(struct sm_attempt *at, struct sm_hold *hold,
			    const struct sm_found *found)
{
	enum sm_op op = at->change->op;

	if (sm_map_is_cow(at->map) || !found->missed)
		return;
	if (sm_op_deletes(op) ||
	    (found->entry && (op == SM_LOAD_OR_STORE || sm_op_compares(op))))
		sm_miss_locked(hold);
}

/* the value to give a key whose entry is found, or else new; NULL: needed */
static struct syncmap_value *sm_value_for(struct sm_attempt *at,
					  const struct sm_entry *found)
{
	struct syncmap_value *own = found || !at->entry ? NULL :
				    sm_entry_own(at->entry);

	return own ?: at->value;
}

/* note what such a key still needs; false: nothing */
static bool sm_needs(struct sm_attempt *at, const struct sm_entry *found)
{
	const struct sm_change *change = at->change;

	at->need_entry = !found && !at->entry;
	at->need_value = !sm_value_for(at, found) &&
			 !(at->need_entry && sm_entry_fits(change->key_len,
							   change->value_len));
	return at->need_entry || at->need_value;
}

/* @found: the entry of the snapshot to be linked again, or none */
static int sm_insert_locked(struct sm_attempt *at, struct sm_hold *hold,
			    struct sm_found *found)
{
	const struct sm_change *change = at->change;
	struct sm_shard *shard = hold->shard;
	struct sm_entry *entry = found->entry;
	struct syncmap_value *value = sm_value_for(at, entry);
	struct sm_place place;

	sm_attempt_links(at);
	if (sm_needs(at, entry) ||
	    !sm_make_room(hold, at->hash, &at->have, &at->want, &place))
		return -EAGAIN;
	if (!sm_world_admit(at->map, shard->world))
		return -ENOSPC;
	if (entry) {
		sm_segment_mark(sm_view_segment(sm_shard_read(shard), at->hash),
				entry, false);
	} else {
		entry = at->entry;
		at->entry = NULL;
	}
	sm_segment_link(place.segment, entry);
	WRITE_ONCE(shard->entries, shard->entries + 1);
	percpu_counter_inc(&shard->world->linked);
	sm_entry_revive(entry, value);
	if (value == at->value)
		at->value = NULL;
	sm_hand_out(change, NULL);
	sm_count(shard, SM_INSERTS);
	sm_hook_insert(at->map, at->map->id, shard->index, at->hash,
		       change->key, change->key_len);
	if (sm_map_is_cow(at->map) && shard->limbo_dead > SM_LIMBO_SMALL +
	    max_t(s64, shard->entries, 0) / SM_LIMBO_SHARE)
		sm_promote(hold);
	return SM_INSERTED;
}

static int sm_change_locked(struct sm_attempt *at, struct sm_shard *shard)
{
	const struct sm_change *change = at->change;
	struct sm_found found;
	struct sm_hold hold;
	int ret;

	shard = sm_lock_hash(shard, at->hash, &hold);
	sm_find_locked(shard, at->hash, change->key, change->key_len, &found);
	if (found.entry && found.value != SM_EXPUNGED) {
		ret = sm_change_entry(at, &found);
	} else if (sm_op_inserts(change->op)) {
		ret = sm_insert_locked(at, &hold, &found);
	} else {
		sm_hand_out(change, NULL);
		ret = SM_ABSENT;
	}
	if (ret >= 0)
		sm_classic_miss(at, &hold, &found);
	sm_unlock(&hold);
	return ret;
}

static int sm_change_once(struct sm_attempt *at)
{
	const struct sm_change *change = at->change;
	struct sm_found found;
	int ret;

	/* it was not there: the lock decides, and looks again */
	if (at->entry)
		return sm_change_locked(at, sm_router_shard(
				rcu_dereference(at->map->router), at->hash));
	sm_find(at->map, at->hash, change->key, change->key_len, &found);
	if (found.missed && !sm_map_is_cow(at->map))
		return sm_change_locked(at, found.shard);
	if (!found.entry && sm_op_inserts(change->op)) {
		sm_needs(at, NULL);
		return -EAGAIN;
	}
	if (!found.entry) {
		sm_hand_out(change, NULL);
		return SM_ABSENT;
	}
	ret = sm_change_entry(at, &found);
	if (ret != -EAGAIN || at->need_value)
		return ret;
	return sm_change_locked(at, found.shard);
}

static int sm_attempt_get(struct sm_attempt *at)
{
	const struct sm_change *change = at->change;

	if (at->need_value) {
		at->value = sm_value_alloc(at->map, change->value,
					   change->value_len, change->gfp);
		if (IS_ERR(at->value))
			return PTR_ERR(at->value);
	}
	if (at->need_entry) {
		at->entry = sm_entry_alloc(at->map, at->hash, change);
		if (IS_ERR(at->entry))
			return PTR_ERR(at->entry);
	}
	at->need_value = false;
	at->need_entry = false;
	return at->links ? sm_reserve_fill(&at->have, &at->want, at->map,
					   change->gfp) : 0;
}

static void sm_attempt_end(struct sm_attempt *at)
{
	if (!IS_ERR_OR_NULL(at->value))
		sm_value_free(at->map, at->value);
	if (!IS_ERR_OR_NULL(at->entry))
		sm_entry_free(at->map, at->entry);
	if (at->links)
		sm_reserve_free(&at->have);
}

static const char *sm_key_check(const struct syncmap *map, u32 len, int *err)
{
	*err = len > SYNCMAP_KEY_MAX ? -E2BIG : -EINVAL;
	if (!len)
		return "the key is empty";
	if (len > SYNCMAP_KEY_MAX)
		return "the key is longer than 255 bytes";
	if (map->key_size && len != map->key_size)
		return "the key is not of this map's key size";
	return NULL;
}

static const char *sm_value_check(const struct syncmap *map, u32 len, int *err)
{
	*err = len > SYNCMAP_VALUE_MAX ? -E2BIG : -EINVAL;
	if (len > SYNCMAP_VALUE_MAX)
		return "the value is longer than 4096 bytes";
	if (map->value_size != SYNCMAP_VALUE_ANY && len != map->value_size)
		return "the value is not of this map's value size";
	return NULL;
}

/**
 * sm_change_check() - does a change fit a map?
 * @map:	which
 * @change:	the change; sizes only are looked at
 * @err:	out: 0, -EINVAL or -E2BIG
 *
 * Return: NULL, or what is wrong.
 */
const char *sm_change_check(const struct syncmap *map,
			    const struct sm_change *change, int *err)
{
	const char *why = sm_key_check(map, change->key_len, err);

	if (!why && !sm_op_deletes(change->op))
		why = sm_value_check(map, change->value_len, err);
	if (!why)
		*err = 0;
	return why;
}

/**
 * sm_map_change() - make one change of one key
 * @map:	where
 * @change:	which
 *
 * Context: process or softirq.
 * Return: an enum sm_status; -EINVAL or -E2BIG for a wrong size, -ENOMEM,
 * -ENOSPC at a limit, -EOPNOTSUPP in hardirq or NMI: then nothing changed.
 */
int sm_map_change(struct syncmap *map, const struct sm_change *change)
{
	struct sm_attempt at;
	int ret;

	if (WARN_ON_ONCE(in_hardirq() || in_nmi()))
		return -EOPNOTSUPP;
	if (sm_change_check(map, change, &ret))
		return ret;
	sm_attempt_begin(&at, map, change);
	do {
		ret = sm_attempt_get(&at);
		if (ret)
			break;
		rcu_read_lock();
		ret = sm_change_once(&at);
		rcu_read_unlock();
	} while (ret == -EAGAIN);
	sm_attempt_end(&at);
	return ret;
}
