// SPDX-License-Identifier: GPL-2.0
/*
 * A result, as "key: value" lines.  Their names are an interface: they are
 * added to, not changed; syncmap-bench(8) explains them.
 */
#include <linux/math64.h>
#include <linux/seq_file.h>
#include "run.h"

static void put_percent(struct seq_file *seq, const char *name, u32 share)
{
	seq_printf(seq, "%s_percent: %u.%02u\n", name, share / 100,
		   share % 100);
}

static void report_asked(struct seq_file *seq, const struct bench_result *r)
{
	const struct bench_params *p = &r->params;

	seq_printf(seq, "map: %s\n", *p->map ? p->map : p->name);
	seq_printf(seq, "map_made: %d\n", !*p->map);
	seq_printf(seq, "keys: %llu\n", r->residents);
	seq_printf(seq, "keys_present: %d\n", p->present);
	seq_printf(seq, "key_size: %u\n", p->key_size);
	seq_printf(seq, "value_size: %u\n", p->value_size);
	seq_printf(seq, "dist: %s\n", p->zipf ? "zipf" : "uniform");
	if (p->zipf)
		seq_printf(seq, "theta: %u.%04u\n", p->theta / BENCH_THETA_ONE,
			   p->theta % BENCH_THETA_ONE);
	for (int op = 0; op < BENCH_NR_OPS; op++)
		put_percent(seq, bench_op_names[op], p->share[op]);
	put_percent(seq, "absent", p->absent);
	put_percent(seq, "recent", p->recent);
	seq_printf(seq, "backlog: %llu\n", p->backlog);
	seq_printf(seq, "threads: %u\n", p->threads);
	seq_printf(seq, "seed: %llu\n", p->seed);
}

static void report_counts(struct seq_file *seq, const char *step,
			  const struct bench_counts *c)
{
	seq_printf(seq, "%sloads_found: %llu\n", step, c->loads_found);
	seq_printf(seq, "%sloads_absent: %llu\n", step, c->loads_absent);
	seq_printf(seq, "%supdates: %llu\n", step, c->updates);
	seq_printf(seq, "%sinserts: %llu\n", step, c->inserts);
	seq_printf(seq, "%sdeletes: %llu\n", step, c->deletes);
	seq_printf(seq, "%sdeletes_absent: %llu\n", step, c->deletes_absent);
	seq_printf(seq, "%swrong_values: %llu\n", step, c->wrong_values);
	seq_printf(seq, "%serrors_enospc: %llu\n", step, c->enospc);
	seq_printf(seq, "%serrors_enomem: %llu\n", step, c->enomem);
}

static void report_latency(struct seq_file *seq, const char *name,
			   const struct bench_histogram *h)
{
	if (!h->count)
		return;
	seq_printf(seq, "%s_timed: %llu\n", name, h->count);
	seq_printf(seq, "%s_mean_ns: %llu\n", name,
		   div64_u64(h->sum, h->count));
	seq_printf(seq, "%s_p50_ns: %llu\n", name,
		   bench_histogram_quantile(h, 500));
	seq_printf(seq, "%s_p99_ns: %llu\n", name,
		   bench_histogram_quantile(h, 990));
	seq_printf(seq, "%s_p999_ns: %llu\n", name,
		   bench_histogram_quantile(h, 999));
	seq_printf(seq, "%s_max_ns: %llu\n", name, h->max);
}

/**
 * bench_report() - print a result
 * @seq:	where to
 * @result:	what
 */
void bench_report(struct seq_file *seq, const struct bench_result *result)
{
	u64 rate = 0;

	if (result->elapsed_ns)
		rate = mul_u64_u64_div_u64(result->ops, NSEC_PER_SEC,
					   result->elapsed_ns);
	report_asked(seq, result);
	seq_printf(seq, "interrupted: %d\n", result->interrupted);
	seq_printf(seq, "elapsed_ns: %llu\n", result->elapsed_ns);
	seq_printf(seq, "ops: %llu\n", result->ops);
	seq_printf(seq, "ops_per_second: %llu\n", rate);
	report_counts(seq, "", &result->load);
	report_counts(seq, "setup_", &result->setup);
	report_counts(seq, "cleanup_", &result->cleanup);
	seq_puts(seq, "clock: ktime_get\n");
	seq_printf(seq, "clock_ns: %llu\n", result->clock_ns);
	seq_printf(seq, "sample: %u\n", result->params.sample);
	for (int op = 0; op < BENCH_NR_OPS; op++)
		report_latency(seq, bench_op_names[op], &result->latency[op]);
	report_latency(seq, "all", &result->latency[BENCH_NR_OPS]);
}
