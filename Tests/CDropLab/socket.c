// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "CDropLab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/tcp.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int close_failed(int fd)
{
	int kept = errno;

	close(fd);
	errno = kept;
	return -1;
}

int dwlab_open_tap(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	strncpy(request.ifr_name, name, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		return close_failed(fd);
	return fd;
}

int dwlab_tap_accept_only(int fd, const uint8_t mac[6])
{
	/* struct tun_filter: 16 bits of flags, 16 bits of count, then the addresses. */
	struct {
		uint16_t flags, count;
		uint8_t address[6];
	} exact = { .count = 1 };

	memcpy(exact.address, mac, 6);
	return ioctl(fd, TUNSETTXFILTER, &exact);
}

static struct sock_filter reject = { .code = BPF_RET | BPF_K, .k = 0 };

int dwlab_tap_program(int fd, int program)
{
	return ioctl(fd, TUNSETFILTEREBPF, &program);
}

int dwlab_tap_reject_all(int fd)
{
	struct sock_fprog program = { .len = 1, .filter = &reject };

	return ioctl(fd, TUNATTACHFILTER, &program);
}

int dwlab_packet_socket(const char *device, uint16_t ethertype)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ethertype));

	if (fd < 0)
		return -1;
	address.sll_protocol = htons(ethertype);
	address.sll_ifindex = (int)if_nametoindex(device);
	if (!address.sll_ifindex || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return close_failed(fd);
	return fd;
}

static socklen_t fill(struct sockaddr_storage *storage, const uint8_t *address, size_t length,
		      uint16_t port)
{
	memset(storage, 0, sizeof(*storage));
	if (length == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)storage;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, address, 4);
		return sizeof(*in);
	}
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;

	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	memcpy(&in6->sin6_addr, address, 16);
	return sizeof(*in6);
}

int dwlab_bind(int fd, const uint8_t *address, size_t length, uint16_t port)
{
	struct sockaddr_storage storage;
	socklen_t size = fill(&storage, address, length, port);

	return bind(fd, (struct sockaddr *)&storage, size);
}

int dwlab_connect(int fd, const uint8_t *address, size_t length, uint16_t port)
{
	struct sockaddr_storage storage;
	socklen_t size = fill(&storage, address, length, port);

	return connect(fd, (struct sockaddr *)&storage, size);
}

ssize_t dwlab_send_to(int fd, const void *bytes, size_t count, const uint8_t *address,
		      size_t length, uint16_t port)
{
	struct sockaddr_storage storage;
	socklen_t size = fill(&storage, address, length, port);

	return sendto(fd, bytes, count, 0, (struct sockaddr *)&storage, size);
}

int dwlab_accept(int fd)
{
	return accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

static socklen_t fill_abstract(struct sockaddr_un *address, const char *name)
{
	size_t length = strnlen(name, sizeof(address->sun_path) - 2);

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path + 1, name, length);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
}

int dwlab_bind_abstract(int fd, const char *name)
{
	struct sockaddr_un address;
	socklen_t size = fill_abstract(&address, name);

	return bind(fd, (struct sockaddr *)&address, size);
}

int dwlab_connect_abstract(int fd, const char *name)
{
	struct sockaddr_un address;
	socklen_t size = fill_abstract(&address, name);

	return connect(fd, (struct sockaddr *)&address, size);
}

int dwlab_set_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

int dwlab_reset_on_close(int fd, int on)
{
	struct linger linger = { .l_onoff = on };

	return setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

int dwlab_reject_all(int fd)
{
	struct sock_fprog program = { .len = 1, .filter = &reject };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

int dwlab_tcp_md5(int fd, const uint8_t *address, size_t length, const char *key)
{
	struct tcp_md5sig request = { 0 };
	struct sockaddr_storage storage;

	fill(&storage, address, length, 0);
	memcpy(&request.tcpm_addr, &storage, sizeof(request.tcpm_addr));
	request.tcpm_keylen = (uint16_t)strnlen(key, TCP_MD5SIG_MAXKEYLEN);
	memcpy(request.tcpm_key, key, request.tcpm_keylen);
	return setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &request, sizeof(request));
}
