// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/syncmap.h>
#include "talk.h"

#define RECEIVE_MAX	(512 * 1024)
#define QUEUE_BYTES	(16 << 20)
#define WAIT_MS		60000

#ifndef SOL_NETLINK
#define SOL_NETLINK	270
#endif

/* Begin a message to any family. */
static void begin(struct request *request, uint16_t type, uint8_t command,
		  uint16_t flags, uint32_t sequence)
{
	struct nlmsghdr header = {
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
		.nlmsg_seq = sequence,
	};
	struct genlmsghdr genl = { .cmd = command, .version = 1 };

	memcpy(request->data, &header, sizeof(header));
	memcpy(request->data + NLMSG_HDRLEN, &genl, sizeof(genl));
	request->len = NLMSG_HDRLEN + GENL_HDRLEN;
	request->messages = 1;
}

void simple_begin(struct talk *talk, struct request *request, uint8_t command,
		  uint16_t flags)
{
	talk->first = ++talk->sequence;
	begin(request, talk->family, command, flags, talk->sequence);
}

void simple_put(struct request *request, uint16_t type, const void *data,
		uint32_t len)
{
	struct nlattr attr = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	memcpy(request->data + request->len, &attr, sizeof(attr));
	memcpy(request->data + request->len + NLA_HDRLEN, data, len);
	memset(request->data + request->len + NLA_HDRLEN + len, 0,
	       NLA_ALIGN(len) - len);
	request->len += NLA_HDRLEN + NLA_ALIGN(len);
}

const void *attr_of(const struct nlmsghdr *msg, uint16_t type, uint32_t *len)
{
	const uint8_t *at = (const void *)msg, *end = at + msg->nlmsg_len;
	struct nlattr attr;

	for (at += NLMSG_HDRLEN + GENL_HDRLEN; at + NLA_HDRLEN <= end;
	     at += NLA_ALIGN(attr.nla_len)) {
		memcpy(&attr, at, sizeof(attr));
		if (attr.nla_len < NLA_HDRLEN || at + attr.nla_len > end)
			die("the kernel sent a malformed attribute");
		*len = attr.nla_len - NLA_HDRLEN;
		if ((attr.nla_type & NLA_TYPE_MASK) == type)
			return at + NLA_HDRLEN;
	}
	return NULL;
}

static bool needs_admin(uint8_t number)
{
	int i;

	for (i = 0; i < nr_commands; i++)
		if (commands[i].number == number)
			return commands[i].admin;
	return false;
}

/* An acknowledgement, an error, or the end of a dump. */
static void take_end(struct verdict *verdict, const struct nlmsghdr *msg)
{
	int err = *(const int *)NLMSG_DATA(msg);

	verdict->acks++;
	if (!err)
		return;
	verdict->refused++;
	verdict->err = -err;
	verdict->worded = msg->nlmsg_flags & NLM_F_ACK_TLVS;
}

static void take_reply(struct verdict *verdict, const struct nlmsghdr *msg)
{
	const struct genlmsghdr *genl = NLMSG_DATA(msg);

	verdict->replies++;
	verdict->admin += needs_admin(genl->cmd);
}

/* Is it the answer to the question that ends each exchange? */
static bool take(struct talk *talk, struct verdict *verdict,
		 const struct nlmsghdr *msg, reply_fn fn, void *arg)
{
	bool is_end = msg->nlmsg_type == NLMSG_ERROR ||
		      msg->nlmsg_type == NLMSG_DONE;

	if (msg->nlmsg_type == NLMSG_DONE)
		talk->dumping = false;
	else if (msg->nlmsg_flags & NLM_F_MULTI)
		talk->dumping = true;
	if (msg->nlmsg_seq == talk->sequence)
		return is_end;
	if (msg->nlmsg_seq - talk->first > talk->sequence - talk->first) {
		talk->strays++;
		return false;
	}
	if (is_end) {
		take_end(verdict, msg);
	} else if (msg->nlmsg_type == talk->family) {
		take_reply(verdict, msg);
		if (fn)
			fn(msg, arg);
	}
	return false;
}

static ssize_t receive(struct talk *talk)
{
	struct pollfd ready = { .fd = talk->fd, .events = POLLIN };
	ssize_t len;

	if (poll(&ready, 1, WAIT_MS) != 1)
		die("no answer within %d s", WAIT_MS / 1000);
	len = recv(talk->fd, talk->buffer, RECEIVE_MAX, MSG_TRUNC);
	if (len < 0)
		die("receiving: %s", strerror(errno));
	if (len > RECEIVE_MAX)
		die("the kernel sent a datagram of %zd bytes", len);
	return len;
}

/* Read to the answer of the last question, and on to the end of a dump. */
static void hear(struct talk *talk, struct verdict *verdict, reply_fn fn,
		 void *arg)
{
	bool answered = false;
	struct nlmsghdr *msg;
	ssize_t len;

	while (!answered || talk->dumping) {
		len = receive(talk);
		for (msg = (void *)talk->buffer; NLMSG_OK(msg, len);
		     msg = NLMSG_NEXT(msg, len))
			answered |= take(talk, verdict, msg, fn, arg);
		if (len > 0)
			die("the kernel sent a malformed message");
	}
}

/*
 * A question that any kernel answers, when it is through with all before: the
 * family cannot have missed it.
 */
static void send_question(struct talk *talk)
{
	struct {
		struct nlmsghdr header;
		struct genlmsghdr genl;
	} question = {
		.header = {
			.nlmsg_len = sizeof(question),
			.nlmsg_type = talk->family,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
			.nlmsg_seq = ++talk->sequence,
		},
		.genl = { .cmd = SYNCMAP_CMD_INFO_GET, .version = 1 },
	};

	if (send(talk->fd, &question, sizeof(question), 0) < 0)
		die("sending: %s", strerror(errno));
}

struct verdict talk_ask(struct talk *talk, const void *data, uint32_t len,
			reply_fn fn, void *arg)
{
	struct verdict verdict = {};

	if (send(talk->fd, data, len, 0) < 0)
		die("sending: %s", strerror(errno));
	send_question(talk);
	hear(talk, &verdict, fn, arg);
	return verdict;
}

struct verdict simple_ask(struct talk *talk, struct request *request,
			  reply_fn fn, void *arg)
{
	memcpy(request->data, &request->len, sizeof(request->len));
	return talk_ask(talk, request->data, request->len, fn, arg);
}

static void find_family(struct talk *talk)
{
	static struct request request;
	struct nlmsghdr *msg = (void *)talk->buffer;
	const uint16_t *id;
	uint32_t len;

	begin(&request, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, ++talk->sequence);
	simple_put(&request, CTRL_ATTR_FAMILY_NAME, SYNCMAP_GENL_NAME,
		   sizeof(SYNCMAP_GENL_NAME));
	memcpy(request.data, &request.len, sizeof(request.len));
	if (send(talk->fd, request.data, request.len, 0) < 0)
		die("sending: %s", strerror(errno));
	receive(talk);
	id = msg->nlmsg_type == GENL_ID_CTRL ?
	     attr_of(msg, CTRL_ATTR_FAMILY_ID, &len) : NULL;
	if (!id)
		die("there is no netlink family syncmap: is the module loaded?");
	talk->family = *id;
	receive(talk);
}

void talk_open(struct talk *talk)
{
	static const int options[] = { NETLINK_CAP_ACK, NETLINK_EXT_ACK,
				       NETLINK_GET_STRICT_CHK };
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	int on = 1, bytes = QUEUE_BYTES;
	size_t i;

	*talk = (struct talk){
		.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC),
		.buffer = malloc(RECEIVE_MAX),
	};
	if (talk->fd < 0 || !talk->buffer ||
	    bind(talk->fd, (void *)&self, sizeof(self)))
		die("no netlink socket: %s", strerror(errno));
	for (i = 0; i < sizeof(options) / sizeof(*options); i++)
		setsockopt(talk->fd, SOL_NETLINK, options[i], &on, sizeof(on));
	/* all answers to one send wait there, until the question is answered */
	setsockopt(talk->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	setsockopt(talk->fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes));
	find_family(talk);
}
