/* SPDX-License-Identifier: GPL-2.0 */
/* A netlink socket, and what comes back over it. */
#ifndef NETLINK_TALK_H
#define NETLINK_TALK_H

#include <linux/netlink.h>
#include "message.h"

/**
 * struct talk - a socket
 * @fd:		the socket
 * @sequence:	of the last message sent
 * @first:	of the first message of this exchange
 * @strays:	messages that are about none of their exchange: a spoiled length
 *		makes a message of what is behind it, with any sequence
 * @family:	the number of the family "syncmap"
 * @dumping:	a dump has begun and not ended
 * @buffer:	what was received
 */
struct talk {
	int fd;
	uint32_t sequence;
	uint32_t first;
	uint32_t strays;
	uint16_t family;
	bool dumping;
	uint8_t *buffer;
};

/**
 * struct verdict - what came back for one send
 * @acks:	acknowledgements, errors and ends of dumps
 * @refused:	those of them that were errors
 * @err:	the last error, a positive errno
 * @worded:	the last error had words
 * @replies:	messages of the family
 * @admin:	those of them that only who has CAP_NET_ADMIN may get
 */
struct verdict {
	uint32_t acks;
	uint32_t refused;
	int err;
	bool worded;
	uint32_t replies;
	uint32_t admin;
};

/* Takes a message of the family. */
typedef void (*reply_fn)(const struct nlmsghdr *msg, void *arg);

/* Open a socket; exits if it cannot. */
void talk_open(struct talk *talk);

/* Send a request as it is, and read all there is to it. */
struct verdict talk_ask(struct talk *talk, const void *data, uint32_t len,
			reply_fn fn, void *arg);

/* A whole request of one command to be made by hand: begin, attributes, ask. */
void simple_begin(struct talk *talk, struct request *request, uint8_t command,
		  uint16_t flags);
void simple_put(struct request *request, uint16_t type, const void *data,
		uint32_t len);
struct verdict simple_ask(struct talk *talk, struct request *request,
			  reply_fn fn, void *arg);

/* The payload of the attribute of this type in a message; NULL: none. */
const void *attr_of(const struct nlmsghdr *msg, uint16_t type, uint32_t *len);

/* Say what is wrong, and how to get there again; exit. */
void die(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

#endif
