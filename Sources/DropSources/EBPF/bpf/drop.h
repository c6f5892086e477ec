/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One drop while it is being looked at, and how its members are read.
 */
#ifndef DROP_H
#define DROP_H

#include "kernel_types.h"
#include "drop_records.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define NULL ((void *)0)
#define AF_INET 2
#define AF_INET6 10
#define TCP_TIME_WAIT 6
#define TCP_NEW_SYN_RECV 12

/*
 * From 6.2: lets plain loads follow an address that is only a number to the verifier. It costs
 * nothing where a helper costs 20 ns, for the IP header and the segment counts of every drop.
 */
extern void *bpf_rdonly_cast(void *address, u32 type) __ksym __weak;

/* A program with settings of its own says so before it includes this. */
#ifndef DROP_OTHER_SETTINGS
const volatile struct drop_settings settings = {};
#endif

/* A member by a plain load where the verifier knows the pointer, by a helper elsewhere. */
#define GET(object, member)                                                                    \
	({                                                                                     \
		__typeof__(object) _object = (object);                                         \
		typed ? _object->member : BPF_CORE_READ(_object, member);                      \
	})

/*
 * A function of its own. "used" makes the compiler write it where it stands, not when it is first
 * called: matches_expression(), which user space replaces by a longer one, must come last.
 */
#define OUT_OF_LINE static __noinline __attribute__((used))

struct drop {
	struct drop_key key;
	struct sk_buff *skb;
	struct sock *sk;          /* the receiving socket, else the packet's, else null */
	bool receiver;            /* sk was named by the tracepoint */
	struct net_device *dev;   /* null unless plausible */
	u64 now;
	u32 length;
	u32 segments;
	u64 apart; /* what keys that agree in `key` differ in, 0 for most */
	struct drop_qdisc *qdisc; /* that dropped it, else null */
	struct drop_trap *trap; /* that the hardware told, else null */
};

/*
 * The packet, for loads of pointers out of it: sk and dev. When a pointer is loaded out of what the
 * verifier trusts, it looks whether the result can be trusted too, by up to four linear searches
 * through the kernel's BTF (btf_nested_type_is_trusted, from 6.4), on every path: 15 ms of loading.
 * We ask for no trust. Loads of numbers stay with the trusted pointer, where they need no check.
 */
static __always_inline struct sk_buff *untrusted(struct sk_buff *skb, const bool typed)
{
	if (typed && bpf_rdonly_cast)
		return bpf_rdonly_cast(skb, bpf_core_type_id_kernel(struct sk_buff));
	return skb;
}

/*
 * The reason among the arguments of skb:kfree_skb, of which this kernel has so many; 0 before 5.17.
 * Both kinds of programs have them where their context begins.
 */
static __always_inline u32 reason_of(const u64 *arguments, u32 count)
{
	return count >= 3 ? arguments[2] : 0;
}

/* The receiving socket among them; null before 6.11, and where there is none. */
static __always_inline struct sock *receiver_of(const u64 *arguments, u32 count, const bool typed)
{
	struct sock *receiver;

	if (count < 4)
		return NULL;
	receiver = (struct sock *)arguments[3];
	if (typed && bpf_rdonly_cast)
		receiver = bpf_rdonly_cast(receiver, bpf_core_type_id_kernel(struct sock));
	return receiver;
}

#endif
