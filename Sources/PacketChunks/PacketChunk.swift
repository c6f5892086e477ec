internal import Bytes
package import DropModel

/// Packets while they are packed for a row of the table `packets`; reused from chunk to chunk.
///
/// Little-endian, without padding between records: docs/recording-format.md has the layout.
package struct PacketChunk {
  /// What a record's first 56 bytes are followed by is the packet's.
  static let headerBytes = 56
  /// What an offset is that points nowhere.
  static let noOffset: UInt16 = 0xFFFF
  /// A chunk that has reached so many bytes is full; a reader takes them up at a time.
  static let fullBytes = 256 << 10

  package init() {}

  /// Of a record's byte 44.
  struct Flags: OptionSet {
    let rawValue: UInt8
    static let hasLinkHeader = Flags(rawValue: 1)
    /// The bytes 45 to 55 and the owner's number tell of a socket.
    static let hasOwner = Flags(rawValue: 2)
    static let ownerIsReceiver = Flags(rawValue: 4)
  }

  package private(set) var bytes: [UInt8] = []
  package private(set) var count = 0
  package private(set) var first = MonotonicTime(nanoseconds: .max)
  package private(set) var last = MonotonicTime(nanoseconds: 0)

  package var isFull: Bool { bytes.count >= Self.fullBytes }

  /// Adds a packet, whose key, owner and stack have the numbers of the file's tables; 0 for none.
  package mutating func append(
    _ packet: Packet, from storage: [UInt8], key: UInt32, owner: UInt32, stack: UInt32
  ) {
    bytes.append(integer: packet.time.nanoseconds)
    bytes.append(integer: key)
    bytes.append(integer: owner)
    bytes.append(integer: stack)
    bytes.append(integer: packet.length)
    bytes.append(integer: packet.originalLength)
    bytes.append(integer: packet.segments)
    bytes.append(integer: packet.ingressIndex)
    bytes.append(integer: UInt32(truncatingIfNeeded: packet.bytes.count))
    bytes.append(integer: offset(packet.networkOffset))
    bytes.append(integer: offset(packet.transportOffset))
    var flags: Flags = packet.hasLinkHeader ? .hasLinkHeader : []
    if let owner = packet.owner {
      flags.insert(owner.isReceiver ? [.hasOwner, .ownerIsReceiver] : .hasOwner)
    }
    bytes.append(flags.rawValue)
    bytes.append(packet.owner?.family ?? 0)
    bytes.append(packet.owner?.transport ?? 0)
    bytes.append(packet.owner?.state ?? 0)
    bytes.append(integer: packet.owner?.cookie ?? 0)
    bytes.append(contentsOf: storage.span.extracting(packet.bytes).raw)
    count += 1
    first = min(first, packet.time)
    last = max(last, packet.time)
  }

  /// Forgets the packets, keeps the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    count = 0
    first = MonotonicTime(nanoseconds: .max)
    last = MonotonicTime(nanoseconds: 0)
  }

  private func offset(_ offset: Int?) -> UInt16 {
    offset.flatMap { UInt16(exactly: $0) } ?? Self.noOffset
  }
}
