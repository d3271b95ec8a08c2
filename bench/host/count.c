// SPDX-License-Identifier: GPL-2.0
/*
 * For ./instructions: does one kind of operation a number of times, which
 * valgrind counts from where it is told to begin.  Nothing in it is drawn by
 * chance.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include "../../kmod/core/core.h"
#include "keys.h"
#include "shim.h"

#define KEYS	1000
#define OPS	1000

static struct syncmap *map;

static void expect(const char *what, bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "count: %s\n", what);
	exit(1);
}

static void store(u64 key)
{
	expect("store", !syncmap_store(map, &key, sizeof(key), &key,
				       sizeof(key), GFP_KERNEL));
}

static bool load(u64 key)
{
	return syncmap_load(map, &key, sizeof(key));
}

static void do_load_hit(u64 i)
{
	expect("load_hit", load(key_resident(i % KEYS)));
}

static void do_load_absent(u64 i)
{
	expect("load_absent", !load(key_absent(i << 2)));
}

static void do_update(u64 i)
{
	store(key_resident(i % KEYS));
}

static void do_insert(u64 i)
{
	store(key_fresh(0, i));
}

static const struct {
	const char *name;
	void (*fn)(u64 i);
} operations[] = {
	{ "load_hit", do_load_hit },
	{ "load_absent", do_load_absent },
	{ "update", do_update },
	{ "insert", do_insert },
};

static void make_map(void)
{
	struct syncmap_config config = SYNCMAP_CONFIG_INIT;
	u64 i;

	expect("core", !sm_core_init());
	map = sm_map_alloc(&config, 1);
	expect("map", !IS_ERR(map));
	for (i = 0; i < KEYS; i++)
		store(key_resident(i));
	/* as many misses as promote it */
	for (i = 0; i < 3 * KEYS; i++)
		load(key_absent(i << 2));
	shim_settle();
}

static void count(void (*fn)(u64 i))
{
	u64 i;

	CALLGRIND_START_INSTRUMENTATION;
	for (i = 0; i < OPS; i++)
		fn(i);
	CALLGRIND_STOP_INSTRUMENTATION;
}

int main(int argc, char **argv)
{
	u32 i;

	for (i = 0; argc == 2 && i < ARRAY_SIZE(operations); i++) {
		if (strcmp(argv[1], operations[i].name))
			continue;
		shim_init();
		shim_online_cpus = 2;
		make_map();
		count(operations[i].fn);
		printf("%d\n", OPS);
		return 0;
	}
	fputs("count: load_hit, load_absent, update or insert is wanted\n",
	      stderr);
	return 1;
}
