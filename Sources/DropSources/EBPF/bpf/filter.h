/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which drops are asked for. See docs/decisions/0009-filters-in-the-kernel.md.
 */
#ifndef FILTER_H
#define FILTER_H

#include "attribution.h"
#include "packet.h"

/* How deep below the root a control group can lie to be found in one that was asked for. */
#define CGROUP_DEPTH 32

/* What is asked for by number. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct drop_filter_number);
	__type(value, u8);
} filter_numbers SEC(".maps");

/* What is asked for by name: devices, and traps of network hardware. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct drop_filter_name);
	__type(value, u8);
} filter_names SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, DROP_FILTER_SITES);
	__type(key, u32);
	__type(value, struct drop_filter_site);
} filter_sites SEC(".maps");

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

static __always_inline bool asks_for(enum drop_filter_kind kind)
{
	return settings.filters & 1u << kind;
}

static __always_inline bool has_number(enum drop_filter_kind kind, u64 number)
{
	struct drop_filter_number key = { .number = number, .kind = kind };

	return bpf_map_lookup_elem(&filter_numbers, &key);
}

static __always_inline bool has_reason(struct drop *drop, enum drop_filter_kind kind)
{
	struct drop_filter_name key = { .kind = kind };

	if (!drop->trap)
		return has_number(kind, drop->key.reason);
	__builtin_memcpy(key.name, drop->trap->name, sizeof(key.name));
	return bpf_map_lookup_elem(&filter_names, &key);
}

static __always_inline bool has_site(u64 site)
{
	u32 i;

	for (i = 0; i < DROP_FILTER_SITES && i < settings.filter_sites; i++) {
		u32 index = i;
		struct drop_filter_site *range = bpf_map_lookup_elem(&filter_sites, &index);

		if (range && site >= range->start && site < range->end)
			return true;
	}
	return false;
}

/* Devices by name, so that those count that come later, in whichever namespace; or by index. */
static __always_inline bool has_device(struct drop *drop)
{
	struct drop_filter_name key = { .kind = DROP_FILTER_DEVICE };
	struct net_device *dev = drop->dev;

	if (!dev)
		return false;
	if (has_number(DROP_FILTER_DEVICE, drop->key.interface))
		return true;
	if (bpf_core_read(&key.name, sizeof(dev->name), &dev->name))
		return false;
	return bpf_map_lookup_elem(&filter_names, &key);
}

/* Small sockets (struct inet_timewait_sock, request_sock) end before they have an owner. */
static __always_inline bool is_owned(struct sock *sk)
{
	u8 state;

	if (!sk)
		return false;
	state = BPF_CORE_READ(sk, __sk_common.skc_state);
	return state != TCP_TIME_WAIT && state != TCP_NEW_SYN_RECV;
}

static __always_inline bool has_cgroup(struct sock *sk)
{
	struct cgroup *cgroup = cgroup_of(sk);
	int i;

	for (i = 0; i < CGROUP_DEPTH && cgroup; i++) {
		if (has_number(DROP_FILTER_CGROUP, BPF_CORE_READ(cgroup, kn, id)))
			return true;
		cgroup = BPF_CORE_READ(cgroup, self.parent, cgroup);
	}
	return false;
}

/* Whether reason, site, place and owner are among those asked for. */
OUT_OF_LINE bool passes_keys(struct drop *drop)
{
	struct sock *sk = drop->sk;

	if (asks_for(DROP_FILTER_REASON) && !has_reason(drop, DROP_FILTER_REASON))
		return false;
	if (asks_for(DROP_FILTER_NOT_REASON) && has_reason(drop, DROP_FILTER_NOT_REASON))
		return false;
	if (asks_for(DROP_FILTER_SITE) && !has_site(drop->key.site))
		return false;
	if (asks_for(DROP_FILTER_NETNS) && !has_number(DROP_FILTER_NETNS, drop->key.netns))
		return false;
	if (asks_for(DROP_FILTER_DEVICE) && !has_device(drop))
		return false;
	if (asks_for(DROP_FILTER_UID) &&
	    (!is_owned(sk) || !has_number(DROP_FILTER_UID, BPF_CORE_READ(sk, sk_uid.val))))
		return false;
	if (asks_for(DROP_FILTER_CGROUP) && (!is_owned(sk) || !has_cgroup(sk)))
		return false;
	return true;
}

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
