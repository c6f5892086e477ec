internal import CLinux
internal import Glibc

/// Does something in another network namespace, given its file (/run/netns/NAME, /proc/PID/ns/net); nil is
/// this thread's own.
///
/// Only the calling thread goes there, and returns: setns(2), which takes CAP_SYS_ADMIN. What it opens or
/// starts there stays there: sockets, files below /proc/thread-self/net and /proc/sys/net, processes.
/// `failure` makes the error of an errno(3) if it cannot be entered.
package func inNamespace<Result, Failure>(
  _ file: String?, _ failure: (Int32) -> Failure, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard let file else { return try body() }
  let home = unsafe clinux_enter_namespace(file)
  guard home >= 0 else { throw failure(errno) }
  defer { clinux_leave_namespace(home) }
  return try body()
}
