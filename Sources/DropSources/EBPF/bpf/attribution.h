/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a drop is counted under: device and namespace, protocol, segments.
 */
#ifndef ATTRIBUTION_H
#define ATTRIBUTION_H

#include "drop.h"
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD
#define IPPROTO_HOPOPTS 0
#define IPPROTO_ROUTING 43
#define IPPROTO_FRAGMENT 44
#define IPPROTO_AH 51
#define IPPROTO_DSTOPTS 60

/*
 * Namespace inodes start at PROC_DYNAMIC_FIRST, the fixed ones of the initial namespaces lie just
 * below (include/linux/proc_ns.h). skb->dev shares its memory with other things (an rbnode, a
 * protocol's scratch value), so a "device" counts only if it leads to such a number.
 */
#define FIRST_NAMESPACE_INODE 0xEFFFFFF0u

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

/* The control group that a socket was made in; null if nobody can tell. */
static __always_inline struct cgroup *cgroup_of(struct sock *sk)
{
	struct sock___old *old = (void *)sk;

	if (bpf_core_field_exists(sk->sk_cgrp_data.cgroup))
		return BPF_CORE_READ(sk, sk_cgrp_data.cgroup);
	if (bpf_core_field_exists(old->sk_cgrp_data.val)) {
		u64 value = BPF_CORE_READ(old, sk_cgrp_data.val);

		return value & 3 ? NULL : (struct cgroup *)value;
	}
	return NULL;
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
static __always_inline void classify_at(struct drop *drop, u16 offset, const bool typed)
{
	u16 ethertype = bpf_ntohs(GET(drop->skb, protocol));
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

static __always_inline void classify(struct drop *drop, const bool typed)
{
	classify_at(drop, GET(drop->skb, network_header), typed);
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

#endif
