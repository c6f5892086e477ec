internal import Bytes
internal import Netlink

/// What a device has counted: `struct rtnl_link_stats64` in linux/if_link.h.
package struct LinkStatistics: Equatable, Sendable {
  /// The structure's members, in its order; newer kernels append some.
  package static let fields = [
    "rx_packets", "tx_packets", "rx_bytes", "tx_bytes", "rx_errors", "tx_errors", "rx_dropped",
    "tx_dropped", "multicast", "collisions", "rx_length_errors", "rx_over_errors",
    "rx_crc_errors", "rx_frame_errors", "rx_fifo_errors", "rx_missed_errors",
    "tx_aborted_errors", "tx_carrier_errors", "tx_fifo_errors", "tx_heartbeat_errors",
    "tx_window_errors", "rx_compressed", "tx_compressed", "rx_nohandler", "rx_otherhost_dropped",
  ]

  /// As many as the kernel has, in the order of ``fields``.
  package var values: [UInt64]

  package init(values: [UInt64]) { self.values = values }

  /// A member by its name; nil if this kernel has none of it.
  package subscript(_ field: String) -> UInt64? {
    guard let index = Self.fields.firstIndex(of: field), index < values.count else { return nil }
    return values[index]
  }

  init(_ attribute: borrowing Attribute) {
    var reader = ByteReader(attribute.bytes)
    values = []
    while values.count < Self.fields.count, let value = try? reader.read(UInt64.self, .host) {
      values.append(value)
    }
  }
}
