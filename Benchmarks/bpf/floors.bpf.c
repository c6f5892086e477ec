// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What no counter can be cheaper than: a program that does nothing, and the plainest per-CPU hash
 * of drops by site and reason, both attached as dropwatch attaches.
 */
#include "../../Sources/DropSources/EBPF/bpf/kernel_types.h"
#include <bpf/bpf_helpers.h>

struct site_key {
	u64 site;
	u32 reason;
	u32 padding;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct site_key);
	__type(value, u64);
} sites SEC(".maps");

SEC("tp_btf/kfree_skb")
int empty(u64 *ctx __attribute__((unused)))
{
	return 0;
}

SEC("tp_btf/kfree_skb")
int bare_hash(u64 *ctx)
{
	struct site_key key = { .site = ctx[1], .reason = ctx[2] };
	u64 *count = bpf_map_lookup_elem(&sites, &key);
	u64 one = 1;

	if (count)
		(*count)++;
	else
		bpf_map_update_elem(&sites, &key, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
