internal import Bytes
package import DropModel

/// A classic pcap file while it is put together: pcap-savefile(5).
///
/// In the machine's byte order, times in microseconds: the first form of pcap, which everything
/// reads. What has been put together waits in ``bytes`` until it is removed.
package struct PcapWriter {
  /// What a packet of the file begins with: a number of <https://www.tcpdump.org/linktypes.html>.
  package enum LinkType: UInt32, Sendable {
    case ethernet = 1
    /// An IP header of either version.
    case raw = 101
    /// Netlink messages behind a cooked header, see ``appendNetlink(at:protocol:_:)``.
    case netlink = 253
  }

  /// Bytes that a record may have; Wireshark takes a file with longer ones for damaged.
  package static let longestRecord = 262_144

  /// What has not been removed: the file's header at first, then whole records.
  package private(set) var bytes: [UInt8] = []

  /// Bytes of the file's header.
  package static let headerSize = 24

  /// Begins a file.
  package init(_ linkType: LinkType) {
    append(UInt32(0xA1B2_C3D4))
    append(UInt16(2))
    append(UInt16(4))
    append(UInt32(0))
    append(UInt32(0))
    // Nothing is ever cut here: a reader may cut at this length (the original's fault).
    append(UInt32(Self.longestRecord))
    append(linkType.rawValue)
  }

  /// Adds a record with the bytes that `body` appends; leaves it out and says false if they are
  /// more than ``longestRecord``.
  @discardableResult
  package mutating func append(at time: WallTime, _ body: (inout [UInt8]) -> Void) -> Bool {
    let start = bytes.count
    let (second, nanosecond) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    append(UInt32(truncatingIfNeeded: second))
    append(UInt32(nanosecond / 1000))
    let lengths = bytes.count
    append(UInt64(0))
    let payload = bytes.count
    body(&bytes)
    let length = bytes.count - payload
    guard length <= Self.longestRecord else {
      bytes.removeSubrange(start...)
      return false
    }
    for (index, byte) in Self.bytes(of: UInt32(length)).enumerated() {
      bytes[lengths + index] = byte
      bytes[lengths + 4 + index] = byte
    }
    return true
  }

  /// Removes what has been written, from the beginning, and keeps the memory.
  package mutating func removeFirst(_ count: Int) {
    if count == bytes.count {
      bytes.removeAll(keepingCapacity: true)
    } else {
      bytes.removeFirst(count)
    }
  }

  private mutating func append(_ value: some FixedWidthInteger) {
    bytes += Self.bytes(of: value)
  }

  private static func bytes<Value: FixedWidthInteger>(of value: Value) -> [UInt8] {
    let size = Value.bitWidth / 8
    return (0..<size).map { index in
      let place = ByteOrder.host == .little ? index : size - 1 - index
      return UInt8(truncatingIfNeeded: value >> (place * 8))
    }
  }
}
