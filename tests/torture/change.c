// SPDX-License-Identifier: GPL-2.0
/*
 * Changes, from process and softirq context, and what they must answer.
 *
 * An own key's answers are known beforehand, but where the map is cleared: then
 * a key that should be there may be gone.  A resident key is always there.  Of
 * a hot key nothing is known, but that no value is taken twice, or lost: the
 * marks of all that were put, less those of all that were taken, are the marks
 * of those that are there.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include "torture.h"

/**
 * torture_refused() - was a call refused for a reason that it may have?
 * @a:		who called; counts it
 * @m:		the map's index
 * @err:	what it gave
 *
 * Return: it was, or for none that it may have, and this has been told.
 */
bool torture_refused(struct torture_actor *a, u32 m, int err)
{
	if (err >= 0)
		return false;
	if (err == -ENOMEM)
		a->counts[m].enomem++;
	else if (err == -ENOSPC && torture_forms[m].limited)
		a->counts[m].enospc++;
	else
		torture_violation(a->torture, m, "a call gave error %d", err);
	return true;
}

enum call {
	CALL_STORE, CALL_SWAP, CALL_LOAD_OR_STORE, CALL_CAS, CALL_CAS_WRONG,
	CALL_DELETE, CALL_LOAD_AND_DELETE, CALL_CAD, CALL_CAD_WRONG, CALLS
};

static const char * const call_names[CALLS] = {
	[CALL_STORE] = "store",
	[CALL_SWAP] = "swap",
	[CALL_LOAD_OR_STORE] = "load_or_store",
	[CALL_CAS] = "compare_and_swap",
	[CALL_CAS_WRONG] = "compare_and_swap of another value",
	[CALL_DELETE] = "delete",
	[CALL_LOAD_AND_DELETE] = "load_and_delete",
	[CALL_CAD] = "compare_and_delete",
	[CALL_CAD_WRONG] = "compare_and_delete of another value",
};

/* with the actor's key and values; returns the call's answer */
static int do_call(struct torture_actor *a, u32 m, enum call call, u32 len,
		   u32 old_len, struct syncmap_buf *previous)
{
	struct syncmap *map = a->torture->map[m];
	const struct torture_key *key = &a->key;

	a->ops++;
	switch (call) {
	case CALL_STORE:
		return syncmap_store(map, key->data, key->len, a->value, len,
				     a->gfp);
	case CALL_SWAP:
		return syncmap_swap(map, key->data, key->len, a->value, len,
				    previous, a->gfp);
	case CALL_LOAD_OR_STORE:
		return syncmap_load_or_store(map, key->data, key->len, a->value,
					     len, previous, a->gfp);
	case CALL_CAS:
	case CALL_CAS_WRONG:
		return syncmap_compare_and_swap(map, key->data, key->len,
						a->old, old_len, a->value, len,
						a->gfp);
	case CALL_DELETE:
		return syncmap_delete(map, key->data, key->len);
	case CALL_LOAD_AND_DELETE:
		return syncmap_load_and_delete(map, key->data, key->len,
					       previous);
	case CALL_CAD:
	case CALL_CAD_WRONG:
		return syncmap_compare_and_delete(map, key->data, key->len,
						  a->old, old_len);
	case CALLS:
		break;
	}
	return -EINVAL;
}

/* What has to come where the key is @there: Go's false and true are 0 and 1. */
static int right_answer(enum call call, bool there)
{
	bool fails = call == CALL_STORE || call == CALL_CAS_WRONG ||
		     call == CALL_CAD_WRONG;

	return fails ? 0 : there;
}

static bool gives_previous(enum call call)
{
	return call == CALL_SWAP || call == CALL_LOAD_OR_STORE ||
	       call == CALL_LOAD_AND_DELETE;
}

/* counts what the answer says that was done */
static void count_call(struct torture_counts *counts, enum call call,
		       bool there, bool unsure, int ret)
{
	switch (call) {
	case CALL_STORE:
		counts->either += unsure;
		counts->updates += there && !unsure;
		counts->inserts += !there;
		break;
	case CALL_SWAP:
		counts->updates += ret;
		counts->inserts += !ret;
		break;
	case CALL_LOAD_OR_STORE:
		counts->inserts += !ret;
		break;
	case CALL_CAS:
		counts->updates += ret;
		break;
	case CALL_DELETE:
	case CALL_LOAD_AND_DELETE:
	case CALL_CAD:
		counts->deletes += ret;
		break;
	default:
		break;
	}
}

static void own_begin(struct torture_own *own)
{
	WRITE_ONCE(own->begun, own->begun + 1);
	/* pairs with check_own() */
	smp_mb();
}

static void own_end(struct torture_own *own, bool there)
{
	/* pairs with own_before() */
	smp_store_release(&own->done, own->begun * 2 + there);
}

/* as if it had never begun */
static void own_abandon(struct torture_own *own)
{
	WRITE_ONCE(own->begun, own->done / 2);
}

/*
 * A key of its own, after a call that was not refused.  One that turns out to
 * have been cleared is gone for good, as if it had been deleted.
 */
static void own_settle(struct torture_own *own, enum call call, bool unsure,
		       int ret)
{
	switch (call) {
	case CALL_STORE:
	case CALL_SWAP:
		own_end(own, true);
		return;
	case CALL_LOAD_OR_STORE:
		if (!ret)
			own_end(own, true);
		else
			own_abandon(own);
		return;
	case CALL_CAS_WRONG:
	case CALL_CAD_WRONG:
		own_abandon(own);
		return;
	default:
		if (ret || unsure)
			own_end(own, ret && call == CALL_CAS);
		else
			own_abandon(own);
	}
}

static void check_previous(struct torture_actor *a, u32 m, u64 version,
			   const struct syncmap_buf *previous)
{
	u64 seen = torture_value_seen(a, m, a->key.id, a->previous,
				      previous->len);

	if (seen && version && seen != version)
		torture_violation(a->torture, m,
				  "own key %u: previous version %llu, not %llu",
				  a->key.id, seen, version);
}

/*
 * A call on a key that is @there, if it is not @unsure; its value has @version,
 * if that is not 0.  Checks and counts the answer, and returns it.
 */
static int checked_call(struct torture_actor *a, u32 m, enum call call,
			u64 new_version, u64 version, bool there, bool unsure)
{
	bool same = call == CALL_CAS || call == CALL_CAD;
	struct syncmap_buf previous = {
		.data = a->previous, .size = sizeof(a->previous)
	};
	u32 id = a->key.id, len, old_len;
	int ret;

	len = torture_value_make(m, id, new_version, a->value);
	old_len = torture_value_make(m, id, same ? version : ~new_version,
				     a->old);
	ret = do_call(a, m, call, len, old_len, &previous);
	if (torture_refused(a, m, ret))
		return ret;
	if (ret != right_answer(call, there) && !(unsure && !ret))
		torture_violation(a->torture, m, "%s of key %u, %s: %d",
				  call_names[call], id,
				  there ? "there" : "absent", ret);
	if (ret && gives_previous(call))
		check_previous(a, m, version, &previous);
	count_call(&a->counts[m], call, there, unsure, ret);
	return ret;
}

/* stores, then deletes, so that there are more keys and fewer in turns */
static enum call draw_call(struct torture_actor *a)
{
	bool ebb = (jiffies / (5 * HZ) + a->index) & 1;

	if (!torture_random_below(a, 4))
		return torture_random_below(a, CALLS);
	return (ebb ? CALL_DELETE : CALL_STORE) + torture_random_below(a, 3);
}

/**
 * torture_change_own() - change a key that nobody else does, and look at it
 * @a:		whose it is
 * @m:		the map's index
 * @n:		its number among the own keys
 *
 * Context: process or softirq.
 */
void torture_change_own(struct torture_actor *a, u32 m, u32 n)
{
	struct torture_own *own = &a->own[m][n];
	u32 id = torture_own_id(m, a->index, n);
	bool there = own->done & 1;
	bool unsure = there && torture_forms[m].cleared;
	enum call call = draw_call(a);
	u64 version = own->done / 2;
	int ret;

	torture_key_make(m, id, &a->key);
	own_begin(own);
	ret = checked_call(a, m, call, own->begun, version, there, unsure);
	if (ret < 0)
		own_abandon(own);
	else
		own_settle(own, call, unsure, ret);
	torture_load(a, m, id);
}

/* a version that no other value of a shared key has */
static u64 fresh_version(struct torture_actor *a)
{
	return ++a->version << 16 | a->index;
}

/**
 * torture_change_resident() - change a key that stays, and that others change
 * @a:		who does it
 * @m:		the map's index
 * @id:		the key
 *
 * Context: process or softirq.
 */
void torture_change_resident(struct torture_actor *a, u32 m, u32 id)
{
	static const enum call calls[] = {
		CALL_STORE, CALL_SWAP, CALL_LOAD_OR_STORE, CALL_CAS_WRONG,
		CALL_CAD_WRONG,
	};

	torture_key_make(m, id, &a->key);
	checked_call(a, m, calls[torture_random_below(a, ARRAY_SIZE(calls))],
		     fresh_version(a), 0, true, torture_forms[m].cleared);
}

static struct syncmap_buf previous_buf(struct torture_actor *a)
{
	a->ops++;
	return (struct syncmap_buf){
		.data = a->previous,
		.size = sizeof(a->previous),
	};
}

static void hot_taken(struct torture_actor *a, u32 m, const void *data, u32 len)
{
	u64 version = torture_value_seen(a, m, a->key.id, data, len);

	a->counts[m].taken += torture_value_mark(a->key.id, version);
}

static void hot_swap(struct torture_actor *a, u32 m, u32 len, u64 mark)
{
	struct syncmap_buf previous = previous_buf(a);
	int ret = syncmap_swap(a->torture->map[m], a->key.data, a->key.len,
			       a->value, len, &previous, a->gfp);

	if (torture_refused(a, m, ret))
		return;
	a->counts[m].put += mark;
	a->counts[m].updates += ret;
	a->counts[m].inserts += !ret;
	if (ret)
		hot_taken(a, m, a->previous, previous.len);
}

static void hot_add(struct torture_actor *a, u32 m, u32 len, u64 mark)
{
	struct syncmap_buf actual = previous_buf(a);
	int ret = syncmap_load_or_store(a->torture->map[m], a->key.data,
					a->key.len, a->value, len, &actual,
					a->gfp);

	if (torture_refused(a, m, ret))
		return;
	if (ret) {
		torture_value_seen(a, m, a->key.id, a->previous, actual.len);
	} else {
		a->counts[m].put += mark;
		a->counts[m].inserts++;
	}
}

static void hot_delete(struct torture_actor *a, u32 m)
{
	struct syncmap_buf previous = previous_buf(a);
	int ret = syncmap_load_and_delete(a->torture->map[m], a->key.data,
					  a->key.len, &previous);

	if (torture_refused(a, m, ret) || !ret)
		return;
	a->counts[m].deletes++;
	hot_taken(a, m, a->previous, previous.len);
}

/* what it has now into @a->old; its length, 0 where it is absent */
static u32 hot_peek(struct torture_actor *a, u32 m)
{
	const struct syncmap_value *value;
	u32 len = 0;

	rcu_read_lock();
	value = syncmap_load(a->torture->map[m], a->key.data, a->key.len);
	if (value) {
		len = value->len;
		memcpy(a->old, value->data, len);
	}
	rcu_read_unlock();
	a->ops++;
	a->counts[m].found += !!value;
	a->counts[m].absent += !value;
	return len;
}

static void hot_compare(struct torture_actor *a, u32 m, u32 len, u64 mark,
			bool swap)
{
	struct syncmap *map = a->torture->map[m];
	u32 old_len = hot_peek(a, m);
	int ret;

	if (!old_len)
		return;
	a->ops++;
	if (swap)
		ret = syncmap_compare_and_swap(map, a->key.data, a->key.len,
					       a->old, old_len, a->value, len,
					       a->gfp);
	else
		ret = syncmap_compare_and_delete(map, a->key.data, a->key.len,
						 a->old, old_len);
	if (torture_refused(a, m, ret) || !ret)
		return;
	a->counts[m].updates += swap;
	a->counts[m].deletes += !swap;
	a->counts[m].put += swap ? mark : 0;
	hot_taken(a, m, a->old, old_len);
}

/**
 * torture_change_hot() - change a key that everybody does
 * @a:		who does it
 * @m:		the map's index
 * @id:		the key
 *
 * Context: process or softirq.
 */
void torture_change_hot(struct torture_actor *a, u32 m, u32 id)
{
	u64 version = fresh_version(a);
	u64 mark = torture_value_mark(id, version);
	u32 len;

	torture_key_make(m, id, &a->key);
	len = torture_value_make(m, id, version, a->value);
	switch (torture_random_below(a, 5)) {
	case 0:
		hot_swap(a, m, len, mark);
		break;
	case 1:
		hot_add(a, m, len, mark);
		break;
	case 2:
		hot_delete(a, m);
		break;
	case 3:
		hot_compare(a, m, len, mark, true);
		break;
	default:
		hot_compare(a, m, len, mark, false);
		break;
	}
}

/* The resident keys, before anybody else is there; false: no memory. */
bool torture_fill(struct torture *torture, u32 m)
{
	struct torture_actor *a = torture->actor[0];
	u32 len;

	for (u32 id = 0; id < torture_forms[m].residents; id++) {
		torture_key_make(m, id, &a->key);
		len = torture_value_make(m, id, fresh_version(a), a->value);
		if (syncmap_store(torture->map[m], a->key.data, a->key.len,
				  a->value, len, GFP_KERNEL))
			return false;
		a->counts[m].inserts++;
	}
	return true;
}
