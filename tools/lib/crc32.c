// SPDX-License-Identifier: GPL-2.0
#include "crc32.h"

/* the polynomial of ISO 3309, its bits in reverse */
#define POLYNOMIAL	0xedb88320

static uint32_t table[256];

static void fill_table(void)
{
	uint32_t i, crc;
	int bit;

	for (i = 0; i < 256; i++) {
		crc = i;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
		table[i] = crc;
	}
}

uint32_t crc32(uint32_t crc, const void *data, size_t len)
{
	const unsigned char *byte = data;

	if (!table[1])
		fill_table();
	crc = ~crc;
	while (len--)
		crc = crc >> 8 ^ table[(crc ^ *byte++) & 255];
	return ~crc;
}
