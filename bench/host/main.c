// SPDX-License-Identifier: GPL-2.0
/*
 * One structure, measured as asked: requests are lines on stdin, answers lines
 * on stdout.  The table of the last request stays, for others with as many
 * keys.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include "keys.h"
#include "cases.h"
#include TABLE

#define LEN_CHECKED	100000	/* keys, up to which they are counted again */

static struct table *table;
static u64 table_keys;
static u64 table_bytes;

static u64 bytes_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd + table_hidden_bytes();
}

static void fill(u64 keys)
{
	u64 i, key;

	for (i = 0; i < keys; i++) {
		key = key_resident(i);
		table_store(table, &key, value_of(key));
		if (i % 256 == 0)
			urcu_qsbr_quiescent_state();
	}
}

static void build(u64 keys)
{
	u64 before;

	if (table_keys == keys)
		return;
	if (table) {
		table_free(table);
		malloc_trim(0);
	}
	before = bytes_in_use();
	table = table_make();
	fill(keys);
	promote(table);
	table_settle(table);
	table_keys = keys;
	table_bytes = bytes_in_use() - before;
}

/* what was added is gone, and what was taken is there again */
static void check_len(const struct request *request, struct answer *answer)
{
	if (request->keys > LEN_CHECKED)
		return;
	answer->entries = table_len(table);
	if (answer->entries != request->keys)
		die("%s: %llu keys became %llu", request->name,
		    (unsigned long long)request->keys,
		    (unsigned long long)answer->entries);
}

static void measure(const struct bench_case *c, const struct request *request,
		    struct answer *answer)
{
	build(request->keys);
	if (!c->fn) {
		answer->bytes = table_bytes;
		return;
	}
	team_run(table, request, c->fn, answer);
	if (!c->changes)
		return;
	promote(table);
	table_settle(table);
	check_len(request, answer);
}

static const char *why_not(const struct bench_case *c,
			   const struct request *request)
{
	u64 keys = request->keys + (c->extra ? c->extra(request) : 0);

	if (c->unsupported)
		return c->unsupported;
	return keys > table_room() ? "it holds no more than a million keys" :
				     NULL;
}

static void answer(char *line)
{
	struct answer a = {};
	struct request request;
	const struct bench_case *c;

	request_parse(line, &request);
	c = case_find(request.name);
	if (!c)
		die("case=%s: there is no such case", request.name);
	a.unsupported = why_not(c, &request);
	if (!a.unsupported)
		measure(c, &request, &a);
	answer_print(STRUCTURE, &request, &a);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	shim_init();
	table_init();
	puts("{\"ready\":\"" STRUCTURE "\"}");
	fflush(stdout);
	for (;;) {
		shim_offline();
		if (getline(&line, &size, stdin) < 0)
			break;
		shim_online();
		answer(line);
	}
	return 0;
}
