// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tells of each TCP retransmission whether this machine dropped what is sent again.
 *
 * One program remembers the dropped segments of each flow (skb:kfree_skb), two look there when TCP
 * sends something again (tcp:tcp_retransmit_skb, tcp:tcp_retransmit_synack). The first one is run
 * for every drop of any kind, so what is not TCP leaves after a few plain loads; the others are
 * rare and read by helpers.
 */

#define DROP_OTHER_SETTINGS
#include "history.h"

#define TCP_SYN_RECV 3

const volatile struct retransmission_settings settings = {};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct retransmission_account);
} retransmission_accounts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} retransmissions SEC(".maps");

/* What devices are called in their namespaces. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct drop_device_key);
	__type(value, struct drop_device_name);
} device_names SEC(".maps");

static __always_inline struct retransmission_account *account_here(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&retransmission_accounts, &zero);
}

static __always_inline bool is_this_machine(u32 netns)
{
	u32 i;

	if (!settings.namespace_count)
		return true;
	for (i = 0; i < RETRANSMISSION_NAMESPACES; i++)
		if (i < settings.namespace_count && settings.namespaces[i] == netns)
			return true;
	return false;
}

static __always_inline u32 is_receivers(u32 reason)
{
	u32 i;

	for (i = 0; i < RETRANSMISSION_REASONS; i++)
		if (i < settings.reason_count && settings.reasons[i] == reason)
			return 1;
	return 0;
}

static __always_inline void name(struct net_device *dev, u32 netns, u32 interface)
{
	struct drop_device_key key = { .netns = netns, .interface = interface };
	struct drop_device_name text = {};

	if (!dev || bpf_map_lookup_elem(&device_names, &key))
		return;
	bpf_core_read(&text, sizeof(text), &dev->name);
	bpf_map_update_elem(&device_names, &key, &text, BPF_ANY);
}

static __always_inline void swap_ends(struct retransmission_flow *back,
				      const struct retransmission_flow *flow)
{
	__builtin_memcpy(back->source, flow->destination, 16);
	__builtin_memcpy(back->destination, flow->source, 16);
	back->source_port = flow->destination_port;
	back->destination_port = flow->source_port;
}

/* All that is done for a dropped TCP segment: `at` is its IP header, null if it has none yet. */
OUT_OF_LINE int remember_segment(struct drop *drop, unsigned char *at, u32 version, u32 next)
{
	struct ip_start ip = { .version = version, .next = next };
	struct retransmission_account *account = account_here();
	struct retransmission_history *history;
	struct retransmission_flow back = {};
	struct segment segment = {};
	bool is_read;

	if (!account)
		return 0;
	account->drops++;
	place(drop, false);
	if (!is_this_machine(drop->key.netns)) {
		account->elsewhere++;
		return 0;
	}
	is_read = at ? read_behind_ip(&segment, drop->skb, at, &ip) : read_unrouted(&segment, drop);
	if (!is_read) {
		account->unreadable++;
		return 0;
	}
	drop->now = bpf_ktime_get_ns();
	name(drop->dev, drop->key.netns, drop->key.interface);
	if (segment.start != segment.end) {
		history = history_of(&segment.flow, account);
		if (history)
			remember(history, drop, &segment, is_receivers(drop->key.reason),
				 account);
		else
			account->unstored++;
	}
	/* A receiver that refuses a segment has taken note of what it acknowledges. */
	if (segment.acknowledges && !is_receivers(drop->key.reason)) {
		swap_ends(&back, &segment.flow);
		history = history_of(&back, account);
		if (history)
			remember_ack(history, drop, &segment);
		else
			account->unstored++;
	}
	return 0;
}

static __always_inline int on_drop(u64 *ctx, const bool typed)
{
	struct sock *receiver = receiver_of(ctx, settings.argument_count, typed);
	struct sk_buff *skb = (struct sk_buff *)ctx[0];
	struct ip_start ip = {};
	struct drop drop = {};
	unsigned char *at;

	at = find_ip(skb, &ip, typed);
	if (at && ip.next != IPPROTO_TCP && (ip.version == 4 || !pass_extensions(at, ip.next)))
		return 0;
	if (!at && GET(skb, protocol))
		return 0;
	drop.skb = skb;
	drop.sk = receiver ? receiver : GET(untrusted(skb, typed), sk);
	if (!at && !is_unrouted_tcp(&drop, typed))
		return 0;
	drop.key.site = ctx[1];
	drop.key.reason = reason_of(ctx, settings.argument_count);
	return remember_segment(&drop, at, ip.version, ip.next);
}

SEC("tp_btf/kfree_skb")
int typed_drop(u64 *ctx)
{
	return on_drop(ctx, true);
}

SEC("raw_tp/kfree_skb")
int untyped_drop(u64 *ctx)
{
	return on_drop(ctx, false);
}

/* Looks the flow up and hands the record over. */
static __always_inline void tell(struct retransmission_record *record, u64 limit,
				 struct retransmission_account *account)
{
	struct retransmission_history *history = bpf_map_lookup_elem(&histories, &record->flow);
	u64 flags = BPF_RB_NO_WAKEUP;

	if (history)
		match(record, history, limit);
	if (bpf_ringbuf_query(&retransmissions, BPF_RB_AVAIL_DATA) >= settings.wake_bytes)
		flags = BPF_RB_FORCE_WAKEUP;
	if (!bpf_ringbuf_output(&retransmissions, record, sizeof(*record), flags)) {
		account->told++;
	} else {
		account->lost++;
		account->lost_segments += record->segments;
	}
}

/* linux/errno.h, asm-generic/errno-base.h: the same on all that have BPF but mips, sparc and alpha. */
#define EAGAIN 11
#define ENOMEM 12
#define EBUSY 16
#define EINVAL 22

/*
 * Whether TCP has given an attempt up before it counted and sent it: the errors with which
 * __tcp_retransmit_skb() leaves early, as the tracepoint has them from when it has an error.
 * EHOSTUNREACH is not among them: it is also what sending may end in.
 */
static __always_inline bool is_unsent(int error)
{
	return error == -EBUSY || error == -EAGAIN || error == -ENOMEM || error == -EINVAL;
}

SEC("raw_tp/tcp_retransmit_skb")
int retransmission(struct bpf_raw_tracepoint_args *ctx)
{
	struct sock *sk = (struct sock *)ctx->args[0];
	struct sk_buff *skb = (struct sk_buff *)ctx->args[1];
	struct tcp_skb_cb *control = (struct tcp_skb_cb *)&skb->cb;
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	struct retransmission_account *account = account_here();
	struct retransmission_record record = {};
	struct net_device *dev;
	u64 limit = 0;

	if (!account)
		return 0;
	account->seen++;
	record.netns = namespace_of(BPF_CORE_READ(sk, __sk_common.skc_net.net), false);
	if (!is_this_machine(record.netns)) {
		account->filtered++;
		return 0;
	}
	if (settings.retransmit_arguments >= 3 && is_unsent((int)ctx->args[2])) {
		account->unsent++;
		return 0;
	}
	record.time = bpf_ktime_get_ns();
	flow_of(&record.flow, &sk->__sk_common);
	record.start = BPF_CORE_READ(control, seq);
	record.end = BPF_CORE_READ(control, end_seq);
	record.segments = BPF_CORE_READ(control, tcp_gso_segs);
	if (!record.segments)
		record.segments = 1;
	record.srtt = BPF_CORE_READ(tcp, srtt_us) >> 3;
	record.state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (settings.retransmit_arguments >= 3 && (int)ctx->args[2] < 0)
		record.error = -(int)ctx->args[2];
	dev = BPF_CORE_READ(sk, sk_dst_cache, dev);
	if (dev) {
		record.interface = BPF_CORE_READ(dev, ifindex);
		name(dev, record.netns, record.interface);
	}
	/* Read by TCP when the timer or the packet came that makes it send again. */
	if (bpf_core_field_exists(tcp->tcp_clock_cache))
		limit = BPF_CORE_READ(tcp, tcp_clock_cache);
	tell(&record, limit ? limit : record.time, account);
	return 0;
}

SEC("raw_tp/tcp_retransmit_synack")
int synack_retransmission(struct bpf_raw_tracepoint_args *ctx)
{
	struct sock *listener = (struct sock *)ctx->args[0];
	struct request_sock *request = (struct request_sock *)ctx->args[1];
	struct retransmission_account *account = account_here();
	struct retransmission_record record = {};

	if (!account)
		return 0;
	account->seen++;
	record.netns = namespace_of(BPF_CORE_READ(listener, __sk_common.skc_net.net), false);
	if (!is_this_machine(record.netns)) {
		account->filtered++;
		return 0;
	}
	record.time = bpf_ktime_get_ns();
	flow_of(&record.flow, &request->__req_common);
	record.start = BPF_CORE_READ((struct tcp_request_sock *)request, snt_isn);
	record.end = record.start + 1;
	record.segments = 1;
	record.synack = 1;
	record.state = TCP_SYN_RECV;
	/* The kernel tells only of those that got away: no drop of its own is known yet. */
	tell(&record, record.time, account);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
