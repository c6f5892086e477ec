internal import Bytes
package import DropModel

/// The header of an IP packet of either version, with what extends it.
package struct IPHeader: Equatable, Sendable, BitwiseCopyable {
  package var source: IPAddress
  package var destination: IPAddress
  /// What it carries, behind the extension headers that could be read: a number of IANA's.
  package var transport: UInt8
  /// The time to live, or the hop limit.
  package var timeToLive: UInt8
  /// DSCP in the upper six bits, ECN in the lower two.
  package var trafficClass: UInt8
  /// Bytes of the header, with options or those extension headers that could be read.
  package var length: Int
  /// The packet's length from this header on, in bytes, as the header has it.
  ///
  /// Nil where it says 0: segments yet to be cut, or a jumbogram (RFC 2675).
  package var claimedLength: Int?
  /// Whether it must not be cut into fragments (IPv4 only).
  package var isUnfragmentable: Bool
  /// Which part of a packet it is; nil if it is a whole one.
  package var fragment: Fragment?

  /// Bytes of a header without options and extensions.
  var fixedLength: Int { source.isIPv6 ? 40 : 20 }

  /// Whether its lengths can be true: a header has five words at least, a packet its header.
  var isSound: Bool {
    length >= fixedLength && claimedLength.map { $0 >= length } ?? true
  }

  /// Whether what follows begins with the transport's header: false in later fragments.
  var beginsTransport: Bool { fragment.map { $0.offset == 0 } ?? true }
}

/// Which part of an IP packet a fragment is.
package struct Fragment: Equatable, Sendable, BitwiseCopyable {
  /// The same in all of a packet's fragments; 16 bits in IPv4.
  package var identification: UInt32
  /// Where in the whole packet's payload it begins, in bytes.
  package var offset: Int
  /// Whether it is not the last.
  package var hasMore: Bool
}

extension IPHeader {
  /// Passes over extension headers (RFC 8200, section 4) and the authentication header (RFC 4302),
  /// and learns from them what is carried and which fragment it is.
  ///
  /// What was read of them remains if they end early.
  mutating func readExtensions(_ reader: inout ByteReader) throws(ByteReaderError) {
    // Each takes 8 bytes at least, so this ends with the packet at the latest.
    while beginsTransport {
      switch transport {
      case 0, 43, 60:
        guard source.isIPv6 else { return }
        try readExtension(&reader) { 8 + 8 * Int($0) }
      case 51: try readExtension(&reader) { 8 + 4 * Int($0) }
      case 44:
        guard source.isIPv6 else { return }
        try readFragment(&reader)
      default: return
      }
    }
  }

  @inline(__always)
  private mutating func readExtension(
    _ reader: inout ByteReader, size: (UInt8) -> Int
  ) throws(ByteReaderError) {
    let next: UInt8 = try reader.read()
    let size = size(try reader.read())
    try reader.skip(size - 2)
    transport = next
    length += size
  }

  private mutating func readFragment(_ reader: inout ByteReader) throws(ByteReaderError) {
    let next: UInt8 = try reader.read()
    try reader.skip(1)
    let place: UInt16 = try reader.read(.big)
    fragment = Fragment(
      identification: try reader.read(.big), offset: Int(place & 0xFFF8), hasMore: place & 1 == 1)
    transport = next
    length += 8
  }
}

extension TextBuffer {
  /// Appends " frag 1234:1480@2960+": identification, bytes of this fragment, where in the whole
  /// payload they begin, and `+` if more follow; in short tcpdump's old notation.
  mutating func append(_ fragment: Fragment, of ip: IPHeader) {
    append(" frag ")
    append(decimal: fragment.identification)
    if let claimed = ip.claimedLength {
      append(":")
      append(decimal: max(0, claimed - ip.length))
    }
    append("@")
    append(decimal: fragment.offset)
    if fragment.hasMore { append("+") }
  }
}
