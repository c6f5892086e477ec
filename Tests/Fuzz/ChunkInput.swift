internal import Bytes
internal import DropModel
internal import PacketChunks

/// Packets of a recording: a chunk whose records refer to a few keys, owners and stacks.
enum ChunkInput {
  private static let numbers = ChunkNumbers(
    keys: [1: DropKey(site: 1), 2: DropKey(site: 2, reason: 3)],
    owners: [
      1: SocketOwner(
        uid: 33, cgroup: 1, inode: 2, cookie: 0, family: 0, transport: 0, state: 0,
        isReceiver: false)
    ], stacks: [1: [1, 0, 0, 0, 0, 0, 0, 0x80], 2: [1, 2, 3]])

  static func readChunk(_ bytes: [UInt8]) {
    var batch = PacketBatch()
    let isWhole = (try? batch.append(chunk: bytes.span.raw, numbers)) != nil
    var again = PacketChunk()
    for packet in batch.packets {
      expect(packet.bytes.upperBound <= batch.storage.count, "a packet's bytes are there")
      expect(packet.stack.upperBound <= packet.bytes.lowerBound, "its stack lies before them")
      for offset in [packet.networkOffset, packet.transportOffset] {
        expect(offset ?? 0 <= packet.bytes.count, "a header lies in its packet")
      }
      again.append(
        packet, from: batch.storage, key: packet.key.site == 1 ? 1 : 2,
        owner: packet.owner == nil ? 0 : 1, stack: 0)
    }
    var copy = PacketBatch()
    expect(
      (try? copy.append(chunk: again.bytes.span.raw, numbers)) != nil,
      "what was written is read again")
    expect(copy.packets.count == batch.packets.count, "all of it")
    if isWhole { expect(bytes.isEmpty || !batch.packets.isEmpty, "a whole chunk has packets") }
  }

  /// Two packets, the second with all a record can have.
  static var chunk: [UInt8] {
    var batch = PacketBatch()
    batch.storage = [UInt8](repeating: 0x45, count: 40)
    var packet = Packet(
      time: MonotonicTime(nanoseconds: 61_000_000_000), key: DropKey(site: 1), length: 40,
      originalLength: 1514, segments: 2, ingressIndex: 7, owner: nil, hasLinkHeader: true,
      networkOffset: 14, transportOffset: 34, bytes: 0..<40, stack: 0..<0)
    var chunk = PacketChunk()
    chunk.append(packet, from: batch.storage, key: 1, owner: 0, stack: 0)
    packet.owner = SocketOwner(
      uid: 33, cgroup: 1, inode: 2, cookie: 9, family: 2, transport: 17, state: 7,
      isReceiver: true)
    chunk.append(packet, from: batch.storage, key: 2, owner: 1, stack: 1)
    return chunk.bytes
  }
}
