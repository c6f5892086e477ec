// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clinux_perf_open(uint64_t tracepoint, int cpu, uint32_t watermark)
{
	struct perf_event_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.type = PERF_TYPE_TRACEPOINT;
	attributes.size = sizeof(attributes);
	attributes.config = tracepoint;
	attributes.sample_period = 1;
	attributes.sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
	attributes.disabled = 1;
	attributes.watermark = 1;
	attributes.wakeup_watermark = watermark;
	attributes.use_clockid = 1;
	attributes.clockid = CLOCK_MONOTONIC;
	return (int)syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

void *clinux_perf_map(int descriptor, unsigned long size)
{
	void *ring = mmap(NULL, size + (unsigned long)getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED,
			  descriptor, 0);

	return ring == MAP_FAILED ? NULL : ring;
}

void clinux_perf_unmap(void *ring, unsigned long size)
{
	munmap(ring, size + (unsigned long)getpagesize());
}

uint64_t clinux_perf_head(const void *ring)
{
	const struct perf_event_mmap_page *page = ring;

	// Pairs with the kernel's own barrier: what lies before the head has been written.
	return __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
}

uint64_t clinux_perf_tail(const void *ring)
{
	return ((const struct perf_event_mmap_page *)ring)->data_tail;
}

const void *clinux_perf_data(const void *ring)
{
	return (const char *)ring + getpagesize();
}

void clinux_perf_release(void *ring, uint64_t tail)
{
	struct perf_event_mmap_page *page = ring;

	__atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
}

int clinux_perf_switch(int descriptor, int on)
{
	return ioctl(descriptor, on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
}

int clinux_perf_filter(int descriptor, const char *filter)
{
	return ioctl(descriptor, PERF_EVENT_IOC_SET_FILTER, filter);
}
