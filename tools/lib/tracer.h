/* SPDX-License-Identifier: GPL-2.0 */
/* What the observers share: what BPF needs, why it failed, where it is pinned. */
#ifndef SYNCMAP_LIB_TRACER_H
#define SYNCMAP_LIB_TRACER_H

#include <stdbool.h>
#include <stdint.h>

struct bpf_object;
struct bpf_program;

/**
 * struct pins - what an observer has pinned
 * @path:	the folder; empty: nothing is pinned
 */
struct pins {
	char path[64];
};

/**
 * tracer_begin() - is what BPF programs on the module's tracepoints need there?
 *
 * Keeps libbpf from writing to the standard error; tracer_failed() tells.
 *
 * Return: whether; says what is absent.
 */
bool tracer_begin(void);

/**
 * tracer_failed() - say why libbpf refused
 * @what:	what was tried, as "loading the BPF programs"
 * @err:	a negative errno
 */
void tracer_failed(const char *what, int err);

/**
 * tracer_wait() - wait until programs that were detached are not running any more
 *
 * A detached program may still run on another CPU.
 */
void tracer_wait(void);

/**
 * tracer_nested() - events that a program was not run for
 * @program:	a loaded program
 *
 * Return: how many happened on a CPU while it ran there already.
 */
uint64_t tracer_nested(const struct bpf_program *program);

/**
 * pins_make() - pin the maps and loaded programs of an object
 * @pins:	where to note it
 * @object:	the object
 * @name:	the observer's name
 *
 * Into /sys/fs/bpf/syncmap/NAME-PID.  The links that attach the programs are
 * not pinned, so that nothing traces on if this process is killed; what such
 * a one has left there is removed.  If nothing can be pinned a warning says so.
 */
void pins_make(struct pins *pins, struct bpf_object *object, const char *name);

/**
 * pins_remove() - remove what pins_make() made
 * @pins:	what it noted
 */
void pins_remove(struct pins *pins);

#endif
