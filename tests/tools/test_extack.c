// SPDX-License-Identifier: GPL-2.0
/* What the kernel says of a request is led back to its attributes. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/syncmap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include "extack.h"

static struct nl_msg *request(int cmd)
{
	struct nl_msg *msg = nlmsg_alloc();

	genlmsg_put(msg, 1, 1, 99, 0, 0, cmd, 1);
	return msg;
}

static uint32_t end_of(struct nl_msg *msg)
{
	return nlmsg_hdr(msg)->nlmsg_len;
}

/* Put an ENTRY.  Return: the offset of the attribute that is last in it. */
static uint32_t put_entry(struct nl_msg *msg)
{
	struct nlattr *nest;
	uint32_t offset;

	nest = nla_nest_start(msg, SYNCMAP_A_ENTRIES_ENTRY | NLA_F_NESTED);
	nla_put(msg, SYNCMAP_A_ENTRY_KEY, 3, "key");
	offset = end_of(msg);
	nla_put(msg, SYNCMAP_A_ENTRY_VALUE, 5, "value");
	nla_nest_end(msg, nest);
	return offset;
}

/* An error as the kernel sends it, its request cut off or not. */
static struct nl_msg *refusal(struct nl_msg *asked, int err, int flags)
{
	struct nlmsgerr error = { .error = err, .msg = *nlmsg_hdr(asked) };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsghdr *hdr = nlmsg_put(msg, 1, 1, NLMSG_ERROR, 0,
					 flags | NLM_F_ACK_TLVS);

	(void)hdr;
	nlmsg_append(msg, &error, sizeof(error), NLMSG_ALIGNTO);
	if (!(flags & NLM_F_CAPPED))
		nlmsg_append(msg, nlmsg_data(nlmsg_hdr(asked)),
			     nlmsg_datalen(nlmsg_hdr(asked)), NLMSG_ALIGNTO);
	nla_put_string(msg, NLMSGERR_ATTR_MSG, "no good");
	return msg;
}

static struct extack take(struct nl_msg *answer, struct nl_msg *asked)
{
	struct extack extack = {};

	extack_take(&extack, nlmsg_hdr(answer), asked);
	nlmsg_free(answer);
	return extack;
}

static void an_attribute_of_a_map_is_named(void **state)
{
	static const int flags[] = { 0, NLM_F_CAPPED };
	struct nl_msg *asked = request(SYNCMAP_CMD_MAP_NEW), *answer;
	struct extack extack;
	uint32_t offset;
	int i;

	(void)state;
	nla_put_string(asked, SYNCMAP_A_MAP_NAME, "words");
	offset = end_of(asked);
	nla_put_u32(asked, SYNCMAP_A_MAP_SHARDS, 3);
	for (i = 0; i < 2; i++) {
		answer = refusal(asked, -EINVAL, flags[i]);
		nla_put_u32(answer, NLMSGERR_ATTR_OFFS, offset);
		extack = take(answer, asked);
		assert_int_equal(extack.err, -EINVAL);
		assert_string_equal(extack.text, "no good");
		assert_string_equal(extack.attr, "shards");
		assert_string_equal(extack.wanted, "");
	}
	nlmsg_free(asked);
}

static void an_attribute_of_an_entry_is_named_with_its_place(void **state)
{
	struct nl_msg *asked = request(SYNCMAP_CMD_ENTRY_SET), *answer;
	uint32_t first, second;

	(void)state;
	nla_put_string(asked, SYNCMAP_A_ENTRIES_MAP_NAME, "words");
	first = put_entry(asked);
	answer = refusal(asked, -EINVAL, NLM_F_CAPPED);
	nla_put_u32(answer, NLMSGERR_ATTR_OFFS, first);
	assert_string_equal(take(answer, asked).attr, "value");

	second = put_entry(asked);
	answer = refusal(asked, -EINVAL, NLM_F_CAPPED);
	nla_put_u32(answer, NLMSGERR_ATTR_OFFS, second);
	assert_string_equal(take(answer, asked).attr, "value of entry 2");
	nlmsg_free(asked);
}

static void a_missing_attribute_is_named(void **state)
{
	struct nl_msg *asked = request(SYNCMAP_CMD_ENTRY_SET), *answer;
	uint32_t nest;

	(void)state;
	answer = refusal(asked, -EINVAL, NLM_F_CAPPED);
	nla_put_u32(answer, NLMSGERR_ATTR_MISS_TYPE, SYNCMAP_A_ENTRIES_ENTRY);
	assert_string_equal(take(answer, asked).attr, "entry");

	nest = end_of(asked);
	put_entry(asked);
	answer = refusal(asked, -EINVAL, NLM_F_CAPPED);
	nla_put_u32(answer, NLMSGERR_ATTR_MISS_TYPE, SYNCMAP_A_ENTRY_OLD);
	nla_put_u32(answer, NLMSGERR_ATTR_MISS_NEST, nest);
	assert_string_equal(take(answer, asked).attr, "old");
	nlmsg_free(asked);
}

static void what_a_policy_wants_is_told(void **state)
{
	struct nl_msg *asked = request(SYNCMAP_CMD_MAP_NEW), *answer;
	struct nlattr *nest;

	(void)state;
	answer = refusal(asked, -ERANGE, NLM_F_CAPPED);
	nest = nla_nest_start(answer, NLMSGERR_ATTR_POLICY);
	nla_put_u64(answer, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, 1);
	nla_put_u64(answer, NL_POLICY_TYPE_ATTR_MAX_VALUE_U, UINT64_MAX);
	nla_nest_end(answer, nest);
	assert_string_equal(take(answer, asked).wanted,
			    "1 to 18446744073709551615");

	answer = refusal(asked, -EINVAL, NLM_F_CAPPED);
	nest = nla_nest_start(answer, NLMSGERR_ATTR_POLICY);
	nla_put_u32(answer, NL_POLICY_TYPE_ATTR_MIN_LENGTH, 1);
	nla_put_u32(answer, NL_POLICY_TYPE_ATTR_MAX_LENGTH, 255);
	nla_nest_end(answer, nest);
	assert_string_equal(take(answer, asked).wanted, "1 to 255 bytes");
	nlmsg_free(asked);
}

static void a_dump_can_fail_at_its_end(void **state)
{
	struct nl_msg *asked = request(SYNCMAP_CMD_ENTRY_GET);
	struct nl_msg *answer = nlmsg_alloc();
	int err = -ENOENT;
	struct extack extack;

	(void)state;
	nlmsg_put(answer, 1, 1, NLMSG_DONE, 0, NLM_F_ACK_TLVS);
	nlmsg_append(answer, &err, sizeof(err), NLMSG_ALIGNTO);
	nla_put_string(answer, NLMSGERR_ATTR_MSG, "deleted");
	extack = take(answer, asked);
	assert_int_equal(extack.err, -ENOENT);
	assert_string_equal(extack.text, "deleted");
	nlmsg_free(asked);
}

static void nonsense_does_no_harm(void **state)
{
	static const uint32_t offsets[] = { 0, 1, 15, 16, 21, 1000, UINT32_MAX };
	struct nl_msg *asked = request(SYNCMAP_CMD_ENTRY_SET), *answer;
	size_t i;

	(void)state;
	put_entry(asked);
	for (i = 0; i < sizeof(offsets) / sizeof(*offsets); i++) {
		answer = refusal(asked, -EINVAL, NLM_F_CAPPED);
		nla_put_u32(answer, NLMSGERR_ATTR_OFFS, offsets[i]);
		assert_string_equal(take(answer, asked).attr, "");
		answer = refusal(asked, -EINVAL, NLM_F_CAPPED);
		nla_put_u32(answer, NLMSGERR_ATTR_MISS_TYPE, 1000);
		nla_put_u32(answer, NLMSGERR_ATTR_MISS_NEST, offsets[i]);
		assert_string_equal(take(answer, asked).attr, "?");
	}
	nlmsg_free(asked);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attribute_of_a_map_is_named),
		cmocka_unit_test(an_attribute_of_an_entry_is_named_with_its_place),
		cmocka_unit_test(a_missing_attribute_is_named),
		cmocka_unit_test(what_a_policy_wants_is_told),
		cmocka_unit_test(a_dump_can_fail_at_its_end),
		cmocka_unit_test(nonsense_does_no_harm),
	};

	return cmocka_run_group_tests_name("extack", tests, NULL, NULL);
}
