// SPDX-License-Identifier: GPL-2.0
/* Memory got before the lock is taken: nothing allocates with it held. */
#include "map.h"

static int sm_reserve_fill_root(struct sm_reserve *have, int bits,
				struct syncmap *map, gfp_t gfp)
{
	struct sm_dir *root;

	if (bits <= have->root_bits)
		return 0;
	root = sm_dir_alloc(map, bits, gfp);
	if (IS_ERR(root))
		return PTR_ERR(root);
	if (have->root)
		sm_dir_free(have->root);
	have->root = root;
	have->root_bits = bits;
	return 0;
}

/**
 * sm_reserve_fill() - allocate what is wanted and not there
 * @have:	added to; what it got stays in it if this fails
 * @want:	how much there is to be; only the numbers count
 * @map:	whose memory it is
 * @gfp:	how to allocate
 *
 * Return: 0, -ENOMEM or -ENOSPC.
 */
int sm_reserve_fill(struct sm_reserve *have, const struct sm_reserve *want,
		    struct syncmap *map, gfp_t gfp)
{
	struct sm_segment *segment;
	struct sm_dir *dir;
	int err = sm_reserve_fill_root(have, want->root_bits, map, gfp);

	while (!err && have->nr_dirs < want->nr_dirs) {
		dir = sm_dir_alloc(map, SM_DIR_BITS, gfp);
		if (IS_ERR(dir))
			return PTR_ERR(dir);
		dir->limbo = have->dirs;
		have->dirs = dir;
		have->nr_dirs++;
	}
	while (!err && have->nr_segments < want->nr_segments) {
		segment = sm_segment_alloc(map, gfp);
		if (IS_ERR(segment))
			return PTR_ERR(segment);
		segment->limbo = have->segments;
		have->segments = segment;
		have->nr_segments++;
	}
	return err;
}

/**
 * sm_reserve_has() - is all that is wanted there?
 * @have:	what is there
 * @want:	only the numbers count
 */
bool sm_reserve_has(const struct sm_reserve *have,
		    const struct sm_reserve *want)
{
	return have->root_bits >= want->root_bits &&
	       have->nr_dirs >= want->nr_dirs &&
	       have->nr_segments >= want->nr_segments;
}

/**
 * sm_reserve_free() - give back what was not used
 * @reserve:	empty afterwards
 */
void sm_reserve_free(struct sm_reserve *reserve)
{
	if (reserve->root)
		sm_dir_free(reserve->root);
	sm_limbo_free(reserve->segments, reserve->dirs);
	*reserve = (struct sm_reserve)SM_RESERVE_NONE;
}

/* the caller has seen that it is there, and fills it */
struct sm_dir *sm_reserve_root(struct sm_reserve *reserve)
{
	struct sm_dir *root = reserve->root;

	reserve->root = NULL;
	reserve->root_bits = -1;
	return root;
}

/* NULL where there is none left */
struct sm_dir *sm_reserve_dir(struct sm_reserve *reserve)
{
	struct sm_dir *dir = reserve->dirs;

	if (dir) {
		reserve->dirs = dir->limbo;
		reserve->nr_dirs--;
		dir->limbo = NULL;
	}
	return dir;
}

/* NULL where there is none left */
struct sm_segment *sm_reserve_segment(struct sm_reserve *reserve)
{
	struct sm_segment *segment = reserve->segments;

	if (segment) {
		reserve->segments = segment->limbo;
		reserve->nr_segments--;
		segment->limbo = NULL;
	}
	return segment;
}
