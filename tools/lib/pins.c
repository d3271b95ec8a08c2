// SPDX-License-Identifier: GPL-2.0
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <linux/magic.h>
#include <unistd.h>
#include "say.h"
#include "tracer.h"

#define BPF_FOLDER	"/sys/fs/bpf"
#define PINS_FOLDER	BPF_FOLDER "/syncmap"

static void remove_folder(const char *path)
{
	char file[512];
	struct dirent *entry;
	DIR *folder = opendir(path);

	if (!folder)
		return;
	while ((entry = readdir(folder))) {
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		unlink(file);
	}
	closedir(folder);
	rmdir(path);
}

/* Is this NAME-PID of a process that is no more? */
static bool is_left_over(const char *folder)
{
	const char *dash = strrchr(folder, '-');
	char *end;
	long pid;

	if (!dash)
		return false;
	pid = strtol(dash + 1, &end, 10);
	return !*end && pid > 0 && kill(pid, 0) && errno == ESRCH;
}

static void remove_left_over(void)
{
	char path[512];
	struct dirent *entry;
	DIR *folder = opendir(PINS_FOLDER);

	if (!folder)
		return;
	while ((entry = readdir(folder))) {
		if (!is_left_over(entry->d_name))
			continue;
		snprintf(path, sizeof(path), PINS_FOLDER "/%s", entry->d_name);
		remove_folder(path);
	}
	closedir(folder);
}

static int make_folder(struct pins *pins, const char *name)
{
	struct statfs fs;

	if (statfs(BPF_FOLDER, &fs))
		return -errno;
	if (fs.f_type != BPF_FS_MAGIC)
		return -ENODEV;
	if (mkdir(PINS_FOLDER, 0700) && errno != EEXIST)
		return -errno;
	remove_left_over();
	snprintf(pins->path, sizeof(pins->path), PINS_FOLDER "/%s-%d", name,
		 getpid());
	return mkdir(pins->path, 0700) ? -errno : 0;
}

static int pin_maps(const struct pins *pins, struct bpf_object *object)
{
	char path[128];
	struct bpf_map *map;
	int err;

	bpf_object__for_each_map(map, object) {
		if (bpf_map__is_internal(map))
			continue;
		snprintf(path, sizeof(path), "%s/%s", pins->path,
			 bpf_map__name(map));
		err = bpf_map__pin(map, path);
		if (err)
			return err;
	}
	return 0;
}

static int pin_programs(const struct pins *pins, struct bpf_object *object)
{
	char path[128];
	struct bpf_program *program;
	int err;

	bpf_object__for_each_program(program, object) {
		if (bpf_program__fd(program) < 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", pins->path,
			 bpf_program__name(program));
		err = bpf_program__pin(program, path);
		if (err)
			return err;
	}
	return 0;
}

void pins_make(struct pins *pins, struct bpf_object *object, const char *name)
{
	int err = make_folder(pins, name);

	if (!err)
		err = pin_maps(pins, object);
	if (!err)
		err = pin_programs(pins, object);
	if (err) {
		say("warning: nothing is pinned below " BPF_FOLDER ": %s",
		    err == -ENODEV ? "no BPF file system is mounted there" :
		    strerror(-err));
		pins_remove(pins);
	}
}

void pins_remove(struct pins *pins)
{
	if (!*pins->path)
		return;
	remove_folder(pins->path);
	*pins->path = 0;
}
