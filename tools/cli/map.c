// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "map.h"

const char *args_map(struct args *args)
{
	return args_take(args, "a map's name");
}

static const char * const config_words[] = {
	"policy", "shards", "key", "value", "align", "max-entries", "max-bytes",
	NULL
};

static const int config_attrs[] = {
	SYNCMAP_A_MAP_POLICY, SYNCMAP_A_MAP_SHARDS, SYNCMAP_A_MAP_KEY_SIZE,
	SYNCMAP_A_MAP_VALUE_SIZE, SYNCMAP_A_MAP_ALIGN, SYNCMAP_A_MAP_MAX_ENTRIES,
	SYNCMAP_A_MAP_MAX_BYTES,
};

/* A number, or a word that stands for @meaning. */
static uint64_t word_or_number(struct args *args, const char *word,
			       uint64_t meaning, const char *what,
			       uint64_t least)
{
	const char * const words[] = { word, NULL };

	if (!args_option(args, words))
		return meaning;
	return args_number(args, what, least, UINT32_MAX);
}

/* Numbers only have to be numbers: the kernel says which it takes. */
static void take_config(struct args *args, struct map *map, int attr)
{
	switch (attr) {
	case SYNCMAP_A_MAP_POLICY:
		map->policy = args_choice(args, "a policy", map_policies);
		break;
	case SYNCMAP_A_MAP_SHARDS:
		map->shards = word_or_number(args, "auto", 0, "shards", 1);
		break;
	case SYNCMAP_A_MAP_KEY_SIZE:
		map->key_size = word_or_number(args, "any", 0,
					       "the key's size", 1);
		break;
	case SYNCMAP_A_MAP_VALUE_SIZE:
		map->value_size = word_or_number(args, "any", MAP_VALUE_ANY,
						 "the value's size", 0);
		break;
	case SYNCMAP_A_MAP_ALIGN:
		map->align = args_choice(args, "an alignment", map_aligns);
		break;
	case SYNCMAP_A_MAP_MAX_ENTRIES:
		map->max_entries = args_number(args, "max-entries", 0,
					       UINT64_MAX);
		break;
	case SYNCMAP_A_MAP_MAX_BYTES:
		map->max_bytes = args_size(args, "max-bytes", 0, UINT64_MAX);
		break;
	}
}

/* Take words like "policy cow shards 4", to the last. */
static void take_all(struct args *args, struct map *map)
{
	uint32_t seen = 0;
	int attr;

	while (args_more(args)) {
		int i = args_choice(args, "a property of a map", config_words);

		attr = config_attrs[i];
		if (seen & 1u << attr)
			args_wrong(args, "%s is given twice", config_words[i]);
		seen |= 1u << attr;
		take_config(args, map, attr);
	}
	map->given = seen;
	map_forget_any(map);
}

static void emit_map(struct emit *out, const struct map *map)
{
	emit_str(out, "name", map->name);
	emit_u64(out, "id", map->id);
	emit_str(out, "policy", map_word(map_policies, map->policy));
	emit_u64(out, "shards", map->shards);
	emit_bool(out, "auto", map->shards_auto);
	if (map->key_size)
		emit_u64(out, "key_size", map->key_size);
	else
		emit_none(out, "key_size", "any");
	if (map->value_size != MAP_VALUE_ANY)
		emit_u64(out, "value_size", map->value_size);
	else
		emit_none(out, "value_size", "any");
	emit_str(out, "align", map_word(map_aligns, map->align));
	emit_u64(out, "entries", map->entries);
	emit_u64(out, "max_entries", map->max_entries);
	emit_size(out, "bytes", map->bytes);
	emit_size(out, "max_bytes", map->max_bytes);
	if (*map->owner)
		emit_str(out, "owner", map->owner);
	else
		emit_none(out, "owner", "-");
}

static void emit_one(struct emit *out, const struct map *map)
{
	emit_begin(out, EMIT_FIELDS);
	emit_map(out, map);
	if (map->resharding)
		emit_bool(out, "resharding", true);
	if (map->reshard_error)
		emit_str(out, "reshard_error", strerror(map->reshard_error));
	emit_end(out);
}

static enum status list_all(struct cli *cli, struct args *args)
{
	struct sm_nl *nl;
	struct map_list list;
	unsigned long i;

	args_end(args);
	nl = cli_connect(cli);
	if (map_list(nl, &list))
		return sm_nl_say(nl, "the list of maps");
	if (list.changed)
		say("warning: maps came or went while they were listed");
	emit_begin(cli->out, EMIT_FIELDS);
	emit_table(cli->out, "maps", EMIT_TABLE);
	for (i = 0; i < list.nr; i++) {
		emit_row(cli->out);
		emit_map(cli->out, &list.maps[i]);
		emit_row_end(cli->out);
	}
	emit_table_end(cli->out);
	emit_end(cli->out);
	free(list.maps);
	return STATUS_DONE;
}

static enum status show(struct cli *cli, struct args *args)
{
	const char *name = args_map(args);
	struct sm_nl *nl;
	struct map map;

	args_end(args);
	nl = cli_connect(cli);
	if (map_get(nl, name, &map))
		return sm_nl_say(nl, "map %s", name);
	emit_one(cli->out, &map);
	return STATUS_DONE;
}

static enum status create(struct cli *cli, struct args *args)
{
	struct map map = { .value_size = MAP_VALUE_ANY };
	const char *name = args_map(args);
	struct sm_nl *nl;

	take_all(args, &map);
	nl = cli_connect(cli);
	if (map_create(nl, name, &map))
		return sm_nl_say(nl, "map %s", name);
	emit_one(cli->out, &map);
	return STATUS_DONE;
}

/* Settings that a map keeps for its life. */
static void refuse_fixed(struct args *args, const struct map *map)
{
	static const uint32_t changeable = 1u << SYNCMAP_A_MAP_POLICY |
					   1u << SYNCMAP_A_MAP_MAX_ENTRIES |
					   1u << SYNCMAP_A_MAP_MAX_BYTES;
	size_t i;

	if (!map->given)
		args_wrong(args, "what to set is missing");
	if (map->given & 1u << SYNCMAP_A_MAP_SHARDS)
		args_wrong(args, "shards are changed by syncmap reshard");
	for (i = 0; i < sizeof(config_attrs) / sizeof(*config_attrs); i++)
		if (map->given & ~changeable & 1u << config_attrs[i])
			args_wrong(args, "%s cannot be changed: create another map",
				   config_words[i]);
}

static enum status set(struct cli *cli, struct args *args)
{
	struct map map = { .value_size = MAP_VALUE_ANY };
	const char *name = args_map(args);
	struct sm_nl *nl;

	take_all(args, &map);
	refuse_fixed(args, &map);
	nl = cli_connect(cli);
	if (map_set(nl, name, &map) || map_get(nl, name, &map))
		return sm_nl_say(nl, "map %s", name);
	emit_one(cli->out, &map);
	return STATUS_DONE;
}

static enum status delete(struct cli *cli, struct args *args)
{
	const char *name = args_map(args);
	struct sm_nl *nl;

	args_end(args);
	nl = cli_connect(cli);
	if (map_delete(nl, name))
		return sm_nl_say(nl, "map %s", name);
	return STATUS_DONE;
}

static enum status clear(struct cli *cli, struct args *args)
{
	const char *name = args_map(args);
	struct sm_nl *nl;

	args_end(args);
	nl = cli_connect(cli);
	if (map_clear(nl, name))
		return sm_nl_say(nl, "map %s", name);
	return STATUS_DONE;
}

static const struct command commands[] = {
	{ "list", "", "all maps", list_all },
	{ "show", "NAME", "one map", show },
	{ "create", "NAME [policy cow|classic] [shards N|auto] [key SIZE|any]\n"
	  "      [value SIZE|any] [align packed|line] [max-entries N] [max-bytes N]",
	  "make a map", create },
	{ "set", "NAME [policy cow|classic] [max-entries N] [max-bytes N]",
	  "change a map, all that is given or nothing", set },
	{ "delete", "NAME", "delete a map with its entries", delete },
	{ "clear", "NAME", "remove all entries, at one instant", clear },
	{}
};

const struct object map_object = {
	.name = "map",
	.summary = "maps and their configuration",
	.commands = commands,
};
