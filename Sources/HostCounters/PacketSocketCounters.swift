internal import Bytes
internal import Glibc
internal import Netlink

/// The drops of packet sockets: packet_diag; those that lost nothing are not listed.
///
/// The kernel tells only what a socket without a ring lost: that of a ring (tcpdump's) is told to nobody
/// but its owner (tpacket_rcv in net/packet/af_packet.c).
enum PacketSocketCounters: CounterSource {
  static let family = CounterFamily.packet

  /// PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO of linux/packet_diag.h.
  private static let shown: UInt32 = 0x11

  private enum Key {
    static let information: UInt16 = 0
    static let memory: UInt16 = 6
  }

  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    // struct packet_diag_req: any inode.
    let payload =
      [UInt8(AF_PACKET), 0, 0, 0] + MessageWriter.bytes(of: UInt32(0))
      + MessageWriter.bytes(of: shown) + [UInt8](repeating: 0, count: 8)
    let sockets = try place.unlessMissing("packet_diag") { () throws(NetlinkError) in
      try place.connection(.socketDiagnosis).dump(
        SocketMemory.byFamily, payload, operation: "list the packet sockets"
      ) { (message) throws(NetlinkError) in try PacketSocket(message) }
    }
    guard sockets.contains(where: { $0.drops > 0 }) else { return }
    let devices = Dictionary(try place.links().map { ($0.index, $0.name) }) { first, _ in first }
    for socket in sockets where socket.drops > 0 {
      let device = devices[socket.device] ?? (socket.device == 0 ? "any" : "\(socket.device)")
      let instance = "\(device) 0x\(hexadecimal(socket.ethertype)) #\(socket.inode)"
      snapshot.identify(family, instance, as: socket.cookie)
      snapshot.counters[CounterName(family, instance, "drops")] = UInt64(socket.drops)
    }
  }

  private static func hexadecimal(_ ethertype: UInt16) -> String {
    let digits = String(ethertype, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  struct PacketSocket: Equatable {
    /// What it receives, as in linux/if_ether.h; 3 is everything.
    var ethertype: UInt16
    var inode: UInt32
    var cookie: UInt64
    /// The index of the device it is bound to; 0 for all.
    var device: UInt32 = 0
    var drops: UInt32 = 0

    /// Reads a `struct packet_diag_msg` and the attributes behind it.
    init(_ message: borrowing Message) throws(NetlinkError) {
      var reader = message.payload
      do throws(ByteReaderError) {
        try reader.skip(2)
        ethertype = try reader.read(UInt16.self, .host)
        inode = try reader.read(UInt32.self, .host)
        cookie = try reader.readCookie()
      } catch {
        throw .malformed("a packet socket: \(error)")
      }
      var attributes = AttributeReader(reader.unread)
      while let attribute = try attributes.next() {
        switch attribute.type {
        case Key.information:
          var information = ByteReader(attribute.bytes)
          device = (try? information.read(UInt32.self, .host)) ?? 0
        case Key.memory: drops = try SocketBuffers(attribute).drops
        default: continue
        }
      }
    }
  }
}
