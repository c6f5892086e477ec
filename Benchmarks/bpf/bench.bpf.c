// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What no counter can be cheaper than (a program that does nothing, and the plainest per-CPU hash
 * of drops by site and reason, both attached as dropwatch attaches), and the clock by which it is
 * measured.
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

#define XDP_PASS 2
#define BPF_MAP_TYPE_ARRAY 2

/* When each 4,096th frame passed: CLOCK_MONOTONIC, ns. The generator runs on one CPU at a time. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 256);
	__type(key, u32);
	__type(value, u64);
} moments SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} passed SEC(".maps");

SEC("xdp")
int clocked_pass(void *ctx __attribute__((unused)))
{
	u32 zero = 0;
	u64 *frames = bpf_map_lookup_elem(&passed, &zero);

	if (!frames)
		return XDP_PASS;
	if (!(*frames % 4096)) {
		u32 slice = *frames / 4096;
		u64 now = bpf_ktime_get_ns();

		bpf_map_update_elem(&moments, &slice, &now, BPF_ANY);
	}
	++*frames;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
