internal import Bytes
internal import Glibc

/// What every netlink message begins with: `struct nlmsghdr` (linux/netlink.h, RFC 3549 §2.3.2).
package struct MessageHeader: Equatable, Sendable {
  /// Bytes it takes.
  package static let size = 16

  /// Message types that every protocol has.
  package enum Control {
    package static let noOperation: UInt16 = 1
    package static let error: UInt16 = 2
    package static let done: UInt16 = 3
    package static let overrun: UInt16 = 4
  }

  /// Bits of ``flags``.
  package enum Flag {
    package static let request: UInt16 = 0x1
    package static let multipart: UInt16 = 0x2
    package static let acknowledge: UInt16 = 0x4
    /// NLM_F_ROOT | NLM_F_MATCH: all there are.
    package static let dump: UInt16 = 0x300
    /// In an answer: the request was not repeated (NLM_F_CAPPED).
    package static let capped: UInt16 = 0x100
    /// In an answer: attributes follow (NLM_F_ACK_TLVS).
    package static let hasAttributes: UInt16 = 0x200
  }

  /// Bytes of the message with this header, without padding.
  package var length: UInt32
  /// One of ``Control``, or the family's number.
  package var type: UInt16
  package var flags: UInt16
  /// The request's; 0 in what nobody asked for.
  package var sequence: UInt32
  /// The port of who asked; 0 is the kernel.
  package var port: UInt32

  package init(length: UInt32, type: UInt16, flags: UInt16, sequence: UInt32, port: UInt32) {
    self.length = length
    self.type = type
    self.flags = flags
    self.sequence = sequence
    self.port = port
  }

  /// Reads a header and checks its length against what follows.
  init(_ reader: inout ByteReader) throws(NetlinkError) {
    let available = reader.remaining
    do throws(ByteReaderError) {
      length = try reader.read(UInt32.self, .host)
      type = try reader.read(UInt16.self, .host)
      flags = try reader.read(UInt16.self, .host)
      sequence = try reader.read(UInt32.self, .host)
      port = try reader.read(UInt32.self, .host)
    } catch {
      throw .malformed("\(available) bytes where a header of \(Self.size) is due")
    }
    guard length >= Self.size, length <= available else {
      throw .malformed("a message says it has \(length) bytes, of which \(available) are there")
    }
  }
}
