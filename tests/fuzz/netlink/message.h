/* SPDX-License-Identifier: GPL-2.0 */
/* Making requests, and spoiling them. */
#ifndef NETLINK_MESSAGE_H
#define NETLINK_MESSAGE_H

#include "tables.h"

#define SEND_MAX	(160 * 1024)	/* bytes in one send */
#define PLACES_MAX	512
#define IDS_MAX		16
#define CHOICES_MAX	8
#define CURSOR_MAX	271

/**
 * struct choice - which attributes a request has
 * @top:	bits of the types
 * @nested:	likewise, in each of its nests
 */
struct choice {
	uint32_t top;
	uint32_t nested;
};

/**
 * struct memory - what the kernel has said, for later requests
 * @family:	the family's number
 * @ids:	of maps that were made
 * @nr_ids:	how many were
 * @cursor:	of the last dump's messages that had one
 * @cursor_len:	its bytes
 * @accepted:	for each command's do and dump, choices that it accepted
 * @nr_accepted: how many were
 */
struct memory {
	uint16_t family;
	uint32_t ids[IDS_MAX];
	uint32_t nr_ids;
	uint8_t cursor[CURSOR_MAX];
	uint32_t cursor_len;
	struct choice accepted[256][2][CHOICES_MAX];
	uint32_t nr_accepted[256][2];
};

/**
 * struct request - what is sent at once
 * @data:	one or more messages
 * @len:	their bytes
 * @last:	where the last message begins
 * @places:	where attributes begin in it
 * @nr_places:	how many
 * @command:	of the last message
 * @choice:	its attributes
 * @dump:	it is a dump
 * @messages:	how many messages
 * @spoiled:	they are not as they were made
 */
struct request {
	uint8_t data[SEND_MAX];
	uint32_t len;
	uint32_t last;
	uint32_t places[PLACES_MAX];
	uint32_t nr_places;
	const struct command *command;
	struct choice choice;
	bool dump;
	uint32_t messages;
	bool spoiled;
};

/* Add a sound message to a request. */
void request_add(struct request *request, const struct memory *memory,
		 uint32_t sequence, uint64_t *random);

/* Spoil the last message in a few ways. */
void request_spoil(struct request *request, uint64_t *random);

/* The kernel accepted the message: do the like again. */
void memory_accept(struct memory *memory, const struct request *request);

#endif
