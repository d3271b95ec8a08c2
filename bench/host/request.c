// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/kernel.h>
#include "keys.h"
#include "request.h"
#include "shim.h"
#include "table.h"

/**
 * die() - say in a line what is wrong, and end
 * @format:	as printf()'s
 */
void die(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", STRUCTURE);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static u64 number(const char *name, const char *text, u64 min, u64 max)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || n < min || n > max)
		die("%s=%s: a number from %llu to %llu is wanted", name, text,
		    (unsigned long long)min, (unsigned long long)max);
	return n;
}

static u64 threads_max(void)
{
	return min_t(u64, sysconf(_SC_NPROCESSORS_ONLN), SHIM_THREADS);
}

static void set(struct request *r, const char *name, const char *value)
{
	if (!strcmp(name, "case")) {
		if (strlen(value) > CASE_MAX)
			die("case=%s: there is no such case", value);
		strcpy(r->name, value);
	} else if (!strcmp(name, "keys")) {
		r->keys = number(name, value, 1, KEYS_MAX);
	} else if (!strcmp(name, "threads")) {
		r->threads = number(name, value, 1, threads_max());
	} else if (!strcmp(name, "round")) {
		r->round = number(name, value, 0, U32_MAX);
	} else if (!strcmp(name, "seed")) {
		r->seed = number(name, value, 0, U64_MAX);
	} else if (!strcmp(name, "ops")) {
		r->ops = number(name, value, 1, 10000000000ULL);
	} else if (!strcmp(name, "write_share")) {
		r->write_share = number(name, value, 0, 100);
	} else if (!strcmp(name, "hot")) {
		r->hot = number(name, value, 0, 1);
	} else {
		die("%s: there is no such word", name);
	}
}

static void check_complete(const struct request *r)
{
	bool is_mix = !strcmp(r->name, "mix");

	if (!*r->name)
		die("a request needs case=");
	if (!r->keys)
		die("a request needs keys=");
	if (is_mix != (r->write_share != SHARE_NONE))
		die(is_mix ? "case=mix needs write_share=" :
			     "write_share= is for case=mix only");
	if (r->hot && strcmp(r->name, "update_existing"))
		die("hot= is for case=update_existing only");
}

/**
 * request_parse() - read a request, or die
 * @line:	words NAME=VALUE; is changed
 * @request:	out
 */
void request_parse(char *line, struct request *request)
{
	char *word, *value, *rest;

	*request = (struct request){ .threads = 1, .ops = 1000000,
				     .write_share = SHARE_NONE };
	for (word = strtok_r(line, " \t\n", &rest); word;
	     word = strtok_r(NULL, " \t\n", &rest)) {
		value = strchr(word, '=');
		if (!value)
			die("%s: NAME=VALUE is wanted", word);
		*value++ = '\0';
		set(request, word, value);
	}
	check_complete(request);
}

static void print_times(const struct request *r, const struct answer *a)
{
	printf(",\"ops\":%llu,\"ns\":%.3f,\"ops_per_second\":%.0f",
	       (unsigned long long)a->ops, (double)a->elapsed_ns / a->ops,
	       1e9 * a->ops * r->threads / a->elapsed_ns);
}

static void print_latency(const struct answer *a)
{
	printf(",\"p50_ns\":%llu,\"p99_ns\":%llu,\"p999_ns\":%llu,\"max_ns\":%llu",
	       (unsigned long long)a->p50_ns, (unsigned long long)a->p99_ns,
	       (unsigned long long)a->p999_ns, (unsigned long long)a->max_ns);
}

/**
 * answer_print() - print an answer
 * @structure:	whose
 * @request:	to which request
 * @answer:	the answer
 */
void answer_print(const char *structure, const struct request *request,
		  const struct answer *answer)
{
	printf("{\"case\":\"%s\",\"structure\":\"%s\",\"keys\":%llu,\"threads\":%llu,\"round\":%llu",
	       request->name, structure, (unsigned long long)request->keys,
	       (unsigned long long)request->threads,
	       (unsigned long long)request->round);
	if (request->write_share != SHARE_NONE)
		printf(",\"write_share\":%llu",
		       (unsigned long long)request->write_share);
	if (request->hot)
		printf(",\"hot\":true");
	if (answer->unsupported)
		printf(",\"unsupported\":\"%s\"", answer->unsupported);
	if (answer->bytes)
		printf(",\"bytes_per_key\":%.2f",
		       (double)answer->bytes / request->keys);
	if (answer->entries)
		printf(",\"entries\":%llu",
		       (unsigned long long)answer->entries);
	if (answer->ops)
		print_times(request, answer);
	if (answer->has_latency)
		print_latency(answer);
	puts("}");
	fflush(stdout);
}
