// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counts every packet that the kernel frees as dropped, and hands some of them over.
 *
 * The tracepoint skb:kfree_skb fires once for each dropped sk_buff, in any context up to hard
 * interrupts. All work is one look-up in a per-CPU hash; what is rare (a new key, a packet to hand
 * over) is kept out of line of it. A drop within a drop on one CPU does not reach the program:
 * the kernel counts it as a recursion miss, which user space reads and shows.
 *
 * Two entry points share one body. `typed` reads members with plain loads, which the verifier
 * allows for pointers that it knows from BTF; `untyped` must call a helper for each of them.
 */
#include "kernel_types.h"
#include "drop_records.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#define NULL ((void *)0)
#define AF_INET 2
#define AF_INET6 10
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD
#define IPPROTO_HOPOPTS 0
#define IPPROTO_ROUTING 43
#define IPPROTO_FRAGMENT 44
#define IPPROTO_AH 51
#define IPPROTO_DSTOPTS 60
#define TCP_TIME_WAIT 6
#define TCP_NEW_SYN_RECV 12
#define SECOND 1000000000ull
#define BPF_F_STACK_OF_KERNEL 0

/*
 * From 6.2: lets plain loads follow an address that is only a number to the verifier. It costs
 * nothing where a helper costs 20 ns, for the IP header and the segment counts of every drop.
 */
extern void *bpf_rdonly_cast(void *address, u32 type) __ksym __weak;

/*
 * Namespace inodes start at PROC_DYNAMIC_FIRST, the fixed ones of the initial namespaces lie just
 * below (include/linux/proc_ns.h). skb->dev shares its memory with other things (an rbnode, a
 * protocol's scratch value), so a "device" counts only if it leads to such a number.
 */
#define FIRST_NAMESPACE_INODE 0xEFFFFFF0u

const volatile struct drop_settings settings = {};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct drop_key);
	__type(value, struct drop_tally);
} tallies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct drop_account);
} accounts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct drop_device_key);
	__type(value, struct drop_device_name);
} devices SEC(".maps");

/* SO_COOKIE of the sockets that the watcher itself has open. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, u64);
	__type(value, u8);
} own_sockets SEC(".maps");

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

/* A member by a plain load where the verifier knows the pointer, by a helper elsewhere. */
#define GET(object, member)                                                                    \
	({                                                                                     \
		__typeof__(object) _object = (object);                                         \
		typed ? _object->member : BPF_CORE_READ(_object, member);                      \
	})

struct drop {
	struct drop_key key;
	struct sk_buff *skb;
	struct sock *sk;          /* the receiving socket, else the packet's, else null */
	bool receiver;            /* sk was named by the tracepoint */
	struct net_device *dev;   /* null unless plausible */
	u64 now;
	u32 length;
	u32 segments;
};

/*
 * The packet, for loads of pointers out of it: sk and dev. When a pointer is loaded out of what the
 * verifier trusts, it looks whether the result can be trusted too, by up to four linear searches
 * through the kernel's BTF (btf_nested_type_is_trusted, from 6.4), on every path: 15 ms of loading.
 * We ask for no trust. Loads of numbers stay with the trusted pointer, where they need no check.
 */
static __always_inline struct sk_buff *untrusted(struct sk_buff *skb, const bool typed)
{
	if (typed && bpf_rdonly_cast)
		return bpf_rdonly_cast(skb, bpf_core_type_id_kernel(struct sk_buff));
	return skb;
}

static __always_inline u32 namespace_of(struct net *net, const bool typed)
{
	u32 inode;

	if (!net)
		return 0;
	inode = GET(net, ns.inum);
	return inode >= FIRST_NAMESPACE_INODE ? inode : 0;
}

static __always_inline void place(struct drop *drop, const bool typed)
{
	struct net_device *dev = GET(untrusted(drop->skb, typed), dev);

	if (dev) {
		int index = GET(dev, ifindex);
		u32 inode = namespace_of(GET(dev, nd_net.net), typed);

		if (inode && index > 0) {
			drop->dev = dev;
			drop->key.interface = index;
			drop->key.netns = inode;
			return;
		}
	}
	if (drop->sk)
		drop->key.netns = namespace_of(GET(drop->sk, __sk_common.skc_net.net), typed);
}

/* The transport behind IPv6 extension headers, as deep as attackers get but no deeper. */
static __always_inline u8 behind_extensions(const unsigned char *at, u8 next)
{
	u8 header[2];
	int i;

	for (i = 0; i < 8; i++) {
		if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_FRAGMENT &&
		    next != IPPROTO_AH && next != IPPROTO_DSTOPTS)
			return next;
		if (bpf_probe_read_kernel(header, sizeof(header), at))
			return DROP_TRANSPORT_NONE;
		if (next == IPPROTO_FRAGMENT)
			at += 8;
		else if (next == IPPROTO_AH)
			at += (header[1] + 2) * 4;
		else
			at += (header[1] + 1) * 8;
		next = header[0];
	}
	return DROP_TRANSPORT_NONE;
}

/* What an IP header of either version says first. */
struct ip_start {
	u8 version;
	u8 next; /* the protocol, or the first extension header */
};

static __always_inline bool read_ip(const unsigned char *at, struct ip_start *ip, const bool typed)
{
	u8 header[10];

	if (typed && bpf_rdonly_cast) {
		const u8 *bytes =
			bpf_rdonly_cast((void *)at, bpf_core_type_id_kernel(struct iphdr));

		ip->version = bytes[0] >> 4;
		ip->next = ip->version == 4 ? bytes[9] : bytes[6];
		return true;
	}
	if (bpf_probe_read_kernel(header, sizeof(header), at))
		return false;
	ip->version = header[0] >> 4;
	ip->next = ip->version == 4 ? header[9] : header[6];
	return true;
}

/*
 * What kind of packet it is. Header offsets may be unset or left over, so an IP header counts only
 * if its version agrees with skb->protocol; before there is a header the socket knows.
 */
static __always_inline void classify(struct drop *drop, const bool typed)
{
	u16 ethertype = bpf_ntohs(GET(drop->skb, protocol));
	u16 offset = GET(drop->skb, network_header);
	struct ip_start ip;
	u16 family;

	drop->key.ethertype = ethertype;
	drop->key.transport = DROP_TRANSPORT_NONE;
	if (ethertype == ETH_P_IP || ethertype == ETH_P_IPV6) {
		const unsigned char *at = GET(drop->skb, head) + offset;

		if (offset && read_ip(at, &ip, typed)) {
			if (ethertype == ETH_P_IP && ip.version == 4) {
				drop->key.transport = ip.next;
				return;
			}
			if (ethertype == ETH_P_IPV6 && ip.version == 6) {
				drop->key.transport = behind_extensions(at + 40, ip.next);
				return;
			}
		}
	} else if (ethertype) {
		return;
	}
	if (!drop->sk)
		return;
	family = GET(drop->sk, __sk_common.skc_family);
	if (!ethertype)
		drop->key.family = family;
	if (family == AF_INET || family == AF_INET6) {
		u8 state = GET(drop->sk, __sk_common.skc_state);

		/* Small sockets (struct inet_timewait_sock) end before sk_protocol; they are TCP's. */
		if (state == TCP_TIME_WAIT || state == TCP_NEW_SYN_RECV)
			drop->key.transport = 6;
		else
			drop->key.transport = GET(drop->sk, sk_protocol);
	}
}

/*
 * How many packets the wire would have carried. A packet from a guest or a tap has a segment size
 * but no count (virtio_net_hdr_to_skb() leaves it to whoever needs it).
 */
static __always_inline u32 segments_of(struct drop *drop, const bool typed)
{
	void *end = GET(drop->skb, head) + GET(drop->skb, end);
	struct skb_shared_info *info = end;
	u16 size, count;

	if (typed && bpf_rdonly_cast) {
		info = bpf_rdonly_cast(end, bpf_core_type_id_kernel(struct skb_shared_info));
		size = info->gso_size;
		count = info->gso_segs;
	} else {
		size = BPF_CORE_READ(info, gso_size);
		count = size ? BPF_CORE_READ(info, gso_segs) : 0;
	}
	if (!size)
		return 1;
	return count ? count : (drop->length + size - 1) / size;
}

/*
 * The time, exact to the timer tick of 1 to 10 ms. Reading the clock for every drop would cost a
 * quarter of all that is done for it; asking whether the tick is still the same costs one load.
 */
static __always_inline u64 time_of(struct drop_account *account)
{
	u64 tick = bpf_jiffies64();

	if (account->tick != tick) {
		account->tick = tick;
		account->now = bpf_ktime_get_ns();
	}
	return account->now;
}

static __noinline struct drop_tally *new_tally(struct drop *drop)
{
	struct drop_tally zero = { .first = drop->now };
	struct drop_device_key device = {
		.netns = drop->key.netns,
		.interface = drop->key.interface,
	};
	struct drop_device_name name = {};

	struct net_device *dev = drop->dev;

	if (dev) {
		bpf_core_read(&name, sizeof(name), &dev->name);
		bpf_map_update_elem(&devices, &device, &name, BPF_ANY);
	}
	/* Another CPU may have been first: what counts is that it is there. */
	bpf_map_update_elem(&tallies, &drop->key, &zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(&tallies, &drop->key);
}

/* Whether this key may hand over one more packet in the present second. */
static __noinline bool within_limit(struct drop *drop, struct drop_tally *tally)
{
	struct drop_budget fresh = { .until = drop->now + SECOND };
	struct drop_budget *budget;

	if (drop->now < tally->limited_until)
		return false;
	budget = bpf_map_lookup_elem(&budgets, &drop->key);
	if (!budget) {
		bpf_map_update_elem(&budgets, &drop->key, &fresh, BPF_NOEXIST);
		budget = bpf_map_lookup_elem(&budgets, &drop->key);
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
	if (bpf_core_field_exists(sk->sk_cgrp_data.cgroup))
		packet->owner_cgroup = BPF_CORE_READ(sk, sk_cgrp_data.cgroup, kn, id);
	socket = BPF_CORE_READ(sk, sk_socket);
	if (socket)
		packet->owner_inode =
			BPF_CORE_READ((struct socket_alloc *)socket, vfs_inode.i_ino);
}

/* Copies the packet from its outermost known header on, as far as it is linear. */
static __always_inline void copy_bytes(struct sk_buff *skb, struct drop_packet *packet,
				       unsigned char *bytes, u32 room)
{
	unsigned char *head = BPF_CORE_READ(skb, head);
	u32 data = (u32)(BPF_CORE_READ(skb, data) - head);
	u32 start = data;
	u32 tail = BPF_CORE_READ(skb, tail);
	u32 mac = BPF_CORE_READ(skb, mac_header);
	u32 network = BPF_CORE_READ(skb, network_header);
	u32 transport = BPF_CORE_READ(skb, transport_header);
	u32 size;

	/* On output the link header does not exist yet: its offset is unset or equals the next. */
	packet->has_link_header = mac != 0xffff && mac < network && mac < tail;
	if (packet->has_link_header)
		start = mac;
	else if (network && network < start)
		start = network;
	/* NET_DM counts from the link header as well: data may lie behind it or before. */
	packet->original = packet->length + data - start;
	size = tail > start ? tail - start : 0;
	if (size > settings.snap_length)
		size = settings.snap_length;
	if (size > room)
		size = room;
	packet->captured = 0;
	if (size && !bpf_probe_read_kernel(bytes, size, head + start))
		packet->captured = size;
	packet->network_offset =
		network >= start && network < start + size ? network - start : DROP_OFFSET_NONE;
	packet->transport_offset = transport != 0xffff && transport >= start &&
		transport < start + size ? transport - start : DROP_OFFSET_NONE;
}

/* Fills and submits one reserved record of a size class: true if there was room for it. */
static __always_inline bool hand_over(void *ctx, struct drop *drop, const bool stack,
				      const u32 room)
{
	const u32 bytes_offset =
		sizeof(struct drop_packet) + (stack ? DROP_STACK_DEPTH * sizeof(u64) : 0);
	struct sk_buff *skb = drop->skb;
	struct drop_packet *packet;
	u64 flags = BPF_RB_NO_WAKEUP;
	long size = 0;

	packet = bpf_ringbuf_reserve(&packets, bytes_offset + room, 0);
	if (!packet)
		return false;
	packet->time = bpf_ktime_get_ns();
	packet->key = drop->key;
	packet->ingress = BPF_CORE_READ(skb, skb_iif);
	packet->length = drop->length;
	packet->segments = drop->segments;
	packet->reserved = 0;
	packet->bytes_offset = bytes_offset;
	describe_owner(drop, packet);
	copy_bytes(skb, packet, (unsigned char *)packet + bytes_offset, room);
	if (stack)
		size = bpf_get_stack(ctx, packet + 1, DROP_STACK_DEPTH * sizeof(u64),
				     BPF_F_STACK_OF_KERNEL);
	packet->stack_size = size > 0 ? size : 0;
	if (bpf_ringbuf_query(&packets, BPF_RB_AVAIL_DATA) >= settings.wake_bytes)
		flags = BPF_RB_FORCE_WAKEUP;
	bpf_ringbuf_submit(packet, flags);
	return true;
}

static __noinline bool deliver(void *ctx, struct drop *drop)
{
	if (settings.with_stack)
		return settings.snap_length <= DROP_SNAP_SHORT ?
			hand_over(ctx, drop, true, DROP_SNAP_SHORT) :
			hand_over(ctx, drop, true, DROP_SNAP_LONG);
	return settings.snap_length <= DROP_SNAP_SHORT ?
		hand_over(ctx, drop, false, DROP_SNAP_SHORT) :
		hand_over(ctx, drop, false, DROP_SNAP_LONG);
}

static __always_inline void offer(void *ctx, struct drop *drop, struct drop_tally *tally,
				  struct drop_account *account)
{
	account->offered++;
	if (settings.packet_limit != DROP_PACKETS_ALL && !within_limit(drop, tally))
		account->limited++;
	else if (deliver(ctx, drop))
		account->delivered++;
	else
		account->lost++;
}

static __always_inline bool is_own(struct sock *sk, const bool typed)
{
	u64 cookie = GET(sk, __sk_common.skc_cookie.counter);

	return cookie && bpf_map_lookup_elem(&own_sockets, &cookie);
}

static __always_inline void on_drop(void *ctx, struct sk_buff *skb, u64 site, u32 reason,
				    struct sock *receiver, const bool typed)
{
	struct drop drop = {};
	struct drop_account *account;
	struct drop_tally *tally;
	u32 zero = 0;

	account = bpf_map_lookup_elem(&accounts, &zero);
	if (!account)
		return;
	account->seen++;
	drop.skb = skb;
	drop.receiver = receiver != NULL;
	drop.sk = receiver ? receiver : GET(untrusted(skb, typed), sk);
	if (drop.sk && is_own(drop.sk, typed)) {
		account->excluded++;
		return;
	}
	drop.now = time_of(account);
	drop.key.site = site;
	drop.key.reason = reason;
	drop.length = GET(skb, len);
	drop.segments = segments_of(&drop, typed);
	place(&drop, typed);
	classify(&drop, typed);
	tally = bpf_map_lookup_elem(&tallies, &drop.key);
	if (!tally) {
		tally = new_tally(&drop);
		if (!tally) {
			account->overflowed++;
			return;
		}
	}
	tally->drops++;
	tally->bytes += drop.length;
	tally->segments += drop.segments;
	if (!tally->first)
		tally->first = drop.now;
	tally->last = drop.now;
	if (settings.packet_limit != DROP_PACKETS_OFF)
		offer(ctx, &drop, tally, account);
}

SEC("tp_btf/kfree_skb")
int typed_kfree_skb(u64 *ctx)
{
	u32 reason = 0;
	struct sock *receiver = NULL;

	if (settings.argument_count >= 3)
		reason = ctx[2];
	if (settings.argument_count >= 4) {
		receiver = (struct sock *)ctx[3];
		if (bpf_rdonly_cast)
			receiver = bpf_rdonly_cast(receiver, bpf_core_type_id_kernel(struct sock));
	}
	on_drop(ctx, (struct sk_buff *)ctx[0], ctx[1], reason, receiver, true);
	return 0;
}

SEC("raw_tp/kfree_skb")
int untyped_kfree_skb(struct bpf_raw_tracepoint_args *ctx)
{
	u32 reason = 0;
	struct sock *receiver = NULL;

	if (settings.argument_count >= 3)
		reason = ctx->args[2];
	if (settings.argument_count >= 4)
		receiver = (struct sock *)ctx->args[3];
	on_drop(ctx, (struct sk_buff *)ctx->args[0], ctx->args[1], reason, receiver, false);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
