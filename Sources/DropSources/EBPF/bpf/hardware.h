/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Drops in network hardware, as far as it hands the packets to the kernel: devlink traps.
 *
 * The tracepoint devlink:devlink_trap_report fires once for each, from 5.10 on. Drivers limit how
 * many there are, so members are read by helpers and keys may be long.
 */
#ifndef HARDWARE_H
#define HARDWARE_H

#include "filter.h"
#include "packet.h"
#include "tally.h"
#include "trapped.h"

#define ETH_HLEN 14

/* The key that a CPU is working on: too long for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct drop_trap_key);
} trap_keys SEC(".maps");

/* The input device and its namespace. */
static __always_inline void place_at(struct drop *drop, struct net_device *dev)
{
	if (!dev)
		return;
	drop->dev = dev;
	drop->key.interface = BPF_CORE_READ(dev, ifindex);
	drop->key.netns = namespace_of(BPF_CORE_READ(dev, nd_net.net), false);
}

/*
 * Where the network header is: drivers report packets that begin with their link header, some
 * before anybody has noted what lies behind it.
 */
static __always_inline u32 network_offset_of(struct sk_buff *skb)
{
	u32 mac = BPF_CORE_READ(skb, mac_header);
	u32 network = BPF_CORE_READ(skb, network_header);

	if (mac == 0xffff)
		mac = BPF_CORE_READ(skb, data) - BPF_CORE_READ(skb, head);
	return network > mac && network != 0xffff ? network : mac + ETH_HLEN;
}

static __always_inline void on_trap(void *ctx, struct sk_buff *skb,
				    struct devlink_trap_metadata *metadata, const bool packets)
{
	u32 type = BPF_CORE_READ(metadata, trap_type);
	u32 index = DROP_ACCOUNT_HARDWARE;
	struct drop_account *account;
	struct drop_trap_key *key;
	struct drop_tally *tally;
	struct drop drop = {};
	u32 zero = 0;

	/* Wanted copies of packets that went their way, such as IGMP's. NET_DM leaves them out too. */
	if (type == DEVLINK_TRAP_TYPE_CONTROL)
		return;
	account = bpf_map_lookup_elem(&accounts, &index);
	key = bpf_map_lookup_elem(&trap_keys, &zero);
	if (!account || !key)
		return;
	account->seen++;
	if (settings.filter_bytes && !passes_expression(skb, index, false)) {
		account->filtered++;
		return;
	}
	key->trap = (struct drop_trap){};
	drop.skb = skb;
	drop.trap = &key->trap;
	drop.apart = (u64)BPF_CORE_READ(metadata, trap_name);
	drop.key.reason = DROP_REASON_HARDWARE;
	bpf_probe_read_kernel_str(key->trap.name, sizeof(key->trap.name),
				  (const void *)drop.apart);
	bpf_probe_read_kernel_str(key->trap.group, sizeof(key->trap.group),
				  BPF_CORE_READ(metadata, trap_group_name));
	place_at(&drop, BPF_CORE_READ(metadata, input_dev));
	if (settings.filters && !passes_keys(&drop)) {
		account->filtered++;
		return;
	}
	drop.now = bpf_ktime_get_ns();
	drop.length = BPF_CORE_READ(skb, len);
	drop.segments = segments_of(&drop, false);
	classify_at(&drop, network_offset_of(skb), false);
	if (settings.hardware)
		remember_trapped(&drop, network_offset_of(skb),
				 type != DEVLINK_TRAP_TYPE_DROP);
	key->key = drop.key;
	tally = find_or_make(&trap_tallies, key, &drop);
	if (!tally) {
		account->overflowed++;
		return;
	}
	add(&drop, tally);
	if (packets)
		offer(ctx, &drop, tally, account, true);
}

#endif
