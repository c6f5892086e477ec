internal import Bytes
internal import DropModel
internal import Netlink

/// What NET_DM_CMD_PACKET_ALERT tells of a packet.
struct PacketAlert {
  private typealias Key = DropMonitorMessage.Key

  /// Everything but the reason, which is text.
  var key = DropKey(site: 0, reason: DropKey.unknownReason)
  /// As the kernel spells it (from 5.17).
  var reason: String?
  /// The site as the kernel names it, cut at 39 characters.
  var symbol: String?
  var isHardware = false
  var trap: String?
  var trapGroup: String?
  /// Of the device it arrived on; only hardware drops have it.
  var portName: String?
  /// From the link header on.
  var originalLength: UInt32 = 0
  /// Where in the payload the network header starts; nil if that is not sure.
  var networkOffset: Int?
  /// When, in ns of the wall's clock; 0 if not told.
  private var timestamp: UInt64 = 0

  /// Reads an attribute that is not the payload.
  mutating func read(_ attribute: borrowing Attribute) throws(NetlinkError) {
    switch attribute.type {
    case Key.address: key.site = try attribute.integer()
    case Key.symbol: symbol = attribute.text
    case Key.reason: reason = attribute.text
    case Key.timestamp: timestamp = try attribute.integer()
    case Key.ethertype: key.ethertype = try attribute.integer()
    case Key.originalLength: originalLength = try attribute.integer()
    case Key.origin:
      let origin: UInt16 = try attribute.integer()
      isHardware = origin == DropMonitorMessage.hardwareOrigin
    case Key.trap: trap = attribute.text
    case Key.trapGroup: trapGroup = attribute.text
    case Key.inputPort: try readPort(attribute.nested)
    default: return
    }
  }

  private mutating func readPort(_ port: consuming AttributeReader) throws(NetlinkError) {
    while let attribute = try port.next() {
      switch attribute.type {
      case Key.portIndex: key.interfaceIndex = try attribute.integer()
      case Key.portName: portName = attribute.text
      default: continue
      }
    }
  }

  /// Finds the transport protocol in the packet's bytes, which begin with an Ethernet header if its
  /// type agrees with the ethertype told before.
  mutating func read(payload: RawSpan) {
    var reader = ByteReader(payload)
    guard (try? reader.skip(12)) != nil, let type = try? reader.read(UInt16.self, .big),
      type == key.ethertype
    else { return }
    networkOffset = reader.position
    switch type {
    case 0x0800: key.transport = byte(9, &reader) ?? DropKey.noTransport
    case 0x86DD:
      // Behind hop-by-hop options, routing, fragment, authentication, destination options.
      if let next = byte(6, &reader), ![0, 43, 44, 51, 60].contains(next) { key.transport = next }
    default: return
    }
  }

  private func byte(_ offset: Int, _ reader: inout ByteReader) -> UInt8? {
    guard (try? reader.skip(offset)) != nil else { return nil }
    return reader.next
  }

  /// The same on the clock of all events; now, if the kernel did not tell.
  var time: MonotonicTime {
    let now = MonotonicTime.now
    // Unsigned: the difference to a timestamp from bad bytes need not fit 63 bits.
    let wall = UInt64(clamping: WallTime.now.nanoseconds)
    guard timestamp != 0, timestamp <= wall, wall - timestamp <= now.nanoseconds else {
      return now
    }
    return MonotonicTime(nanoseconds: now.nanoseconds - (wall - timestamp))
  }
}
