/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's end of the netlink socket, in this process: it stands in for
 * the functions of libnl that connect, send and receive.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <netlink/msg.h>
#include <netlink/genl/genl.h>
#include <linux/syncmap.h>
#include "nl.h"

#define KERNEL_FAMILY	32

/* Takes a request and answers it: with kernel_say() and kernel_ack(). */
typedef void (*kernel_fn)(struct nlmsghdr *request);

/* Who takes requests from here on; NULL: each is acknowledged. */
void kernel_serve(kernel_fn fn);

/* Answer the request with these bytes, as one datagram. */
void kernel_say(const void *data, size_t size);

/* Begin a message that answers the request; kernel_send() sends and frees it. */
struct nl_msg *kernel_answer(struct nlmsghdr *request);
void kernel_send(struct nl_msg *msg);

/* Acknowledge the request. */
void kernel_ack(struct nlmsghdr *request);

/* A connection to it. */
struct sm_nl *kernel_connect(void);

#endif
