/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which drops are asked for. See docs/decisions/0009-filters-in-the-kernel.md.
 */
#ifndef FILTER_H
#define FILTER_H

#include "attribution.h"
#include "packet.h"

/* The bytes that an expression looks at, for each CPU and program. */
struct drop_bytes {
	u8 bytes[DROP_FILTER_ROOM];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DROP_ACCOUNTS);
	__type(key, u32);
	__type(value, struct drop_bytes);
} filter_bytes SEC(".maps");

/*
 * Whether a packet matches the expression: `captured` bytes of it lie at `bytes`, and it is `length`
 * bytes long. User space puts the expression in the place of this function before loading.
 */
int matches_expression(const u8 *bytes, u32 captured, u32 length);

/* The packet from its outermost known header on, behind a made-up one if it has no link header. */
static __always_inline bool passes_expression(struct sk_buff *skb, u32 index, const bool typed)
{
	struct drop_bytes *copy = bpf_map_lookup_elem(&filter_bytes, &index);
	struct drop_extent extent;
	u32 made = 0;
	u32 size;

	if (!copy)
		return false;
	find_extent(&extent, skb, typed);
	if (!extent.has_link_header) {
		u16 ethertype = GET(skb, protocol);

		/* Not of the network: of a unix or netlink socket. */
		if (!ethertype)
			return false;
		made = DROP_LINK_HEADER;
		__builtin_memset(copy->bytes, 0, DROP_LINK_HEADER - 2);
		*(u16 *)(copy->bytes + DROP_LINK_HEADER - 2) = ethertype;
	}
	size = extent.size;
	if (size > settings.filter_bytes - made)
		size = settings.filter_bytes - made;
	if (size && bpf_probe_read_kernel(copy->bytes + made, size, extent.start))
		return false;
	return matches_expression(copy->bytes, size + made, extent.original + made);
}

#endif
