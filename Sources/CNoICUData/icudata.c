// SPDX-License-Identifier: Apache-2.0
//
// Foundation, which GRDB needs, brings ICU, and ICU brings 34 MB of data about the world's languages:
// half of a static binary. Nothing here asks for any of it. This is ICU's data file without an entry,
// under the name that the linker looks for, so that it does not take the other one
// (docs/decisions/0004-static-binary.md). With another ICU the name changes, and the binary grows.
#include <stdint.h>

struct icu_data {
	uint16_t header_size;
	uint8_t magic[2];
	uint16_t information_size;
	uint16_t reserved;
	uint8_t is_big_endian, character_set, character_size, padding;
	uint8_t format[4], format_version[4], data_version[4];
	uint8_t fill[8];
	uint32_t entries;
	uint32_t end;
};

extern const struct icu_data icudt76_dat;

__attribute__((aligned(16))) const struct icu_data icudt76_dat = {
	.header_size = 32,
	.magic = { 0xDA, 0x27 },
	.information_size = 20,
	.is_big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
	.character_size = 2,
	.format = { 'C', 'm', 'n', 'D' },
	.format_version = { 1 },
	.entries = 0,
};
