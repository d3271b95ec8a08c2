// SPDX-License-Identifier: GPL-2.0
/* Every answer is tried out here and now, not concluded from a version. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "command.h"
#include "nl.h"

#define TRACEFS	"/sys/kernel/tracing"
#define EVENTS	TRACEFS "/events/" SYNCMAP_GENL_NAME

/**
 * struct answer - whether there is a feature
 * @present:	it is there
 * @detail:	where, or why not
 */
struct answer {
	bool present;
	char detail[256];
};

static void answer(struct answer *answer, bool present, const char *format, ...)
	__printf(3, 4);

static void answer(struct answer *answer, bool present, const char *format, ...)
{
	va_list args;

	answer->present = present;
	va_start(args, format);
	vsnprintf(answer->detail, sizeof(answer->detail), format, args);
	va_end(args);
}

static void probe_file(struct answer *to, const char *path)
{
	if (!access(path, R_OK))
		answer(to, true, "%s", path);
	else
		answer(to, false, "%s: %s", path, strerror(errno));
}

static void probe_kernel_btf(struct answer *to)
{
	probe_file(to, "/sys/kernel/btf/vmlinux");
}

static void probe_module_btf(struct answer *to)
{
	if (sm_nl_module_is_loaded())
		probe_file(to, "/sys/kernel/btf/" SYNCMAP_GENL_NAME);
	else
		answer(to, false, "the module is not loaded");
}

static void probe_debugfs(struct answer *to)
{
	probe_file(to, "/sys/kernel/debug/" SYNCMAP_GENL_NAME);
}

static int is_event(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && entry->d_type == DT_DIR;
}

/* The module's tracepoints by name, as tracefs has them. */
static void probe_tracepoints(struct answer *to)
{
	static const char prefix[] = SYNCMAP_GENL_NAME "_";
	struct dirent **list;
	char *at = to->detail, *end = at + sizeof(to->detail);
	int nr = scandir(EVENTS, &list, is_event, alphasort), i;

	if (nr < 0) {
		answer(to, false, "%s: %s", EVENTS, strerror(errno));
		return;
	}
	for (i = 0; i < nr; i++) {
		const char *name = list[i]->d_name;

		if (!strncmp(name, prefix, sizeof(prefix) - 1))
			name += sizeof(prefix) - 1;
		if (at < end)
			at += snprintf(at, end - at, "%s%s", i ? " " : "",
				       name);
		free(list[i]);
	}
	free(list);
	to->present = nr;
}

static void probe_ringbuf(struct answer *to)
{
	int ret = libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, NULL);

	answer(to, ret == 1, "%s", ret == 1 ? "a map could be made" :
	       ret ? strerror(-ret) : "the kernel makes no such map");
}

static void probe_tracing(struct answer *to)
{
	int ret = libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_TRACING, NULL);

	answer(to, ret == 1, "%s", ret == 1 ? "a program could be loaded" :
	       ret ? strerror(-ret) : "the kernel loads no such program");
}

/* What registers the kfuncs of a module is a function of the kernel. */
static void probe_kfuncs(struct answer *to)
{
	static const char name[] = "register_btf_kfunc_id_set";
	struct btf *btf = btf__load_vmlinux_btf();
	long err = libbpf_get_error(btf);

	if (err) {
		answer(to, false, "the kernel's BTF: %s", strerror(-err));
		return;
	}
	if (btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0)
		answer(to, true, "the kernel takes those of modules");
	else
		answer(to, false, "the kernel has no %s()", name);
	btf__free(btf);
}

static int open_event(struct perf_event_attr *attr)
{
	attr->size = sizeof(*attr);
	return syscall(SYS_perf_event_open, attr, 0, -1, -1,
		       PERF_FLAG_FD_CLOEXEC);
}

static void probe_pmu(struct answer *to)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.exclude_hv = 1,
	};
	int fd = open_event(&attr);

	if (fd < 0) {
		answer(to, false, "cycles cannot be counted: %s",
		       strerror(errno));
		return;
	}
	answer(to, true, "cycles can be counted");
	close(fd);
}

/* Sampling of loads with their address and where the data came from. */
static void probe_load_sampling(struct answer *to)
{
	static const char * const paths[] = {
		"/sys/bus/event_source/devices/cpu/events/mem-loads",
		"/sys/bus/event_source/devices/cpu_core/events/mem-loads",
		"/sys/bus/event_source/devices/ibs_op/type",
		"/sys/bus/event_source/devices/arm_spe_0/type",
		NULL
	};
	int i;

	for (i = 0; paths[i]; i++) {
		if (!access(paths[i], R_OK)) {
			answer(to, true, "%s", paths[i]);
			return;
		}
	}
	answer(to, false, "neither PEBS mem-loads nor IBS nor SPE");
}

/* A watchpoint that was opened has to count a write, too. */
static void probe_watchpoints(struct answer *to)
{
	static uint64_t word;
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.bp_type = HW_BREAKPOINT_W,
		.bp_addr = (uintptr_t)&word,
		.bp_len = HW_BREAKPOINT_LEN_8,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	int fd = open_event(&attr);
	uint64_t count = 0;

	if (fd < 0) {
		answer(to, false, "none could be set: %s", strerror(errno));
		return;
	}
	__atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
	if (read(fd, &count, sizeof(count)) == sizeof(count) && count == 1)
		answer(to, true, "one was set, and saw a write");
	else
		answer(to, false, "one was set, but saw no write");
	close(fd);
}

static void probe_module(struct answer *to)
{
	if (sm_nl_module_is_loaded())
		answer(to, true, "/sys/module/" SYNCMAP_GENL_NAME);
	else
		answer(to, false, "not loaded; insmod syncmap.ko");
}

static const struct probe {
	const char *name;
	void (*run)(struct answer *answer);
} probes[] = {
	{ "module", probe_module },
	{ "kernel-btf", probe_kernel_btf },
	{ "module-btf", probe_module_btf },
	{ "tracepoints", probe_tracepoints },
	{ "debugfs", probe_debugfs },
	{ "bpf-ringbuf", probe_ringbuf },
	{ "bpf-tracing", probe_tracing },
	{ "kfuncs", probe_kfuncs },
	{ "pmu", probe_pmu },
	{ "load-sampling", probe_load_sampling },
	{ "watchpoints", probe_watchpoints },
};

#define PROBES	(sizeof(probes) / sizeof(*probes))

static bool is_present(const struct answer *answers, const char *name)
{
	size_t i;

	for (i = 0; i < PROBES; i++)
		if (!strcmp(probes[i].name, name))
			return answers[i].present;
	return false;
}

/* How cache lines that CPUs fight over can be seen here: the first that can. */
static const char *tier(const struct answer *answers)
{
	if (is_present(answers, "pmu") && is_present(answers, "load-sampling"))
		return "pmu";
	if (is_present(answers, "watchpoints"))
		return "watchpoints";
	return is_present(answers, "tracepoints") ? "model" : NULL;
}

static int print_nothing(enum libbpf_print_level level, const char *format,
			 va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static void emit_answers(struct emit *out, const struct answer *answers)
{
	size_t i;

	emit_table(out, "features", EMIT_TABLE);
	for (i = 0; i < PROBES; i++) {
		emit_row(out);
		emit_str(out, "feature", probes[i].name);
		emit_bool(out, "present", answers[i].present);
		emit_str(out, "detail", answers[i].detail);
		emit_row_end(out);
	}
	emit_table_end(out);
}

static enum status feature(struct cli *cli, struct args *args)
{
	struct answer answers[PROBES] = {};
	const char *used;
	size_t i;

	args_end(args);
	libbpf_set_print(print_nothing);
	for (i = 0; i < PROBES; i++)
		probes[i].run(&answers[i]);
	used = tier(answers);
	emit_begin(cli->out, EMIT_FIELDS);
	emit_answers(cli->out, answers);
	if (used)
		emit_str(cli->out, "tier", used);
	else
		emit_none(cli->out, "tier", "-");
	emit_end(cli->out);
	return STATUS_DONE;
}

static const struct command commands[] = {
	{ "", "", "what this kernel offers to observers, tried out", feature },
	{}
};

const struct object feature_object = {
	.name = "feature",
	.summary = "what this kernel offers, tried out",
	.commands = commands,
};
