// SPDX-License-Identifier: GPL-2.0
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "ring.h"
#include "say.h"

/*
 * The clock that BPF programs read runs ahead of or behind this one by less
 * than a tick's correction while the kernel updates both.
 */
#define CLOCKS_DIFFER_NS	1000000

/* before each record in the ring, and what records are aligned to */
#define HEADER_BYTES		8

/**
 * struct slot - a record that has been read and waits
 * @number:	how many were read before it
 * @record:	the record, the first member of which is its time
 */
struct slot {
	uint64_t number;
	union {
		uint64_t time;
		unsigned char bytes[8];
	} record;
};

/**
 * struct ring - see ring.h
 * @reader:	libbpf's
 * @consumed:	where the reader stands, a position in all that was ever written
 * @produced:	where the next record will be
 * @page:	bytes in each of these two mappings
 * @end:	up to where this pass reads
 * @slots:	what waits, @slot_size bytes each
 * @nr:		how many
 * @room:	how many fit
 * @numbered:	how many were ever read
 * @record_max:	bytes in the largest record
 * @slot_size:	bytes in a slot
 * @fn:		takes records
 * @arg:	for @fn
 */
struct ring {
	struct ring_buffer *reader;
	const unsigned long *consumed;
	const unsigned long *produced;
	long page;
	unsigned long end;
	void *slots;
	unsigned long nr, room;
	uint64_t numbered;
	size_t record_max, slot_size;
	ring_record_fn fn;
	void *arg;
};

static struct slot *slot_at(const struct ring *ring, unsigned long i)
{
	return ring->slots + i * ring->slot_size;
}

static unsigned long position_of(const unsigned long *position)
{
	return __atomic_load_n(position, __ATOMIC_ACQUIRE);
}

static bool reached_end(unsigned long position, unsigned long end)
{
	return (long)(position - end) >= 0;
}

/* Keep a copy of one record; stop at the end of this pass. */
static int keep(void *arg, void *record, size_t size)
{
	struct ring *ring = arg;
	unsigned long next;
	struct slot *slot;

	ring->slots = grow(ring->slots, &ring->room, ring->nr + 1,
			   ring->slot_size);
	slot = slot_at(ring, ring->nr++);
	slot->number = ring->numbered++;
	memcpy(slot->record.bytes, record,
	       size < ring->record_max ? size : ring->record_max);
	next = position_of(ring->consumed) + HEADER_BYTES +
	       (size + HEADER_BYTES - 1) / HEADER_BYTES * HEADER_BYTES;
	return reached_end(next, ring->end) ? -ECANCELED : 0;
}

static int map_positions(struct ring *ring, int map_fd)
{
	void *consumed, *produced;

	consumed = mmap(NULL, ring->page, PROT_READ, MAP_SHARED, map_fd, 0);
	if (consumed == MAP_FAILED)
		return -errno;
	ring->consumed = consumed;
	produced = mmap(NULL, ring->page, PROT_READ, MAP_SHARED, map_fd,
			ring->page);
	if (produced == MAP_FAILED)
		return -errno;
	ring->produced = produced;
	return 0;
}

struct ring *ring_new(int map_fd, size_t record_max, ring_record_fn fn,
		      void *arg)
{
	struct ring *ring = calloc(1, sizeof(*ring));
	int err;

	if (!ring)
		die_of_memory();
	ring->page = sysconf(_SC_PAGESIZE);
	ring->record_max = record_max;
	ring->slot_size = (offsetof(struct slot, record) + record_max + 7) & ~7;
	ring->fn = fn;
	ring->arg = arg;
	err = map_positions(ring, map_fd);
	if (!err) {
		ring->reader = ring_buffer__new(map_fd, keep, ring, NULL);
		err = ring->reader ? 0 : -errno;
	}
	if (err) {
		ring_free(ring);
		errno = -err;
		return NULL;
	}
	return ring;
}

void ring_free(struct ring *ring)
{
	if (!ring)
		return;
	ring_buffer__free(ring->reader);
	if (ring->produced)
		munmap((void *)ring->produced, ring->page);
	if (ring->consumed)
		munmap((void *)ring->consumed, ring->page);
	free(ring->slots);
	free(ring);
}

int ring_fd(const struct ring *ring)
{
	return ring_buffer__epoll_fd(ring->reader);
}

bool ring_waits(const struct ring *ring)
{
	return ring->nr;
}

/* Return: how many could not be read yet: 0, -EAGAIN, another errno */
static int read_to(struct ring *ring, unsigned long end)
{
	int err = 0;

	ring->end = end;
	if (!reached_end(position_of(ring->consumed), end))
		err = ring_buffer__consume(ring->reader);
	if (err < 0 && err != -ECANCELED)
		return err;
	return reached_end(position_of(ring->consumed), end) ? 0 : -EAGAIN;
}

static int by_time(const void *one, const void *other)
{
	const struct slot *a = one, *b = other;

	if (a->record.time != b->record.time)
		return a->record.time < b->record.time ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

/* Hand out what is older than @before, the oldest first. */
static int hand_out(struct ring *ring, uint64_t before)
{
	unsigned long i = 0;
	int err = 0;

	qsort(ring->slots, ring->nr, ring->slot_size, by_time);
	while (!err && i < ring->nr && slot_at(ring, i)->record.time < before)
		err = ring->fn(slot_at(ring, i++)->record.bytes, ring->arg);
	ring->nr -= i;
	memmove(ring->slots, slot_at(ring, i), ring->nr * ring->slot_size);
	return err;
}

int ring_pass(struct ring *ring)
{
	struct timespec now;
	int err;

	clock_gettime(CLOCK_BOOTTIME, &now);
	err = read_to(ring, position_of(ring->produced));
	if (err == -EAGAIN)
		return 0;
	if (err || !ring->nr)
		return err;
	return hand_out(ring, now.tv_sec * 1000000000ull + now.tv_nsec -
			CLOCKS_DIFFER_NS);
}

int ring_end(struct ring *ring)
{
	int err = read_to(ring, position_of(ring->produced));

	if (err && err != -EAGAIN)
		return err;
	return ring->nr ? hand_out(ring, UINT64_MAX) : 0;
}
