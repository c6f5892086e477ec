internal import Bytes
internal import DropModel
internal import FoundationEssentials
internal import PacketChunks

extension ChunkNumbers {
  /// As many keys as a source can tell apart, and so many stacks and owners as fit the file.
  private static let mostKeys = 1 << 20

  /// Reads them from a file; stacks and owners only `ofPackets`.
  init(_ file: RecordingFile, ofPackets isOfPackets: Bool) {
    self.init()
    file.rows(of: "keys") { row in
      guard keys.count < Self.mostKeys else { throw RecordedRow.Unexpected(column: 0) }
      keys[try row.integer(0)] = try DropKey(row)
    }
    guard isOfPackets else { return }
    file.rows(of: "owners") { row in
      owners[try row.integer(0)] = SocketOwner(
        uid: try row.integer(1), cgroup: try row.number(2), inode: try row.number(3), cookie: 0,
        family: 0, transport: 0, state: 0, isReceiver: false)
    }
    file.rows(of: "stacks") { row in
      stacks[try row.integer(0)] = [UInt8](try row.bytes(1).bytes)
    }
  }
}
