// SPDX-License-Identifier: GPL-2.0
/*
 * Scenarios of a few operations that race, in the words of the protocol's
 * model: "[setup] | thread | thread".  Each is run many times, in interleavings
 * drawn from a seed (see shim/turns.h) or as the machine happens to; what the
 * calls answered must be linearizable, and the map whole afterwards.
 *
 *	ld st sw ls cs de cd	load, store, swap, load_or_store,
 *				compare_and_swap, load_and_delete,
 *				compare_and_delete of the key that follows
 *	cl			clear
 *	pr			promote
 *	cp sp			insert other keys: one, so that the segment is
 *				copied; many, so that it is split
 *	rc			reclaim
 *	rs mg			divide the shards, unite them
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include "shim/turns.h"
#include "support/record.h"
#include "../../kmod/core/map.h"

/* runs of a scenario, and scenarios drawn, where the effort is 1 */
#define RUNS		(SHIM_TURNS ? 100 : 320 / HOST_SLOWER)
#define RANDOM_RUNS	4000

#define STEPS		8	/* of a thread, at most */
#define SPLITTERS	60

enum step_kind {
	STEP_OP,
	STEP_PROMOTE,
	STEP_COPY,
	STEP_SPLIT,
	STEP_RECLAIM,
	STEP_DIVIDE,
	STEP_UNITE,
};

struct step {
	enum step_kind kind;
	struct history_entry op;
};

struct script {
	u32 n;
	struct step step[STEPS];
};

/**
 * struct race - a scenario under way
 * @map:	the map
 * @script:	the setup, and each thread's steps
 * @threads:	how many
 * @others:	the number of the next other key, which no history tells
 * @values:	the next value to be stored
 */
struct race {
	struct syncmap *map;
	struct script script[1 + SHIM_SCHED_THREADS];
	u32 threads;
	u32 others;
	u64 values;
};

static const struct word {
	char name[3];
	enum step_kind kind;
	enum history_op op;
} words[] = {
	{ "ld", STEP_OP, HISTORY_LOAD },
	{ "st", STEP_OP, HISTORY_STORE },
	{ "sw", STEP_OP, HISTORY_SWAP },
	{ "ls", STEP_OP, HISTORY_LOAD_OR_STORE },
	{ "cs", STEP_OP, HISTORY_CAS },
	{ "de", STEP_OP, HISTORY_LOAD_AND_DELETE },
	{ "cd", STEP_OP, HISTORY_CAD },
	{ "cl", STEP_OP, HISTORY_CLEAR },
	{ "pr", STEP_PROMOTE, 0 },
	{ "cp", STEP_COPY, 0 },
	{ "sp", STEP_SPLIT, 0 },
	{ "rc", STEP_RECLAIM, 0 },
	{ "rs", STEP_DIVIDE, 0 },
	{ "mg", STEP_UNITE, 0 },
};

static void insert_others(struct race *race, u32 n)
{
	record_insert_others(race->map, __atomic_fetch_add(&race->others, n,
							   __ATOMIC_RELAXED), n);
}

/* twice the shards, or half as many */
static void reshard(struct syncmap *map, bool doubles)
{
	u32 shards = sm_map_shards(map);

	syncmap_reshard(map, doubles ? 2 * shards : max(shards / 2, 1U));
}

static void run_step(struct race *race, struct step *step)
{
	switch (step->kind) {
	case STEP_OP:
		record_op(race->map, &step->op);
		break;
	case STEP_PROMOTE:
		host_promote(race->map);
		break;
	case STEP_COPY:
		insert_others(race, 1);
		break;
	case STEP_SPLIT:
		insert_others(race, SPLITTERS);
		break;
	case STEP_RECLAIM:
		sm_map_reclaim_work(&race->map->reclaim_work);
		break;
	case STEP_DIVIDE:
		reshard(race->map, true);
		break;
	case STEP_UNITE:
		reshard(race->map, false);
		break;
	}
}

static void run_script(struct race *race, struct script *script)
{
	u32 i;

	for (i = 0; i < script->n; i++)
		run_step(race, &script->step[i]);
}

static void run_thread(unsigned int index, void *arg)
{
	struct race *race = arg;

	run_script(race, &race->script[1 + index]);
}

static void add_word(struct race *race, struct script *script,
		     const struct word *word, u32 key)
{
	struct step *step = &script->step[script->n++];

	assert_true(script->n <= STEPS);
	*step = (struct step){ .kind = word->kind, .op = {
		.op = word->op, .key = key, .value = race->values++,
		.thread = script - race->script } };
}

/* comparisons are with the last value stored before the threads, or with 1 */
static void set_old(struct race *race)
{
	u64 old[HISTORY_KEYS] = { 1, 1 };
	struct step *step;
	u32 s, i;

	for (s = 0; s <= race->threads; s++)
		for (i = 0; i < race->script[s].n; i++) {
			step = &race->script[s].step[i];
			step->op.old = old[step->op.key];
			if (!s && step->op.op == HISTORY_STORE)
				old[step->op.key] = step->op.value;
		}
}

static const struct word *find_word(const char *text)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strncmp(words[i].name, text, 2))
			return &words[i];
	fail_msg("no such word: %s", text);
	return NULL;
}

static void parse(struct race *race, const char *text)
{
	struct script *script = race->script;
	const struct word *word;

	*race = (struct race){ .values = 1 };
	while (*text) {
		if (*text == ' ' || *text == '[' || *text == ']') {
			text++;
		} else if (*text == '|') {
			script = &race->script[++race->threads];
			text++;
		} else {
			word = find_word(text);
			text += 2;
			add_word(race, script, word, *text == '1');
			text += *text == '0' || *text == '1';
		}
	}
	set_old(race);
}

static void collect(struct race *race, struct history *history)
{
	u32 s, i;

	for (s = 0; s <= race->threads; s++)
		for (i = 0; i < race->script[s].n; i++)
			if (race->script[s].step[i].kind == STEP_OP)
				history->entry[history->n++] =
					race->script[s].step[i].op;
	for (i = 0; i < 2; i++) {
		history->entry[history->n] = (struct history_entry){
			.op = HISTORY_LOAD, .key = i };
		record_op(race->map, &history->entry[history->n++]);
	}
}

static void make_map(struct race *race, enum syncmap_policy policy)
{
	shim_online_cpus = 1;
	race->map = host_map(HOST_CONFIG(.policy = policy, .key_size = RECORD_KEY,
					 .value_size = 8));
	host_open_hash(race->map);
	race->others = 0;
}

static void judge(struct race *race, const char *what, u64 seed)
{
	struct history history = { 0 };
	enum history_verdict verdict;

	collect(race, &history);
	verdict = history_judge(&history);
	if (verdict) {
		history_print(&history);
		fail_msg("%s, seed %llu: %s", what, seed,
			 history_verdicts[verdict]);
	}
	host_check(race->map);
	shim_settle();
	host_check(race->map);
	host_map_free(race->map);
}

/* how threads change places, for shim_sched_run() */
static u32 way(u64 seed)
{
	return seed % 2 ? 0 : 2U << seed / 2 % 6;
}

static void run_race(struct race *race, const char *what,
		     enum syncmap_policy policy, u64 seed)
{
	make_map(race, policy);
	run_script(race, &race->script[0]);
	shim_sched_run(race->threads, run_thread, race, seed, way(seed));
	judge(race, what, seed);
}

static void races(const char *const *what, u32 n)
{
	struct race race;
	u32 i, seed;

	for (i = 0; i < n; i++) {
		parse(&race, what[i]);
		for (seed = 1; seed <= RUNS * host_effort(); seed++)
			run_race(&race, what[i], host_policies[seed % 7 == 0],
				 seed);
	}
}

#define RACES(what)	races(what, ARRAY_SIZE(what))

static void inserts(void **state)
{
	static const char *const what[] = {
		"[] | st0 | st0",
		"[] | st0 ld0 | st0 de0",
		"[] | ls0 | ls0 | de0",
		"[] | st0 ld1 | st1 ld0",
		"[st1 pr] | st0 ld1 | sw1 ld0",
		"[st0 pr] | ld0 | st1",
		"[] | st0 st1 | ld1 ld0",
	};

	RACES(what);
}

static void promotions(void **state)
{
	static const char *const what[] = {
		"[st0] | ld0 | pr",
		"[st0] | ld0 ld1 | pr st1",
		"[st0] | st1 sp | pr",
		"[st0] | sw0 cs0 | pr st1",
		"[st0 pr] | pr | st1 ld0 | ld1 pr",
		"[st0 pr st1] | ld1 de1 | pr cp pr",
	};

	RACES(what);
}

static void copies(void **state)
{
	static const char *const what[] = {
		"[st0 pr de0] | st0 pr | st1",
		"[st0 pr] | de0 | st1",
		"[st0 pr de0 cp] | st0 | pr",
		"[st0 pr] | st0 | cs0",
		"[st0 pr] | de0 st0 | cp pr cp",
		"[st0 pr de0] | st0 ld0 | cp pr",
		"[st0 pr] | cd0 ls0 | cp pr cp | ld0",
		"[st0] | st0 | de0",
		"[st0 st1 pr de0 cp] | st0 de0 | st0 cp | pr",
	};

	RACES(what);
}

static void reclaims(void **state)
{
	static const char *const what[] = {
		"[st0 de0] | ld0 ld0 | rc st0",
		"[st0 de0] | st0 | rc",
		"[st0 de0] | st0 ld0 | rc",
		"[st0 de0] | st1 ld1 | rc st0",
		"[st0 pr de0] | st0 de0 | rc",
		"[st0 pr de0] | ls0 ld0 | rc | cp pr",
		"[st0 st1 pr de0 cp] | st0 | rc pr | ld0 ld0",
	};

	RACES(what);
}

static void splits(void **state)
{
	static const char *const what[] = {
		"[st0] | ld0 | sp",
		"[st0] | ld1 | sp",
		"[st0 de0] | st0 | sp",
		"[st0 st1 pr] | de0 st0 | sp | ld1 ld0",
	};

	RACES(what);
}

static void reshards(void **state)
{
	static const char *const what[] = {
		"[] | st0 | rs",
		"[st0 pr] | ld0 | rs",
		"[st0 pr] | ld0 ld1 | rs | st1",
		"[st0] | pr rs | ld0",
		"[st0 pr de0] | st0 ld0 | rs",
		"[st0 st1 sp pr] | rs | cp pr | ld0",
		"[st0 pr st1 rs] | pr | cp pr",
		"[st0 st1] | de0 st0 | rs | de1 st1",
		"[st0 pr st1] | sw1 cs0 | rs rs | ld1 ld0",
		"[st0 pr de0 cp] | st0 | rs | rc",
		"[sp st0 st1] | st0 de1 | rs rs | pr",
	};

	RACES(what);
}

static void unions(void **state)
{
	static const char *const what[] = {
		"[rs] | st0 | mg",
		"[st0 pr rs] | ld0 | mg",
		"[st0 pr rs] | ld0 ld1 | mg | st1",
		"[st0 rs] | pr mg | ld0",
		"[st0 pr de0 rs] | st0 ld0 | mg",
		"[st0 pr rs de0 cp] | st0 de1 | mg | ld0",
		"[st0 st1 sp pr rs] | mg | cp pr | ld0 ld1",
		"[st0 pr st1 rs cp] | pr | mg cp | ld1",
		"[st0 st1 rs] | de0 st0 | mg | de1 st1",
		"[st0 pr st1 rs rs] | sw1 cs0 | mg mg | ld1 ld0",
		"[st0 pr rs de0 cp] | st0 | mg | rc",
		"[st0 st1] | ld0 st1 | rs mg | de0 ld1",
		"[rs st0 pr de1 st1] | st0 st1 | mg rs | ls1 cd0",
		"[rs] | st0 ld1 | st1 ld0 | mg",
		"[rs st0] | mg | rs | sw0 ld0",
		"[rs] | cl | mg",
		"[st0 pr st1 rs] | cl | st0 st1 | mg",
		"[st0 st1 rs] | cl st0 | mg | ld0 ld1",
	};

	RACES(what);
}

static void clears(void **state)
{
	static const char *const what[] = {
		"[st0 pr st1 rs] | cl | st0 st1",
		"[st0 pr st1 rs] | cl | st1 st0 | ld0 ld1",
		"[] | cl | rs",
		"[st0 st1] | cl | rs | st0 ld1",
		"[st0] | cl st0 | de0 | ld0",
		"[st0 pr] | cl | cs0 ls0 | pr",
		"[st0 rs] | cl | cl st0 | st1 ld0",
	};

	RACES(what);
}

/* @status: what each thread's store answered */
struct last_place {
	struct race race;
	int status[2];
};

static void take_last_place(unsigned int index, void *arg)
{
	struct last_place *last = arg;
	u8 key[RECORD_KEY];

	record_key(key, index);
	last->status[index] = syncmap_store(last->race.map, key, RECORD_KEY, "12345678",
					    8, GFP_KERNEL);
}

static void limits(void **state)
{
	struct last_place last;
	u32 seed;

	for (seed = 1; seed <= RUNS * host_effort(); seed++) {
		make_map(&last.race, host_policies[seed % 7 == 0]);
		/* not one lock for both */
		assert_int_equal(syncmap_reshard(last.race.map, 2), 0);
		assert_int_equal(sm_map_set_max_entries(last.race.map, 1), 0);
		shim_sched_run(2, take_last_place, &last, seed, way(seed));
		assert_true(last.status[0] == -ENOSPC ||
			    last.status[1] == -ENOSPC);
		assert_true(syncmap_len(last.race.map) <= 1);
		host_check(last.race.map);
		host_map_free(last.race.map);
	}
}

/**
 * struct moving - a shard that moves, and one who watches
 * @map:	whose
 * @old:	the shard; its router is freed only when both are through
 * @shards:	to how many it is to be resharded
 * @early:	a new shard could be changed while the old snapshot was in reach
 * @lost:	the old snapshot was gone before it was said where to
 */
struct moving {
	struct syncmap *map;
	struct sm_shard *old;
	u32 shards;
	bool early;
	bool lost;
};

/* as whoever follows MOVED: once it could change the new shard, it looks back */
static void watch_move(struct moving *moving)
{
	struct sm_shard *new;
	unsigned long dirty;

	while (dirty = smp_load_acquire(&moving->old->dirty),
	       !sm_dirty_is_moved(dirty))
		if (!shim_sched_wait())
			sched_yield();
	new = sm_dirty_router(dirty)->shard[0];
	spin_lock_bh(&new->lock);
	moving->early = smp_load_acquire(&moving->old->read) != sm_view_moved;
	spin_unlock_bh(&new->lock);
}

/* as a reader: once the old snapshot is gone, there is a place to go to */
static void watch_snapshot(struct moving *moving)
{
	while (smp_load_acquire(&moving->old->read) != sm_view_moved)
		if (!shim_sched_wait())
			sched_yield();
	moving->lost = !sm_dirty_is_moved(smp_load_acquire(&moving->old->dirty));
}

static void move_or_watch(unsigned int index, void *arg)
{
	struct moving *moving = arg;

	if (!index) {
		if (syncmap_reshard(moving->map, moving->shards))
			shim_violation("not resharded");
	} else {
		rcu_read_lock();
		if (index == 1)
			watch_move(moving);
		else
			watch_snapshot(moving);
		rcu_read_unlock();
	}
}

/*
 * What a new shard retires must be out of the old one's reach already, and
 * who finds the old snapshot gone must find the new one.
 */
static void moves(void **state)
{
	struct moving moving;
	struct race race;
	u32 seed;

	for (seed = 1; seed <= RUNS * host_effort(); seed++) {
		make_map(&race, SYNCMAP_COW);
		assert_int_equal(syncmap_reshard(race.map, 2), 0);
		moving = (struct moving){
			.map = race.map,
			.shards = seed % 4 < 2 ? 1 : 4,
		};
		moving.old = rcu_dereference_raw(race.map->router)->shard[0];
		shim_sched_run(3, move_or_watch, &moving, seed, way(seed));
		assert_false(moving.early);
		assert_false(moving.lost);
		host_map_free(race.map);
	}
}

/* a scenario drawn at random */
static void draw_script(struct race *race, struct script *script, u64 *random,
			u32 n, const struct word *from, u32 words_n)
{
	while (n--)
		add_word(race, script, &from[host_random(random) % words_n],
			 host_random(random) % 2);
}

static void write_down(const struct race *race, char *text)
{
	const struct word *word;
	const struct step *step;
	u32 s, i;

	for (s = 0; s <= race->threads; s++) {
		text += sprintf(text, "%s", s ? "| " : "");
		for (i = 0; i < race->script[s].n; i++) {
			step = &race->script[s].step[i];
			for (word = words; word->kind != step->kind ||
			     (!step->kind && word->op != step->op.op); word++)
				;
			text += sprintf(text, "%s%u ", word->name,
					step->op.key);
		}
	}
}

static void at_random(void **state)
{
	char text[512];
	struct race race;
	u64 random;
	u32 i, s;

	for (i = 1; i <= RANDOM_RUNS * host_effort(); i++) {
		random = i;
		race = (struct race){ .values = 1 };
		race.threads = 2 + host_random(&random) % 2;
		draw_script(&race, race.script, &random,
			    host_random(&random) % 6, words,
			    ARRAY_SIZE(words));
		for (s = 1; s <= race.threads; s++)
			draw_script(&race, &race.script[s], &random,
				    1 + host_random(&random) % 3, words,
				    ARRAY_SIZE(words) - 3 * (s != 1));
		set_old(&race);
		write_down(&race, text);
		run_race(&race, text, host_policies[i % 4 == 0], i);
	}
}

static const struct CMUnitTest tests[] = {
	HOST_TEST("inserts that race are linearizable", inserts),
	HOST_TEST("promotion beside others is linearizable", promotions),
	HOST_TEST("copies beside others are linearizable", copies),
	HOST_TEST("reclaim beside others is linearizable", reclaims),
	HOST_TEST("splits beside others are linearizable", splits),
	HOST_TEST("division of shards beside others is linearizable", reshards),
	HOST_TEST("union of shards beside others is linearizable", unions),
	HOST_TEST("a new shard changes only when the old is out of reach, and is found",
		  moves),
	HOST_TEST("clear beside others is linearizable", clears),
	HOST_TEST("of two that race for the last place one at most gets it",
		  limits),
	HOST_TEST("what is drawn at random is linearizable", at_random),
};

HOST_MAIN("races", tests)
