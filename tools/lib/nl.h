/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection to the netlink family "syncmap".
 *
 *	struct nl_msg *msg = sm_nl_new(nl, SYNCMAP_CMD_MAP_GET, 0);
 *
 *	nla_put_string(msg, SYNCMAP_A_MAP_NAME, name);
 *	err = sm_nl_ask(nl, msg, take_map, &map);
 *	if (err)
 *		return sm_nl_say(nl, "map %s", name);
 */
#ifndef SYNCMAP_LIB_NL_H
#define SYNCMAP_LIB_NL_H

#include <stdbool.h>
#include <stdint.h>
#include <netlink/netlink.h>
#include <netlink/msg.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <linux/syncmap.h>
#include "say.h"

/* bytes of attributes that a request has room for */
#define SM_NL_REQUEST_MAX	65536

struct sm_nl;

/**
 * sm_nl_answer_fn - take one message of an answer
 * @msg:	the message
 * @arg:	the caller's
 *
 * Return: 0, or a negative errno, which ends the request.
 */
typedef int (*sm_nl_answer_fn)(struct nlmsghdr *msg, void *arg);

/**
 * sm_nl_open() - connect to the family
 *
 * Return: the connection, for sm_nl_close(); NULL, after saying why not.
 */
struct sm_nl *sm_nl_open(void);

/**
 * sm_nl_module_is_loaded() - is there anything to connect to?
 *
 * Return: whether.
 */
bool sm_nl_module_is_loaded(void);

/**
 * sm_nl_close() - end a connection
 * @nl:		the connection; NULL does nothing
 */
void sm_nl_close(struct sm_nl *nl);

/**
 * sm_nl_new() - begin a request
 * @nl:		the connection
 * @cmd:	enum syncmap_cmd
 * @flags:	0 or NLM_F_DUMP
 *
 * Return: the message, with room for SM_NL_REQUEST_MAX bytes of attributes, to
 * be given to sm_nl_ask(); exits if there is no memory.
 */
struct nl_msg *sm_nl_new(struct sm_nl *nl, int cmd, int flags);

/**
 * sm_nl_ask() - send a request and take its whole answer
 * @nl:		the connection
 * @msg:	the request; it is freed
 * @fn:		takes each message of the answer; NULL if there is none but the
 *		acknowledgement
 * @arg:	for @fn
 *
 * Return: 0, or a negative errno, of which sm_nl_say() knows more.
 */
int sm_nl_ask(struct sm_nl *nl, struct nl_msg *msg, sm_nl_answer_fn fn,
	      void *arg);

/**
 * sm_nl_interrupted() - did the last dump meet a change?
 * @nl:		the connection
 *
 * Return: whether what was dumped changed meanwhile.
 */
bool sm_nl_interrupted(const struct sm_nl *nl);

/**
 * sm_nl_say() - say why the last request failed
 * @nl:		the connection
 * @format:	what the request was about, as for printf()
 *
 * Return: the exit status for it: STATUS_ABSENT for ENOENT, else
 * STATUS_REFUSED.
 */
enum status sm_nl_say(const struct sm_nl *nl, const char *format, ...)
	__printf(2, 3);

/**
 * sm_nl_version() - the module's version
 * @nl:		the connection
 *
 * Return: the version, as the module said it when the connection was made.
 */
const char *sm_nl_version(const struct sm_nl *nl);

/**
 * sm_nl_features() - what the module can do
 * @nl:		the connection
 *
 * Return: bits of enum syncmap_feature, as the module said them when the
 * connection was made.
 */
uint32_t sm_nl_features(const struct sm_nl *nl);

/**
 * sm_nl_listen() - take part in the group of events
 * @nl:		the connection; it is not to be asked anything after
 *
 * Return: 0, or a negative errno.
 */
int sm_nl_listen(struct sm_nl *nl);

/* What poll() finds readable when sm_nl_hear() would not wait. */
int sm_nl_fd(const struct sm_nl *nl);

/**
 * sm_nl_hear() - wait for events
 * @nl:		a connection that listens
 * @fn:		takes each event
 * @arg:	for @fn
 *
 * Return: 0 after one or more events; what @fn returned if not 0; -ENOBUFS
 * if events were lost because they were not read fast enough; -EINTR after a
 * signal; another negative errno.
 */
int sm_nl_hear(struct sm_nl *nl, sm_nl_answer_fn fn, void *arg);

/**
 * sm_nl_parse() - find the attributes of a message
 * @attrs:	out: for each type its last attribute, or NULL; @max + 1 of them
 * @max:	the largest type that is wanted
 * @msg:	a message of the family
 *
 * Return: 0, -EBADMSG.
 */
int sm_nl_parse(struct nlattr **attrs, int max, struct nlmsghdr *msg);

/* The number in an attribute; 0 where there is none, or it is too short for one. */
static inline uint32_t sm_nl_u32(const struct nlattr *attr)
{
	return attr && nla_len(attr) >= (int)sizeof(uint32_t) ?
	       nla_get_u32(attr) : 0;
}

#endif
