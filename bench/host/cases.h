/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_HOST_CASES_H
#define BENCH_HOST_CASES_H

#include "team.h"

/**
 * struct bench_case - something to measure
 * @name:	its name
 * @fn:		what each thread does
 * @changes:	the table is not as before until it has come to rest
 * @extra:	keys that it adds to the resident ones, at most
 * @unsupported: why it cannot be measured here, or NULL
 */
struct bench_case {
	const char *name;
	worker_fn fn;
	bool changes;
	u64 (*extra)(const struct request *request);
	const char *unsupported;
};

const struct bench_case *case_find(const char *name);

/* until no part of the table has a dirty table; in one thread */
void promote(struct table *table);

#endif
