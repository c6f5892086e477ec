// SPDX-License-Identifier: Apache-2.0
// What the module Glibc lacks. Calls that need _GNU_SOURCE stand behind functions in clinux.c:
// defining it here would clash with Glibc's own view of the headers.
#ifndef CLINUX_H
#define CLINUX_H

#include <stdarg.h>
#include <stdint.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>

/// Waits until every CPU has left the kernel code that it was in: membarrier(2),
/// MEMBARRIER_CMD_GLOBAL. 0, or -1 with errno.
int clinux_membarrier_global(void);

/// The effective capabilities of this process: capget(2). 0, or -1 with errno.
int clinux_effective_capabilities(uint64_t *capabilities);

/// TIOCGWINSZ on a descriptor. 0, or -1 with errno (not a terminal).
int clinux_terminal_size(int descriptor, uint16_t *rows, uint16_t *columns);

/// SO_COOKIE of a socket: from then on the kernel knows the socket by this number. 0 or -1.
int clinux_socket_cookie(int descriptor, uint64_t *cookie);

/// A descriptor that becomes readable when a process ends: pidfd_open(2), from 5.3. -1 with errno.
int clinux_pidfd_open(int process);

/// vasprintf(3): the formatted text, to be freed by the caller; null if there is no memory.
char *clinux_vformat(const char *format, va_list arguments);

/// ppoll(2) with a time-out in nanoseconds, negative for none: poll(2) knows milliseconds only.
int clinux_poll(struct pollfd *requests, unsigned long count, int64_t timeout);

/// A netlink socket (netlink(7)) with a port of its own, which answers errors with sentences (extended
/// acknowledgements, from 4.12) and never blocks. Returns the descriptor, or -1 with errno.
int clinux_netlink_open(int protocol, uint32_t *port);

/// Takes the calling thread into another network namespace, given its file: setns(2), which takes
/// CAP_SYS_ADMIN. Returns the way home for clinux_leave_namespace, which consumes it; or -1 with errno.
int clinux_enter_namespace(const char *namespace);
void clinux_leave_namespace(int home);

/// Sends whole messages to the kernel. 0, or -1 with errno.
int clinux_netlink_send(int descriptor, const void *bytes, unsigned long size);

/// Sends whole messages to the other members of a multicast group up to 32, and to the kernel:
/// netlink(7), nl_groups. 0, or -1 with errno.
int clinux_netlink_broadcast(int descriptor, const void *bytes, unsigned long size, uint32_t group);

/// Receives one datagram, at most `size` bytes of it; returns its true length and who sent it (0: the
/// kernel), or -1 with errno (EAGAIN: none waits; ENOBUFS: some were lost).
long clinux_netlink_receive(int descriptor, void *buffer, unsigned long size, uint32_t *sender);

/// Joins a multicast group. 0, or -1 with errno.
int clinux_netlink_join(int descriptor, uint32_t group);

/// Makes a socket's receive buffer so large, by force where that is permitted; returns what it is
/// then, in bytes, or -1 with errno.
long clinux_receive_buffer(int descriptor, int bytes);

/// How many messages a socket had no room for since it was made: SO_MEMINFO (from 4.12). 0 or -1.
int clinux_socket_drops(int descriptor, uint32_t *drops);

/// Starts a process that waits for the end of this one, also by SIGKILL, and then sends what it was last
/// told over the socket `*life` to the kernel over `descriptor`: whole netlink messages, at most 4,096
/// bytes in one send(2). A single byte stands for nothing to send.
///
/// Closing `*life` and waiting for the returned process ends it. Returns -1 with errno if it cannot be
/// started.
int clinux_netlink_guard(int descriptor, int *life);

/// A perf event on a tracepoint, on one CPU and for all processes, that samples every hit with its time
/// (CLOCK_MONOTONIC) and raw record; disabled. Wakes its reader when `watermark` bytes wait.
/// Returns the descriptor, or -1 with errno: perf_event_open(2).
int clinux_perf_open(uint64_t tracepoint, int cpu, uint32_t watermark);

/// Maps an event's ring: one page of its state, then `size` bytes, a power of two of pages. Null and
/// errno if it cannot be.
void *clinux_perf_map(int descriptor, unsigned long size);
void clinux_perf_unmap(void *ring, unsigned long size);

/// How far the kernel has written into a ring, and how far it was read: counted from its beginning,
/// never reset. Where its data begins.
uint64_t clinux_perf_head(const void *ring);
uint64_t clinux_perf_tail(const void *ring);
const void *clinux_perf_data(const void *ring);

/// Tells the kernel that everything before `tail` has been read.
void clinux_perf_release(void *ring, uint64_t tail);

/// Switches an event on or off; gives it a filter, as in tracefs. 0, or -1 with errno.
int clinux_perf_switch(int descriptor, int on);
int clinux_perf_filter(int descriptor, const char *filter);

/// A socket for ioctls on devices of the thread's network namespace: netdevice(7). -1 with errno.
int clinux_ioctl_socket(void);

/// SIOCETHTOOL: hands a device's driver a request (linux/ethtool.h), in whose place the answer is then;
/// `request` must have room for it. 0, or -1 with errno.
int clinux_ethtool(int descriptor, const char *device, void *request);

/// malloc_trim(3): gives memory that is free back to the system.
void clinux_trim_memory(void);

#endif
