/* SPDX-License-Identifier: GPL-2.0 */
/* What is measured of one structure in one round. */
#ifndef SYNCMAP_BENCH_CASES_H
#define SYNCMAP_BENCH_CASES_H

#include "peer.h"

enum peer_case {
	PEER_LOAD_HIT,
	PEER_LOAD_ABSENT,
	PEER_LOAD_HIT_AMENDED,		/* while there is a dirty table */
	PEER_LOAD_ABSENT_AMENDED,
	PEER_LOAD_DEPENDENT,		/* each key comes from the last value */
	PEER_LOAD_BATCH,
	PEER_UPDATE_EXISTING,
	PEER_INSERT_FRESH,		/* and then delete what was inserted */
	PEER_MIX,			/* closed loop */
	PEER_MIX_OPEN,			/* open loop, at a rate */
	PEER_PING_PONG,			/* of a cache line; no structure */
	PEER_NR_CASES
};

extern const char * const peer_case_names[PEER_NR_CASES + 1];

/**
 * struct peer_params - one round
 * @what:	the case
 * @threads:	how many, each on a CPU of its own
 * @turns:	operations of each thread
 * @write_share: percent of them that write, where some do
 * @hot:	they are all at one key
 * @rate:	operations a second of each thread, of an open loop
 * @window:	own keys that each thread keeps inserted in a mix
 * @sample:	of a closed mix, one in so many is timed
 */
struct peer_params {
	enum peer_case what;
	u32 threads;
	u64 turns;
	u32 write_share;
	bool hot;
	u64 rate;
	u64 window;
	u32 sample;
};

/**
 * struct peer_result - what came of it
 * @ns_in_all:	time of all threads' turns, added up
 * @elapsed_ns:	from the first thread's begin to the last one's end
 * @turns:	of all threads
 * @found:	keys that were there
 * @failed:	operations that did not do what they should: 0, if all is well
 * @latency:	of single operations, where they were timed
 * @deleting:	likewise of the deletes after the inserts
 */
struct peer_result {
	u64 ns_in_all;
	u64 elapsed_ns;
	u64 turns;
	u64 found;
	u64 failed;
	struct bench_histogram latency;
	struct bench_histogram deleting;
};

int peer_measure(const struct peer_ops *ops, void *table,
		 const struct peer_keys *keys, const struct peer_params *params,
		 struct peer_result *result);

#endif
