internal import Bytes
internal import Glibc

/// Asks the kernel and takes its answers, one request at a time.
package final class NetlinkConnection {
  package let socket: any NetlinkSocket
  /// How long an answer may take in all.
  private let patience: Duration
  private var sequence: UInt32 = 0

  package init(_ socket: any NetlinkSocket, patience: Duration = .seconds(5)) {
    self.socket = socket
    self.patience = patience
  }

  /// The number for the next request.
  package func nextSequence() -> UInt32 {
    sequence &+= 1
    if sequence == 0 { sequence = 1 }
    return sequence
  }

  /// Sends a request and hands its answers to `body`, one by one, until the kernel has acknowledged
  /// it (or, for a dump, has said that this was all).
  ///
  /// `operation` completes "cannot …". An error of `body` ends the exchange, and answers that are
  /// still to come are passed over by the next request.
  package func request(
    _ message: MessageWriter, operation: String,
    _ body: (borrowing Message) throws(NetlinkError) -> Void = { (_) throws(NetlinkError) in }
  ) throws(NetlinkError) {
    // What an earlier exchange left over.
    while try socket.receive(within: .zero) != nil {}
    try socket.send(message.bytes)
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    while true {
      let left = clock.now.duration(to: deadline)
      guard left > .zero, let datagram = try socket.receive(within: left) else {
        throw .noAnswer(operation: operation)
      }
      guard !datagram.isTruncated else {
        throw .malformed("the answer is longer than \(datagram.bytes.count) bytes")
      }
      if try take(datagram.bytes, operation: operation, body) { return }
    }
  }

  /// Takes one datagram; says whether the exchange is over.
  private func take(
    _ bytes: [UInt8], operation: String,
    _ body: (borrowing Message) throws(NetlinkError) -> Void
  ) throws(NetlinkError) -> Bool {
    var reader = MessageReader(bytes.span.raw)
    while let message = try reader.next() {
      let header = message.header
      guard header.sequence == sequence, header.port == socket.port else {
        throw .malformed(
          "it answers request \(header.sequence) of port \(header.port) instead of "
            + "\(sequence) of \(socket.port)")
      }
      switch header.type {
      case MessageHeader.Control.noOperation: continue
      case MessageHeader.Control.overrun: throw .malformed("the kernel says that it lost data")
      case MessageHeader.Control.error, MessageHeader.Control.done:
        let answer = try Acknowledgement(message)
        guard answer.code == 0 else {
          throw .refused(operation: operation, code: answer.code, sentence: answer.sentence)
        }
        return true
      default: try body(message)
      }
    }
    return false
  }
}
