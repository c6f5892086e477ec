// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "clinux.h"

#include <linux/membarrier.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

#ifndef SO_COOKIE
#define SO_COOKIE 57
#endif

int clinux_membarrier_global(void)
{
	return (int)syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

int clinux_effective_capabilities(uint64_t *capabilities)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	memset(data, 0, sizeof(data));
	if (syscall(SYS_capget, &header, data) != 0)
		return -1;
	*capabilities = data[0].effective | (uint64_t)data[1].effective << 32;
	return 0;
}

int clinux_terminal_size(int descriptor, uint16_t *rows, uint16_t *columns)
{
	struct winsize size;

	if (ioctl(descriptor, TIOCGWINSZ, &size) != 0)
		return -1;
	*rows = size.ws_row;
	*columns = size.ws_col;
	return 0;
}

int clinux_socket_cookie(int descriptor, uint64_t *cookie)
{
	socklen_t length = sizeof(*cookie);

	return getsockopt(descriptor, SOL_SOCKET, SO_COOKIE, cookie, &length);
}

char *clinux_vformat(const char *format, va_list arguments)
{
	char *text;

	return vasprintf(&text, format, arguments) < 0 ? NULL : text;
}

int clinux_pidfd_open(int process)
{
	return (int)syscall(SYS_pidfd_open, process, 0);
}

int clinux_poll(struct pollfd *requests, unsigned long count, int64_t timeout)
{
	struct timespec time = { timeout / 1000000000, timeout % 1000000000 };

	return ppoll(requests, count, timeout < 0 ? NULL : &time, NULL);
}

void clinux_trim_memory(void)
{
	malloc_trim(0);
}
