// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Runs an expression over packets of user space, one for each BPF_PROG_TEST_RUN.
 */
#include "../../../Sources/DropSources/EBPF/bpf/kernel_types.h"
#include "drop_records.h"
#include <bpf/bpf_helpers.h>

#define BPF_MAP_TYPE_ARRAY 2

struct packet {
	u32 captured;
	u32 length;
	u8 bytes[DROP_FILTER_ROOM];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct packet);
} given SEC(".maps");

int matches_expression(const u8 *bytes, u32 captured, u32 length);

/* Never attached, only run: the tracepoint does not matter. */
SEC("raw_tp/kfree_skb")
int run_expression(struct bpf_raw_tracepoint_args *ctx)
{
	u32 index = ctx->args[0];
	struct packet *packet = bpf_map_lookup_elem(&given, &index);

	if (!packet)
		return -1;
	return matches_expression(packet->bytes, packet->captured, packet->length) != 0;
}

__hidden __noinline int matches_expression(const u8 *bytes, u32 captured, u32 length)
{
	int verdict = 1;

	asm volatile("" : "+r"(verdict) : "r"(bytes), "r"(captured), "r"(length));
	return verdict;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
