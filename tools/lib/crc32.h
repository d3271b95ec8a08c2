/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SYNCMAP_LIB_CRC32_H
#define SYNCMAP_LIB_CRC32_H

#include <stddef.h>
#include <stdint.h>

/**
 * crc32() - the checksum of ISO 3309, as cksum(1)'s relatives have it
 * @crc:	of what was before; 0: nothing
 * @data:	bytes
 * @len:	how many
 *
 * Return: the checksum of what was before and @data.
 */
uint32_t crc32(uint32_t crc, const void *data, size_t len);

#endif
