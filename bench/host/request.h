/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is asked on a line, and what is answered on one:
 *
 *	case=mix keys=100000 threads=2 round=3 seed=7 ops=1000000 write_share=30
 *
 *	{"case":"mix","structure":"cds-lfht","keys":100000,"threads":2,
 *	 "round":3,"write_share":30,"entries":100000,"ops":1000000,
 *	 "ns":210.5,"ops_per_second":9501188,"p50_ns":...}
 *
 * The operations are those of each thread, ns what one of them took in its
 * thread, reading the clock for the latencies included.  What does not apply is
 * left out.  What cannot be measured is answered with "unsupported" and why; a
 * request that is wrong ends the program.
 */
#ifndef BENCH_HOST_REQUEST_H
#define BENCH_HOST_REQUEST_H

#include <linux/types.h>

#define CASE_MAX	31	/* letters of a case's name */
#define SHARE_NONE	101	/* no share of writes was given */

/**
 * struct request - one measurement
 * @name:	the case
 * @keys:	resident keys
 * @threads:	threads, each pinned to a CPU
 * @round:	only repeated in the answer
 * @seed:	what is drawn depends on it
 * @ops:	operations of each thread
 * @write_share: mix: writes, in percent; SHARE_NONE in other cases
 * @hot:	update_existing: one key only
 */
struct request {
	char name[CASE_MAX + 1];
	u64 keys;
	u64 threads;
	u64 round;
	u64 seed;
	u64 ops;
	u64 write_share;
	u64 hot;
};

/**
 * struct answer - what came of it; 0 where it does not apply
 * @ops:	operations of each thread
 * @elapsed_ns:	the time they took, the threads side by side
 * @bytes:	memory: of the whole table
 * @entries:	keys in the table afterwards, where they were counted
 * @has_latency: the next are given
 * @p50_ns:	latency of single operations
 * @p99_ns:	likewise
 * @p999_ns:	likewise
 * @max_ns:	likewise
 * @unsupported: why there is no answer, or NULL
 */
struct answer {
	u64 ops;
	u64 elapsed_ns;
	u64 bytes;
	u64 entries;
	bool has_latency;
	u64 p50_ns;
	u64 p99_ns;
	u64 p999_ns;
	u64 max_ns;
	const char *unsupported;
};

void die(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

void request_parse(char *line, struct request *request);
void answer_print(const char *structure, const struct request *request,
		  const struct answer *answer);

#endif
