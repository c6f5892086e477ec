/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packets that are handed over: the limit per key and second, the record, the ring.
 */
#ifndef PACKET_H
#define PACKET_H

#include "attribution.h"
#include "drop.h"

#define SECOND 1000000000ull
#define BPF_F_STACK_OF_KERNEL 0

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct drop_key);
	__type(value, struct drop_budget);
} budgets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} packets SEC(".maps");

/* Whether this key may hand over one more packet in the present second. */
OUT_OF_LINE bool within_limit(struct drop *drop, struct drop_tally *tally)
{
	struct drop_budget fresh = { .until = drop->now + SECOND };
	struct drop_budget *budget;
	struct drop_key key = drop->key;

	if (drop->now < tally->limited_until)
		return false;
	/* Each trap and each queueing discipline has a budget of its own. */
	key.site ^= drop->apart;
	budget = bpf_map_lookup_elem(&budgets, &key);
	if (!budget) {
		bpf_map_update_elem(&budgets, &key, &fresh, BPF_NOEXIST);
		budget = bpf_map_lookup_elem(&budgets, &key);
		if (!budget)
			return false;
	}
	/* Two CPUs may pass here at once and hand over a few more: the limit bounds work, it is not
	 * a measurement. (An atomic that returns a value would need 5.12.) */
	if (drop->now >= budget->until) {
		budget->until = drop->now + SECOND;
		budget->spent = 0;
	}
	if (budget->spent < settings.packet_limit) {
		__atomic_fetch_add(&budget->spent, 1, __ATOMIC_RELAXED);
		return true;
	}
	tally->limited_until = budget->until;
	return false;
}

static __always_inline void describe_owner(struct drop *drop, struct drop_packet *packet)
{
	struct sock *sk = drop->sk;
	struct socket *socket;
	struct cgroup *cgroup;

	packet->owner = DROP_OWNER_NONE;
	packet->owner_cookie = 0;
	packet->owner_cgroup = 0;
	packet->owner_inode = 0;
	packet->owner_uid = 0;
	packet->owner_family = 0;
	packet->owner_state = 0;
	packet->owner_protocol = 0;
	if (!sk)
		return;
	packet->owner_family = BPF_CORE_READ(sk, __sk_common.skc_family);
	packet->owner_state = BPF_CORE_READ(sk, __sk_common.skc_state);
	packet->owner_cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	if (packet->owner_state == TCP_TIME_WAIT || packet->owner_state == TCP_NEW_SYN_RECV)
		return;
	packet->owner = drop->receiver ? DROP_OWNER_RECEIVER : DROP_OWNER_PACKET;
	packet->owner_protocol = BPF_CORE_READ(sk, sk_protocol);
	packet->owner_uid = BPF_CORE_READ(sk, sk_uid.val);
	cgroup = cgroup_of(sk);
	if (cgroup)
		packet->owner_cgroup = BPF_CORE_READ(cgroup, kn, id);
	socket = BPF_CORE_READ(sk, sk_socket);
	if (socket)
		packet->owner_inode =
			BPF_CORE_READ((struct socket_alloc *)socket, vfs_inode.i_ino);
}

/* What of a packet can be read: from its outermost known header on, as far as it is linear. */
struct drop_extent {
	unsigned char *start;
	u32 offset; /* of the start from the buffer's head */
	u32 size;
	u32 original; /* length from the start on, linear or not */
	u32 network;
	u32 transport;
	bool has_link_header;
};

static __always_inline void find_extent(struct drop_extent *extent, struct sk_buff *skb,
					const bool typed)
{
	unsigned char *head = GET(skb, head);
	u32 data = (u32)(GET(skb, data) - head);
	u32 start = data;
	u32 tail = GET(skb, tail);
	u32 mac = GET(skb, mac_header);
	u32 network = GET(skb, network_header);

	/* On output the link header does not exist yet: its offset is unset or equals the next. */
	extent->has_link_header = mac != 0xffff && mac < network && mac < tail;
	if (extent->has_link_header)
		start = mac;
	else if (network && network < start)
		start = network;
	extent->start = head + start;
	extent->offset = start;
	extent->size = tail > start ? tail - start : 0;
	/* NET_DM counts from the link header as well: data may lie behind it or before. */
	extent->original = GET(skb, len) + data - start;
	extent->network = network;
	extent->transport = GET(skb, transport_header);
}

/* An offset from the buffer's head as one in the bytes, if it is in them. */
static __always_inline u16 offset_in(struct drop_extent *extent, u32 offset, u32 size)
{
	return offset >= extent->offset && offset < extent->offset + size ?
		offset - extent->offset : DROP_OFFSET_NONE;
}

/* Copies the packet's first bytes, and notes where its headers are in them. */
static __always_inline void copy_bytes(struct sk_buff *skb, struct drop_packet *packet,
				       unsigned char *bytes, u32 room)
{
	struct drop_extent extent;
	u32 size;

	find_extent(&extent, skb, false);
	size = extent.size;
	if (size > settings.snap_length)
		size = settings.snap_length;
	if (size > room)
		size = room;
	packet->captured = 0;
	if (size && !bpf_probe_read_kernel(bytes, size, extent.start))
		packet->captured = size;
	packet->has_link_header = extent.has_link_header;
	packet->original = extent.original;
	packet->network_offset = offset_in(&extent, extent.network, size);
	packet->transport_offset = extent.transport == 0xffff ? DROP_OFFSET_NONE :
		offset_in(&extent, extent.transport, size);
}

/* What lies between the header and the packet's bytes. */
enum middle { NOTHING, STACK, TRAP };

/* Fills and submits one reserved record of a size class: true if there was room for it. */
static __always_inline bool hand_over(void *ctx, struct drop *drop, const enum middle middle,
				      const u32 room)
{
	const u32 bytes_offset = sizeof(struct drop_packet) +
		(middle == STACK ? DROP_STACK_DEPTH * sizeof(u64) :
		 middle == TRAP ? sizeof(struct drop_trap) : 0);
	struct sk_buff *skb = drop->skb;
	struct drop_packet *packet;
	u64 flags = BPF_RB_NO_WAKEUP;
	long size = 0;

	packet = bpf_ringbuf_reserve(&packets, bytes_offset + room, 0);
	if (!packet)
		return false;
	packet->time = bpf_ktime_get_ns();
	packet->key = drop->key;
	packet->qdisc = (struct drop_qdisc){};
	if (settings.qdisc_reason && drop->qdisc)
		packet->qdisc = *drop->qdisc;
	packet->ingress =
		middle == TRAP ? drop->key.interface : (u32)BPF_CORE_READ(skb, skb_iif);
	packet->length = drop->length;
	packet->segments = drop->segments;
	packet->reserved = 0;
	packet->bytes_offset = bytes_offset;
	describe_owner(drop, packet);
	copy_bytes(skb, packet, (unsigned char *)packet + bytes_offset, room);
	if (middle == TRAP && drop->trap)
		*(struct drop_trap *)(packet + 1) = *drop->trap;
	if (middle == STACK)
		size = bpf_get_stack(ctx, packet + 1, DROP_STACK_DEPTH * sizeof(u64),
				     BPF_F_STACK_OF_KERNEL);
	packet->stack_size = size > 0 ? size : 0;
	if (bpf_ringbuf_query(&packets, BPF_RB_AVAIL_DATA) >= settings.wake_bytes)
		flags = BPF_RB_FORCE_WAKEUP;
	bpf_ringbuf_submit(packet, flags);
	return true;
}

static __always_inline bool deliver(void *ctx, struct drop *drop, const bool hardware)
{
	if (hardware)
		return settings.snap_length <= DROP_SNAP_SHORT ?
			hand_over(ctx, drop, TRAP, DROP_SNAP_SHORT) :
			hand_over(ctx, drop, TRAP, DROP_SNAP_LONG);
	if (settings.with_stack)
		return settings.snap_length <= DROP_SNAP_SHORT ?
			hand_over(ctx, drop, STACK, DROP_SNAP_SHORT) :
			hand_over(ctx, drop, STACK, DROP_SNAP_LONG);
	return settings.snap_length <= DROP_SNAP_SHORT ?
		hand_over(ctx, drop, NOTHING, DROP_SNAP_SHORT) :
		hand_over(ctx, drop, NOTHING, DROP_SNAP_LONG);
}

static __always_inline void offer(void *ctx, struct drop *drop, struct drop_tally *tally,
				  struct drop_account *account, const bool hardware)
{
	account->offered++;
	if (settings.packet_limit != DROP_PACKETS_ALL && !within_limit(drop, tally))
		account->limited++;
	else if (deliver(ctx, drop, hardware))
		account->delivered++;
	else
		account->lost++;
}

#endif
