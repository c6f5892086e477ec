/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What crosses between retransmissions.bpf.c and user space. Integers are in the machine's byte
 * order; sequence numbers are compared modulo 2^32, as TCP does.
 */
#ifndef RETRANSMISSION_RECORDS_H
#define RETRANSMISSION_RECORDS_H

#include "drop_records.h"

/* One direction of a connection: key of the map `histories`. No padding. */
struct retransmission_flow {
	drop_u8 source[16]; /* IPv4 as ::ffff:a.b.c.d, network order */
	drop_u8 destination[16];
	drop_u16 source_port;
	drop_u16 destination_port;
};

/* A range of sequence numbers that was dropped. */
struct retransmission_drop {
	drop_u64 site;      /* as in struct drop_key */
	drop_u64 time;      /* CLOCK_MONOTONIC, ns, of the first packet; 0 if there is none */
	drop_u64 last;      /* of the last one */
	drop_u32 reason;
	drop_u32 netns;
	drop_u32 interface;
	drop_u32 receiver;  /* the receiver, on this machine, did not want it */
	drop_u32 head;      /* what no retransmission has answered yet: from here */
	drop_u32 tail;      /* to before here; the same if all is answered */
};

#define RETRANSMISSION_DROPS 16

/* What is known of a flow: value of the map `histories`. */
struct retransmission_history {
	drop_u64 drops;            /* of segments that must be sent again; none of `receiver` */
	drop_u64 ack_drops;        /* of segments the other way that acknowledge this flow */
	struct retransmission_drop ack; /* the last of those: tail is what it acknowledged */
	drop_u32 next;             /* where the next one goes */
	drop_u32 reserved;
	struct retransmission_drop ranges[RETRANSMISSION_DROPS];
};

/* What a retransmission follows from, the weakest first. */
enum retransmission_match {
	RETRANSMISSION_NONE,     /* no drop of the flow is known */
	RETRANSMISSION_FLOW,     /* there are some, but not of this range since it was last sent */
	RETRANSMISSION_RECEIVER, /* the receiver, on this machine, did not want the range */
	RETRANSMISSION_ACK,      /* its acknowledgement was dropped */
	RETRANSMISSION_EXACT,    /* a part of the range was dropped */
	RETRANSMISSION_MATCHES,
};

/* A retransmission in the ring. */
struct retransmission_record {
	drop_u64 time; /* CLOCK_MONOTONIC, ns */
	struct retransmission_flow flow;
	drop_u32 start;     /* sequence numbers */
	drop_u32 end;
	drop_u32 segments;
	drop_u32 srtt;      /* smoothed round-trip time, us; 0 if not known */
	drop_u32 netns;     /* of the socket */
	drop_u32 interface; /* that its route leaves by, 0 if not known */
	drop_u32 error;     /* errno that sending ended in, 0 if none */
	drop_u8 state;      /* TCP_ESTABLISHED ... */
	drop_u8 synack;     /* of a connection that is not yet a socket */
	drop_u8 match;      /* enum retransmission_match */
	drop_u8 reserved;
	drop_u64 drops;     /* as in struct retransmission_history */
	drop_u64 ack_drops;
	struct retransmission_drop cause; /* of the match; time is 0 for none */
};

/* One CPU's account: value of the map `retransmission_accounts`. */
struct retransmission_account {
	drop_u64 drops;      /* TCP segments dropped */
	drop_u64 elsewhere;  /* of these, in other namespaces than those asked for */
	drop_u64 unreadable; /* of these, without a TCP header to be read */
	drop_u64 unstored;   /* of these, not remembered: the map was busy */
	drop_u64 overwritten; /* ranges that gave way before anything of them was answered */
	drop_u64 flows;      /* histories begun */
	drop_u64 seen;       /* retransmissions, in calls of the tracepoints */
	drop_u64 filtered;   /* of these, of sockets in other namespaces */
	drop_u64 unsent;     /* of these, that TCP gave up before sending */
	drop_u64 told;       /* of these, put into the ring */
	drop_u64 lost;       /* of these, for which the ring had no room */
	drop_u64 lost_segments;
};

#define RETRANSMISSION_NAMESPACES 8
#define RETRANSMISSION_REASONS 8

/* What user space fixes before loading. */
struct retransmission_settings {
	drop_u32 argument_count;       /* of skb:kfree_skb, as in struct drop_settings */
	drop_u32 retransmit_arguments; /* of tcp:tcp_retransmit_skb: 2, 3 with an error */
	drop_u32 wake_bytes;           /* wake the reader when the ring holds this much */
	drop_u32 namespace_count;      /* 0: all */
	drop_u32 namespaces[RETRANSMISSION_NAMESPACES]; /* inodes that are this machine */
	drop_u32 reason_count;
	drop_u32 reasons[RETRANSMISSION_REASONS]; /* with which a receiver refuses what arrived */
	drop_u32 reserved;
};

#endif
