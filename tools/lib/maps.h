/* SPDX-License-Identifier: GPL-2.0 */
/* Maps, over netlink.  Errors are for sm_nl_say() to tell. */
#ifndef SYNCMAP_LIB_MAPS_H
#define SYNCMAP_LIB_MAPS_H

#include "nl.h"

#define MAP_NAME_MAX	63
#define MAP_SHARDS_MAX	4096

/* the value_size of a map whose values may have any size */
#define MAP_VALUE_ANY	UINT32_MAX

/**
 * struct map - a map, or what one is asked to be
 * @given:	bits of enum syncmap_a_map: in a request, which of the members
 *		to send
 * @id:		its number
 * @name:	its name
 * @policy:	enum syncmap_map_policy
 * @shards:	how many; in a request 0 is automatic
 * @shards_auto: the number grows by itself
 * @key_size:	bytes that each key has, 0: any
 * @value_size:	bytes that each value has, or MAP_VALUE_ANY
 * @align:	enum syncmap_map_align
 * @max_entries: most live keys
 * @max_bytes:	most bytes of memory
 * @entries:	live keys now
 * @bytes:	memory in use now
 * @owner:	the kernel module whose map it is; empty: userspace's
 * @resharding:	one that was asked for is under way
 * @reshard_error: why the last one ended early, a positive errno; 0: it did not
 */
struct map {
	uint32_t given;
	uint32_t id;
	char name[MAP_NAME_MAX + 1];
	uint32_t policy;
	uint32_t shards;
	bool shards_auto;
	uint32_t key_size;
	uint32_t value_size;
	uint32_t align;
	uint64_t max_entries;
	uint64_t max_bytes;
	uint64_t entries;
	uint64_t bytes;
	char owner[64];
	bool resharding;
	uint32_t reshard_error;
};

/**
 * struct map_list - maps
 * @maps:	the maps, to be freed
 * @nr:		how many
 * @room:	for how many there is room
 * @changed:	some came or went while they were listed
 */
struct map_list {
	struct map *maps;
	unsigned long nr;
	unsigned long room;
	bool changed;
};

/**
 * map_name_is_valid() - can a map have this name?
 * @name:	the name
 *
 * Return: whether.
 */
bool map_name_is_valid(const char *name);

/* The words for enum syncmap_map_policy and syncmap_map_align; end with NULL. */
extern const char * const map_policies[];
extern const char * const map_aligns[];

/**
 * map_word() - the word for a number that the kernel gave
 * @words:	the words; ends with NULL
 * @number:	the index of one
 *
 * Return: the word; "?" if a newer kernel module knows more.
 */
const char *map_word(const char * const *words, uint32_t number);

/**
 * map_forget_any() - prepare a request that may say "any"
 * @map:	what a map is asked to be
 *
 * For keys and values of any size the family has no number: such attributes
 * are taken out of @map->given.
 */
void map_forget_any(struct map *map);

/**
 * map_read() - read a map out of a message
 * @map:	where to put it
 * @msg:	an answer with struct syncmap_a_map, or a notification
 *
 * Return: 0, -EBADMSG.
 */
int map_read(struct map *map, struct nlmsghdr *msg);

/* Each returns 0 or a negative errno; @map is what the kernel says it is. */
int map_get(struct sm_nl *nl, const char *name, struct map *map);
int map_get_id(struct sm_nl *nl, uint32_t id, struct map *map);
int map_create(struct sm_nl *nl, const char *name, struct map *map);
int map_set(struct sm_nl *nl, const char *name, const struct map *map);
int map_delete(struct sm_nl *nl, const char *name);
int map_clear(struct sm_nl *nl, const char *name);

/* The same; 0 is that the kernel has begun, and events tell the rest. */
int map_reshard(struct sm_nl *nl, uint32_t id, uint32_t shards);

/**
 * map_list() - list all maps
 * @nl:		the connection
 * @list:	where to put them, in the order of their ids
 *
 * It begins anew if maps come or go meanwhile, a few times.
 *
 * Return: 0, or a negative errno.
 */
int map_list(struct sm_nl *nl, struct map_list *list);

#endif
