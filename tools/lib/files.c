// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "files.h"
#include "say.h"

static bool is_pipe(const char *path)
{
	return !strcmp(path, "-");
}

const char *file_name(const char *path)
{
	return is_pipe(path) ? "standard input" : path;
}

FILE *file_open(const char *path)
{
	FILE *file = is_pipe(path) ? stdin : fopen(path, "re");
	struct stat stat;

	if (file && !fstat(fileno(file), &stat) && S_ISDIR(stat.st_mode)) {
		errno = EISDIR;
		fclose(file);
		file = NULL;
	}
	if (!file)
		say("%s: %m", path);
	return file;
}

static FILE *memory(void)
{
	int fd = memfd_create("syncmap", MFD_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

	if (!file)
		die_of_memory();
	return file;
}

/* Return: whether all of @from is in @to, to be read from its beginning. */
static bool copy(FILE *from, FILE *to)
{
	char buffer[65536];
	size_t n;

	while ((n = fread(buffer, 1, sizeof(buffer), from)))
		if (fwrite(buffer, 1, n, to) != n)
			return false;
	if (ferror(from) || fflush(to))
		return false;
	rewind(to);
	return true;
}

FILE *file_load(const char *path)
{
	FILE *from = file_open(path), *to;

	if (!from)
		return NULL;
	to = memory();
	if (!copy(from, to)) {
		say("%s: %m", file_name(path));
		fclose(to);
		to = NULL;
	}
	fclose(from);
	return to;
}

/* The one that a signal has to remove. */
static const char *unfinished;

static void on_signal(int signal)
{
	const char *path = __atomic_load_n(&unfinished, __ATOMIC_SEQ_CST);

	if (path)
		unlink(path);
	raise(signal);
}

static void remove_on_signals(const char *path)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESETHAND | SA_NODEFER,
	};
	size_t i;

	__atomic_store_n(&unfinished, path, __ATOMIC_SEQ_CST);
	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
}

/* Where writing to @path leads: links are followed, devices written in place. */
static bool locate(struct new_file *new, const char *path)
{
	struct stat stat_;

	if (stat(path, &stat_)) {
		new->path = errno == ENOENT ? strdup(path) : NULL;
		return new->path;
	}
	if (S_ISREG(stat_.st_mode)) {
		new->path = realpath(path, NULL);
		return new->path;
	}
	return true;
}

static FILE *open_temporary(struct new_file *new)
{
	int fd;

	if (asprintf(&new->temporary, "%s.%d.new", new->path, getpid()) < 0)
		die_of_memory();
	fd = open(new->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		  0666);
	if (fd < 0)
		return NULL;
	remove_on_signals(new->temporary);
	return fdopen(fd, "w");
}

bool new_file_open(struct new_file *new, const char *path)
{
	*new = (struct new_file){};
	if (is_pipe(path)) {
		new->file = stdout;
		return true;
	}
	if (locate(new, path))
		new->file = new->path ? open_temporary(new) : fopen(path, "we");
	if (new->file)
		return true;
	say("%s: %m", path);
	free(new->path);
	free(new->temporary);
	return false;
}

static void forget(struct new_file *new)
{
	__atomic_store_n(&unfinished, NULL, __ATOMIC_SEQ_CST);
	free(new->path);
	free(new->temporary);
}

/* On the disk before it gets its name, or a crash would leave it empty. */
static bool finish(struct new_file *new)
{
	bool good = !fflush(new->file) && !ferror(new->file);

	if (!new->path)
		return new->file == stdout ? good : !fclose(new->file) && good;
	good = good && !fsync(fileno(new->file));
	good = !fclose(new->file) && good;
	return good && !rename(new->temporary, new->path);
}

bool new_file_finish(struct new_file *new)
{
	bool good = finish(new);

	if (!good)
		say("%s: %m", new->path ? new->path : "the output");
	if (!good && new->temporary)
		unlink(new->temporary);
	forget(new);
	return good;
}

void new_file_drop(struct new_file *new)
{
	if (new->file != stdout)
		fclose(new->file);
	if (new->temporary)
		unlink(new->temporary);
	forget(new);
}
