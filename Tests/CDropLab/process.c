// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "CDropLab.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int dwlab_errno(void)
{
	return errno;
}

int dwlab_setns(int fd)
{
	return setns(fd, CLONE_NEWNET);
}

int dwlab_gettid(void)
{
	return (int)syscall(SYS_gettid);
}

int dwlab_pin(int processor)
{
	cpu_set_t set;
	int i;

	CPU_ZERO(&set);
	for (i = 0; i < CPU_SETSIZE; i++)
		if (processor < 0 || processor == i)
			CPU_SET(i, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

int dwlab_memfd(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC);
}

int dwlab_mount_tracefs(void)
{
	return mount("nodev", "/sys/kernel/tracing", "tracefs", 0, NULL);
}

int dwlab_unmount(const char *path)
{
	return umount2(path, MNT_DETACH);
}

int dwlab_interface_up(const char *device)
{
	struct ifreq request = { 0 };
	int result = -1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	strncpy(request.ifr_name, device, sizeof(request.ifr_name) - 1);
	if (ioctl(fd, SIOCGIFFLAGS, &request) == 0) {
		request.ifr_flags |= IFF_UP;
		result = ioctl(fd, SIOCSIFFLAGS, &request);
	}
	close(fd);
	return result;
}

int dwlab_interface_index(const char *device)
{
	unsigned int index = if_nametoindex(device);

	return index ? (int)index : -1;
}

int dwlab_wait_readable(int fd, int milliseconds)
{
	struct pollfd entry = { .fd = fd, .events = POLLIN };
	int ready;

	do {
		ready = poll(&entry, 1, milliseconds);
	} while (ready < 0 && errno == EINTR);
	return ready;
}

int dwlab_wait_child(pid_t child, int milliseconds, int *code)
{
	int status, ready, fd = (int)syscall(SYS_pidfd_open, child, 0);

	if (fd < 0)
		return -1;
	ready = dwlab_wait_readable(fd, milliseconds);
	close(fd);
	if (ready <= 0)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	*code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return ready > 0;
}

struct start {
	void (*body)(void *);
	void *context;
};

static void *thread_main(void *argument)
{
	struct start start = *(struct start *)argument;

	free(argument);
	start.body(start.context);
	return NULL;
}

int dwlab_thread_start(uint64_t *handle, void (*body)(void *), void *context)
{
	struct start *start = malloc(sizeof(*start));
	pthread_t thread;
	int error;

	if (!start)
		return -1;
	start->body = body;
	start->context = context;
	error = pthread_create(&thread, NULL, thread_main, start);
	if (error) {
		free(start);
		errno = error;
		return -1;
	}
	*handle = (uint64_t)thread;
	return 0;
}

int dwlab_thread_join(uint64_t handle)
{
	errno = pthread_join((pthread_t)handle, NULL);
	return errno ? -1 : 0;
}
