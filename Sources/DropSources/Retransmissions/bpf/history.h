/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which ranges of each flow were dropped, and which of these a retransmission answers.
 *
 * Two CPUs that drop segments of one flow at the same instant may write over each other's range:
 * programs for tracepoints may not take a lock.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include "segment.h"

/*
 * How soon after each other segments are dropped that make one range, ns. Longer, and the drop of
 * a retransmission could be taken for a part of what was dropped before it.
 */
#define BURST 100000ull

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct retransmission_flow);
	__type(value, struct retransmission_history);
} histories SEC(".maps");

/* Never written: what a history begins as, which is too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct retransmission_history);
} blank SEC(".maps");

static __always_inline bool before(u32 left, u32 right)
{
	return (__s32)(left - right) < 0;
}

static __always_inline struct retransmission_history *
history_of(const struct retransmission_flow *flow, struct retransmission_account *account)
{
	struct retransmission_history *history = bpf_map_lookup_elem(&histories, flow);
	u32 zero = 0;
	void *empty;

	if (history)
		return history;
	empty = bpf_map_lookup_elem(&blank, &zero);
	if (!empty)
		return NULL;
	if (!bpf_map_update_elem(&histories, flow, empty, BPF_NOEXIST))
		account->flows++;
	return bpf_map_lookup_elem(&histories, flow);
}

static __always_inline void describe(struct retransmission_drop *range, const struct drop *drop)
{
	range->site = drop->key.site;
	range->reason = drop->key.reason;
	range->netns = drop->key.netns;
	range->interface = drop->key.interface;
	range->last = drop->now;
}

static __always_inline bool is_burst(const struct retransmission_drop *range,
				     const struct drop *drop, u32 start, u32 receiver)
{
	return range->time && range->tail == start && range->head != range->tail &&
	       range->site == drop->key.site && range->reason == drop->key.reason &&
	       range->netns == drop->key.netns && range->interface == drop->key.interface &&
	       range->receiver == receiver && drop->now - range->last < BURST;
}

/* Remembers a dropped segment that must be sent again. */
static __always_inline void remember(struct retransmission_history *history,
				     const struct drop *drop, const struct segment *segment,
				     u32 receiver, struct retransmission_account *account)
{
	u32 next = history->next;
	struct retransmission_drop *range =
		&history->ranges[(next - 1) & (RETRANSMISSION_DROPS - 1)];

	if (!receiver)
		history->drops++;
	if (is_burst(range, drop, segment->start, receiver)) {
		range->tail = segment->end;
		range->last = drop->now;
		return;
	}
	history->next = next + 1;
	range = &history->ranges[next & (RETRANSMISSION_DROPS - 1)];
	if (range->time && !range->receiver && range->head != range->tail)
		account->overwritten++;
	range->receiver = receiver;
	range->head = segment->start;
	range->tail = segment->end;
	describe(range, drop);
	range->time = drop->now;
}

/* Remembers a dropped acknowledgement, in the history of the flow that it acknowledges. */
static __always_inline void remember_ack(struct retransmission_history *history,
					 const struct drop *drop, const struct segment *segment)
{
	struct retransmission_drop *ack = &history->ack;

	history->ack_drops++;
	if (!ack->time || before(ack->tail, segment->acknowledged))
		ack->tail = segment->acknowledged;
	/* Nothing of what it acknowledges has been sent again since. */
	ack->head = ack->tail - 0x40000000;
	describe(ack, drop);
	ack->time = drop->now;
}

/*
 * Arithmetic in place of branches, each of which would double the paths that the verifier follows
 * through a loop: 1 if so, else 0, in a way that the compiler does not see through.
 */
#define HIDDEN(value)                                                                          \
	({                                                                                     \
		u64 _value = (value);                                                          \
		asm volatile("" : "+r"(_value));                                               \
		_value;                                                                        \
	})
#define BEFORE(left, right) HIDDEN((u32)((left) - (right)) >> 31)
#define LESS(left, right) HIDDEN(((left) - (right)) >> 63)

static __always_inline u64 overlaps(const struct retransmission_drop *range, u32 start, u32 end)
{
	u32 rest = range->tail - range->head;
	u64 is_open = HIDDEN((rest | -rest) >> 31);

	return is_open & BEFORE(start, range->tail) & BEFORE(range->head, end);
}

/* The later of two drops, each its time and index in one number, if `counts` is 1. */
static __always_inline u64 later(u64 best, u64 each, u64 counts)
{
	u64 better = HIDDEN(-(LESS(best, each) & counts));

	return best ^ ((best ^ each) & better);
}

/* Takes what is sent again out of what is still to be sent again. */
static __always_inline void answer(struct retransmission_drop *range,
				   const struct retransmission_record *record)
{
	bool from_head = !before(range->head, record->start);
	bool to_tail = !before(record->end, range->tail);

	if (from_head)
		range->head = to_tail ? range->tail : record->end;
	else if (to_tail)
		range->tail = record->start;
	/* A part in the middle stays: the ends are what TCP begins with. */
}

/*
 * Finds what a retransmission follows from. Only what was dropped before `limit`, when TCP began to
 * send, can be its cause: its own drop, on the way out, may be known already.
 */
static __always_inline void match(struct retransmission_record *record,
				  struct retransmission_history *history, u64 limit)
{
	u64 exact = 0, receiver = 0, other = 0;
	struct retransmission_drop *range = NULL;
	u32 i;

	record->drops = history->drops;
	record->ack_drops = history->ack_drops;
	for (i = 0; i < RETRANSMISSION_DROPS; i++) {
		const struct retransmission_drop *each = &history->ranges[i];
		/* 60 bits of nanoseconds are 36 years. */
		u64 drop = each->time << 4 | i;
		u64 known = HIDDEN(-each->time >> 63) & LESS(each->time, limit);
		u64 here = known & overlaps(each, record->start, record->end);
		u64 refused = HIDDEN(each->receiver & 1);

		other = later(other, drop, known & (refused ^ 1));
		exact = later(exact, drop, here & (refused ^ 1));
		receiver = later(receiver, drop, here & refused);
	}
	if (exact) {
		record->match = RETRANSMISSION_EXACT;
		range = &history->ranges[exact & (RETRANSMISSION_DROPS - 1)];
	} else if (history->ack.time && history->ack.time < limit &&
		   !before(history->ack.tail, record->end) &&
		   before(history->ack.head, record->end)) {
		record->match = RETRANSMISSION_ACK;
		record->cause = history->ack;
		history->ack.head = record->end;
		return;
	} else if (receiver) {
		record->match = RETRANSMISSION_RECEIVER;
		range = &history->ranges[receiver & (RETRANSMISSION_DROPS - 1)];
	}
	if (range) {
		record->cause = *range;
		answer(range, record);
	} else if (other) {
		record->match = RETRANSMISSION_FLOW;
		record->cause = history->ranges[other & (RETRANSMISSION_DROPS - 1)];
	}
}

#endif
