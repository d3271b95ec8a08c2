// SPDX-License-Identifier: GPL-2.0
/*
 * Reading the line of words, strictly: a run that was asked for wrongly does
 * not start, and its error says which word was wrong and what would be right.
 */
#include <linux/cpumask.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/random.h>
#include <linux/string.h>
#include "params.h"

const char * const bench_op_names[BENCH_NR_OPS] = {
	[BENCH_LOAD] = "load",
	[BENCH_UPDATE] = "update",
	[BENCH_INSERT] = "insert",
	[BENCH_DELETE] = "delete",
};

enum bench_word {
	WORD_MAP, WORD_NAME, WORD_POLICY, WORD_SHARDS, WORD_ALIGN,
	WORD_MAX_ENTRIES, WORD_KEY_SIZE, WORD_VALUE_SIZE, WORD_KEYS, WORD_DIST,
	WORD_THETA, WORD_LOAD, WORD_UPDATE, WORD_INSERT, WORD_DELETE,
	WORD_ABSENT, WORD_RECENT, WORD_BACKLOG, WORD_WARM, WORD_THREADS,
	WORD_SECONDS, WORD_OPS, WORD_SAMPLE, WORD_SEED, WORD_KEEP,
	WORD_NR
};

static const char * const words[WORD_NR] = {
	[WORD_MAP] = "map", [WORD_NAME] = "name", [WORD_POLICY] = "policy",
	[WORD_SHARDS] = "shards", [WORD_ALIGN] = "align",
	[WORD_MAX_ENTRIES] = "max_entries", [WORD_KEY_SIZE] = "key_size",
	[WORD_VALUE_SIZE] = "value_size", [WORD_KEYS] = "keys",
	[WORD_DIST] = "dist", [WORD_THETA] = "theta", [WORD_LOAD] = "load",
	[WORD_UPDATE] = "update", [WORD_INSERT] = "insert",
	[WORD_DELETE] = "delete", [WORD_ABSENT] = "absent",
	[WORD_RECENT] = "recent", [WORD_BACKLOG] = "backlog",
	[WORD_WARM] = "warm", [WORD_THREADS] = "threads",
	[WORD_SECONDS] = "seconds", [WORD_OPS] = "ops",
	[WORD_SAMPLE] = "sample", [WORD_SEED] = "seed", [WORD_KEEP] = "keep",
};

/**
 * bench_fail() - say why
 * @error:	where to
 * @err:	negative errno
 * @fmt:	the reason, no newline
 *
 * Return: @err.
 */
int bench_fail(struct bench_error *error, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(error->text, sizeof(error->text), fmt, args);
	va_end(args);
	return err;
}

static int read_number(const char *word, const char *text, u64 min, u64 max,
		       u64 *number, struct bench_error *error)
{
	/* kstrtoull() takes a sign and other bases */
	if (!isdigit(text[0]) || kstrtoull(text, 10, number) ||
	    *number < min || *number > max)
		return bench_fail(error, -EINVAL,
				  "%s=%s: a whole number from %llu to %llu is wanted",
				  word, text, min, max);
	return 0;
}

static int read_u32(const char *word, const char *text, u32 min, u32 max,
		    u32 *number, struct bench_error *error)
{
	u64 wide;
	int err = read_number(word, text, min, max, &wide, error);

	if (!err)
		*number = wide;
	return err;
}

/* "12.5" with @digits = 2 is 1250 */
static bool scan_decimal(const char *text, unsigned int digits, u64 *number)
{
	unsigned int whole = 0;

	for (*number = 0; isdigit(*text) && whole < 10; whole++)
		*number = *number * 10 + (*text++ - '0');
	if (!whole)
		return false;
	if (*text == '.' && !isdigit(*++text))
		return false;
	for (; digits; digits--)
		*number = *number * 10 + (isdigit(*text) ? *text++ - '0' : 0);
	return !*text;
}

static int read_decimal(const char *word, const char *text, unsigned int digits,
			u64 min, u64 max, u64 *number,
			struct bench_error *error)
{
	u32 unit = 1;

	for (unsigned int i = 0; i < digits; i++)
		unit *= 10;
	if (!scan_decimal(text, digits, number) || *number < min ||
	    *number > max)
		return bench_fail(error, -EINVAL,
				  "%s=%s: a number from %llu.%0*llu to %llu, with at most %u digits behind the point, is wanted",
				  word, text, min / unit, digits, min % unit,
				  max / unit, digits);
	return 0;
}

static int read_share(const char *word, const char *text, u32 *share,
		      struct bench_error *error)
{
	u64 wide;
	int err = read_decimal(word, text, 2, 0, BENCH_WHOLE, &wide, error);

	if (!err)
		*share = wide;
	return err;
}

static int read_choice(const char *word, const char *text, const char *no,
		       const char *yes, bool *choice,
		       struct bench_error *error)
{
	*choice = !strcmp(text, yes);
	if (!*choice && strcmp(text, no))
		return bench_fail(error, -EINVAL, "%s=%s: %s or %s is wanted",
				  word, text, no, yes);
	return 0;
}

static const char name_chars[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

static int read_name(const char *word, const char *text, char *name,
		     struct bench_error *error)
{
	size_t len = strlen(text);

	if (!len || len > SYNCMAP_NAME_MAX || strspn(text, name_chars) < len ||
	    !strcmp(text, ".") || !strcmp(text, ".."))
		return bench_fail(error, -EINVAL,
				  "%s=%s: a map's name is 1 to %d of letters, digits, '.', '_' and '-', but not . or ..",
				  word, text, SYNCMAP_NAME_MAX);
	strscpy(name, text, SYNCMAP_NAME_MAX + 1);
	return 0;
}

static int read_policy(const char *text, enum syncmap_policy *policy,
		       struct bench_error *error)
{
	bool classic;
	int err = read_choice("policy", text, "cow", "classic", &classic,
			      error);

	if (!err)
		*policy = classic ? SYNCMAP_CLASSIC : SYNCMAP_COW;
	return err;
}

static int read_shards(const char *text, u32 *shards, struct bench_error *error)
{
	int err;

	*shards = 0;
	if (!strcmp(text, "auto"))
		return 0;
	err = read_u32("shards", text, 1, SYNCMAP_SHARDS_MAX, shards, error);
	if (!err && !is_power_of_2(*shards))
		err = bench_fail(error, -EINVAL,
				 "shards=%s: a power of two, or auto, is wanted",
				 text);
	return err;
}

static int read_keys(struct bench_params *p, const char *text,
		     struct bench_error *error)
{
	p->present = !strcmp(text, "present");
	if (p->present)
		return 0;
	return read_number("keys", text, 1, BENCH_KEYS_MAX, &p->keys, error);
}

static int read_theta(struct bench_params *p, const char *text,
		      struct bench_error *error)
{
	u64 wide;
	int err = read_decimal("theta", text, 4, 0, BENCH_THETA_MAX, &wide,
			       error);

	if (!err)
		p->theta = wide;
	return err;
}

static int read_word(struct bench_params *p, enum bench_word word,
		     const char *text, struct bench_error *error)
{
	const char *name = words[word];

	switch (word) {
	case WORD_MAP:
		return read_name(name, text, p->map, error);
	case WORD_NAME:
		return read_name(name, text, p->name, error);
	case WORD_POLICY:
		return read_policy(text, &p->config.policy, error);
	case WORD_SHARDS:
		return read_shards(text, &p->config.shards, error);
	case WORD_ALIGN:
		return read_choice(name, text, "packed", "line",
				   &p->config.align_line, error);
	case WORD_MAX_ENTRIES:
		return read_number(name, text, 1, U64_MAX,
				   &p->config.max_entries, error);
	case WORD_KEY_SIZE:
		return read_u32(name, text, BENCH_KEY_MIN, SYNCMAP_KEY_MAX,
				&p->key_size, error);
	case WORD_VALUE_SIZE:
		return read_u32(name, text, 0, SYNCMAP_VALUE_MAX,
				&p->value_size, error);
	case WORD_KEYS:
		return read_keys(p, text, error);
	case WORD_DIST:
		return read_choice(name, text, "uniform", "zipf", &p->zipf,
				   error);
	case WORD_THETA:
		return read_theta(p, text, error);
	case WORD_LOAD:
	case WORD_UPDATE:
	case WORD_INSERT:
	case WORD_DELETE:
		return read_share(name, text, &p->share[word - WORD_LOAD],
				  error);
	case WORD_ABSENT:
		return read_share(name, text, &p->absent, error);
	case WORD_RECENT:
		return read_share(name, text, &p->recent, error);
	case WORD_BACKLOG:
		return read_number(name, text, 0, BENCH_KEYS_MAX, &p->backlog,
				   error);
	case WORD_WARM:
		return read_choice(name, text, "0", "1", &p->warm, error);
	case WORD_THREADS:
		return read_u32(name, text, 1, num_online_cpus(), &p->threads,
				error);
	case WORD_SECONDS:
		return read_decimal(name, text, 3, 1, BENCH_SECONDS_MAX * 1000,
				    &p->duration_ms, error);
	case WORD_OPS:
		return read_number(name, text, 1, U64_MAX, &p->ops, error);
	case WORD_SAMPLE:
		return read_u32(name, text, 0, U32_MAX, &p->sample, error);
	case WORD_SEED:
		return read_number(name, text, 0, U64_MAX, &p->seed, error);
	case WORD_KEEP:
		return read_choice(name, text, "0", "1", &p->keep, error);
	case WORD_NR:
		break;
	}
	return -EINVAL;
}

static int check_shares(struct bench_params *p, unsigned long given,
			struct bench_error *error)
{
	u32 sum = 0;

	for (int op = 0; op < BENCH_NR_OPS; op++)
		sum += p->share[op];
	if (!(given & BIT(WORD_LOAD)) && sum <= BENCH_WHOLE) {
		p->share[BENCH_LOAD] = BENCH_WHOLE - sum;
		sum = BENCH_WHOLE;
	}
	if (sum != BENCH_WHOLE)
		return bench_fail(error, -EINVAL,
				  "load, update, insert and delete add to %u.%02u percent, not to 100",
				  sum / 100, sum % 100);
	if (p->absent + p->recent > BENCH_WHOLE)
		return bench_fail(error, -EINVAL,
				  "absent and recent are shares of the loads, and add to more than 100 percent");
	return 0;
}

/* words that say how a map is made, or that only an existing one can have */
static int check_map(struct bench_params *p, unsigned long given,
		     struct bench_error *error)
{
	unsigned long making = BIT(WORD_NAME) | BIT(WORD_POLICY) |
			       BIT(WORD_SHARDS) | BIT(WORD_ALIGN) |
			       BIT(WORD_MAX_ENTRIES);

	if (*p->map && (given & making))
		return bench_fail(error, -EINVAL,
				  "%s= is for a map that the run makes, but map=%s is to be used",
				  words[__ffs(given & making)], p->map);
	if (p->config.policy == SYNCMAP_CLASSIC &&
	    p->config.max_entries > SYNCMAP_CLASSIC_ENTRIES_MAX)
		return bench_fail(error, -EINVAL,
				  "max_entries=%llu: a classic map has at most %u",
				  p->config.max_entries,
				  SYNCMAP_CLASSIC_ENTRIES_MAX);
	if (!*p->map && p->present)
		return bench_fail(error, -EINVAL,
				  "keys=present needs map=, an existing map");
	if (!*p->map && p->keep)
		return bench_fail(error, -EINVAL,
				  "keep=1 needs map=, an existing map");
	return 0;
}

static int check_pairs(struct bench_params *p, unsigned long given,
		       struct bench_error *error)
{
	if (p->ops && p->duration_ms)
		return bench_fail(error, -EINVAL,
				  "seconds= or ops=, not both");
	if ((given & BIT(WORD_THETA)) && !p->zipf)
		return bench_fail(error, -EINVAL,
				  "theta= is for dist=zipf");
	if (p->ops && p->ops < p->threads)
		return bench_fail(error, -EINVAL,
				  "ops=%llu: at least one for each of %u threads",
				  p->ops, p->threads);
	return 0;
}

static void set_defaults(struct bench_params *p)
{
	*p = (struct bench_params) {
		.name = "bench",
		.config = SYNCMAP_CONFIG_INIT,
		.key_size = 8,
		.value_size = 8,
		.keys = 100000,
		.theta = 9900,
		.warm = true,
		.threads = num_online_cpus(),
		.sample = 1,
		.seed = get_random_u64(),
	};
}

/* what has a default only once all words are known */
static void complete_params(struct bench_params *p, unsigned long given)
{
	if (!p->ops && !p->duration_ms)
		p->duration_ms = 5000;
	if (!(given & BIT(WORD_BACKLOG)) && p->share[BENCH_DELETE])
		p->backlog = 1024;
	p->config.key_size = p->key_size;
	p->config.value_size = p->value_size;
}

static int read_words(struct bench_params *p, char *line, unsigned long *given,
		      struct bench_error *error)
{
	char *text, *value;
	int word, err;

	while ((text = strsep(&line, " \t\n"))) {
		if (!*text)
			continue;
		value = strchr(text, '=');
		if (!value)
			return bench_fail(error, -EINVAL,
					  "%s: key=value is wanted", text);
		*value++ = '\0';
		word = match_string(words, WORD_NR, text);
		if (word < 0)
			return bench_fail(error, -EINVAL, "%s: unknown word",
					  text);
		if (__test_and_set_bit(word, given))
			return bench_fail(error, -EINVAL, "%s= given twice",
					  text);
		err = read_word(p, word, value, error);
		if (err)
			return err;
	}
	return 0;
}

/**
 * bench_params_parse() - read and check a line of words
 * @params:	set whole, with defaults for what is not said
 * @line:	the words; is taken apart
 * @error:	says why, on failure
 *
 * Return: 0 or -EINVAL.
 */
int bench_params_parse(struct bench_params *params, char *line,
		       struct bench_error *error)
{
	unsigned long given = 0;
	int err;

	set_defaults(params);
	err = read_words(params, line, &given, error);
	if (!err)
		err = check_shares(params, given, error);
	if (!err)
		err = check_map(params, given, error);
	if (!err)
		err = check_pairs(params, given, error);
	if (!err)
		complete_params(params, given);
	return err;
}
