/* SPDX-License-Identifier: GPL-2.0 */
/* Entries of maps, over netlink.  Errors are for sm_nl_say() to tell. */
#ifndef SYNCMAP_LIB_ENTRIES_H
#define SYNCMAP_LIB_ENTRIES_H

#include "bytes.h"
#include "nl.h"

/* entries in one request: the answer tells of each in 12 bytes */
#define BATCH_MAX	4096

/**
 * struct entry - an entry in an answer
 * @status:	enum syncmap_entry_status
 * @key:	NULL: not told
 * @key_len:	bytes in @key
 * @value:	NULL: there is none, or it was not asked for
 * @value_len:	bytes in @value
 */
struct entry {
	uint32_t status;
	const void *key;
	size_t key_len;
	const void *value;
	size_t value_len;
};

/**
 * entry_fn - take one entry
 * @entry:	the entry; what it points to stays only until this returns
 * @arg:	the caller's
 *
 * Return: 0, or a negative errno, which ends the request.
 */
typedef int (*entry_fn)(const struct entry *entry, void *arg);

/**
 * struct batch - a request about entries, that may be sent once it has one
 * @nl:		the connection
 * @cmd:	SYNCMAP_CMD_ENTRY_GET, _SET or _DEL
 * @map:	the map's name
 * @previous:	ask for the values that were there
 * @msg:	the request so far; NULL: none begun
 * @entries:	entries in it
 * @applied:	after it was sent: entries that were applied
 * @error:	why the one behind those was not: a positive errno; 0: all were
 */
struct batch {
	struct sm_nl *nl;
	int cmd;
	const char *map;
	bool previous;
	struct nl_msg *msg;
	uint32_t entries;
	uint32_t applied;
	uint32_t error;
};

/**
 * batch_add() - add an entry to a request
 * @batch:	the request
 * @op:		enum syncmap_entry_op, for SYNCMAP_CMD_ENTRY_SET
 * @key:	the key
 * @value:	the value; NULL: none
 * @old:	what to compare with; NULL: nothing
 *
 * Return: whether there was room for it.
 */
bool batch_add(struct batch *batch, int op, const struct bytes *key,
	       const struct bytes *value, const struct bytes *old);

/**
 * batch_send() - send a request, and begin the next
 * @batch:	the request; without entries nothing is done
 * @fn:		takes each entry of the answer, in the order of the request;
 *		may be NULL
 * @arg:	for @fn
 *
 * Return: 0, with @batch->applied and @batch->error; a negative errno if the
 * whole request was refused: nothing was done.
 */
int batch_send(struct batch *batch, entry_fn fn, void *arg);

/**
 * entries_dump() - visit all entries of a map
 * @nl:		the connection
 * @map:	the map's name
 * @keys_only:	without values
 * @fn:		takes each entry
 * @arg:	for @fn
 *
 * Every key that is there from the beginning to the end is visited once.
 * sm_nl_interrupted() tells whether the map changed meanwhile.
 *
 * Return: 0, or a negative errno.
 */
int entries_dump(struct sm_nl *nl, const char *map, bool keys_only, entry_fn fn,
		 void *arg);

#endif
