/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where drops are added up: a map of tallies for each kind of key, and the account.
 */
#ifndef TALLY_H
#define TALLY_H

#include "drop.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct drop_key);
	__type(value, struct drop_tally);
} tallies SEC(".maps");

/* Drops of queueing disciplines that told more, which would make everybody's key longer. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct drop_qdisc_key);
	__type(value, struct drop_tally);
} qdisc_tallies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct drop_trap_key);
	__type(value, struct drop_tally);
} trap_tallies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DROP_ACCOUNTS);
	__type(key, u32);
	__type(value, struct drop_account);
} accounts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct drop_device_key);
	__type(value, struct drop_device_name);
} devices SEC(".maps");

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

/* Notes what a drop's device is called. */
static __always_inline void name_device(struct drop *drop)
{
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
}

/* The tally of a key, made if this is its first drop; null if the map is full. */
static __always_inline struct drop_tally *find_or_make(void *map, const void *key,
						       struct drop *drop)
{
	struct drop_tally zero = { .first = drop->now };
	struct drop_tally *tally = bpf_map_lookup_elem(map, key);

	if (tally)
		return tally;
	name_device(drop);
	/* Another CPU may have been first: what counts is that it is there. */
	bpf_map_update_elem(map, key, &zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

OUT_OF_LINE struct drop_tally *new_tally(struct drop *drop)
{
	return find_or_make(&tallies, &drop->key, drop);
}

static __always_inline void add(struct drop *drop, struct drop_tally *tally)
{
	tally->drops++;
	tally->bytes += drop->length;
	tally->segments += drop->segments;
	if (!tally->first)
		tally->first = drop->now;
	tally->last = drop->now;
}

#endif
