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
  /// it (or, for a dump, has said that this was all); returns that last word, which may bear a
  /// warning.
  ///
  /// `operation` completes "cannot …". An error of `body` ends the exchange. What answers another
  /// request, such as one that was given up, is passed over.
  @discardableResult
  package func request(
    _ message: MessageWriter, operation: String,
    _ body: (borrowing Message) throws(NetlinkError) -> Void = { (_) throws(NetlinkError) in }
  ) throws(NetlinkError) -> Acknowledgement {
    discardLeftovers()
    try socket.send(message.bytes)
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    while true {
      let left = clock.now.duration(to: deadline)
      guard left > .zero else { throw .noAnswer(operation: operation) }
      // None before the time is up: a signal came, or a datagram that the kernel has not sent.
      guard let datagram = try receive(within: left, operation: operation) else { continue }
      guard !datagram.isTruncated else {
        throw .malformed("the answer is longer than \(datagram.bytes.count) bytes")
      }
      if let end = try take(datagram.bytes, of: message, operation: operation, body) { return end }
    }
  }

  /// Takes what an earlier exchange left over, and the error of its loss.
  ///
  /// Bounded, since what comes faster than it is read would keep it here; `take` passes over it.
  private func discardLeftovers() {
    for _ in 0..<1024 {
      do throws(NetlinkError) {
        guard try socket.receive(within: .zero) != nil else { return }
      } catch {
        continue
      }
    }
  }

  /// Says of lost answers what they would have answered.
  private func receive(
    within time: Duration, operation: String
  ) throws(NetlinkError) -> Datagram? {
    do throws(NetlinkError) {
      return try socket.receive(within: time)
    } catch {
      throw error.code == ENOBUFS ? .lostAnswer(operation: operation) : error
    }
  }

  /// Takes one datagram; returns the acknowledgement if the exchange is over.
  private func take(
    _ bytes: [UInt8], of request: MessageWriter, operation: String,
    _ body: (borrowing Message) throws(NetlinkError) -> Void
  ) throws(NetlinkError) -> Acknowledgement? {
    var reader = MessageReader(bytes.span.raw)
    while let message = try reader.next() {
      let header = message.header
      guard header.sequence == request.sequence, header.port == socket.port else { continue }
      switch header.type {
      case MessageHeader.Control.noOperation: continue
      case MessageHeader.Control.overrun: throw .lostAnswer(operation: operation)
      case MessageHeader.Control.error, MessageHeader.Control.done:
        let answer = try Acknowledgement(message)
        guard answer.code == 0 else {
          throw .refused(operation: operation, code: answer.code, sentence: answer.sentence)
        }
        return answer
      default: try body(message)
      }
    }
    return nil
  }
}
