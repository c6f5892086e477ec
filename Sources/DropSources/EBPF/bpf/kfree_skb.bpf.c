// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counts every packet that the kernel frees as dropped, and hands some of them over.
 *
 * The tracepoint skb:kfree_skb fires once for each dropped sk_buff, in any context up to hard
 * interrupts. All work is one look-up in a per-CPU hash; what is rare (a new key, a packet to hand
 * over) is kept out of line of it. A drop within a drop on one CPU does not reach the program:
 * the kernel counts it as a recursion miss, which user space reads and shows.
 *
 * Beside it go two that fire seldom, where the kernel has their tracepoints: what network hardware
 * dropped (hardware.h), and why a queueing discipline did (qdisc.h).
 *
 * Four programs share one body, and one of them is loaded. The typed ones read members with plain
 * loads, which the verifier allows for pointers that it knows from BTF; the untyped ones must call a
 * helper for each. Those that only count need not know the types that packets bring with them, for
 * each of which libbpf searches the kernel's whole BTF (1 ms).
 */

#include "attribution.h"
#include "drop.h"
#include "filter.h"
#include "hardware.h"
#include "packet.h"
#include "qdisc.h"
#include "tally.h"
#include "trapped.h"

/* SO_COOKIE of the sockets that the watcher itself has open. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, u64);
	__type(value, u8);
} own_sockets SEC(".maps");

static __always_inline bool is_own(struct sock *sk, const bool typed)
{
	u64 cookie = GET(sk, __sk_common.skc_cookie.counter);

	return cookie && bpf_map_lookup_elem(&own_sockets, &cookie);
}

static __always_inline void on_drop(void *ctx, struct sk_buff *skb, u64 site, u32 reason,
				    struct sock *receiver, const bool typed, const bool packets)
{
	struct drop drop = {};
	struct drop_account *account;
	struct drop_tally *tally;
	u32 index = DROP_ACCOUNT_SOFTWARE;

	account = bpf_map_lookup_elem(&accounts, &index);
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
	if (settings.hardware && drop.now < trapped_until && was_trapped(&drop)) {
		account->excluded++;
		return;
	}
	drop.key.site = site;
	drop.key.reason = reason;
	if (settings.qdisc_reason && reason == settings.qdisc_reason)
		recall_qdisc(&drop);
	if (settings.filter_bytes && !passes_expression(skb, index, typed)) {
		account->filtered++;
		return;
	}
	place(&drop, typed);
	if (settings.filters && !passes_keys(&drop)) {
		account->filtered++;
		return;
	}
	drop.length = GET(skb, len);
	drop.segments = segments_of(&drop, typed);
	classify(&drop, typed);
	if (settings.qdisc_reason && drop.qdisc) {
		tally = qdisc_tally(&drop);
	} else {
		tally = bpf_map_lookup_elem(&tallies, &drop.key);
		if (!tally)
			tally = new_tally(&drop);
	}
	if (!tally) {
		account->overflowed++;
		return;
	}
	add(&drop, tally);
	if (packets)
		offer(ctx, &drop, tally, account, false);
}

static __always_inline int told_drop(u64 *ctx, const bool typed, const bool packets)
{
	on_drop(ctx, (struct sk_buff *)ctx[0], ctx[1], reason_of(ctx, settings.argument_count),
		receiver_of(ctx, settings.argument_count, typed), typed, packets);
	return 0;
}

SEC("tp_btf/kfree_skb")
int typed_counting(u64 *ctx)
{
	return told_drop(ctx, true, false);
}

SEC("tp_btf/kfree_skb")
int typed_packets(u64 *ctx)
{
	return told_drop(ctx, true, true);
}

SEC("raw_tp/kfree_skb")
int untyped_counting(u64 *ctx)
{
	return told_drop(ctx, false, false);
}

SEC("raw_tp/kfree_skb")
int untyped_packets(u64 *ctx)
{
	return told_drop(ctx, false, true);
}

SEC("tp_btf/qdisc_drop")
int typed_qdisc(u64 *ctx)
{
	remember_qdisc((struct Qdisc *)ctx[0], ctx[3], ctx[4], true);
	return 0;
}

SEC("raw_tp/qdisc_drop")
int untyped_qdisc(struct bpf_raw_tracepoint_args *ctx)
{
	remember_qdisc((struct Qdisc *)ctx->args[0], ctx->args[3], ctx->args[4], false);
	return 0;
}

SEC("raw_tp/devlink_trap_report")
int trap_counting(struct bpf_raw_tracepoint_args *ctx)
{
	on_trap(ctx, (struct sk_buff *)ctx->args[1], (struct devlink_trap_metadata *)ctx->args[2],
		false);
	return 0;
}

SEC("raw_tp/devlink_trap_report")
int trap_packets(struct bpf_raw_tracepoint_args *ctx)
{
	on_trap(ctx, (struct sk_buff *)ctx->args[1], (struct devlink_trap_metadata *)ctx->args[2],
		true);
	return 0;
}

/*
 * The last function in its section, so that user space can make it longer (ObjectFile.swift). What it
 * does is hidden from the compiler, which would otherwise make use of it.
 */
__hidden __noinline int matches_expression(const u8 *bytes, u32 captured, u32 length)
{
	int verdict = 1;

	asm volatile("" : "+r"(verdict) : "r"(bytes), "r"(captured), "r"(length));
	return verdict;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
