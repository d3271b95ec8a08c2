// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/genl/ctrl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/syncmap_version.h>
#include "extack.h"
#include "nl.h"

/**
 * struct sm_nl - see nl.h
 * @sock:	libnl's socket
 * @cb:		its callbacks, which get the struct sm_nl
 * @family:	the family's number
 * @version:	of the module
 * @features:	of the module
 * @request:	the last request, to which an error's offsets belong
 * @error:	what became of it
 * @done:	its answer is complete
 * @interrupted: the dump met a change
 * @fn:		takes the messages of its answer
 * @arg:	for @fn
 */
struct sm_nl {
	struct nl_sock *sock;
	struct nl_cb *cb;
	int family;
	char version[32];
	uint32_t features;
	struct nl_msg *request;
	struct extack error;
	bool done;
	bool interrupted;
	sm_nl_answer_fn fn;
	void *arg;
};

/* After an error the rest is read all the same, or the next answer were it. */
static int on_message(struct nl_msg *msg, void *arg)
{
	struct sm_nl *nl = arg;

	if (nl->fn && !nl->error.err)
		nl->error.err = nl->fn(nlmsg_hdr(msg), nl->arg);
	return NL_OK;
}

static int on_interrupted(struct nl_msg *msg, void *arg)
{
	struct sm_nl *nl = arg;

	(void)msg;
	nl->interrupted = true;
	return NL_OK;
}

static int on_done(struct nl_msg *msg, void *arg)
{
	struct sm_nl *nl = arg;

	nl->done = true;
	if (!nl->error.err && nlmsg_hdr(msg)->nlmsg_type == NLMSG_DONE)
		extack_take(&nl->error, nlmsg_hdr(msg), nl->request);
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	struct nlmsghdr *msg = (void *)((char *)error - NLMSG_HDRLEN);
	struct sm_nl *nl = arg;

	(void)from;
	nl->done = true;
	extack_take(&nl->error, msg, nl->request);
	return NL_STOP;
}

static void set_callbacks(struct sm_nl *nl)
{
	nl_cb_set(nl->cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, nl);
	nl_cb_set(nl->cb, NL_CB_FINISH, NL_CB_CUSTOM, on_done, nl);
	nl_cb_set(nl->cb, NL_CB_ACK, NL_CB_CUSTOM, on_done, nl);
	nl_cb_set(nl->cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_interrupted, nl);
	nl_cb_err(nl->cb, NL_CB_CUSTOM, on_error, nl);
}

/*
 * The buffer takes the largest answer whole, and tells the kernel how large
 * the messages of a dump may be.  Of a request that failed only the header
 * comes back: it is still here.
 */
static int set_up(struct nl_sock *sock)
{
	int on = 1, fd, err;

	err = genl_connect(sock);
	if (err)
		return err;
	nl_socket_set_msg_buf_size(sock, 2 * SYNCMAP_REPLY_MAX);
	nl_socket_disable_msg_peek(sock);
	fd = nl_socket_get_fd(sock);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	return nl_socket_set_buffer_size(sock, 16 * SYNCMAP_REPLY_MAX,
					 2 * SM_NL_REQUEST_MAX);
}

static int take_info(struct nlmsghdr *msg, void *arg)
{
	struct nlattr *attrs[SYNCMAP_A_INFO_MAX + 1];
	struct sm_nl *nl = arg;
	int err;

	err = sm_nl_parse(attrs, SYNCMAP_A_INFO_MAX, msg);
	if (err || !attrs[SYNCMAP_A_INFO_VERSION])
		return -EBADMSG;
	nla_strlcpy(nl->version, attrs[SYNCMAP_A_INFO_VERSION],
		    sizeof(nl->version));
	nl->features = sm_nl_u32(attrs[SYNCMAP_A_INFO_FEATURES]);
	return 0;
}

static int ask_info(struct sm_nl *nl)
{
	struct nl_msg *msg = sm_nl_new(nl, SYNCMAP_CMD_INFO_GET, 0);
	int err = sm_nl_ask(nl, msg, take_info, nl);

	if (err) {
		sm_nl_say(nl, "asking the module for its version");
		return err;
	}
	if (strcmp(nl->version, SYNCMAP_VERSION))
		say("warning: this is syncmap %s, but the kernel module is %s",
		    SYNCMAP_VERSION, nl->version);
	return 0;
}

bool sm_nl_module_is_loaded(void)
{
	return !access("/sys/module/" SYNCMAP_GENL_NAME, F_OK);
}

static void say_no_family(int libnl_error)
{
	if (libnl_error != -NLE_OBJ_NOTFOUND)
		say("the netlink family %s: %s", SYNCMAP_GENL_NAME,
		    nl_geterror(libnl_error));
	else if (sm_nl_module_is_loaded())
		say("the kernel module is loaded, but can only be reached from the initial network namespace");
	else
		say("the kernel module is not loaded; insmod syncmap.ko");
}

static int connect_family(struct sm_nl *nl)
{
	int err = set_up(nl->sock);

	if (err) {
		say("no netlink socket: %s", nl_geterror(err));
		return err;
	}
	nl->family = genl_ctrl_resolve(nl->sock, SYNCMAP_GENL_NAME);
	if (nl->family < 0) {
		say_no_family(nl->family);
		return nl->family;
	}
	return ask_info(nl);
}

struct sm_nl *sm_nl_open(void)
{
	struct sm_nl *nl = calloc(1, sizeof(*nl));

	if (!nl)
		die_of_memory();
	nl->sock = nl_socket_alloc();
	nl->cb = nl_cb_alloc(NL_CB_DEFAULT);
	if (!nl->sock || !nl->cb)
		die_of_memory();
	set_callbacks(nl);
	if (connect_family(nl)) {
		sm_nl_close(nl);
		return NULL;
	}
	return nl;
}

void sm_nl_close(struct sm_nl *nl)
{
	if (!nl)
		return;
	nlmsg_free(nl->request);
	nl_cb_put(nl->cb);
	nl_socket_free(nl->sock);
	free(nl);
}

struct nl_msg *sm_nl_new(struct sm_nl *nl, int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(NLMSG_HDRLEN + GENL_HDRLEN +
					      SM_NL_REQUEST_MAX);

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0,
				 flags, cmd, SYNCMAP_GENL_VERSION))
		die_of_memory();
	return msg;
}

/* What libnl could not send or receive; its errors are few. */
static int lost_contact(struct sm_nl *nl, int libnl_error)
{
	int err = errno ? -errno : -EIO;

	if (!nl->error.err) {
		nl->error.err = err;
		snprintf(nl->error.text, sizeof(nl->error.text), "netlink: %s",
			 nl_geterror(libnl_error));
	}
	return nl->error.err;
}

int sm_nl_ask(struct sm_nl *nl, struct nl_msg *msg, sm_nl_answer_fn fn,
	      void *arg)
{
	int err;

	nlmsg_free(nl->request);
	nl->request = msg;
	nl->error = (struct extack){};
	nl->done = false;
	nl->interrupted = false;
	nl->fn = fn;
	nl->arg = arg;
	errno = 0;
	err = nl_send_auto(nl->sock, msg);
	while (err >= 0 && !nl->done)
		err = nl_recvmsgs(nl->sock, nl->cb);
	return err < 0 ? lost_contact(nl, err) : nl->error.err;
}

bool sm_nl_interrupted(const struct sm_nl *nl)
{
	return nl->interrupted;
}

enum status sm_nl_say(const struct sm_nl *nl, const char *format, ...)
{
	char about[256];
	va_list args;

	va_start(args, format);
	vsnprintf(about, sizeof(about), format, args);
	va_end(args);
	extack_say(&nl->error, about);
	return nl->error.err == -ENOENT ? STATUS_ABSENT : STATUS_REFUSED;
}

const char *sm_nl_version(const struct sm_nl *nl)
{
	return nl->version;
}

uint32_t sm_nl_features(const struct sm_nl *nl)
{
	return nl->features;
}

/* Events have no sequence: they answer nothing. */
static int on_sequence(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

int sm_nl_listen(struct sm_nl *nl)
{
	int group = genl_ctrl_resolve_grp(nl->sock, SYNCMAP_GENL_NAME,
					  SYNCMAP_MCGRP_EVENTS);

	if (group < 0)
		return -ENOENT;
	nl_cb_set(nl->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_sequence, NULL);
	errno = 0;
	return nl_socket_add_membership(nl->sock, group) ? -errno ?: -EIO : 0;
}

int sm_nl_fd(const struct sm_nl *nl)
{
	return nl_socket_get_fd(nl->sock);
}

int sm_nl_hear(struct sm_nl *nl, sm_nl_answer_fn fn, void *arg)
{
	struct pollfd ready = {
		.fd = nl_socket_get_fd(nl->sock),
		.events = POLLIN,
	};

	nl->error = (struct extack){};
	nl->fn = fn;
	nl->arg = arg;
	if (poll(&ready, 1, -1) < 0)
		return -errno;
	errno = 0;
	if (nl_recvmsgs(nl->sock, nl->cb) < 0)
		return errno ? -errno : -EIO;
	return nl->error.err;
}

int sm_nl_parse(struct nlattr **attrs, int max, struct nlmsghdr *msg)
{
	return genlmsg_parse(msg, 0, attrs, max, NULL) ? -EBADMSG : 0;
}
