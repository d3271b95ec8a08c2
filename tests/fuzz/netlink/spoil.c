// SPDX-License-Identifier: GPL-2.0
/* Ways in which a message can be wrong. */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include "message.h"
#include "random.h"

#define HEADERS	(NLMSG_HDRLEN + GENL_HDRLEN)

/* what is not to be larger than it is, and one more than it may be */
static const uint16_t lengths[] = {
	0, 1, 3, 4, 5, 6, 7, 8, 11, 12, 16, 20, 255, 256, 4100, 4101, 32768, 65535,
};

/* Where an attribute begins, if there is one whose header is there. */
static bool find_place(struct request *request, uint64_t *random, uint32_t *at)
{
	if (!request->nr_places)
		return false;
	*at = request->places[pick(random, request->nr_places)];
	return *at + NLA_HDRLEN <= request->len;
}

static void insert(struct request *request, uint32_t at, const void *data,
		   uint32_t len)
{
	if (request->len + len > SEND_MAX || at > request->len)
		return;
	memmove(request->data + at + len, request->data + at, request->len - at);
	memcpy(request->data + at, data, len);
	request->len += len;
}

static void change_byte(struct request *request, uint64_t *random)
{
	uint32_t at = request->last + HEADERS + pick(random, request->len);

	if (at < request->len)
		request->data[at] = random_next(random);
}

static void change_bit(struct request *request, uint64_t *random)
{
	uint32_t at = request->last + HEADERS + pick(random, request->len);

	if (at < request->len)
		request->data[at] ^= 1u << pick(random, 8);
}

static void cut(struct request *request, uint64_t *random)
{
	uint32_t len = request->len - pick(random, request->len < 64 ?
					   request->len : 64);

	request->len = len < NLMSG_HDRLEN ? NLMSG_HDRLEN : len;
}

static void change_length(struct request *request, uint64_t *random)
{
	uint16_t len;
	uint32_t at;

	if (!find_place(request, random, &at))
		return;
	memcpy(&len, request->data + at, sizeof(len));
	if (pick(random, 2))
		len = lengths[pick(random, sizeof(lengths) / sizeof(*lengths))];
	else
		len += pick(random, 9) - 4;
	memcpy(request->data + at, &len, sizeof(len));
}

static void change_type(struct request *request, uint64_t *random)
{
	uint16_t type;
	uint32_t at;

	if (!find_place(request, random, &at))
		return;
	memcpy(&type, request->data + at + 2, sizeof(type));
	switch (pick(random, 4)) {
	case 0:
		type ^= NLA_F_NESTED;
		break;
	case 1:
		type ^= NLA_F_NET_BYTEORDER;
		break;
	case 2:
		type = random_next(random);
		break;
	default:
		type = pick(random, 20);
	}
	memcpy(request->data + at + 2, &type, sizeof(type));
}

static void repeat_attr(struct request *request, uint64_t *random)
{
	uint8_t copy[600];
	uint16_t len;
	uint32_t at, times = 1 + pick(random, 3);

	if (!find_place(request, random, &at))
		return;
	memcpy(&len, request->data + at, sizeof(len));
	if (len > sizeof(copy) - NLA_ALIGNTO || at + NLA_ALIGN(len) > request->len)
		return;
	memcpy(copy, request->data + at, NLA_ALIGN(len));
	while (times--)
		insert(request, at, copy, NLA_ALIGN(len));
}

static void remove_attr(struct request *request, uint64_t *random)
{
	uint32_t at, end;
	uint16_t len;

	if (!find_place(request, random, &at))
		return;
	memcpy(&len, request->data + at, sizeof(len));
	end = at + NLA_ALIGN(len);
	if (end > request->len)
		return;
	memmove(request->data + at, request->data + end, request->len - end);
	request->len -= end - at;
}

static void insert_rubbish(struct request *request, uint64_t *random)
{
	uint8_t rubbish[64];
	uint32_t i, at = request->len;

	for (i = 0; i < sizeof(rubbish); i++)
		rubbish[i] = pick(random, 3) ? random_next(random) : 0;
	if (pick(random, 2))
		find_place(request, random, &at);
	insert(request, at, rubbish, 1 + pick(random, sizeof(rubbish)));
}

static void change_flags(struct request *request, uint32_t header,
			 uint64_t *random)
{
	uint16_t flags;
	uint32_t at = header + offsetof(struct nlmsghdr, nlmsg_flags);

	memcpy(&flags, request->data + at, sizeof(flags));
	flags ^= 1u << pick(random, 12);
	if (chance(random, 20))
		flags ^= NLM_F_DUMP;
	memcpy(request->data + at, &flags, sizeof(flags));
}

/* command, version, reserved */
static void change_genl(struct request *request, uint32_t header,
			uint64_t *random)
{
	uint8_t *genl = request->data + header + NLMSG_HDRLEN;

	if (request->len < header + HEADERS)
		return;
	if (pick(random, 3))
		genl[0] = pick(random, 30);
	else
		genl[pick(random, GENL_HDRLEN)] = random_next(random);
}

/* The header's length is as long as the message again; mostly. */
static void set_length(struct request *request, uint32_t header,
		       uint64_t *random)
{
	uint32_t len = request->len - header;

	if (chance(random, 10))
		len += pick(random, 65) - 32;
	else if (chance(random, 3))
		len = random_next(random);
	memcpy(request->data + header, &len, sizeof(len));
}

void request_spoil(struct request *request, uint64_t *random)
{
	static void (* const ways[])(struct request *, uint64_t *) = {
		change_byte, change_bit, change_bit, cut, change_length,
		change_length, change_type, change_type, repeat_attr,
		remove_attr, insert_rubbish,
	};
	uint32_t header = request->last, times = 1 + pick(random, 4);

	while (times--)
		ways[pick(random, sizeof(ways) / sizeof(*ways))](request, random);
	if (request->len < header + NLMSG_HDRLEN)
		request->len = header + NLMSG_HDRLEN;
	if (chance(random, 15))
		change_flags(request, header, random);
	if (chance(random, 10))
		change_genl(request, header, random);
	set_length(request, header, random);
	request->spoiled = true;
}
