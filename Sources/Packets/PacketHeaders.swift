internal import Bytes
package import DropModel

/// What the headers of a packet say, from the outermost one to the first that carries another packet:
/// plain numbers, no heap.
///
/// The packet inside, of a tunnel or quoted by an ICMP error, is decoded by ``inner(in:)``. Offsets
/// count from the first byte that was given, lengths are in bytes. Three lengths differ: what was
/// captured, what the packet had (``originalLength``), and what headers claim; each may be wrong.
package struct PacketHeaders: Sendable, BitwiseCopyable {
  /// What the bytes began with.
  package let start: Start
  package internal(set) var ethernet: EthernetHeader?
  package internal(set) var vlans = VLANTags()
  /// What follows the link header and its tags; below 0x600 a length (IEEE 802.3); 0 if unknown.
  package internal(set) var ethertype: UInt16 = 0
  package internal(set) var arp: ARPHeader?
  package internal(set) var ip: IPHeader?
  /// The number of the protocol in IP; ``DropModel/DropKey/noTransport`` if unknown.
  package internal(set) var transportNumber = DropKey.noTransport
  package internal(set) var ports: Ports?
  package internal(set) var transport: Transport?
  package internal(set) var tunnel: Tunnel?
  /// Where another packet begins; nil if there is none.
  package internal(set) var inner: Inner?

  /// Where the network header begins; nil if nothing of it is there.
  package internal(set) var networkOffset: Int?
  /// Where the transport header begins; nil if nothing of it is there.
  package internal(set) var transportOffset: Int?
  /// Bytes behind all these headers, as they claim; nil if they ended before they told.
  ///
  /// Of ICMP, ICMPv6 and IGMP all of the message counts, as tcpdump has it.
  package internal(set) var payloadLength: Int?
  /// Bytes that a header claims and the packet did not have.
  package internal(set) var missing = 0
  /// How decoding ended.
  package internal(set) var ending = Ending.complete

  /// Where the packet ended, captured or not.
  package let originalLength: Int
  /// ``originalLength``, or less where a header says so: padding may follow.
  var end: Int
  /// How many packets it is inside of: 0 for the outermost.
  let depth: Int
  /// Whether it is an ICMP error's quotation, which usually is cut.
  package let isQuoted: Bool

  /// Packets inside packets that are decoded at most.
  static let deepest = 4

  /// Decodes the headers that `bytes` begin with at `offset`.
  ///
  /// `originalLength` is the whole packet's, counted from the first of `bytes`; `depth` and
  /// `isQuoted` are for those inside. Never fails: what could be read is there, ``ending`` tells the
  /// rest.
  package init(
    _ bytes: RawSpan, from start: Start = .ethernet, at offset: Int = 0, originalLength: Int,
    depth: Int = 0, isQuoted: Bool = false
  ) {
    self.start = start
    self.originalLength = originalLength
    end = originalLength
    self.depth = depth
    self.isQuoted = isQuoted
    var reader = ByteReader(bytes)
    // Bytes beyond the end of an outer packet are none of the inner one's.
    reader.truncate(to: end)
    do throws(ByteReaderError) {
      try reader.seek(to: offset)
      try read(&reader)
    } catch {
      ending = .truncated
    }
  }

  /// Decodes the packet inside; nil if there is none, or if it is the fifth.
  package func inner(in bytes: RawSpan) -> PacketHeaders? {
    guard let inner, depth < Self.deepest else { return nil }
    return PacketHeaders(
      bytes, from: inner.start, at: inner.offset, originalLength: end, depth: depth + 1,
      isQuoted: isQuoted || inner.isQuoted)
  }
}

extension PacketHeaders {
  /// What bytes begin with.
  package enum Start: Equatable, Sendable, BitwiseCopyable {
    case ethernet
    /// The header that this ethertype announces.
    case network(ethertype: UInt16)
    /// The header of this protocol of IP; there is no IP header (yet).
    case transport(UInt8)
    /// Nothing that can be decoded; ethertype, address family of the socket, and protocol of IP are
    /// what is known besides.
    case unknown(ethertype: UInt16, family: UInt8, transport: UInt8)
  }

  /// What IP carries, where that is not another packet.
  package enum Transport: Equatable, Sendable, BitwiseCopyable {
    case tcp(TCPHeader)
    case udp(UDPHeader)
    case icmp(ICMPHeader)
    case igmp(IGMPHeader)
    case sctp(SCTPHeader)
  }

  /// A packet inside a packet.
  package struct Inner: Equatable, Sendable, BitwiseCopyable {
    package var offset: Int
    package var start: Start
    /// Whether an ICMP error quotes it.
    package var isQuoted = false
  }

  /// How decoding ended.
  package enum Ending: Equatable, Sendable, BitwiseCopyable {
    /// All headers that are known here were read.
    case complete
    /// The bytes, or the packet, end before the headers do.
    case truncated
    /// A header says what cannot be; it is told as it stands, nothing behind it is.
    case malformed
  }
}

extension PacketHeaders {
  /// Where it comes from: of IP, or the sender of ARP.
  package var source: IPAddress? { ip?.source ?? arp?.sender }

  /// Where it goes: of IP, or the target of ARP.
  package var destination: IPAddress? { ip?.destination ?? arp?.target }

  package var tcp: TCPHeader? {
    if case .tcp(let tcp)? = transport { tcp } else { nil }
  }

  package var udp: UDPHeader? {
    if case .udp(let udp)? = transport { udp } else { nil }
  }

  /// Of ICMP or ICMPv6.
  package var icmp: ICMPHeader? {
    if case .icmp(let icmp)? = transport { icmp } else { nil }
  }

  package var igmp: IGMPHeader? {
    if case .igmp(let igmp)? = transport { igmp } else { nil }
  }

  package var sctp: SCTPHeader? {
    if case .sctp(let sctp)? = transport { sctp } else { nil }
  }
}
