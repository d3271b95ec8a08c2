// SPDX-License-Identifier: GPL-2.0
/* Keys and values: all their bytes follow from a number, and a version. */
#include <linux/minmax.h>
#include <linux/string.h>
#include "torture.h"

#define KEY_LONG	97	/* one key in so many has the greatest size */
#define VALUE_LONG	500	/* one value likewise */
#define VALUE_WORDS	24	/* most words of the others, less one */
#define HEAD_WORDS	2	/* version and mark */

/**
 * torture_mix() - a bijection of 64 bits that leaves no pattern
 * @x:	any number
 *
 * The finalizer of splitmix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
 *
 * Return: the number that @x is mapped to.
 */
u64 torture_mix(u64 x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	return x ^ (x >> 31);
}

/**
 * torture_ids() - how many keys a map may have
 * @torture:	the whole
 * @m:		the map's index
 *
 * Return: the first id that no key in the map has.
 */
u32 torture_ids(const struct torture *torture, u32 m)
{
	return torture_own_id(m, torture->owners, 0);
}

/**
 * torture_own_id() - the id of an actor's key
 * @m:		the map's index
 * @actor:	the actor's
 * @n:		the key's number among its own
 *
 * Return: the id.
 */
u32 torture_own_id(u32 m, u32 actor, u32 n)
{
	const struct torture_form *form = &torture_forms[m];

	return form->residents + TORTURE_HOT + actor * form->own + n;
}

/**
 * torture_own_of() - how an actor's key stands
 * @torture:	the whole
 * @m:		the map's index
 * @id:		the key
 *
 * Return: its state, or NULL if it is no actor's own.
 */
struct torture_own *torture_own_of(const struct torture *torture, u32 m,
				   u32 id)
{
	const struct torture_form *form = &torture_forms[m];
	u32 first = torture_own_id(m, 0, 0);

	if (id < first || id >= torture_ids(torture, m))
		return NULL;
	id -= first;
	return &torture->actor[id / form->own]->own[m][id % form->own];
}

bool torture_is_resident(u32 m, u32 id)
{
	return id < torture_forms[m].residents;
}

bool torture_is_hot(u32 m, u32 id)
{
	return id - torture_forms[m].residents < TORTURE_HOT;
}

/* in its first 4 bytes the id, in the others what follows from it */
void torture_key_make(u32 m, u32 id, struct torture_key *key)
{
	u64 word = torture_mix(~(u64)id);

	key->id = id;
	key->len = torture_forms[m].config.key_size;
	if (!key->len)
		key->len = word % KEY_LONG ? sizeof(id) + word % 32 :
					     SYNCMAP_KEY_MAX;
	for (u32 at = 0; at < key->len; at += sizeof(word)) {
		memcpy(key->data + at, &word, sizeof(word));
		word = torture_mix(word);
	}
	memcpy(key->data, &id, sizeof(id));
}

/* false: we never made such a key */
bool torture_key_read(u32 m, const void *data, u32 len, u32 *id)
{
	struct torture_key key;

	if (len < sizeof(*id))
		return false;
	memcpy(id, data, sizeof(*id));
	torture_key_make(m, *id, &key);
	return key.len == len && !memcmp(key.data, data, len);
}

/**
 * torture_value_mark() - what tells a value from all others
 * @id:		the key
 * @version:	the value's version
 *
 * Return: 64 bits that look random.
 */
u64 torture_value_mark(u32 id, u64 version)
{
	return torture_mix(torture_mix(version) ^ id);
}

static u32 value_words(u32 m, u64 mark)
{
	u32 size = torture_forms[m].config.value_size;

	if (size != SYNCMAP_VALUE_ANY)
		return size / sizeof(u64);
	return mark % VALUE_LONG ? HEAD_WORDS + mark % VALUE_WORDS :
				   SYNCMAP_VALUE_MAX / sizeof(u64);
}

/* its length in bytes; @data is aligned, of SYNCMAP_VALUE_MAX bytes */
u32 torture_value_make(u32 m, u32 id, u64 version, void *data)
{
	u64 mark = torture_value_mark(id, version), *word = data;
	u32 words = value_words(m, mark);

	word[0] = version;
	word[1] = mark;
	for (u32 i = HEAD_WORDS; i < words; i++)
		word[i] = mark + i;
	return words * sizeof(u64);
}

/* false: it is not a whole value of this key */
bool torture_value_read(u32 m, u32 id, const void *data, u32 len,
			u64 *version)
{
	u64 mark, word;

	if (len < HEAD_WORDS * sizeof(word))
		return false;
	memcpy(version, data, sizeof(*version));
	mark = torture_value_mark(id, *version);
	if (len != value_words(m, mark) * sizeof(word))
		return false;
	for (u32 i = 1; i < len / sizeof(word); i++) {
		memcpy(&word, data + i * sizeof(word), sizeof(word));
		if (word != mark + (i < HEAD_WORDS ? 0 : i))
			return false;
	}
	return true;
}
