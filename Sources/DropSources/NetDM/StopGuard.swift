internal import CLinux
internal import Glibc
internal import Netlink

/// A small process that undoes what was done to the kernel if this one is killed.
///
/// The drop monitor has no owner in the kernel: after a kill -9 it would stay on for ever, cost
/// every drop something and refuse the next start.
struct StopGuard: ~Copyable {
  private let process: Int32
  private let life: Int32

  /// Starts it with nothing to undo; it will send over `socket`.
  init(socket: KernelSocket) throws(NetlinkError) {
    var life: Int32 = -1
    process = unsafe clinux_netlink_guard(socket.descriptor, &life)
    guard process >= 0 else {
      throw .system(operation: "start a process that guards the drop monitor", code: errno)
    }
    self.life = life
  }

  /// Says what is to be sent, in this order, when this process ends without a word.
  ///
  /// Say it before the deed, so that no kill falls between: what was not done, the kernel refuses to
  /// undo.
  borrowing func undo(_ messages: [MessageWriter]) {
    var bytes = messages.flatMap(\.bytes)
    if bytes.isEmpty { bytes = [0] }
    // A guard that somebody has killed cannot be helped.
    _ = unsafe send(life, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// Sends it away: there is nothing left to undo.
  deinit {
    undo([])
    close(life)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
  }
}
