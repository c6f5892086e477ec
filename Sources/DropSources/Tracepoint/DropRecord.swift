internal import Bytes
internal import DropModel
internal import KernelNames

/// Where the tracepoint skb:kfree_skb has what: offsets in its record on this kernel.
///
/// The format file tells them, since they moved with the kernel's versions: a reason came with
/// 5.17, the receiving socket with 6.11 (include/trace/events/skb.h).
struct DropRecord: Equatable {
  private let location: Int
  private let ethertype: Int
  private let reason: Int?

  /// Whether this kernel gives reasons.
  var hasReason: Bool { reason != nil }

  /// Throws the name of a field that is not as it should be.
  init(_ format: TracepointFormat) throws(SourceError) {
    func offset(_ name: String, _ size: Int) throws(SourceError) -> Int? {
      guard let field = format.field(named: name) else { return nil }
      guard field.size == size, field.offset >= 0 else {
        throw .unsupported("the tracepoint skb:kfree_skb has an unknown kind of field \(name)")
      }
      return field.offset
    }
    guard let location = try offset("location", 8), let ethertype = try offset("protocol", 2) else {
      throw .unsupported("the tracepoint skb:kfree_skb has no fields location and protocol")
    }
    self.location = location
    self.ethertype = ethertype
    reason = try offset("reason", 4)
  }

  /// What a record counts under.
  func key(_ record: ByteReader) throws(ByteReaderError) -> DropKey {
    var reader = record
    try reader.seek(to: location)
    let site = try reader.read(UInt64.self, .host)
    try reader.seek(to: ethertype)
    let ethertype = try reader.read(UInt16.self, .host)
    guard let reason else {
      return DropKey(site: site, reason: DropKey.unknownReason, ethertype: ethertype)
    }
    try reader.seek(to: reason)
    return DropKey(site: site, reason: try reader.read(UInt32.self, .host), ethertype: ethertype)
  }
}
