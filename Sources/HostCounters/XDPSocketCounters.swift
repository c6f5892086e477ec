internal import Bytes
internal import Glibc
internal import Netlink

/// What AF_XDP sockets lost: xdp_diag, linux/xdp_diag.h; from 5.9 on.
enum XDPSocketCounters: CounterSource {
  static let family = CounterFamily.xsk

  /// The members of `struct xdp_diag_stats`, in its order.
  private static let fields = [
    "rx_dropped", "rx_invalid_descs", "rx_ring_full", "fill_ring_empty", "tx_invalid_descs",
    "tx_ring_empty",
  ]

  /// XDP_SHOW_INFO | XDP_SHOW_STATS.
  private static let shown: UInt32 = 0x11
  /// AF_XDP.
  private static let protocolFamily: UInt8 = 44

  private enum Key {
    static let information: UInt16 = 1
    static let statistics: UInt16 = 9
  }

  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    let payload =
      [protocolFamily, 0, 0, 0] + MessageWriter.bytes(of: UInt32(0))
      + MessageWriter.bytes(of: shown) + [UInt8](repeating: 0, count: 8)
    let sockets = try place.unlessMissing("xsk_diag") { () throws(NetlinkError) in
      try place.connection(.socketDiagnosis).dump(
        SocketMemory.byFamily, payload, operation: "list the AF_XDP sockets"
      ) { (message) throws(NetlinkError) in try XDPSocket(message) }
    }
    guard !sockets.isEmpty else { return }
    let devices = Dictionary(try place.links().map { ($0.index, $0.name) }) { first, _ in first }
    for socket in sockets {
      let device = devices[socket.device] ?? "\(socket.device)"
      let instance = "\(device) queue \(socket.queue) #\(socket.inode)"
      snapshot.identify(family, instance, as: socket.cookie)
      for (field, value) in zip(fields, socket.values) {
        snapshot.counters[CounterName(family, instance, field)] = value
      }
    }
  }

  struct XDPSocket: Equatable {
    var inode: UInt32
    var cookie: UInt64
    var device: UInt32 = 0
    var queue: UInt32 = 0
    var values: [UInt64] = []

    /// Reads a `struct xdp_diag_msg` and the attributes behind it.
    init(_ message: borrowing Message) throws(NetlinkError) {
      var reader = message.payload
      do throws(ByteReaderError) {
        try reader.skip(4)
        inode = try reader.read(UInt32.self, .host)
        cookie = try reader.readCookie()
      } catch {
        throw .malformed("an AF_XDP socket: \(error)")
      }
      var attributes = AttributeReader(reader.unread)
      while let attribute = try attributes.next() {
        var value = ByteReader(attribute.bytes)
        switch attribute.type {
        case Key.information:
          device = (try? value.read(UInt32.self, .host)) ?? 0
          queue = (try? value.read(UInt32.self, .host)) ?? 0
        case Key.statistics:
          while values.count < fields.count, let number = try? value.read(UInt64.self, .host) {
            values.append(number)
          }
        default: continue
        }
      }
    }
  }
}
