/* SPDX-License-Identifier: GPL-2.0 */
/* The family, from its YAML: tables.py writes tables.c. */
#ifndef NETLINK_TABLES_H
#define NETLINK_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTRS_MAX	32

enum kind {
	KIND_U32,
	KIND_U64,
	KIND_STRING,
	KIND_BINARY,
	KIND_FLAG,
	KIND_NEST,
	KIND_PAD,
};

/**
 * struct attr - an attribute
 * @name:	as the YAML calls it
 * @number:	its type
 * @kind:	what is in it
 * @least:	the least number, or length
 * @most:	the largest
 * @multi:	there may be many
 * @nested:	what a nest has inside
 */
struct attr {
	const char *name;
	uint16_t number;
	enum kind kind;
	uint64_t least;
	uint64_t most;
	bool multi;
	const struct attr_set *nested;
};

struct attr_set {
	const char *name;
	const struct attr *attrs;
	int nr;
};

/**
 * struct form - the do or the dump of a command
 * @there:	it has one
 * @attrs:	the types that a request may have
 * @nr:		how many
 */
struct form {
	bool there;
	uint16_t attrs[ATTRS_MAX];
	int nr;
};

struct command {
	const char *name;
	uint8_t number;
	bool admin;
	const struct attr_set *set;
	struct form do_form;
	struct form dump_form;
};

extern const struct command commands[];
extern const int nr_commands;

#endif
