/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One operation on the map, counted by what the caller knows: the generator's
 * counts owe nothing to the map's own counters.
 */
#ifndef SYNCMAP_BENCH_OPS_H
#define SYNCMAP_BENCH_OPS_H

#include "run.h"

u64 bench_random(struct bench_worker *worker);
u64 bench_random_below(struct bench_worker *worker, u64 end);

void bench_op_load(struct bench_worker *worker);
bool bench_op_store(struct bench_worker *worker);
bool bench_op_delete(struct bench_worker *worker);

#endif
