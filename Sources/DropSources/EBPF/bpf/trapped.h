/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One packet, one drop: what hardware reported and the kernel then frees as dropped counts as the
 * hardware's alone. See docs/decisions/0007-hardware-drops.md for how sure that is.
 *
 * Nearly all reported packets are consumed, and the next packet gets their memory. So an address
 * proves nothing; a packet is known by its buffer and by the bytes in it that stay the same while
 * it goes through the stack.
 */
#ifndef TRAPPED_H
#define TRAPPED_H

#include "attribution.h"

#define PRINTED_BYTES 64

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, struct drop_trapped);
} trapped SEC(".maps");

/* Until when software drops have to be looked up (CLOCK_MONOTONIC, ns); 0 if no trap ever came. */
u64 trapped_until = 0;

/* A hash over bytes of the buffer, without those that routers change; 0 if they cannot be read. */
static __always_inline u64 print_of(const unsigned char *at, u32 size)
{
	union {
		u8 bytes[PRINTED_BYTES];
		u64 words[PRINTED_BYTES / 8];
	} copy = {};
	u64 print = 0xcbf29ce484222325ull;
	int i;

	if (!size || size > PRINTED_BYTES || bpf_probe_read_kernel(copy.bytes, size, at))
		return 0;
	if (copy.bytes[0] >> 4 == 4) {
		/* Type of service, time to live, checksum. */
		copy.bytes[1] = copy.bytes[8] = copy.bytes[10] = copy.bytes[11] = 0;
	} else if (copy.bytes[0] >> 4 == 6) {
		/* Traffic class, hop limit. */
		copy.bytes[0] = copy.bytes[1] = copy.bytes[7] = 0;
	}
	for (i = 0; i < PRINTED_BYTES / 8; i++) {
		print = (print ^ copy.words[i]) * 0x9e3779b97f4a7c15ull;
		print ^= print >> 32;
	}
	return print ? print : 1;
}

/*
 * Remembers a reported packet; `network` is the offset of its network header. Not inline, for the
 * kernel allows 512 bytes of stack in all.
 */
OUT_OF_LINE void remember_trapped(struct drop *drop, u32 network, bool exception)
{
	struct sk_buff *skb = drop->skb;
	unsigned char *head = BPF_CORE_READ(skb, head);
	u32 tail = BPF_CORE_READ(skb, tail);
	u64 address = (u64)skb;
	struct drop_trapped entry = {
		.head = (u64)head,
		.time = drop->now,
		.length = BPF_CORE_READ(skb, len),
		.data = BPF_CORE_READ(skb, data) - head,
		.at = network,
		.exception = exception,
	};
	u32 size = tail > network ? tail - network : 0;

	if (size > PRINTED_BYTES)
		size = PRINTED_BYTES;
	entry.size = size;
	entry.print = print_of(head + network, size);
	if (!entry.print)
		return;
	bpf_map_update_elem(&trapped, &address, &entry, BPF_ANY);
	trapped_until = drop->now + DROP_TRAPPED_FOR;
}

/* Whether the packet being dropped is one that hardware reported; forgets it if so. */
OUT_OF_LINE bool was_trapped(struct drop *drop)
{
	struct sk_buff *skb = drop->skb;
	u64 address = (u64)skb;
	struct drop_trapped *entry = bpf_map_lookup_elem(&trapped, &address);
	unsigned char *head;
	u32 size;

	if (!entry)
		return false;
	head = BPF_CORE_READ(skb, head);
	size = entry->size;
	if ((u64)head != entry->head || bpf_ktime_get_ns() - entry->time > DROP_TRAPPED_FOR)
		return false;
	/* A driver that drops what it has reported does so at once, and does not touch it. */
	if (!entry->exception && (BPF_CORE_READ(skb, len) != entry->length ||
				  BPF_CORE_READ(skb, data) - head != entry->data))
		return false;
	if (print_of(head + entry->at, size) != entry->print)
		return false;
	bpf_map_delete_elem(&trapped, &address);
	return true;
}

#endif
