// SPDX-License-Identifier: GPL-2.0
/*
 * The file /sys/kernel/debug/syncmap_bench/peers, of kernels built to measure.
 * A line of words written to it does one thing, and what came of it can be
 * read, as JSON, until the next line:
 *
 *	keys N [sequential]		make keys; all structures end
 *	make STRUCTURE [FD]		make one with these keys
 *	drop STRUCTURE			end it
 *	CASE STRUCTURE [WORD=N]...	measure it; words: threads, turns,
 *					write_share, hot, rate, window, sample
 */
#include <linux/debugfs.h>
#include <linux/gcd.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include "cases.h"
#include "peers.h"

#define LINE_MAX	256
#define ASKED_MAX	(1ULL << 23)
#define ASKED_MIN	(1ULL << 14)
#define CALIBRATION_NS	(50 * NSEC_PER_MSEC)

static const struct peer_ops * const peers[] = {
	&peer_syncmap_cow, &peer_syncmap_classic,
	&peer_rhashtable, &peer_rhashtable_tuned,
	&peer_hashtable_rwlock, &peer_hashtable_bucketlock,
	&peer_bpf_hash, &peer_bpf_rhash, &peer_xarray,
};

static DEFINE_MUTEX(lock);		/* guards all below */
static struct peer_keys keys;
static void *tables[ARRAY_SIZE(peers)];
static struct peer_params params;	/* of the last round */
static struct peer_result *result;

static u32 cycles_mult;			/* ns = cycles * this >> 24 */

/**
 * peer_cycles() - the CPU's cycle counter, which user-mode Linux can read too
 *
 * Return: its value; peer_cycles_to_ns() tells the time between two.
 */
u64 peer_cycles(void)
{
	u32 low, high;

	asm volatile("rdtscp" : "=a" (low), "=d" (high) : : "rcx", "memory");
	return (u64)high << 32 | low;
}

/**
 * peer_cycles_to_ns() - how long that is
 * @cycles:	between two values of peer_cycles()
 *
 * Return: ns.
 */
u64 peer_cycles_to_ns(u64 cycles)
{
	return mul_u64_u32_shr(cycles, cycles_mult, 24);
}

static void calibrate(void)
{
	u64 begin = ktime_get_ns(), cycles = peer_cycles(), ns;

	do {
		ns = ktime_get_ns() - begin;
	} while (ns < CALIBRATION_NS);
	cycles_mult = div64_u64(ns << 24, peer_cycles() - cycles);
}

static void drop(u32 i)
{
	if (tables[i])
		peers[i]->destroy(tables[i]);
	tables[i] = NULL;
}

static void drop_all(void)
{
	for (u32 i = 0; i < ARRAY_SIZE(peers); i++)
		drop(i);
	kvfree(keys.present);
	kvfree(keys.absent);
	keys = (struct peer_keys){};
}

static int make_keys(u64 residents, bool sequential)
{
	struct bench_worker worker = { .random = residents };
	u64 i;

	drop_all();
	keys.residents = residents;
	keys.sequential = sequential;
	keys.asked = clamp(roundup_pow_of_two(4 * residents), ASKED_MIN,
			   ASKED_MAX);
	keys.present = kvmalloc_array(keys.asked, sizeof(u64), GFP_KERNEL);
	keys.absent = kvmalloc_array(keys.asked, sizeof(u64), GFP_KERNEL);
	if (!keys.present || !keys.absent) {
		drop_all();
		return -ENOMEM;
	}
	for (i = 0; i < keys.asked; i++) {
		worker.random += 0x9e3779b97f4a7c15ull;
		keys.present[i] = peer_key(&keys, mul_u64_u64_shr(
				bench_mix64(worker.random), residents, 64));
		keys.absent[i] = peer_key(&keys, PEER_ABSENT + i);
		if (!(i % PEER_CHUNK))
			cond_resched();
	}
	return 0;
}

/*
 * A value is the key of another resident: one cycle through all of them, in an
 * order that has nothing to do with that of their insertion.
 */
static u64 next_of(u64 id, u64 step)
{
	id += step;
	return peer_key(&keys, id < keys.residents ? id : id - keys.residents);
}

/* coprime to the number of keys, and far from small */
static u64 step_for(u64 residents)
{
	u64 step = mul_u64_u64_shr(residents, 0x9e3779b97f4a7c15ull, 64) | 1;

	while (gcd(step, residents) != 1)
		step += 2;
	return step % residents ?: 1;
}

static int fill(const struct peer_ops *ops, void *table)
{
	u64 i, step = step_for(keys.residents);
	int err = 0;

	for (i = 0; i < keys.residents && !err; i++) {
		err = ops->insert(table, peer_key(&keys, i), next_of(i, step));
		if (!(i % PEER_CHUNK))
			cond_resched_tasks_rcu_qs();
	}
	rcu_barrier();
	return err;
}

static int make(u32 i, int fd)
{
	int err;

	if (!keys.residents || (peers[i]->sequential && !keys.sequential))
		return -EINVAL;
	drop(i);
	tables[i] = peers[i]->create(keys.residents, fd);
	if (!tables[i])
		return -ENOMEM;
	err = fill(peers[i], tables[i]);
	if (err)
		drop(i);
	return err;
}

static int take_word(char *word)
{
	unsigned long long n;
	char *value = strchr(word, '=');
	int err;

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	err = kstrtoull(value, 0, &n);
	if (err)
		return err;
	if (!strcmp(word, "threads"))
		params.threads = n;
	else if (!strcmp(word, "turns"))
		params.turns = n;
	else if (!strcmp(word, "write_share"))
		params.write_share = n;
	else if (!strcmp(word, "hot"))
		params.hot = n;
	else if (!strcmp(word, "rate"))
		params.rate = n;
	else if (!strcmp(word, "window"))
		params.window = n;
	else if (!strcmp(word, "sample"))
		params.sample = n;
	else
		return -EINVAL;
	return 0;
}

static int measure(enum peer_case what, u32 i, char *words)
{
	char *word;
	int err;

	params = (struct peer_params){
		.what = what,
		.threads = 1,
		.turns = 1,
		.rate = NSEC_PER_SEC,
		.sample = 16,
	};
	while ((word = strsep(&words, " "))) {
		err = *word ? take_word(word) : 0;
		if (err)
			return err;
	}
	if (!params.threads || params.threads > num_online_cpus() ||
	    !params.turns || !params.rate || !params.sample)
		return -EINVAL;
	if (what == PEER_PING_PONG ? params.threads != 2 : !tables[i])
		return -EINVAL;
	result = kvzalloc(sizeof(*result), GFP_KERNEL);
	if (!result)
		return -ENOMEM;
	return peer_measure(peers[i], tables[i], &keys, &params, result);
}

static int find_peer(const char *name)
{
	for (u32 i = 0; i < ARRAY_SIZE(peers); i++)
		if (name && !strcmp(peers[i]->name, name))
			return i;
	return -EINVAL;
}

static int do_line(char *line)
{
	char *word = strsep(&line, " ");
	unsigned long long n = 0;
	int i;

	if (!strcmp(word, "keys")) {
		word = strsep(&line, " ");
		if (!word || kstrtoull(word, 0, &n) || !n ||
		    (line && strcmp(line, "sequential")))
			return -EINVAL;
		return make_keys(n, line);
	}
	i = find_peer(strsep(&line, " "));
	if (i < 0)
		return i;
	if (!strcmp(word, "make")) {
		if (line && kstrtoull(line, 0, &n))
			return -EINVAL;
		return make(i, n);
	}
	if (!strcmp(word, "drop")) {
		drop(i);
		return 0;
	}
	n = match_string(peer_case_names, PEER_NR_CASES, word);
	return (int)n < 0 ? -EINVAL : measure(n, i, line);
}

static ssize_t peers_write(struct file *file, const char __user *from,
			   size_t len, loff_t *pos)
{
	char *line;
	int err;

	if (len > LINE_MAX)
		return -EINVAL;
	line = memdup_user_nul(from, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&lock);
	kvfree(result);
	result = NULL;
	err = do_line(strim(line));
	if (err) {
		kvfree(result);
		result = NULL;
	}
	mutex_unlock(&lock);
	kfree(line);
	return err ?: len;
}

static void show_latency(struct seq_file *seq, const char *prefix,
			 const struct bench_histogram *h)
{
	if (!h->count)
		return;
	seq_printf(seq, ",\"%sp50_ns\":%llu,\"%sp99_ns\":%llu,\"%sp999_ns\":%llu,\"%smax_ns\":%llu,\"%smean_ns\":%llu",
		   prefix, bench_histogram_quantile(h, 500),
		   prefix, bench_histogram_quantile(h, 990),
		   prefix, bench_histogram_quantile(h, 999), prefix, h->max,
		   prefix, div64_u64(h->sum, h->count));
}

/* in thousandths of a ns: most operations take few */
static void show_result(struct seq_file *seq)
{
	u64 ps = div64_u64(result->ns_in_all * 1000, result->turns);

	seq_printf(seq, "{\"ns\":%llu.%03llu,\"ops\":%llu,\"ops_per_second\":%llu,\"found\":%llu,\"failed\":%llu",
		   ps / 1000, ps % 1000, result->turns,
		   mul_u64_u64_div_u64(result->turns, NSEC_PER_SEC,
				       max(result->elapsed_ns, 1ULL)),
		   result->found, result->failed);
	show_latency(seq, "", &result->latency);
	show_latency(seq, "delete_", &result->deleting);
	seq_puts(seq, "}\n");
}

static int peers_show(struct seq_file *seq, void *unused)
{
	mutex_lock(&lock);
	if (result)
		show_result(seq);
	else
		seq_puts(seq, "{}\n");
	mutex_unlock(&lock);
	return 0;
}

static int peers_open(struct inode *inode, struct file *file)
{
	return single_open(file, peers_show, NULL);
}

static const struct file_operations peers_fops = {
	.owner = THIS_MODULE,
	.open = peers_open,
	.read = seq_read,
	.write = peers_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/**
 * peers_init() - make the file
 * @folder:	the load generator's
 *
 * Return: 0.
 */
int peers_init(struct dentry *folder)
{
	calibrate();
	debugfs_create_file("peers", 0600, folder, NULL, &peers_fops);
	return 0;
}

/**
 * peers_exit() - end all structures; the file is gone
 */
void peers_exit(void)
{
	drop_all();
	kvfree(result);
}

MODULE_IMPORT_NS("BPF_INTERNAL");
