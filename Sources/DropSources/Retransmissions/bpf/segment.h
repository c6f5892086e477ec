/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The TCP segment in a packet that is being dropped, wherever in the stack that is.
 */
#ifndef SEGMENT_H
#define SEGMENT_H

#include "attribution.h"
#include "retransmission_records.h"

#define IPPROTO_TCP 6
#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

struct segment {
	struct retransmission_flow flow;
	u32 start; /* sequence numbers; the same as end if nothing need be sent again */
	u32 end;
	u32 acknowledged;
	bool acknowledges;
};

static __always_inline void map_ipv4(u8 *to, const void *from)
{
	__builtin_memset(to, 0, 10);
	to[10] = to[11] = 0xff;
	__builtin_memcpy(to + 12, from, 4);
}

/* Where a packet keeps its IP header: null if it is not IP, or has none that can be found. */
static __always_inline unsigned char *find_ip(struct sk_buff *skb, struct ip_start *ip,
					      const bool typed)
{
	u16 ethertype = bpf_ntohs(GET(skb, protocol));
	unsigned char *at;
	u8 version;
	u16 offset;

	if (ethertype == ETH_P_IP)
		version = 4;
	else if (ethertype == ETH_P_IPV6)
		version = 6;
	else
		return NULL;
	offset = GET(skb, network_header);
	at = GET(skb, head) + offset;
	if (offset && offset != 0xffff && read_ip(at, ip, typed) && ip->version == version)
		return at;
	/* Not parsed yet: what a driver hands to XDP has its link header only. */
	offset = GET(skb, mac_header);
	at = GET(skb, head) + offset + DROP_LINK_HEADER;
	if (offset != 0xffff && read_ip(at, ip, typed) && ip->version == version)
		return at;
	return NULL;
}

/* The transport behind IPv6's extension headers: where it is from the IP header on, 0 for none. */
static __always_inline u32 pass_extensions(const unsigned char *at, u8 next)
{
	u32 offset = 40;
	u8 header[4];
	int i;

	for (i = 0; i < 8; i++) {
		if (next == IPPROTO_TCP)
			return offset;
		if (next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING && next != IPPROTO_FRAGMENT &&
		    next != IPPROTO_AH && next != IPPROTO_DSTOPTS)
			return 0;
		if (bpf_probe_read_kernel(header, sizeof(header), at + offset))
			return 0;
		if (next == IPPROTO_FRAGMENT) {
			/* A later fragment has no header of its own. */
			if (header[2] || header[3] & 0xf8)
				return 0;
			offset += 8;
		} else if (next == IPPROTO_AH) {
			offset += (header[1] + 2) * 4;
		} else {
			offset += (header[1] + 1) * 8;
		}
		next = header[0];
	}
	return 0;
}

/* Reads a TCP header; `length` is that of header and payload. */
static __always_inline bool read_tcp(struct segment *segment, const unsigned char *at, u32 length)
{
	u8 header[20];
	u32 size;

	if (bpf_probe_read_kernel(header, sizeof(header), at))
		return false;
	size = (header[12] >> 4) * 4;
	if (size < sizeof(header) || size > length)
		return false;
	segment->flow.source_port = header[0] << 8 | header[1];
	segment->flow.destination_port = header[2] << 8 | header[3];
	segment->start = bpf_ntohl(*(__be32 *)(header + 4));
	segment->end = segment->start + length - size;
	if (header[13] & TCP_SYN)
		segment->end++;
	if (header[13] & TCP_FIN)
		segment->end++;
	segment->acknowledged = bpf_ntohl(*(__be32 *)(header + 8));
	segment->acknowledges = (header[13] & (TCP_ACK | TCP_RST)) == TCP_ACK;
	/* What a reset carries is never sent again. */
	if (header[13] & TCP_RST)
		segment->end = segment->start;
	return true;
}

static __always_inline u32 bytes_behind(struct sk_buff *skb, const unsigned char *at)
{
	long rest = BPF_CORE_READ(skb, data) - at + BPF_CORE_READ(skb, len);

	return rest > 0 ? rest : 0;
}

/* Reads addresses and the TCP header behind an IP header. */
static __always_inline bool read_behind_ip(struct segment *segment, struct sk_buff *skb,
					   const unsigned char *at, const struct ip_start *ip)
{
	u8 header[40];
	u32 total, offset;

	if (ip->version == 4) {
		if (bpf_probe_read_kernel(header, 20, at) || header[6] & 0x1f || header[7])
			return false;
		map_ipv4(segment->flow.source, header + 12);
		map_ipv4(segment->flow.destination, header + 16);
		offset = (header[0] & 15) * 4;
		total = header[2] << 8 | header[3];
	} else {
		if (bpf_probe_read_kernel(header, 40, at))
			return false;
		__builtin_memcpy(segment->flow.source, header + 8, 16);
		__builtin_memcpy(segment->flow.destination, header + 24, 16);
		offset = pass_extensions(at, ip->next);
		total = header[4] << 8 | header[5];
		if (total)
			total += 40;
	}
	if (!offset)
		return false;
	/* The header's length leaves out what the link padded; BIG TCP has 0 there. */
	if (total)
		return total > offset && read_tcp(segment, at + offset, total - offset);
	return read_tcp(segment, at + offset, bytes_behind(skb, at + offset));
}

/* A connection's addresses and ports, of the segments that it sends. */
static __always_inline void flow_of(struct retransmission_flow *flow, struct sock_common *common)
{
	u16 family = BPF_CORE_READ(common, skc_family);

	if (family == AF_INET6) {
		bpf_core_read(flow->source, 16, &common->skc_v6_rcv_saddr);
		bpf_core_read(flow->destination, 16, &common->skc_v6_daddr);
	} else {
		__be32 source = BPF_CORE_READ(common, skc_rcv_saddr);
		__be32 destination = BPF_CORE_READ(common, skc_daddr);

		map_ipv4(flow->source, &source);
		map_ipv4(flow->destination, &destination);
	}
	flow->source_port = BPF_CORE_READ(common, skc_num);
	flow->destination_port = bpf_ntohs(BPF_CORE_READ(common, skc_dport));
}

/* A packet of a TCP socket that has no IP header yet: no route was found for it. */
static __always_inline bool is_unrouted_tcp(struct drop *drop, const bool typed)
{
	u16 family;
	u8 state;

	if (!drop->sk || GET(drop->skb, protocol))
		return false;
	family = GET(drop->sk, __sk_common.skc_family);
	if (family != AF_INET && family != AF_INET6)
		return false;
	state = GET(drop->sk, __sk_common.skc_state);
	return state != TCP_TIME_WAIT && state != TCP_NEW_SYN_RECV &&
	       GET(drop->sk, sk_protocol) == IPPROTO_TCP;
}

static __always_inline bool read_unrouted(struct segment *segment, struct drop *drop)
{
	struct sk_buff *skb = drop->skb;
	u16 offset = BPF_CORE_READ(skb, transport_header);
	const unsigned char *at = BPF_CORE_READ(skb, head) + offset;

	if (offset == 0xffff || !read_tcp(segment, at, bytes_behind(skb, at)))
		return false;
	flow_of(&segment->flow, &drop->sk->__sk_common);
	return true;
}

#endif
