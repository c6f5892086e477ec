// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "CDropLab.h"

#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attribute)
{
	return (int)syscall(SYS_bpf, command, attribute, sizeof(*attribute));
}

_Static_assert(sizeof(struct dwlab_instruction) == sizeof(struct bpf_insn), "same layout");

int dwlab_bpf_load(uint32_t type, uint32_t attach_type, const struct dwlab_instruction *program,
		   uint32_t count, const char *name, char *log, uint32_t log_size)
{
	union bpf_attr attribute = { 0 };

	attribute.prog_type = type;
	attribute.expected_attach_type = attach_type;
	attribute.insns = (uint64_t)(uintptr_t)program;
	attribute.insn_cnt = count;
	attribute.license = (uint64_t)(uintptr_t)"GPL";
	attribute.log_buf = (uint64_t)(uintptr_t)log;
	attribute.log_size = log_size;
	attribute.log_level = 1;
	strncpy(attribute.prog_name, name, sizeof(attribute.prog_name) - 1);
	return bpf(BPF_PROG_LOAD, &attribute);
}

int dwlab_bpf_link(int program, uint32_t target, uint32_t attach_type, uint32_t flags)
{
	union bpf_attr attribute = { 0 };

	attribute.link_create.prog_fd = (uint32_t)program;
	attribute.link_create.target_fd = target;
	attribute.link_create.attach_type = attach_type;
	attribute.link_create.flags = flags;
	return bpf(BPF_LINK_CREATE, &attribute);
}

int dwlab_bpf_map(uint32_t type, uint32_t entries)
{
	union bpf_attr attribute = { 0 };

	attribute.map_type = type;
	attribute.key_size = 4;
	attribute.value_size = 4;
	attribute.max_entries = entries;
	return bpf(BPF_MAP_CREATE, &attribute);
}

int dwlab_xdp_live(int program, uint32_t interface, const uint8_t *frame, uint32_t size,
		   uint32_t repeat, uint32_t batch, uint32_t *nanoseconds)
{
	struct xdp_md context = { .data_end = size, .ingress_ifindex = interface };
	union bpf_attr attribute = { 0 };
	int result;

	attribute.test.prog_fd = (uint32_t)program;
	attribute.test.data_in = (uint64_t)(uintptr_t)frame;
	attribute.test.data_size_in = size;
	attribute.test.ctx_in = (uint64_t)(uintptr_t)&context;
	attribute.test.ctx_size_in = sizeof(context);
	attribute.test.repeat = repeat;
	attribute.test.batch_size = batch;
	attribute.test.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
	result = bpf(BPF_PROG_TEST_RUN, &attribute);
	*nanoseconds = attribute.test.duration;
	return result;
}
