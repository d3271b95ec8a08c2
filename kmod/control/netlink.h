/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family, as <uapi/linux/syncmap.h> says it.  Requests run
 * in parallel: no handler has the genetlink lock.
 */
#ifndef SYNCMAP_CONTROL_NETLINK_H
#define SYNCMAP_CONTROL_NETLINK_H

#include <net/genetlink.h>
#include <uapi/linux/syncmap.h>

/* an entry cursor as userspace holds it: struct cursor of netlink_dump.c */
#define SM_NL_CURSOR_MIN	16
#define SM_NL_CURSOR_MAX	(SM_NL_CURSOR_MIN + 255)

struct sm_named;

extern struct genl_family sm_nl_family;

/* netlink_policy.c: what each command takes */
extern const struct nla_policy sm_nl_map_ref_policy[SYNCMAP_A_MAP_NAME + 1];
extern const struct nla_policy
		sm_nl_map_new_policy[SYNCMAP_A_MAP_MAX_BYTES + 1];
extern const struct nla_policy
		sm_nl_map_set_policy[SYNCMAP_A_MAP_MAX_BYTES + 1];
extern const struct nla_policy
		sm_nl_reshard_policy[SYNCMAP_A_MAP_SHARDS + 1];
extern const struct nla_policy
		sm_nl_entry_get_policy[SYNCMAP_A_ENTRIES_CURSOR + 1];
extern const struct nla_policy
		sm_nl_entry_set_policy[SYNCMAP_A_ENTRIES_RETURN + 1];
extern const struct nla_policy
		sm_nl_entry_del_policy[SYNCMAP_A_ENTRIES_RETURN + 1];
extern const struct nla_policy
		sm_nl_stats_get_policy[SYNCMAP_A_STATS_MAP_NAME + 1];
/* and what an ENTRY has in each of three */
extern const struct nla_policy sm_nl_get_policy[SYNCMAP_A_ENTRY_KEY + 1];
extern const struct nla_policy sm_nl_set_policy[SYNCMAP_A_ENTRY_OP + 1];
extern const struct nla_policy sm_nl_del_policy[SYNCMAP_A_ENTRY_OLD + 1];

/* netlink.c */
int sm_nl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		 const char *why, int err);
int sm_nl_missing(struct netlink_ext_ack *extack, const struct nlattr *nest,
		  int type, const char *why);
int sm_nl_only(struct nlattr **attrs, int max, unsigned long allowed,
	       struct netlink_ext_ack *extack);
int sm_nl_dump_attrs(struct netlink_callback *cb, struct nlattr **attrs,
		     int max, const struct nla_policy *policy,
		     unsigned long allowed);
struct sm_named *sm_nl_find(struct nlattr **attrs, int id, int name,
			    struct netlink_ext_ack *extack);
struct sk_buff *sm_nl_reply(struct genl_info *info, size_t size, void **hdr);
int sm_nl_each_map(struct sk_buff *skb, struct netlink_callback *cb,
		   int (*put)(struct sk_buff *skb, struct netlink_callback *cb,
			      struct sm_named *named));

int sm_netlink_init(void);
void sm_netlink_exit(void);

/* netlink_map.c */
int sm_nl_put_map(struct sk_buff *skb, struct sm_named *named);
size_t sm_nl_map_size(void);

/*
 * The handlers of the commands.  Context: process, no lock held.  Return: what
 * genetlink asks of a doit, a start, a dumpit or a done.
 */
int sm_nl_map_get(struct sk_buff *skb, struct genl_info *info);
int sm_nl_map_new(struct sk_buff *skb, struct genl_info *info);
int sm_nl_map_set(struct sk_buff *skb, struct genl_info *info);
int sm_nl_map_del(struct sk_buff *skb, struct genl_info *info);
int sm_nl_map_clear(struct sk_buff *skb, struct genl_info *info);
int sm_nl_reshard(struct sk_buff *skb, struct genl_info *info);
int sm_nl_map_dump_start(struct netlink_callback *cb);
int sm_nl_map_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_entry.c */
int sm_nl_entry_get(struct sk_buff *skb, struct genl_info *info);
int sm_nl_entry_set(struct sk_buff *skb, struct genl_info *info);
int sm_nl_entry_del(struct sk_buff *skb, struct genl_info *info);

/* netlink_dump.c */
int sm_nl_entry_dump_start(struct netlink_callback *cb);
int sm_nl_entry_dump(struct sk_buff *skb, struct netlink_callback *cb);
int sm_nl_entry_dump_done(struct netlink_callback *cb);

/* netlink_stats.c */
int sm_nl_stats_get(struct sk_buff *skb, struct genl_info *info);
int sm_nl_stats_dump_start(struct netlink_callback *cb);
int sm_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_notify.c */
void sm_notify_map(u8 cmd, struct sm_named *named);
void sm_notify_init(void);
void sm_notify_exit(void);

#endif
