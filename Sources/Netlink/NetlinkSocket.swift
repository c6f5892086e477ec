/// A datagram as it was received.
package struct Datagram: Equatable, Sendable {
  /// Its bytes: whole messages, if it is whole.
  package var bytes: [UInt8]
  /// Whether it was longer than there was room for, and is cut off.
  package var isTruncated: Bool

  package init(bytes: [UInt8], isTruncated: Bool = false) {
    self.bytes = bytes
    self.isTruncated = isTruncated
  }
}

/// The seam between messages and the kernel: tests put bytes in its place.
package protocol NetlinkSocket: AnyObject {
  /// The port that answers are addressed to.
  var port: UInt32 { get }

  /// Sends whole messages.
  func send(_ bytes: [UInt8]) throws(NetlinkError)

  /// Takes the next datagram, waiting for it so long at most; nil if none came.
  ///
  /// Throws `.system` with ENOBUFS, once, after messages were lost.
  func receive(within time: Duration) throws(NetlinkError) -> Datagram?
}
