/* SPDX-License-Identifier: GPL-2.0 */
/* Why the kernel refused a request: errno, its text, and the attribute. */
#ifndef SYNCMAP_LIB_EXTACK_H
#define SYNCMAP_LIB_EXTACK_H

#include <netlink/msg.h>

/**
 * struct extack - why a request was refused
 * @err:	negative errno; 0: it was not
 * @text:	the kernel's words; may be empty
 * @attr:	the attribute that they are about, "shards" or "key of entry 3";
 *		empty if there is none
 * @wanted:	what would be right, if the kernel says so: "1 to 255 bytes"
 */
struct extack {
	int err;
	char text[256];
	char attr[64];
	char wanted[96];
};

/**
 * extack_take() - read an error
 * @extack:	where to put it
 * @answer:	a message of type NLMSG_ERROR or NLMSG_DONE, whole
 * @request:	what was asked, as it was sent
 *
 * Offsets that @answer gives are looked up in @request.
 */
void extack_take(struct extack *extack, struct nlmsghdr *answer,
		 struct nl_msg *request);

/**
 * extack_say() - say an error on the standard error
 * @extack:	the error
 * @about:	what the request was about
 */
void extack_say(const struct extack *extack, const char *about);

/**
 * errno_hint() - what would help against an error
 * @err:	negative errno of a request
 *
 * Return: words to follow it, with the colon between; empty where none help.
 */
const char *errno_hint(int err);

#endif
