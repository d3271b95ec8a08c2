// SPDX-License-Identifier: GPL-2.0
/*
 * Sends the module netlink messages that are right, and messages that are wrong
 * in all ways, as the family's YAML tells apart; and says whether each was
 * answered, the module is alive, and a map that none was about is unharmed.
 *
 *	netlink-fuzz [-n MESSAGES] [-s SEED] [-v]
 *
 * What is sent depends on the seed and on what the kernel answers.  It deletes
 * all maps.  On the standard output, as JSON: {"messages":…,"accepted":…,
 * "refused":…,"unanswered":…,"strays":…,"checks":…,"maps":…,"seed":…}
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <linux/syncmap.h>
#include "known.h"
#include "random.h"

#define MESSAGES_A_CHECK	1000
#define CHECKS_A_LINE		50
#define MAPS_MOST		40

/**
 * struct run - the run
 * @seed:	of all that is random
 * @wanted:	messages to send
 * @messages:	sent
 * @accepted:	that were answered, or acknowledged
 * @refused:	that were refused
 * @unanswered:	that did not ask for an answer, and got none
 * @checks:	times that the known map was looked at
 * @maps:	maps made
 * @verbose:	tell of each message
 */
static struct run {
	uint64_t seed;
	uint64_t wanted;
	uint64_t messages;
	uint64_t accepted;
	uint64_t refused;
	uint64_t unanswered;
	uint64_t checks;
	uint64_t maps;
	bool verbose;
} run;

static struct talk root, nobody;
static struct memory memory;
static struct request request;

static void print_request(void)
{
	uint32_t i;

	for (i = 0; i < request.len && i < 512; i++)
		fprintf(stderr, "%02x", request.data[i]);
	fprintf(stderr, "%s\n", i < request.len ? "…" : "");
}

void die(const char *format, ...)
{
	va_list args;

	fputs("netlink-fuzz: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nnetlink-fuzz: after %llu messages; again: netlink-fuzz -s %llu -n %llu; the last was:\n",
		(unsigned long long)run.messages, (unsigned long long)run.seed,
		(unsigned long long)run.messages + 1);
	print_request();
	exit(1);
}

/* CAP_NET_ADMIN is looked for when the socket is opened and when it is used. */
static void set_admin(bool on)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		die("capabilities: %s", strerror(errno));
	if (on)
		data[0].effective |= 1u << CAP_NET_ADMIN;
	else
		data[0].effective &= ~(1u << CAP_NET_ADMIN);
	if (syscall(SYS_capset, &header, data))
		die("capabilities: %s", strerror(errno));
}

static void open_sockets(void)
{
	talk_open(&root);
	set_admin(false);
	talk_open(&nobody);
	set_admin(true);
	memory.family = root.family;
}

/* Ids of new maps and cursors of dumps, for later messages. */
static void learn(const struct nlmsghdr *msg, void *arg)
{
	uint8_t command = *(const uint8_t *)NLMSG_DATA(msg);
	const void *found;
	uint32_t len;

	(void)arg;
	if (command == SYNCMAP_CMD_MAP_NEW) {
		found = attr_of(msg, SYNCMAP_A_MAP_ID, &len);
		run.maps++;
		if (found)
			memcpy(&memory.ids[memory.nr_ids++ % IDS_MAX], found,
			       sizeof(uint32_t));
	} else if (command == SYNCMAP_CMD_ENTRY_GET) {
		found = attr_of(msg, SYNCMAP_A_ENTRIES_CURSOR, &len);
		if (!found || len > CURSOR_MAX)
			return;
		memcpy(memory.cursor, found, len);
		memory.cursor_len = len;
	}
}

/* Generic netlink itself says no word: of a right, a command, a header, a family. */
static bool is_wordless(int err)
{
	return err == EPERM || err == EOPNOTSUPP || err == EBUSY ||
	       (request.spoiled && (err == EINVAL || err == ENOENT));
}

static void check_verdict(const struct verdict *verdict, bool admin)
{
	if (!admin && verdict->admin)
		die("an answer that needs CAP_NET_ADMIN came without");
	if (!admin && !request.spoiled && request.messages == 1 &&
	    request.command->admin &&
	    !(verdict->err == EPERM || verdict->err == EOPNOTSUPP))
		die("%s is done without CAP_NET_ADMIN", request.command->name);
	if (!request.spoiled && verdict->acks != request.messages)
		die("%u messages were answered with %u acknowledgements",
		    request.messages, verdict->acks);
	if (verdict->refused && !verdict->worded && !is_wordless(verdict->err))
		die("refused without a word: %s", strerror(verdict->err));
}

static void count(const struct verdict *verdict)
{
	uint32_t accepted = verdict->acks - verdict->refused;

	if (!verdict->acks && verdict->replies)
		accepted = 1;
	run.messages += request.messages;
	run.accepted += accepted;
	run.refused += verdict->refused;
	if (accepted + verdict->refused < request.messages)
		run.unanswered += request.messages - accepted - verdict->refused;
}

static void make_request(struct talk *talk, uint64_t *random)
{
	uint32_t messages = chance(random, 5) ? 2 + pick(random, 7) : 1;

	talk->first = talk->sequence + 1;
	request.len = request.messages = 0;
	request.spoiled = false;
	while (messages-- && request.len < SEND_MAX / 2)
		request_add(&request, &memory, ++talk->sequence, random);
	if (chance(random, 55))
		request_spoil(&request, random);
	known_spare(&request);
}

static void tell(const struct verdict *verdict)
{
	fprintf(stderr, "%s%s%s: %u acks, %u refused (%s): ",
		request.command->name, request.dump ? " dump" : "",
		request.spoiled ? " spoiled" : "", verdict->acks,
		verdict->refused, strerror(verdict->err));
	print_request();
}

static void send_one(void)
{
	/* so that any of them can be made without those before */
	uint64_t random = run.seed + run.messages * 0x2545f4914f6cdd1dULL;
	bool admin = !chance(&random, 5);
	struct talk *talk = admin ? &root : &nobody;
	struct verdict verdict;

	make_request(talk, &random);
	verdict = talk_ask(talk, request.data, request.len, learn, NULL);
	if (run.verbose)
		tell(&verdict);
	check_verdict(&verdict, admin);
	count(&verdict);
	if (verdict.acks == 1 && !verdict.refused && !request.spoiled &&
	    request.messages == 1)
		memory_accept(&memory, &request);
}

static void check_kernel(void)
{
	known_check(&root);
	if (++run.checks % CHECKS_A_LINE == 0)
		fprintf(stderr, "netlink-fuzz: %llu messages\n",
			(unsigned long long)run.messages);
	if (maps_count(&root) > MAPS_MOST)
		maps_delete(&root, false);
}

static void send_all(void)
{
	uint64_t next = MESSAGES_A_CHECK;

	while (run.messages < run.wanted) {
		send_one();
		if (run.messages < next)
			continue;
		check_kernel();
		next += MESSAGES_A_CHECK;
	}
	check_kernel();
}

static void report(void)
{
	printf("{\"messages\":%llu,\"accepted\":%llu,\"refused\":%llu,\"unanswered\":%llu,\"strays\":%u,\"checks\":%llu,\"maps\":%llu,\"seed\":%llu}\n",
	       (unsigned long long)run.messages,
	       (unsigned long long)run.accepted,
	       (unsigned long long)run.refused,
	       (unsigned long long)run.unanswered, root.strays + nobody.strays,
	       (unsigned long long)run.checks, (unsigned long long)run.maps,
	       (unsigned long long)run.seed);
}

int main(int argc, char **argv)
{
	int option;

	run.wanted = 100000;
	run.seed = time(NULL);
	while ((option = getopt(argc, argv, "n:s:v")) != -1) {
		switch (option) {
		case 'n':
			run.wanted = strtoull(optarg, NULL, 10);
			break;
		case 's':
			run.seed = strtoull(optarg, NULL, 10);
			break;
		case 'v':
			run.verbose = true;
			break;
		default:
			fputs("usage: netlink-fuzz [-n MESSAGES] [-s SEED] [-v]\n",
			      stderr);
			return 2;
		}
	}
	fprintf(stderr, "netlink-fuzz: -s %llu -n %llu\n",
		(unsigned long long)run.seed, (unsigned long long)run.wanted);
	open_sockets();
	maps_delete(&root, true);
	known_make(&root);
	send_all();
	maps_delete(&root, true);
	if (maps_count(&root))
		die("maps are left");
	report();
	return 0;
}
