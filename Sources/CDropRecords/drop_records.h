/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What crosses from the BPF program to user space, laid out once: the BPF program includes this
 * file, Swift imports it as the module CDropRecords. Integers are in the machine's byte order
 * unless a comment says otherwise.
 */
#ifndef DROP_RECORDS_H
#define DROP_RECORDS_H

#ifdef __bpf__
typedef __u8 drop_u8;
typedef __u16 drop_u16;
typedef __u32 drop_u32;
typedef __u64 drop_u64;
#else
#include <stdint.h>
typedef uint8_t drop_u8;
typedef uint16_t drop_u16;
typedef uint32_t drop_u32;
typedef uint64_t drop_u64;
#endif

/* What is counted apart from what: the key of the map `tallies`. No padding. */
struct drop_key {
	drop_u64 site;      /* the address after the call that freed the packet */
	drop_u32 reason;    /* enum skb_drop_reason, 0 where the kernel has none (before 5.17) */
	drop_u32 netns;     /* inode of the network namespace, 0 if unknown */
	drop_u32 interface; /* index of the device in that namespace, 0 if unknown */
	drop_u16 ethertype; /* skb->protocol in host order, 0 if unset */
	drop_u8 transport;  /* IP protocol number, DROP_TRANSPORT_NONE if unknown */
	drop_u8 family;     /* address family of the socket where ethertype is 0 */
};

/* 255 is reserved by IANA, and 0 (hop-by-hop options) is a protocol. */
#define DROP_TRANSPORT_NONE 255

/* What `reason` is where network hardware dropped: the trap is told beside the key. */
#define DROP_REASON_HARDWARE 0xffff0000

/* A devlink trap and its group: as long as NET_DM keeps them (net/core/drop_monitor.c). */
struct drop_trap {
	char name[40];
	char group[40];
};

/* The key of the map `trap_tallies`. */
struct drop_trap_key {
	struct drop_key key;
	struct drop_trap trap;
};

/* A queueing discipline as `tc qdisc` tells it; all 0 for none. */
struct drop_qdisc {
	drop_u32 handle; /* 16 bits before and 16 behind the colon */
	drop_u32 parent; /* a class, or TC_H_ROOT */
	char kind[16];   /* "tbf", never empty */
};

/* The key of the map `qdisc_tallies`. */
struct drop_qdisc_key {
	struct drop_key key;
	struct drop_qdisc qdisc;
};

/* The packet that a queueing discipline dropped last on a CPU: the only value of `qdisc_drops`. */
struct drop_qdisc_drop {
	drop_u64 skb; /* its address until it is freed, then 0 */
	drop_u32 reason; /* enum qdisc_drop_reason */
	drop_u32 reserved;
	struct drop_qdisc qdisc;
};

/*
 * A packet that hardware reported, under the address of its skb: value of the map `trapped`.
 * Addresses are used again, so this says which packet it was.
 */
struct drop_trapped {
	drop_u64 head;      /* of its buffer */
	drop_u64 time;      /* CLOCK_MONOTONIC, ns */
	drop_u64 print;     /* over the bytes that stay the same on its way */
	drop_u32 length;    /* skb->len */
	drop_u32 data;      /* offset of skb->data from the buffer's head */
	drop_u16 at;        /* where the bytes begin, the same way */
	drop_u16 size;
	drop_u32 exception; /* the driver hands it on to the stack, instead of freeing it */
};

/* How long after its trap a packet is recognised: the kernel gives up on a neighbour after 3 s. */
#define DROP_TRAPPED_FOR 5000000000ull

/* One CPU's share of a key: the value of the maps of tallies. */
struct drop_tally {
	drop_u64 drops;
	drop_u64 bytes;
	drop_u64 segments;
	drop_u64 first; /* CLOCK_MONOTONIC, ns, exact to a timer tick */
	drop_u64 last;
	drop_u64 limited_until; /* no packet of this key is offered before (CLOCK_MONOTONIC, ns) */
};

/*
 * One CPU's account: a value of the map `accounts`. Each program has its own, for one may
 * interrupt the other.
 */
enum drop_account_of { DROP_ACCOUNT_SOFTWARE, DROP_ACCOUNT_HARDWARE, DROP_ACCOUNTS };
struct drop_account {
	drop_u64 seen;       /* drops that reached the program */
	drop_u64 overflowed; /* not tallied: the map was full */
	drop_u64 filtered;   /* not tallied: a filter did not match */
	drop_u64 excluded;   /* not tallied: the watcher's own, or tallied as the hardware's */
	drop_u64 offered;    /* packets that could have been handed over */
	drop_u64 delivered;  /* packets put into the ring */
	drop_u64 limited;    /* packets over the limit per key and second */
	drop_u64 lost;       /* packets the ring had no room for */
	drop_u64 tick;       /* the program's own: jiffies when `now` was read */
	drop_u64 now;        /* CLOCK_MONOTONIC, ns */
};

/* Names are read when a key first appears: key and value of the map `devices`. */
struct drop_device_key {
	drop_u32 netns;
	drop_u32 interface;
};
struct drop_device_name {
	char name[16];
};

/* How often packets of one key were offered in the present second: value of `budgets`. */
struct drop_budget {
	drop_u64 until; /* end of the window, CLOCK_MONOTONIC, ns */
	drop_u64 spent;
};

/*
 * A packet in the ring: this header, room for DROP_STACK_DEPTH return addresses if stacks are
 * asked for, and room for DROP_SNAP_SHORT or DROP_SNAP_LONG bytes of the packet, whichever the
 * snap length needs. The ring takes constant sizes only, hence these four classes. A packet that
 * hardware dropped has a struct drop_trap where others have their stack.
 */
struct drop_packet {
	drop_u64 time; /* CLOCK_MONOTONIC, ns */
	struct drop_key key;
	struct drop_qdisc qdisc;   /* that dropped it */
	drop_u64 owner_cookie;     /* SO_COOKIE, 0 if nobody ever asked for it */
	drop_u64 owner_cgroup;     /* inode of the socket's cgroup, 0 if unknown */
	drop_u64 owner_inode;      /* of the socket's file, 0 if none */
	drop_u32 owner_uid;        /* of who made the socket */
	drop_u8 owner;             /* enum drop_owner */
	drop_u8 owner_family;      /* AF_INET ... */
	drop_u8 owner_state;       /* TCP_ESTABLISHED ... */
	drop_u8 owner_protocol;    /* IPPROTO_TCP ... */
	drop_u32 ingress;          /* skb->skb_iif, 0 if it never arrived */
	drop_u32 length;           /* skb->len at the drop */
	drop_u32 segments;         /* as in drop_tally */
	drop_u32 original;         /* the same from the first byte handed over on */
	drop_u32 reserved;
	drop_u16 network_offset;   /* of the network header in the bytes, DROP_OFFSET_NONE if outside */
	drop_u16 transport_offset; /* the same for the transport header */
	drop_u16 has_link_header;  /* the bytes begin with a link-layer header */
	drop_u16 stack_size;       /* bytes of return addresses, innermost first */
	drop_u16 bytes_offset;     /* from the start of this structure to the packet's bytes */
	drop_u16 captured;         /* packet's bytes that are valid */
};

#define DROP_STACK_DEPTH 48
#define DROP_SNAP_SHORT 128
#define DROP_SNAP_LONG 1600
#define DROP_OFFSET_NONE 0xffff

/* Whose socket the owner_ fields describe. */
enum drop_owner {
	DROP_OWNER_NONE,     /* none, or one without an owner (TIME_WAIT, NEW_SYN_RECV) */
	DROP_OWNER_PACKET,   /* skb->sk: the sender, or the receiver it was delivered to */
	DROP_OWNER_RECEIVER, /* the receiving socket that the tracepoint names (from 6.11) */
};

/* What user space fixes before loading; the verifier prunes what is off. Lives in .rodata. */
struct drop_settings {
	drop_u32 argument_count; /* of the tracepoint: 2, 3 with a reason, 4 with a socket */
	drop_u32 packet_limit;   /* per key and second; DROP_PACKETS_OFF, DROP_PACKETS_ALL */
	drop_u32 snap_length;    /* bytes of each packet, at most DROP_SNAP_LONG */
	drop_u32 with_stack;     /* hand over kernel stacks */
	drop_u32 wake_bytes;     /* wake the reader when the ring holds this much */
	drop_u32 hardware;       /* hardware drops are counted as well: not to be counted twice */
	drop_u32 qdisc_reason;   /* QDISC_DROP where qdisc:qdisc_drop tells more, else 0 */
	drop_u32 filter_bytes;   /* how far an expression looks into packets, 0 for none */
	drop_u32 filters;        /* what else is asked for: bits, by enum drop_filter_kind */
	drop_u32 filter_sites;   /* how many sites are */
};

/* What drops can be left out by, besides an expression. */
enum drop_filter_kind {
	DROP_FILTER_REASON,     /* these reasons or traps */
	DROP_FILTER_NOT_REASON, /* any but these */
	DROP_FILTER_SITE,
	DROP_FILTER_DEVICE,     /* a name, or an index */
	DROP_FILTER_NETNS,      /* an inode */
	DROP_FILTER_UID,        /* of who made the socket */
	DROP_FILTER_CGROUP,     /* an inode; of the socket, or above it */
};

/* Keys of the maps `filter_numbers` and `filter_names`. No padding. */
struct drop_filter_number {
	drop_u64 number;
	drop_u32 kind;
	drop_u32 reserved;
};
struct drop_filter_name {
	char name[40];
	drop_u32 kind;
};

/* An element of the array `filter_sites`: return addresses in a function. */
struct drop_filter_site {
	drop_u64 start;
	drop_u64 end; /* the first that is outside */
};
#define DROP_FILTER_SITES 32

/* The longest packet that an expression can see, and the header made up for those without one. */
#define DROP_FILTER_ROOM 1600
#define DROP_LINK_HEADER 14

#define DROP_PACKETS_OFF 0
#define DROP_PACKETS_ALL 0xffffffff

#endif
