/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* The version of modules and tools alike, said here only. */
#ifndef _UAPI_LINUX_SYNCMAP_VERSION_H
#define _UAPI_LINUX_SYNCMAP_VERSION_H

#define SYNCMAP_VERSION	"0.1.0"

#endif /* _UAPI_LINUX_SYNCMAP_VERSION_H */
