/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every test program here is made of: cmocka, printing TAP, and a fixture
 * that ends each test with the checks that hold for all of them: no memory is
 * left, and no rule of the kernel was broken.
 */
#ifndef HOST_TEST_H
#define HOST_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/syncmap.h>
#include "../../../kmod/core/core.h"
#include "../shim/shim.h"
#include "check.h"
#include "data.h"

/* programs under a sanitizer do a part of the work, and so do those whose build says so */
#if defined(HOST_SLOWER)
#elif defined(__SANITIZE_THREAD__)
#define HOST_SLOWER	16
#elif defined(__SANITIZE_ADDRESS__)
#define HOST_SLOWER	8
#else
#define HOST_SLOWER	1
#endif

/* HOST_EFFORT in the environment: so many times the usual number of seeds */
u32 host_effort(void);

/* a test: its sentence, its function */
#define HOST_TEST(sentence, function)	\
	{ sentence, function, host_setup, host_teardown, NULL }

int host_setup(void **state);
int host_teardown(void **state);
/* HOST_ONLY in the environment: those whose sentences match that pattern */
int host_run(const char *name, const struct CMUnitTest *tests, size_t n);

#define HOST_MAIN(name, tests)						\
	int main(void)							\
	{								\
		return host_run(name, tests, ARRAY_SIZE(tests));	\
	}

/* this test means to break so many of the kernel's rules */
void host_expect_violations(unsigned long n);

/* the map is freed when the test ends; fails the test if it cannot be made */
struct syncmap *host_map(const struct syncmap_config *config);
void host_map_free(struct syncmap *map);

#define HOST_CONFIG(...)	\
	(&(struct syncmap_config){ .value_size = SYNCMAP_VALUE_ANY, __VA_ARGS__ })

/* both policies, for what must be the same in both */
extern const enum syncmap_policy host_policies[2];

/* calls of the API with numbers for keys and values; errors fail the test */
void host_store(struct syncmap *map, u64 key, u64 value);
int host_store_gfp(struct syncmap *map, u64 key, u64 value, gfp_t gfp);
bool host_delete(struct syncmap *map, u64 key);
bool host_has(struct syncmap *map, u64 key);
void host_expect(struct syncmap *map, u64 key, u64 value);
void host_expect_absent(struct syncmap *map, u64 key);
void host_fill(struct syncmap *map, u64 first, u64 end);
/* host_fill() put them there; each @gap-th, if that is not 0, was deleted */
void host_expect_keys(struct syncmap *map, u64 keys, u64 gap);
void host_expect_model(struct syncmap *map, const struct host_model *model);

u64 host_counter(struct syncmap *map, enum sm_counter counter);
u64 host_bytes(struct syncmap *map);

#endif
