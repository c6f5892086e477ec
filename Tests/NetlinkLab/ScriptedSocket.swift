internal import Glibc
package import Netlink

/// A socket whose kernel is a script: for each request, what comes back.
package final class ScriptedSocket: NetlinkSocket {
  /// What the next call of `receive` meets.
  package enum Event {
    /// A datagram of messages that get the request's sequence number and this socket's port.
    case answer([UInt8])
    /// A datagram as it is.
    case datagram([UInt8], isTruncated: Bool = false)
    /// A failed system call.
    case failure(errno: Int32)
    /// A wait that ends before its time with nothing, as a signal ends it.
    case interruption
  }

  package let port: UInt32 = 4242
  /// What was sent, request by request.
  package private(set) var sent: [[UInt8]] = []
  private var waiting: [Event]
  private var script: [[Event]]

  /// `leftover` waits from the beginning; the elements of `script` come each after a request, and
  /// nothing comes after those that have none.
  package init(leftover: [Event] = [], _ script: [[Event]]) {
    waiting = leftover
    self.script = script
  }

  package func send(_ bytes: [UInt8]) throws(NetlinkError) {
    sent.append(bytes)
    guard !script.isEmpty else { return }
    waiting += script.removeFirst()
  }

  package func receive(within time: Duration) throws(NetlinkError) -> Datagram? {
    guard !waiting.isEmpty else {
      if time > .zero { usleep(1000) }
      return nil
    }
    switch waiting.removeFirst() {
    case .answer(let bytes): return Datagram(bytes: addressed(bytes))
    case .datagram(let bytes, let isTruncated):
      return Datagram(bytes: bytes, isTruncated: isTruncated)
    case .failure(let code): throw .system(operation: "receive a netlink message", code: code)
    case .interruption: return nil
    }
  }

  /// Puts the last request's sequence number and this socket's port into every message.
  private func addressed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let sequence = sent.last.map { Array($0[8..<12]) } ?? [0, 0, 0, 0]
    let port = (0..<4).map { UInt8(truncatingIfNeeded: self.port >> ($0 * 8)) }
    var start = 0
    while start + 16 <= bytes.count {
      bytes.replaceSubrange(start + 8..<start + 16, with: sequence + port)
      let length = Int(bytes[start]) | Int(bytes[start + 1]) << 8
      start += max(16, (length + 3) & ~3)
    }
    return bytes
  }
}
