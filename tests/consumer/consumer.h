/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A module that uses syncmap as any other would, and checks what it answers.
 */
#ifndef SYNCMAP_CONSUMER_H
#define SYNCMAP_CONSUMER_H

#include <linux/types.h>
#include <linux/syncmap.h>

/**
 * struct check_env - what a check works with, and how it went
 * @map:	the map, empty at first
 * @policy:	the map's policy
 * @fixed:	keys and values are of 8 bytes, else of any size
 * @gfp:	for allocations, as the context allows
 * @failed:	NULL, or the first expectation that did not hold
 * @line:	where that stands
 * @skipped:	NULL, or why this machine cannot check it
 */
struct check_env {
	struct syncmap *map;
	enum syncmap_policy policy;
	bool fixed;
	gfp_t gfp;
	const char *failed;
	int line;
	const char *skipped;
};

/* true if it holds; the first that does not is kept */
#define EXPECT(env, condition) expect(env, condition, #condition, __LINE__)

static inline bool expect(struct check_env *env, bool holds, const char *what,
			  int line)
{
	if (!holds && !env->failed) {
		env->failed = what;
		env->line = line;
	}
	return holds;
}

typedef void (*check_fn)(struct check_env *env);

/**
 * struct check - one thing to check
 * @name:	what holds, in words
 * @fn:		checks it, on a map of its own
 */
struct check {
	const char *name;
	check_fn fn;
};

/* tables that end with a NULL name */
extern const struct check checks_any[];		/* process and softirq */
extern const struct check checks_process[];
extern const struct check checks_interrupt[];	/* hardirq and NMI */
extern const struct check checks_storm[];	/* contexts against each other */

void run_in_process(check_fn fn, struct check_env *env);
void run_in_softirq(check_fn fn, struct check_env *env);
void run_in_hardirq(check_fn fn, struct check_env *env);
void run_in_nmi(check_fn fn, struct check_env *env);
int nmi_probe_add(void);
void nmi_probe_remove(void);

/* keys and values are texts here; 8 bytes of them where the map wants that */
struct text {
	u8 data[16];
	u32 len;
};

struct text text_of(const struct check_env *env, const char *text);
struct text text_number(const struct check_env *env, const char *text, u32 n);
bool text_equals(const struct text *text, const void *data, u32 len);
int put(struct check_env *env, const char *key, const char *value);
int put_number(struct check_env *env, u32 n, u32 value);
bool holds(struct check_env *env, const char *key, const char *value);
bool holds_number(struct check_env *env, u32 n, u32 value);
bool lacks(struct check_env *env, const char *key);
bool lacks_number(struct check_env *env, u32 n);
bool refuses_number(struct check_env *env, u32 n);
int drop(struct check_env *env, const char *key);
int drop_number(struct check_env *env, u32 n);

#endif
