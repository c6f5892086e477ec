// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counts every packet that the kernel frees as dropped, and hands some of them over.
 *
 * The tracepoint skb:kfree_skb fires once for each dropped sk_buff, in any context up to hard
 * interrupts. All work is one look-up in a per-CPU hash; what is rare (a new key, a packet to hand
 * over) is kept out of line of it. A drop within a drop on one CPU does not reach the program:
 * the kernel counts it as a recursion miss, which user space reads and shows.
 *
 * Four programs share one body, and one of them is loaded. The typed ones read members with plain
 * loads, which the verifier allows for pointers that it knows from BTF; the untyped ones must call a
 * helper for each. Those that only count need not know the types that packets bring with them, for
 * each of which libbpf searches the kernel's whole BTF (1 ms).
 */

#include "attribution.h"
#include "drop.h"
#include "packet.h"

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

/* The first drop of a key: makes room for its counts and notes what its device is called. */
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
	if (packets)
		offer(ctx, &drop, tally, account);
}

static __always_inline int typed_drop(u64 *ctx, const bool packets)
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
	on_drop(ctx, (struct sk_buff *)ctx[0], ctx[1], reason, receiver, true, packets);
	return 0;
}

static __always_inline int untyped_drop(struct bpf_raw_tracepoint_args *ctx, const bool packets)
{
	u32 reason = 0;
	struct sock *receiver = NULL;

	if (settings.argument_count >= 3)
		reason = ctx->args[2];
	if (settings.argument_count >= 4)
		receiver = (struct sock *)ctx->args[3];
	on_drop(ctx, (struct sk_buff *)ctx->args[0], ctx->args[1], reason, receiver, false, packets);
	return 0;
}

SEC("tp_btf/kfree_skb")
int typed_counting(u64 *ctx)
{
	return typed_drop(ctx, false);
}

SEC("tp_btf/kfree_skb")
int typed_packets(u64 *ctx)
{
	return typed_drop(ctx, true);
}

SEC("raw_tp/kfree_skb")
int untyped_counting(struct bpf_raw_tracepoint_args *ctx)
{
	return untyped_drop(ctx, false);
}

SEC("raw_tp/kfree_skb")
int untyped_packets(struct bpf_raw_tracepoint_args *ctx)
{
	return untyped_drop(ctx, true);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
