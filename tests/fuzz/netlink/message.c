// SPDX-License-Identifier: GPL-2.0
/* Sound messages, of the attributes that the YAML gives each command. */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include "message.h"
#include "random.h"

/* entries in one message: few, but now and then as many as it holds */
#define NESTS_MAX	4000

/**
 * struct making - a message that is being made
 * @request:	where to
 * @memory:	what the kernel has said
 * @random:	decides
 */
struct making {
	struct request *request;
	const struct memory *memory;
	uint64_t *random;
};

static bool has_room(const struct request *request, uint32_t len)
{
	return request->len + NLA_ALIGN(len) + 64 <= SEND_MAX;
}

/* Begin an attribute; the place where it begins. */
static uint32_t put_header(struct request *request, uint16_t type)
{
	struct nlattr attr = { .nla_len = NLA_HDRLEN, .nla_type = type };
	uint32_t at = request->len;

	memcpy(request->data + at, &attr, sizeof(attr));
	request->len += NLA_HDRLEN;
	if (request->nr_places < PLACES_MAX)
		request->places[request->nr_places++] = at;
	return at;
}

/* Set the length of the attribute at @at to all that came since. */
static void end_attr(struct request *request, uint32_t at)
{
	uint16_t len = request->len - at;

	memcpy(request->data + at, &len, sizeof(len));
	while (request->len % NLA_ALIGNTO)
		request->data[request->len++] = 0;
}

static void put(struct request *request, uint16_t type, const void *data,
		uint32_t len)
{
	uint32_t at;

	if (!has_room(request, NLA_HDRLEN + len))
		return;
	at = put_header(request, type);
	if (len)
		memcpy(request->data + request->len, data, len);
	request->len += len;
	end_attr(request, at);
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

static bool is_id(const struct attr *attr)
{
	return attr->kind == KIND_U32 && ends_with(attr->name, "id");
}

static bool is_name(const struct attr *attr)
{
	return attr->kind == KIND_STRING && ends_with(attr->name, "name");
}

/* Small numbers, the ends of the range, and what is beside them. */
static uint64_t make_number(struct making *making, const struct attr *attr)
{
	const struct memory *memory = making->memory;
	uint64_t *random = making->random;

	if (is_id(attr) && memory->nr_ids && chance(random, 90))
		return memory->ids[pick(random, memory->nr_ids < IDS_MAX ?
					memory->nr_ids : IDS_MAX)];
	switch (pick(random, 20)) {
	case 0:
		return attr->most;
	case 1:
		return attr->most + 1;
	case 2:
		return attr->least - 1;
	case 3:
		return attr->least;
	case 4:
		return random_next(random);
	case 5 ... 12:
		return 1u << pick(random, 5);
	default:
		return attr->least + pick(random, attr->most - attr->least < 8 ?
					  attr->most - attr->least + 1 : 2000);
	}
}

static void put_number(struct making *making, const struct attr *attr)
{
	uint64_t number = make_number(making, attr);
	uint32_t half = number;

	if (attr->kind == KIND_U32)
		put(making->request, attr->number, &half, sizeof(half));
	else
		put(making->request, attr->number, &number, sizeof(number));
}

/* Few names, so that maps are met again; "known" is only for reading. */
static void put_name(struct making *making, const struct attr *attr)
{
	uint64_t *random = making->random;
	char name[80];

	if (!making->request->command->admin && chance(random, 10))
		strcpy(name, "known");
	else if (making->request->dump && chance(random, 30))
		strcpy(name, "known");
	else if (chance(random, 3))
		memset(name, 'n', sizeof(name)), name[pick(random, 80)] = 0;
	else
		snprintf(name, sizeof(name), "fuzz%u", pick(random, 8));
	name[sizeof(name) - 1] = 0;
	put(making->request, attr->number, name, strlen(name) + 1);
}

static void put_bytes(struct making *making, const struct attr *attr)
{
	const struct memory *memory = making->memory;
	uint64_t *random = making->random;
	uint8_t data[5000];
	uint32_t len, i;

	if (memory->cursor_len && !strcmp(attr->name, "cursor") &&
	    chance(random, 80)) {
		put(making->request, attr->number, memory->cursor,
		    memory->cursor_len);
		return;
	}
	len = attr->least + pick(random, 8);
	if (chance(random, 2))
		len = attr->most + pick(random, 3) - 1;
	else if (len > attr->most)
		len = attr->most;
	/* few different bytes, so that keys and values are met again */
	for (i = 0; i < len; i++)
		data[i] = 'a' + pick(random, 3);
	put(making->request, attr->number, data, len);
}

static void put_attr(struct making *making, const struct attr *attr);

static void put_all(struct making *making, const struct attr_set *set,
		    uint32_t chosen)
{
	int i;

	for (i = 0; i < set->nr; i++)
		if (chosen & 1u << set->attrs[i].number)
			put_attr(making, &set->attrs[i]);
}

static void put_nest(struct making *making, const struct attr *attr)
{
	uint32_t at, before;

	if (!has_room(making->request, 5000))
		return;
	at = put_header(making->request, attr->number | NLA_F_NESTED);
	before = making->request->len;
	put_all(making, attr->nested, making->request->choice.nested);
	if (making->request->len - before < 60000)
		end_attr(making->request, at);
}

static uint32_t how_many(struct making *making, const struct attr *attr)
{
	if (!attr->multi)
		return 1;
	if (chance(making->random, 1))
		return pick(making->random, NESTS_MAX);
	return 1 + pick(making->random, 6);
}

static void put_attr(struct making *making, const struct attr *attr)
{
	uint32_t n;

	switch (attr->kind) {
	case KIND_U32:
	case KIND_U64:
		put_number(making, attr);
		break;
	case KIND_STRING:
		put_name(making, attr);
		break;
	case KIND_NEST:
		for (n = how_many(making, attr); n; n--)
			put_nest(making, attr);
		break;
	case KIND_FLAG:
	case KIND_PAD:
		put(making->request, attr->number, NULL, 0);
		break;
	default:
		put_bytes(making, attr);
	}
}

static uint32_t bits_of_nests(struct making *making, const struct attr *attr)
{
	uint32_t bits = 0;
	int i;

	/* the first is what an entry cannot be without */
	for (i = 0; i < attr->nested->nr; i++)
		if (!i || chance(making->random, 30))
			bits |= 1u << attr->nested->attrs[i].number;
	return bits;
}

/* A map has an id and a name: one of them is enough, two are refused. */
static bool is_other_reference(const struct attr *attr, int *references)
{
	if (!is_id(attr) && !is_name(attr))
		return false;
	return (*references)++;
}

static void choose(struct making *making, const struct form *form)
{
	const struct attr_set *set = making->request->command->set;
	struct choice *choice = &making->request->choice;
	bool backwards = pick(making->random, 2);
	int references = 0, i;
	const struct attr *attr;

	*choice = (struct choice){};
	for (i = 0; i < form->nr; i++) {
		attr = &set->attrs[form->attrs[backwards ? form->nr - 1 - i : i] - 1];
		if (is_other_reference(attr, &references) ||
		    chance(making->random, is_name(attr) ? 5 : 40))
			continue;
		choice->top |= 1u << attr->number;
		if (attr->kind == KIND_NEST)
			choice->nested = bits_of_nests(making, attr);
	}
}

/* What was accepted before, mostly, or the attributes that the YAML lists. */
static void choose_or_remember(struct making *making)
{
	struct request *request = making->request;
	const struct command *command = request->command;
	uint32_t known = making->memory->nr_accepted[command->number][request->dump];

	if (known && chance(making->random, 60))
		request->choice = making->memory->accepted[command->number]
			[request->dump][pick(making->random, known < CHOICES_MAX ?
					     known : CHOICES_MAX)];
	else
		choose(making, request->dump ? &command->dump_form :
		       &command->do_form);
}

static const struct command *choose_command(struct making *making)
{
	struct request *request = making->request;

	request->command = &commands[pick(making->random, nr_commands)];
	/* now and then in a form that the command has not */
	request->dump = request->command->dump_form.there ?
			chance(making->random, 30) : chance(making->random, 2);
	return request->command;
}

void request_add(struct request *request, const struct memory *memory,
		 uint32_t sequence, uint64_t *random)
{
	struct making making = { request, memory, random };
	uint32_t at = request->len;
	struct nlmsghdr header = {
		.nlmsg_type = memory->family,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.nlmsg_seq = sequence,
	};
	struct genlmsghdr genl = { .cmd = choose_command(&making)->number,
				   .version = 1 };

	if (request->dump)
		header.nlmsg_flags |= NLM_F_DUMP;
	request->last = at;
	request->nr_places = 0;
	request->len += NLMSG_HDRLEN + GENL_HDRLEN;
	choose_or_remember(&making);
	put_all(&making, request->command->set, request->choice.top);
	header.nlmsg_len = request->len - at;
	memcpy(request->data + at, &header, sizeof(header));
	memcpy(request->data + at + NLMSG_HDRLEN, &genl, sizeof(genl));
	request->messages++;
}

void memory_accept(struct memory *memory, const struct request *request)
{
	uint8_t number = request->command->number;
	uint32_t n = memory->nr_accepted[number][request->dump]++;

	memory->accepted[number][request->dump][n % CHOICES_MAX] =
		request->choice;
}
