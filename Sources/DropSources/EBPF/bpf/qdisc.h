/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a queueing discipline dropped. From 7.0 kfree_skb only says that one did (QDISC_DROP); the
 * tracepoint qdisc:qdisc_drop, which fires right before it, says which and why.
 *
 * Both fire in __tcf_kfree_skb_list() (net/core/dev.c), on one CPU and with bottom halves off, so
 * one remembered packet for each CPU is enough. If it is not freed after all, because somebody else
 * still holds it, the next one takes its place.
 */
#ifndef QDISC_H
#define QDISC_H

#include "tally.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct drop_qdisc_drop);
} qdisc_drops SEC(".maps");

static __always_inline void remember_qdisc(struct Qdisc *qdisc, u64 skb, u32 reason,
					   const bool typed)
{
	struct drop_qdisc_drop *drop;
	const struct Qdisc_ops *ops;
	u32 zero = 0;

	drop = bpf_map_lookup_elem(&qdisc_drops, &zero);
	if (!drop)
		return;
	/* No trust is asked for, see untrusted(). */
	if (typed && bpf_rdonly_cast)
		qdisc = bpf_rdonly_cast(qdisc, bpf_core_type_id_kernel(struct Qdisc));
	ops = GET(qdisc, ops);
	drop->reason = reason;
	drop->qdisc.handle = GET(qdisc, handle);
	drop->qdisc.parent = GET(qdisc, parent);
	if (bpf_core_read(drop->qdisc.kind, sizeof(drop->qdisc.kind), &ops->id))
		skb = 0;
	drop->skb = skb;
}

/* Takes over what was remembered of this packet, if anything was. */
OUT_OF_LINE void recall_qdisc(struct drop *drop)
{
	struct drop_qdisc_drop *last;
	u32 zero = 0;

	last = bpf_map_lookup_elem(&qdisc_drops, &zero);
	if (!last || last->skb != (u64)drop->skb)
		return;
	last->skb = 0;
	drop->key.reason = last->reason;
	drop->qdisc = &last->qdisc;
	drop->apart = (u64)last->qdisc.parent << 32 | last->qdisc.handle;
}

OUT_OF_LINE struct drop_tally *qdisc_tally(struct drop *drop)
{
	struct drop_qdisc_key key = { .key = drop->key };

	if (!drop->qdisc)
		return NULL;
	key.qdisc = *drop->qdisc;
	return find_or_make(&qdisc_tallies, &key, drop);
}

#endif
