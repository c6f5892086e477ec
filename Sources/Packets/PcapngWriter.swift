package import Bytes
package import DropModel

/// A pcapng file while it is put together, block by block: a stream that can be read as it grows.
///
/// Little-endian, times in nanoseconds. What has been put together waits in ``bytes`` until it is
/// removed. Source: draft-ietf-opsawg-pcapng, of which sections are named below.
package struct PcapngWriter: Sendable {
  /// What a packet begins with: a number of <https://www.tcpdump.org/linktypes.html>.
  package enum LinkType: UInt16, Sendable {
    case ethernet = 1
    /// An IPv4 or IPv6 header, whichever its first four bits tell.
    case ip = 101
    /// A made-up header that has the ethertype: ``appendCookedHeader(ethertype:to:)``.
    case cooked = 113
  }

  /// Which way a packet went: section 4.3, `epb_flags`.
  package enum Direction: UInt32, Sendable {
    case unknown = 0
    case inbound = 1
    case outbound = 2
  }

  /// Bytes that have not been removed, always whole blocks.
  package private(set) var bytes: [UInt8] = []
  /// How many interfaces there are; the next one gets this number.
  package private(set) var interfaces: UInt32 = 0

  /// Begins a section (4.1): which system and which program made it.
  package init(system: String, application: String, comment: String? = nil) {
    block(0x0A0D_0D0A) { block in
      block.append(integer: UInt32(0x1A2B_3C4D))
      block.append(integer: UInt16(1))
      block.append(integer: UInt16(0))
      // Nobody knows yet how long it will be.
      block.append(integer: Int64(-1))
      if let comment { Self.option(1, comment, to: &block) }
      Self.option(3, system, to: &block)
      Self.option(4, application, to: &block)
      Self.endOptions(&block)
    }
  }

  /// Adds an interface (4.2) and returns its number; may be done between packets.
  package mutating func addInterface(
    _ linkType: LinkType, name: String, description: String? = nil
  ) -> UInt32 {
    block(1) { block in
      block.append(integer: linkType.rawValue)
      block.append(integer: UInt16(0))
      // 0 stands for no limit; the packets are as long as they are.
      block.append(integer: UInt32(0))
      Self.option(2, name, to: &block)
      if let description { Self.option(3, description, to: &block) }
      // if_tsresol: 10⁻⁹ seconds.
      Self.option(9, size: 1, to: &block) { $0.append(9) }
      Self.endOptions(&block)
    }
    defer { interfaces += 1 }
    return interfaces
  }

  /// Adds a packet (4.3) with the bytes that `body` appends, and a comment.
  package mutating func append(
    at time: WallTime, interface: UInt32, originalLength: UInt32, direction: Direction,
    comment: borrowing TextBuffer, _ body: (inout [UInt8]) -> Void
  ) {
    let start = bytes.count
    bytes.append(integer: UInt32(6))
    bytes.append(integer: UInt32(0))
    bytes.append(integer: interface)
    append(time)
    let lengths = bytes.count
    bytes.append(integer: UInt64(0))
    let payload = bytes.count
    body(&bytes)
    let captured = UInt32(truncatingIfNeeded: bytes.count - payload)
    Self.pad(&bytes, from: payload)
    set(captured, at: lengths)
    // A packet that was cut in the kernel is longer than what is here, never shorter.
    set(max(originalLength, captured), at: lengths + 4)
    Self.option(1, comment.span.raw, to: &bytes)
    if direction != .unknown {
      Self.option(2, size: 4, to: &bytes) { $0.append(integer: direction.rawValue) }
    }
    Self.endOptions(&bytes)
    endBlock(from: start)
  }

  /// Adds an interface's statistics (4.4): how many packets were dropped on it, and how many of these
  /// are in the file.
  package mutating func appendStatistics(
    interface: UInt32, at time: WallTime, dropped: UInt64, delivered: UInt64
  ) {
    let start = bytes.count
    bytes.append(integer: UInt32(5))
    bytes.append(integer: UInt32(0))
    bytes.append(integer: interface)
    append(time)
    // isb_ifdrop, isb_usrdeliv.
    Self.option(5, size: 8, to: &bytes) { $0.append(integer: dropped) }
    Self.option(8, size: 8, to: &bytes) { $0.append(integer: delivered) }
    Self.endOptions(&bytes)
    endBlock(from: start)
  }

  /// Appends the header of link type 113 for a packet that has none, with its ethertype:
  /// <https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html>.
  package static func appendCookedHeader(ethertype: UInt16, to bytes: inout [UInt8]) {
    // To us, of no device type (ARPHRD_VOID), without an address.
    bytes.append(integer: UInt16(0), .big)
    bytes.append(integer: UInt16(0xFFFF), .big)
    bytes.append(integer: UInt16(0), .big)
    bytes.append(integer: UInt64(0))
    bytes.append(integer: ethertype, .big)
  }

  /// Bytes of that header.
  package static let cookedSize: UInt32 = 16

  /// Forgets what has been written, keeps the memory.
  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func block(_ type: UInt32, _ body: (inout [UInt8]) -> Void) {
    let start = bytes.count
    bytes.append(integer: type)
    bytes.append(integer: UInt32(0))
    body(&bytes)
    endBlock(from: start)
  }

  /// The length stands before and behind a block's content (3.1).
  private mutating func endBlock(from start: Int) {
    let length = UInt32(bytes.count - start + 4)
    bytes.append(integer: length)
    set(length, at: start + 4)
  }

  /// A time's upper half comes first.
  private mutating func append(_ time: WallTime) {
    let nanoseconds = UInt64(bitPattern: time.nanoseconds)
    bytes.append(integer: UInt32(truncatingIfNeeded: nanoseconds >> 32))
    bytes.append(integer: UInt32(truncatingIfNeeded: nanoseconds))
  }

  private mutating func set(_ value: UInt32, at position: Int) {
    for place in 0..<4 {
      bytes[position + place] = UInt8(truncatingIfNeeded: value >> (place * 8))
    }
  }

  private static func option(_ code: UInt16, _ text: String, to bytes: inout [UInt8]) {
    option(code, text.utf8Span.span.raw, to: &bytes)
  }

  /// An option (3.5) of any bytes; what is beyond 65,535 does not fit and is cut.
  private static func option(_ code: UInt16, _ content: RawSpan, to bytes: inout [UInt8]) {
    let content = content.extracting(first: Int(UInt16.max))
    option(code, size: UInt16(content.byteCount), to: &bytes) { $0.append(contentsOf: content) }
  }

  private static func option(
    _ code: UInt16, size: UInt16, to bytes: inout [UInt8], _ body: (inout [UInt8]) -> Void
  ) {
    bytes.append(integer: code)
    bytes.append(integer: size)
    let start = bytes.count
    body(&bytes)
    pad(&bytes, from: start)
  }

  private static func endOptions(_ bytes: inout [UInt8]) { bytes.append(integer: UInt32(0)) }

  private static func pad(_ bytes: inout [UInt8], from start: Int) {
    while (bytes.count - start) % 4 != 0 { bytes.append(0) }
  }
}
