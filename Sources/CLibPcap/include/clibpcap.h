// SPDX-License-Identifier: Apache-2.0
// What of libpcap the module Filters wraps. pcap.h itself stays out of Swift's sight: its `struct
// bpf_insn` clashes with libbpf's.
#ifndef CLIBPCAP_H
#define CLIBPCAP_H

#include <stdint.h>

/// An instruction of classic BPF: `struct bpf_insn` of bpf(4).
struct clibpcap_instruction {
	uint16_t code;
	uint8_t jump_if_true;
	uint8_t jump_if_false;
	uint32_t operand;
};

/// Compiles an expression (pcap-filter(7)) for packets that begin with an Ethernet header.
///
/// Returns the program, to be given back by `clibpcap_free`, and its length; null, and the reason in
/// `error` (`size` bytes), if libpcap refuses.
struct clibpcap_instruction *clibpcap_compile(const char *expression, uint32_t *count, char *error,
					      unsigned long size);
void clibpcap_free(struct clibpcap_instruction *program);

/// The Ethernet header, and as much of a packet as is looked at if it has none of its own.
#define CLIBPCAP_HEADER 14
#define CLIBPCAP_BYTES 1600

/// Runs a program that libpcap has compiled over a packet: what it returns, 0 for no match.
///
/// `bytes` are the first `captured` bytes of a packet of `length`. If `ethertype` is not 0, they
/// begin with a network header, and an Ethernet header with this type is put before them.
uint32_t clibpcap_matches(const struct clibpcap_instruction *program, const void *bytes,
			  uint32_t captured, uint32_t length, uint16_t ethertype);

#endif
