// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges under load, and the audit of a map that rests.
 */
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/sched.h>
#include "torture.h"

#define CHANGE_EVERY	64	/* visits until the callback changes a key */
#define SLEEP_EVERY	2000	/* visits until it sleeps */
#define SOFTIRQ_VISITS	100	/* after which it stops there */

/**
 * struct visit - a range under way
 * @actor:	who ranges, with a bit for each key visited
 * @m:		the map's index
 * @visits:	so many keys
 * @audit:	the map rests: each key is as its actor left it
 * @hot:	in an audit: sum of the marks of the hot keys' values
 */
struct visit {
	struct torture_actor *actor;
	u32 m;
	u32 visits;
	bool audit;
	u64 hot;
};

static void audit_visit(struct visit *visit, u32 id, u64 version)
{
	struct torture *torture = visit->actor->torture;
	const struct torture_own *own = torture_own_of(torture, visit->m, id);

	if (torture_is_hot(visit->m, id))
		visit->hot += torture_value_mark(id, version);
	if (own && own->done != version * 2 + 1)
		torture_violation(torture, visit->m,
				  "audit: own key %u: version %llu, should be %llu, %s",
				  id, version, own->done / 2,
				  own->done & 1 ? "there" : "deleted");
}

/* the id, or U32_MAX if it is not to be looked at any further */
static u32 check_visit(struct visit *visit, const void *key, u32 key_len,
		       const void *value, u32 value_len)
{
	struct torture_actor *a = visit->actor;
	u64 version;
	u32 id;

	visit->visits++;
	if (!torture_key_read(visit->m, key, key_len, &id) ||
	    id >= torture_ids(a->torture, visit->m)) {
		torture_violation(a->torture, visit->m,
				  "range: no key of ours: %*ph",
				  (int)min_t(u32, key_len, 64), key);
		return U32_MAX;
	}
	if (test_and_set_bit(id, a->seen))
		torture_violation(a->torture, visit->m,
				  "range: key %u twice", id);
	version = torture_value_seen(a, visit->m, id, value, value_len);
	if (version && visit->audit)
		audit_visit(visit, id, version);
	return id;
}

/* the map may be changed from here, and in process context one may sleep */
static bool visit_key(const void *key, u32 key_len, const void *value,
		      u32 value_len, void *arg)
{
	struct visit *visit = arg;
	struct torture_actor *a = visit->actor;

	check_visit(visit, key, key_len, value, value_len);
	if (visit->visits % CHANGE_EVERY == 0)
		torture_change_own(a, visit->m, torture_random_below(a,
				   torture_forms[visit->m].own));
	if (!gfpflags_allow_blocking(a->gfp))
		return visit->visits < SOFTIRQ_VISITS;
	if (visit->visits % SLEEP_EVERY == 0)
		usleep_range(100, 1000);
	else
		cond_resched();
	return true;
}

static void check_residents(struct visit *visit)
{
	struct torture *torture = visit->actor->torture;
	u32 residents = torture_forms[visit->m].residents;
	u32 id = find_first_zero_bit(visit->actor->seen, residents);

	if (id < residents && !torture_forms[visit->m].cleared)
		torture_violation(torture, visit->m,
				  "range: resident key %u not seen", id);
}

static int range(struct visit *visit, syncmap_range_fn fn)
{
	struct torture_actor *a = visit->actor;

	bitmap_zero(a->seen, torture_ids(a->torture, visit->m));
	return syncmap_range(a->torture->map[visit->m], fn, visit, a->gfp);
}

/**
 * torture_range() - range over a map while everybody changes it
 * @a:		who does it; an owner of keys
 * @m:		the map's index
 *
 * Context: process or softirq; there it stops early.
 */
void torture_range(struct torture_actor *a, u32 m)
{
	struct visit visit = { .actor = a, .m = m };

	a->ops++;
	if (torture_refused(a, m, range(&visit, visit_key)) ||
	    !gfpflags_allow_blocking(a->gfp))
		return;
	check_residents(&visit);
	atomic64_inc(&a->torture->ranges);
}

static bool visit_resting(const void *key, u32 key_len, const void *value,
			  u32 value_len, void *arg)
{
	check_visit(arg, key, key_len, value, value_len);
	cond_resched();
	return true;
}

static void audit_own(struct visit *visit)
{
	struct torture *torture = visit->actor->torture;
	u32 end = torture_ids(torture, visit->m);

	for (u32 id = torture_own_id(visit->m, 0, 0); id < end; id++) {
		const struct torture_own *own = torture_own_of(torture,
							       visit->m, id);

		if (own->done & 1 && !test_bit(id, visit->actor->seen))
			torture_violation(torture, visit->m,
					  "audit: own key %u: lost, was at %llu",
					  id, own->done / 2);
	}
}

static void audit_hot(struct visit *visit)
{
	struct torture *torture = visit->actor->torture;
	u64 sum = 0;

	for (u32 i = 0; i < torture->actors; i++)
		sum += torture->actor[i]->counts[visit->m].put -
		       torture->actor[i]->counts[visit->m].taken;
	if (sum != visit->hot)
		torture_violation(torture, visit->m,
				  "audit: hot values put and taken do not match");
}

/**
 * torture_audit() - compare a map with what is known of it
 * @torture:	the gate is closed
 * @m:		the map's index
 *
 * Context: process; sleeps.
 */
void torture_audit(struct torture *torture, u32 m)
{
	struct visit visit = {
		.actor = torture->actor[0], .m = m, .audit = true
	};
	u64 len = syncmap_len(torture->map[m]);
	int err;

	/* memory may be refused to us, too */
	do {
		visit.visits = 0;
		visit.hot = 0;
		err = range(&visit, visit_resting);
	} while (err == -ENOMEM);
	if (err)
		torture_violation(torture, m, "audit: range: %d", err);
	if (visit.visits != len)
		torture_violation(torture, m, "audit: %u keys, len says %llu",
				  visit.visits, len);
	check_residents(&visit);
	if (torture_forms[m].cleared)
		return;
	audit_own(&visit);
	audit_hot(&visit);
}
