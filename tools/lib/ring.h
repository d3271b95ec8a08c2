/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A BPF ring buffer whose records come out in the order of their times,
 * whichever CPU they are from.
 *
 * Each record begins with a u64, nanoseconds of CLOCK_BOOTTIME, taken after
 * its room in the ring was.  So once everything has been read that the ring
 * held after an instant, nothing from before that instant is still to come:
 * what is older is handed out, the rest waits for the next pass.
 */
#ifndef SYNCMAP_LIB_RING_H
#define SYNCMAP_LIB_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring;

/**
 * ring_record_fn - take one record
 * @record:	the record, aligned to 8 bytes
 * @arg:	the caller's
 *
 * Return: 0; anything else ends the pass, and this record is done with.
 */
typedef int (*ring_record_fn)(const void *record, void *arg);

/**
 * ring_new() - read a ring buffer
 * @map_fd:	the map, of type BPF_MAP_TYPE_RINGBUF
 * @record_max:	bytes in its largest record
 * @fn:		takes each record
 * @arg:	for @fn
 *
 * Return: the ring, for ring_free(); NULL with errno set.
 */
struct ring *ring_new(int map_fd, size_t record_max, ring_record_fn fn,
		      void *arg);

/**
 * ring_free() - stop reading
 * @ring:	the ring; NULL does nothing
 */
void ring_free(struct ring *ring);

/* What poll() finds readable when there is something for ring_pass(). */
int ring_fd(const struct ring *ring);

/**
 * ring_pass() - read what there is, and hand out what nothing can precede
 * @ring:	the ring
 *
 * Return: 0, a negative errno, or what the function returned if not 0.
 */
int ring_pass(struct ring *ring);

/* Do records wait for a later pass? */
bool ring_waits(const struct ring *ring);

/**
 * ring_end() - read and hand out all there is
 * @ring:	the ring, which nobody writes any more
 *
 * Return: as ring_pass().
 */
int ring_end(struct ring *ring);

#endif
