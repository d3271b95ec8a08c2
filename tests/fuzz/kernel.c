// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <netlink/genl/ctrl.h>
#include <string.h>
#include <linux/syncmap_version.h>
#include "fuzz.h"
#include "kernel.h"

/* One request has fewer. */
#define DATAGRAMS	64

static struct {
	unsigned char *data;
	size_t size;
} queue[DATAGRAMS];

static unsigned int first, nr;
static uint32_t sequence;
static kernel_fn server;

void kernel_serve(kernel_fn fn)
{
	server = fn;
}

/* The sequence is the request's, or libnl would read no further. */
static void answer_to_request(unsigned char *data, size_t size)
{
	struct nlmsghdr header;
	size_t step;

	while (size >= sizeof(header)) {
		memcpy(&header, data, sizeof(header));
		header.nlmsg_seq = sequence;
		memcpy(data, &header, sizeof(header));
		if (header.nlmsg_len < sizeof(header) ||
		    header.nlmsg_len > size)
			break;
		step = NLMSG_ALIGN(header.nlmsg_len);
		step = step < size ? step : size;
		data += step;
		size -= step;
	}
}

void kernel_say(const void *data, size_t size)
{
	if (!size || nr == DATAGRAMS)
		return;
	queue[nr].data = malloc(size);
	memcpy(queue[nr].data, data, size);
	answer_to_request(queue[nr].data, size);
	queue[nr++].size = size;
}

struct nl_msg *kernel_answer(struct nlmsghdr *request)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, 0, sequence, KERNEL_FAMILY, 0, 0,
		    genlmsg_hdr(request)->cmd, SYNCMAP_GENL_VERSION);
	return msg;
}

void kernel_send(struct nl_msg *msg)
{
	kernel_say(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

void kernel_ack(struct nlmsghdr *request)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} ack = {
		.header = {
			.nlmsg_len = sizeof(ack),
			.nlmsg_type = NLMSG_ERROR,
			.nlmsg_flags = NLM_F_CAPPED,
		},
		.error = { .msg = *request },
	};

	kernel_say(&ack, sizeof(ack));
}

static void tell_info(struct nlmsghdr *request)
{
	struct nl_msg *msg = kernel_answer(request);

	nla_put_string(msg, SYNCMAP_A_INFO_VERSION, SYNCMAP_VERSION);
	kernel_send(msg);
	kernel_ack(request);
}

static void drop_answers(void)
{
	for (; first < nr; first++)
		free(queue[first].data);
	first = nr = 0;
}

/* In libnl's place */

int genl_connect(struct nl_sock *sock)
{
	(void)sock;
	return 0;
}

int genl_ctrl_resolve(struct nl_sock *sock, const char *name)
{
	(void)sock;
	(void)name;
	return KERNEL_FAMILY;
}

int nl_socket_set_buffer_size(struct nl_sock *sock, int receive, int send)
{
	(void)sock;
	(void)receive;
	(void)send;
	return 0;
}

int nl_send_auto(struct nl_sock *sock, struct nl_msg *msg)
{
	struct nlmsghdr *request = nlmsg_hdr(msg);

	nl_complete_msg(sock, msg);
	drop_answers();
	sequence = request->nlmsg_seq;
	if (genlmsg_hdr(request)->cmd == SYNCMAP_CMD_INFO_GET)
		tell_info(request);
	else if (server)
		server(request);
	else
		kernel_ack(request);
	return request->nlmsg_len;
}

int nl_recv(struct nl_sock *sock, struct sockaddr_nl *from,
	    unsigned char **data, struct ucred **who)
{
	(void)sock;
	*from = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	if (who)
		*who = NULL;
	if (first == nr) {
		errno = EINTR;
		return -NLE_INTR;
	}
	*data = queue[first].data;
	return queue[first++].size;
}

/* libnl reads on behind an attribute that is too short for a number, and the sanitizers do not see into it. */
uint32_t nla_get_u32(const struct nlattr *attr)
{
	uint32_t number;

	must(nla_len(attr) >= (int)sizeof(number));
	memcpy(&number, nla_data(attr), sizeof(number));
	return number;
}

struct sm_nl *kernel_connect(void)
{
	struct sm_nl *nl = sm_nl_open();

	must(nl);
	return nl;
}
