/// Whose packet it was: the socket's owner with everything named that could be named.
package struct Owner: Hashable, Sendable {
  /// The user id of who made the socket.
  package var uid: UInt32
  /// The user's name; nil if nobody knows it here.
  package var user: String?
  /// The socket's cgroup below the root of the hierarchy: "/system.slice/nginx.service".
  package var cgroup: String?
  /// The systemd unit that the cgroup belongs to: "nginx.service".
  package var unit: String?
  package var container: Container?
  /// A process that holds the socket; nil if none was found.
  package var pid: Int32?
  /// What that process is called: /proc/PID/comm.
  package var command: String?
  /// Whether it is only who listens on the packet's port, for the drop had no socket.
  package var isInferred: Bool

  package init(
    uid: UInt32, user: String? = nil, cgroup: String? = nil, unit: String? = nil,
    container: Container? = nil, pid: Int32? = nil, command: String? = nil,
    isInferred: Bool = false
  ) {
    self.uid = uid
    self.user = user
    self.cgroup = cgroup
    self.unit = unit
    self.container = container
    self.pid = pid
    self.command = command
    self.isInferred = isInferred
  }
}

/// A container as its runtime names its cgroup.
package struct Container: Hashable, Sendable {
  /// As the runtime calls it: 64 hexadecimal digits for most, a name for LXC and nspawn.
  package var id: String
  /// "docker", "containerd", "cri-o", "podman", "lxc", "nspawn"; nil if the path does not tell.
  package var runtime: String?

  package init(id: String, runtime: String? = nil) {
    self.id = id
    self.runtime = runtime
  }
}
