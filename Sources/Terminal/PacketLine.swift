package import Bytes
package import DropModel
internal import Export
internal import Packets

/// Puts the line of a packet together: time, reason, site, device and namespace, direction, what it
/// is, whose it is.
///
/// "10:24:21.123456 NO_SOCKET            __udp4_lib_rcv+0x4bc         veth0@red     in  UDP 10.0.0.1:…"
package struct PacketLine {
  private let isColored: Bool
  private var clock = PacketClock(.clock)
  private var keys = Fragments<DropKey>()
  private var owners = Fragments<SocketOwner.Identity>()
  private var listeners = Fragments<ListenerQuestion>()

  package init(isColored: Bool) { self.isColored = isColored }

  /// Names may have changed: they are asked for again.
  package mutating func forgetNames() {
    keys.removeAll()
    owners.removeAll()
    listeners.removeAll()
  }

  /// Appends a packet of `batch` and the end of its line.
  package mutating func append(
    _ packet: Packet, of batch: DropBatch, names: any DropNames, to buffer: inout TextBuffer
  ) {
    clock.append(packet.time, batch.clock, to: &buffer)
    buffer.append(" ")
    let isColored = isColored
    keys.append(packet.key, to: &buffer) {
      Self.append(names.drop(for: packet.key), isColored: isColored, to: &$0)
    }
    switch packet.direction {
    case .receive: buffer.append("in    ")
    case .transmit: buffer.append("out   ")
    case .local: buffer.append("local ")
    case .unknown: buffer.append("-     ")
    }
    let bytes = batch.packets.storage.span.extracting(packet.bytes).raw
    let headers = PacketHeaders(packet, bytes)
    buffer.append(headers, in: bytes)
    if packet.segments > 1 {
      buffer.append(" segments ")
      buffer.append(decimal: packet.segments)
    }
    if let owner = packet.owner {
      buffer.append("  ")
      owners.append(owner.identity, to: &buffer) { $0.append(names.owner(of: owner)) }
    } else if let question = ListenerQuestion(packet, headers) {
      listeners.append(question, to: &buffer) { buffer in
        guard let owner = names.listener(question) else { return }
        buffer.append("  ")
        buffer.append(owner)
      }
    }
    buffer.append("\n")
  }

  /// Columns are as wide as most of their content; what is longer stays whole.
  private static func append(_ drop: Drop, isColored: Bool, to buffer: inout TextBuffer) {
    func column(_ text: String?, _ width: Int, _ style: Style?) {
      let start = buffer.count
      buffer.styled(isColored ? style : nil) { $0.append(text ?? "-") }
      // Escape sequences take no columns.
      let columns = isColored && style != nil ? (text ?? "-").unicodeScalars.count : nil
      buffer.append(
        UInt8(ascii: " "), repeated: max(width - (columns ?? buffer.count - start), 0) + 1)
    }
    column(drop.reason?.label, 20, .yellow)
    column(drop.siteLabel.isEmpty ? nil : drop.siteLabel, 28, .cyan)
    column(drop.placeLabel, 14, nil)
  }
}
