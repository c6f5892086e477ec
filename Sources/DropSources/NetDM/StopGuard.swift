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

  /// `messages` are sent, in this order, over `socket` when this process ends without a word.
  init(socket: KernelSocket, messages: [MessageWriter]) throws(NetlinkError) {
    let bytes = messages.flatMap(\.bytes)
    var life: Int32 = -1
    process = unsafe clinux_netlink_guard(socket.descriptor, bytes, UInt(bytes.count), &life)
    guard process >= 0 else {
      throw .system(operation: "start a process that guards the drop monitor", code: errno)
    }
    self.life = life
  }

  /// Sends it away: there is nothing left to undo.
  deinit {
    var word: UInt8 = 0
    _ = unsafe write(life, &word, 1)
    close(life)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
  }
}
