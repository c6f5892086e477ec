internal import CDropRecords
internal import DropModel

extension RetransmissionBatch {
  /// Appends a record of the ring; `record` is valid only during the call.
  ///
  /// A record of another size is not ours and is left out.
  mutating func append(record: UnsafeRawBufferPointer) {
    guard record.count >= MemoryLayout<retransmission_record>.size else { return }
    retransmissions.append(
      Retransmission(unsafe record.loadUnaligned(as: retransmission_record.self)))
  }
}

extension Retransmission {
  fileprivate init(_ record: retransmission_record) {
    let match: Match =
      switch UInt32(record.match) {
      case RETRANSMISSION_EXACT.rawValue: .exact
      case RETRANSMISSION_ACK.rawValue: .acknowledgement
      case RETRANSMISSION_RECEIVER.rawValue: .receiver
      case RETRANSMISSION_FLOW.rawValue: .flow
      default: .none
      }
    self.init(
      time: MonotonicTime(nanoseconds: record.time), flow: TCPFlow(record.flow),
      start: record.start, end: record.end, segments: record.segments,
      roundTrip: record.srtt == 0 ? nil : .microseconds(Int64(record.srtt)),
      namespace: record.netns, interfaceIndex: record.interface,
      error: record.error == 0 ? nil : Int32(truncatingIfNeeded: record.error),
      state: record.state, isHandshakeAnswer: record.synack != 0, match: match,
      cause: match == .none ? nil : Cause(record.cause, at: record.time),
      flowDrops: record.drops, acknowledgementDrops: record.ack_drops)
  }
}

extension Retransmission.Cause {
  fileprivate init(_ drop: retransmission_drop, at time: UInt64) {
    self.init(
      key: DropKey(
        site: drop.site, reason: drop.reason, namespace: drop.netns,
        interfaceIndex: drop.interface),
      age: MonotonicTime(nanoseconds: drop.time).duration(to: MonotonicTime(nanoseconds: time)))
  }
}

extension TCPFlow {
  init(_ flow: retransmission_flow) {
    self.init(
      source: address(flow.source), sourcePort: flow.source_port,
      destination: address(flow.destination), destinationPort: flow.destination_port)
  }
}

/// An address of 16 bytes; IPv4 is mapped into it.
private func address<Bytes: BitwiseCopyable>(_ bytes: Bytes) -> IPAddress {
  let halves = unsafe withUnsafeBytes(of: bytes) { bytes in
    unsafe (
      bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    )
  }
  return IPAddress(v6: UInt64(bigEndian: halves.0), UInt64(bigEndian: halves.1)).unmapped
}
