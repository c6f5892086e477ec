package import Bytes
package import DropModel

/// What the numbers in a chunk's records stand for.
package struct ChunkNumbers {
  package var keys: [UInt32: DropKey] = [:]
  package var owners: [UInt32: SocketOwner] = [:]
  /// Return addresses, 8 bytes each and little-endian, innermost first.
  package var stacks: [UInt32: [UInt8]] = [:]

  package init(
    keys: [UInt32: DropKey] = [:], owners: [UInt32: SocketOwner] = [:],
    stacks: [UInt32: [UInt8]] = [:]
  ) {
    self.keys = keys
    self.owners = owners
    self.stacks = stacks
  }
}

/// Why a chunk cannot be read any further.
package enum PacketChunkError: Error, Equatable, CustomStringConvertible {
  case truncated(ByteReaderError)
  /// A record has a number that the table of this name does not.
  case unknown(table: String, number: UInt32)
  /// An offset points outside the packet's bytes.
  case offset(UInt16)

  package var description: String {
    switch self {
    case .truncated(let error): "\(error)"
    case .unknown(let table, let number): "there is no number \(number) in the table \(table)"
    case .offset(let offset): "a header at \(offset) lies outside of its packet"
    }
  }
}

extension PacketBatch {
  /// Adds the packets of a chunk; those before the first that cannot be read are there as well
  /// when it throws.
  package mutating func append(
    chunk bytes: RawSpan, _ numbers: borrowing ChunkNumbers
  ) throws(PacketChunkError) {
    var reader = ByteReader(bytes)
    while !reader.isAtEnd { try appendRecord(&reader, numbers) }
  }

  private mutating func appendRecord(
    _ reader: inout ByteReader, _ numbers: borrowing ChunkNumbers
  ) throws(PacketChunkError) {
    let header: PacketHeader
    let content: RawSpan
    do throws(ByteReaderError) {
      header = try PacketHeader(&reader)
      content = try reader.readBytes(Int(header.captured))
    } catch {
      throw .truncated(error)
    }
    guard let key = numbers.keys[header.key] else {
      throw .unknown(table: "keys", number: header.key)
    }
    let owner = try Self.owner(header, numbers)
    let networkOffset = try Self.offset(header.networkOffset, within: content.byteCount)
    let transportOffset = try Self.offset(header.transportOffset, within: content.byteCount)
    let stack = storage.count
    if header.stack != 0 {
      guard let frames = numbers.stacks[header.stack] else {
        throw .unknown(table: "stacks", number: header.stack)
      }
      append(stack: frames)
    }
    let start = storage.count
    storage.append(contentsOf: content)
    packets.append(
      Packet(
        time: MonotonicTime(nanoseconds: header.time), key: key, length: header.length,
        originalLength: header.originalLength, segments: header.segments,
        ingressIndex: header.ingressIndex, owner: owner,
        hasLinkHeader: header.flags.contains(.hasLinkHeader), networkOffset: networkOffset,
        transportOffset: transportOffset, bytes: start..<storage.count, stack: stack..<start))
  }

  /// A stack is in the machine's order here, which in the file it need not be.
  private mutating func append(stack frames: [UInt8]) {
    var reader = ByteReader(frames.span.raw)
    while let address = try? reader.read(UInt64.self) {
      storage.append(integer: address, .host)
    }
  }

  private static func owner(
    _ header: PacketHeader, _ numbers: borrowing ChunkNumbers
  ) throws(PacketChunkError) -> SocketOwner? {
    guard header.flags.contains(.hasOwner) else { return nil }
    guard var owner = numbers.owners[header.owner] else {
      throw .unknown(table: "owners", number: header.owner)
    }
    owner.family = header.ownerFamily
    owner.transport = header.ownerTransport
    owner.state = header.ownerState
    owner.cookie = header.ownerCookie
    owner.isReceiver = header.flags.contains(.ownerIsReceiver)
    return owner
  }

  private static func offset(
    _ offset: UInt16, within count: Int
  ) throws(PacketChunkError) -> Int? {
    if offset == PacketChunk.noOffset { return nil }
    guard Int(offset) <= count else { throw .offset(offset) }
    return Int(offset)
  }
}
