// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif

int clinux_netlink_open(int protocol, uint32_t *port)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	socklen_t length = sizeof(address);
	int on = 1;
	int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

	if (descriptor < 0)
		return -1;
	if (bind(descriptor, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    getsockname(descriptor, (struct sockaddr *)&address, &length) != 0) {
		int code = errno;

		close(descriptor);
		errno = code;
		return -1;
	}
	// Older kernels answer errors without a sentence and with the request repeated.
	setsockopt(descriptor, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(descriptor, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	*port = address.nl_pid;
	return descriptor;
}

int clinux_enter_namespace(const char *namespace)
{
	int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int there = open(namespace, O_RDONLY | O_CLOEXEC);
	int code = errno;

	if (home >= 0 && there >= 0) {
		if (setns(there, CLONE_NEWNET) == 0) {
			close(there);
			return home;
		}
		code = errno;
	}
	if (home >= 0)
		close(home);
	if (there >= 0)
		close(there);
	errno = code;
	return -1;
}

void clinux_leave_namespace(int home)
{
	// With its own namespace lost, everything this thread does from now on would be wrong.
	if (setns(home, CLONE_NEWNET) != 0)
		abort();
	close(home);
}

int clinux_netlink_send(int descriptor, const void *bytes, unsigned long size)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t sent = sendto(descriptor, bytes, size, 0, (struct sockaddr *)&kernel, sizeof(kernel));

	if (sent >= 0 && (unsigned long)sent != size)
		errno = EMSGSIZE;
	return sent >= 0 && (unsigned long)sent == size ? 0 : -1;
}

int clinux_netlink_broadcast(int descriptor, const void *bytes, unsigned long size, uint32_t group)
{
	struct sockaddr_nl members = { .nl_family = AF_NETLINK };

	if (group < 1 || group > 32) {
		errno = EINVAL;
		return -1;
	}
	members.nl_groups = 1U << (group - 1);
	return sendto(descriptor, bytes, size, 0, (struct sockaddr *)&members, sizeof(members)) < 0 ? -1 : 0;
}

long clinux_netlink_receive(int descriptor, void *buffer, unsigned long size, uint32_t *sender)
{
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };
	socklen_t length = sizeof(from);
	ssize_t received = recvfrom(descriptor, buffer, size, MSG_DONTWAIT | MSG_TRUNC,
				    (struct sockaddr *)&from, &length);

	*sender = from.nl_pid;
	return received;
}

int clinux_netlink_join(int descriptor, uint32_t group)
{
	return setsockopt(descriptor, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
}

long clinux_receive_buffer(int descriptor, int bytes)
{
	int granted = 0;
	socklen_t length = sizeof(granted);

	if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) != 0)
		setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &granted, &length) != 0)
		return -1;
	return granted;
}

int clinux_socket_drops(int descriptor, uint32_t *drops)
{
	uint32_t values[SK_MEMINFO_VARS] = { 0 };
	socklen_t length = sizeof(values);

	if (getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, values, &length) != 0)
		return -1;
	*drops = values[SK_MEMINFO_DROPS];
	return 0;
}

int clinux_ioctl_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

int clinux_ethtool(int descriptor, const char *device, void *request)
{
	struct ifreq asked = { .ifr_data = request };

	strncpy(asked.ifr_name, device, sizeof(asked.ifr_name) - 1);
	return ioctl(descriptor, SIOCETHTOOL, &asked);
}

// The child of a program with threads: only calls that are safe in a signal handler are made here.
static void guard(int life, int descriptor)
{
	unsigned char bytes[4096];
	unsigned long size = 0, offset = 0;
	sigset_t all;

	// It is the last to leave: neither Ctrl-C nor a signal to the group may end it.
	setsid();
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_NAME, "dropwatch-guard", 0, 0, 0);
	// Whoever reads the program's output must see it end with the program.
	for (int other = 0; other < 1024; other++) {
		if (other != life && other != descriptor)
			close(other);
	}
	for (;;) {
		// Each read takes one message, whole.
		ssize_t got = read(life, bytes, sizeof(bytes));

		if (got == 0)
			break;
		if (got > 0)
			size = got;
		else if (errno != EINTR)
			_exit(1);
	}
	while (offset + sizeof(struct nlmsghdr) <= size) {
		struct nlmsghdr header;

		memcpy(&header, bytes + offset, sizeof(header));
		if (header.nlmsg_len < sizeof(header) || header.nlmsg_len > size - offset)
			break;
		clinux_netlink_send(descriptor, bytes + offset, header.nlmsg_len);
		offset += NLMSG_ALIGN(header.nlmsg_len);
	}
	_exit(0);
}

int clinux_netlink_guard(int descriptor, int *life)
{
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		close(ends[1]);
		guard(ends[0], descriptor);
	}
	close(ends[0]);
	if (child < 0) {
		int code = errno;

		close(ends[1]);
		errno = code;
		return -1;
	}
	*life = ends[1];
	return child;
}
