/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the lab needs from Linux and Swift's Glibc module does not show.
 *
 * Every function returns -1 and sets errno on failure, unless it says otherwise.
 * Addresses are network-order bytes: 4 for IPv4, 16 for IPv6.
 */
#ifndef CDROPLAB_H
#define CDROPLAB_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

int dwlab_errno(void);

/* Moves the calling thread into the network namespace behind fd. */
int dwlab_setns(int fd);
int dwlab_gettid(void);
/* Binds the calling thread to one processor, or to none in particular (-1). */
int dwlab_pin(int processor);
int dwlab_memfd(const char *name);
int dwlab_mount_tracefs(void);
int dwlab_interface_index(const char *device);
/* Switches a device of the calling thread's namespace on (netdevice(7), SIOCSIFFLAGS). */
int dwlab_interface_up(const char *device);
/* Takes a mount away, now or when its last user goes. */
int dwlab_unmount(const char *path);

/*
 * Waits for a child: 1 when it ended (*code is its exit status, or 128 + signal), 0 when it had
 * to be killed because milliseconds passed.
 */
int dwlab_wait_child(pid_t child, int milliseconds, int *code);

/* Waits until fd can be read: 1, or 0 when milliseconds passed. */
int dwlab_wait_readable(int fd, int milliseconds);

/* A TAP device without packet information, created in the calling thread's namespace. */
int dwlab_open_tap(const char *name);
/* Lets a TAP deliver only frames to this hardware address (TUNSETTXFILTER). */
int dwlab_tap_accept_only(int fd, const uint8_t mac[6]);
/* Lets an eBPF socket filter cut a TAP's frames (TUNSETFILTEREBPF). */
int dwlab_tap_program(int fd, int program);
/* Attaches a classic filter to a TAP that rejects every frame (TUNATTACHFILTER). */
int dwlab_tap_reject_all(int fd);

/* An AF_PACKET socket bound to a device; ethertype 0 makes it send-only. */
int dwlab_packet_socket(const char *device, uint16_t ethertype);

int dwlab_bind(int fd, const uint8_t *address, size_t length, uint16_t port);
int dwlab_connect(int fd, const uint8_t *address, size_t length, uint16_t port);
ssize_t dwlab_send_to(int fd, const void *bytes, size_t count, const uint8_t *address,
		      size_t length, uint16_t port);
/* Takes a connection; the new descriptor does not block and is not inherited. */
int dwlab_accept(int fd);
/* Abstract UNIX addresses (unix(7)); they belong to the network namespace. */
int dwlab_bind_abstract(int fd, const char *name);
int dwlab_connect_abstract(int fd, const char *name);

int dwlab_set_option(int fd, int level, int option, int value);
/* Makes close(2) reset a TCP connection at once instead of ending it in the background. */
int dwlab_reset_on_close(int fd, int on);
/* Attaches the classic filter "ret #0": the socket accepts nothing. */
int dwlab_reject_all(int fd);
/* Sets a TCP MD5 key for one peer (tcp(7), TCP_MD5SIG). */
int dwlab_tcp_md5(int fd, const uint8_t *address, size_t length, const char *key);

struct dwlab_instruction {
	uint8_t code;
	uint8_t registers; /* destination | source << 4 */
	int16_t offset;
	int32_t immediate;
};

/* Loads a program; on failure the verifier's words are in log. */
int dwlab_bpf_load(uint32_t type, uint32_t attach_type, const struct dwlab_instruction *program,
		   uint32_t count, const char *name, char *log, uint32_t log_size);
/* Attaches by BPF_LINK_CREATE; target is an interface index or a cgroup descriptor. */
int dwlab_bpf_link(int program, uint32_t target, uint32_t attach_type, uint32_t flags);

/* A map with 4-byte keys and values. */
int dwlab_bpf_map(uint32_t type, uint32_t entries);

/*
 * Injects frame `repeat` times as live XDP frames received on the interface (of the calling
 * thread's namespace). *nanoseconds is the kernel's own mean duration per frame.
 */
int dwlab_xdp_live(int program, uint32_t interface, const uint8_t *frame, uint32_t size,
		   uint32_t repeat, uint32_t batch, uint32_t *nanoseconds);

/* Starts a joinable thread that calls body(context). */
int dwlab_thread_start(uint64_t *handle, void (*body)(void *), void *context);
int dwlab_thread_join(uint64_t handle);

#endif
