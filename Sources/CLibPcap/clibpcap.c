// SPDX-License-Identifier: Apache-2.0
#include "clibpcap.h"

#include <pcap/pcap.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct clibpcap_instruction) == sizeof(struct bpf_insn), "same layout");
_Static_assert(offsetof(struct clibpcap_instruction, operand) == offsetof(struct bpf_insn, k),
	       "same layout");

/* The longest packet there is: what a program that matches returns. */
#define SNAP_LENGTH 65535

struct clibpcap_instruction *clibpcap_compile(const char *expression, uint32_t *count, char *error,
					      unsigned long size)
{
	struct clibpcap_instruction *program = NULL;
	struct bpf_program compiled = { 0 };
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, SNAP_LENGTH);

	if (!pcap) {
		snprintf(error, size, "there is no memory");
		return NULL;
	}
	if (pcap_compile(pcap, &compiled, expression, 1, PCAP_NETMASK_UNKNOWN)) {
		snprintf(error, size, "%s", pcap_geterr(pcap));
	} else {
		*count = compiled.bf_len;
		program = malloc(compiled.bf_len * sizeof(*program));
		if (program)
			memcpy(program, compiled.bf_insns, compiled.bf_len * sizeof(*program));
		else
			snprintf(error, size, "there is no memory");
		pcap_freecode(&compiled);
	}
	pcap_close(pcap);
	return program;
}

void clibpcap_free(struct clibpcap_instruction *program)
{
	free(program);
}

uint32_t clibpcap_matches(const struct clibpcap_instruction *program, const void *bytes,
			  uint32_t captured, uint32_t length, uint16_t ethertype)
{
	uint8_t frame[CLIBPCAP_BYTES] = { 0 };

	if (!ethertype)
		return bpf_filter((const struct bpf_insn *)program, bytes, length, captured);
	if (captured > CLIBPCAP_BYTES - CLIBPCAP_HEADER)
		captured = CLIBPCAP_BYTES - CLIBPCAP_HEADER;
	frame[CLIBPCAP_HEADER - 2] = ethertype >> 8;
	frame[CLIBPCAP_HEADER - 1] = ethertype & 0xff;
	if (captured)
		memcpy(frame + CLIBPCAP_HEADER, bytes, captured);
	return bpf_filter((const struct bpf_insn *)program, frame, length + CLIBPCAP_HEADER,
			  captured + CLIBPCAP_HEADER);
}

/*
 * Capturing from D-Bus, which nobody here does: the archive's own part for it needs libdbus, and is
 * not linked if these are there already.
 */
int dbus_findalldevs(void *devices, char *error);
pcap_t *dbus_create(const char *device, char *error, int *is_ours);

int dbus_findalldevs(void *devices, char *error)
{
	(void)devices;
	(void)error;
	return 0;
}

pcap_t *dbus_create(const char *device, char *error, int *is_ours)
{
	(void)device;
	(void)error;
	*is_ours = 0;
	return NULL;
}
