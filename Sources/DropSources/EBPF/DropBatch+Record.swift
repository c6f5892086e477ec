internal import CDropRecords
internal import DropModel

extension DropBatch {
  /// Appends a record of the ring; `record` is valid only during the call.
  ///
  /// The record was written by our own program, so only its outer bounds are checked.
  mutating func append(record: UnsafeRawBufferPointer, numbers: inout KeyNumbers) {
    guard record.count >= MemoryLayout<drop_packet>.size else { return }
    let header = unsafe record.loadUnaligned(as: drop_packet.self)
    let key: DropKey
    if header.key.reason == DROP_REASON_HARDWARE {
      let trapEnd = MemoryLayout<drop_packet>.size + MemoryLayout<drop_trap>.size
      guard record.count >= trapEnd else { return }
      let trap = unsafe record.loadUnaligned(
        fromByteOffset: MemoryLayout<drop_packet>.size, as: drop_trap.self)
      key = numbers.key(header.key, trap, in: &self)
    } else {
      key = numbers.key(header.key, header.qdisc, in: &self)
    }
    unsafe packets.append(header, key: key, record: record)
  }
}

extension PacketBatch {
  fileprivate mutating func append(
    _ header: drop_packet, key: DropKey, record: UnsafeRawBufferPointer
  ) {
    let stackStart = MemoryLayout<drop_packet>.size
    let stackEnd = min(stackStart + Int(header.stack_size), record.count)
    let bytesStart = min(Int(header.bytes_offset), record.count)
    let bytesEnd = min(bytesStart + Int(header.captured), record.count)
    let stack = storage.count
    unsafe storage.append(
      contentsOf: UnsafeRawBufferPointer(rebasing: record[stackStart..<stackEnd]))
    let bytes = storage.count
    unsafe storage.append(
      contentsOf: UnsafeRawBufferPointer(rebasing: record[bytesStart..<bytesEnd]))
    packets.append(
      Packet(
        time: MonotonicTime(nanoseconds: header.time), key: key,
        length: header.length, originalLength: header.original, segments: header.segments,
        ingressIndex: header.ingress, owner: SocketOwner(header),
        hasLinkHeader: header.has_link_header != 0, networkOffset: header.network_offset.offset,
        transportOffset: header.transport_offset.offset, bytes: bytes..<storage.count,
        stack: stack..<bytes))
  }
}

extension UInt16 {
  /// An offset of the record, nil if what it points to is not in the bytes.
  fileprivate var offset: Int? { self == UInt16(DROP_OFFSET_NONE) ? nil : Int(self) }
}

extension SocketOwner {
  /// The owner in a record's header; nil if there is none.
  fileprivate init?(_ header: drop_packet) {
    guard header.owner != UInt8(DROP_OWNER_NONE.rawValue) else { return nil }
    self.init(
      uid: header.owner_uid, cgroup: header.owner_cgroup, inode: header.owner_inode,
      cookie: header.owner_cookie, family: header.owner_family,
      transport: header.owner_protocol, state: header.owner_state,
      isReceiver: header.owner == UInt8(DROP_OWNER_RECEIVER.rawValue))
  }
}
