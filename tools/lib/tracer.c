// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "say.h"
#include "tracer.h"

/* the first line of libbpf's first complaint */
static char complaint[256];

static int remember(enum libbpf_print_level level, const char *format,
		    va_list args)
{
	if (level != LIBBPF_WARN || *complaint)
		return 0;
	vsnprintf(complaint, sizeof(complaint), format, args);
	complaint[strcspn(complaint, "\n")] = 0;
	return 0;
}

bool tracer_begin(void)
{
	libbpf_set_print(remember);
	if (access("/sys/kernel/btf/vmlinux", R_OK)) {
		say("BTF is absent: this kernel has no /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF)");
		return false;
	}
	if (access("/sys/kernel/btf/syncmap", R_OK)) {
		say("BTF of the module is absent: syncmap.ko was built without it, or another kernel's was loaded");
		return false;
	}
	return true;
}

void tracer_failed(const char *what, int err)
{
	if (err == -EPERM)
		say("%s: %s: it needs root, or CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN",
		    what, strerror(-err));
	else
		say("%s: %s%s%s", what, strerror(-err),
		    *complaint ? ": " : "", complaint);
}

/* Programs run with preemption off, which this waits out on every CPU. */
void tracer_wait(void)
{
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

uint64_t tracer_nested(const struct bpf_program *program)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);
	int fd = bpf_program__fd(program);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size))
		return 0;
	return info.recursion_misses;
}
