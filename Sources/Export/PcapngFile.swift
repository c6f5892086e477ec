package import Bytes
package import Diagnosis
package import DropModel
internal import Packets

/// Each dropped packet for Wireshark: pcapng, with why and where it was dropped as its comment.
///
/// A device in a namespace is an interface, "eth0@red"; one more for its packets without a link
/// header. How many drops there were on each is in the file's end, for not every one has its packet
/// here. Each batch is written at once, so that a reader at the other end of a pipe can follow.
package final class PcapngFile: Sink {
  private let descriptor: Int32
  private var writer = PcapngWriter(system: "", application: "")
  private var interfaces: [Interface: UInt32] = [:]
  private var packets: [UInt32: UInt64] = [:]
  private var drops: [Place: (drops: UInt64, label: String)] = [:]
  /// What is the same in the comments of all packets of a key.
  private var comments: [DropKey: [UInt8]] = [:]
  private var text = TextBuffer(capacity: 4096)
  private var output = TextBuffer()

  /// Where packets are dropped: a device of a namespace.
  private struct Place: Hashable {
    let namespace: UInt32
    let device: UInt32

    init(_ key: DropKey) {
      namespace = key.namespace
      device = key.interfaceIndex
    }
  }

  private struct Interface: Hashable {
    let place: Place
    let linkType: PcapngWriter.LinkType
  }

  package init(descriptor: Int32) { self.descriptor = descriptor }

  package let showsIdle = false

  package func begin(_ session: Session) throws(WriteError) {
    writer = PcapngWriter(
      system: "Linux \(session.kernel)", application: "dropwatch \(session.version)",
      comment: "packets dropped on \(session.host), by \(session.source.name) "
        + "(\(session.source.mechanism))" + (session.filter.map { ", \($0)" } ?? ""))
    try flush()
  }

  package func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {
    for packet in batch.packets.packets { append(packet, of: batch, names) }
    for tally in batch.tallies {
      let place = Place(tally.key)
      drops[place, default: (0, label(of: tally.key, names))].drops += tally.counts.drops
    }
    try flush()
  }

  package func show(_ report: Report, notes: [String]) throws(WriteError) {}

  package func end(_ summary: Summary) throws(WriteError) {
    // What was dropped where no packet was seen must have an interface, too.
    let seen = Set(interfaces.keys.map(\.place))
    for (place, count) in drops where !seen.contains(place) {
      interfaces[Interface(place: place, linkType: .ethernet)] = writer.addInterface(
        .ethernet, name: count.label)
    }
    var counted: Set<Place> = []
    for (interface, number) in interfaces.sorted(by: { $0.value < $1.value }) {
      // The first interface of a place has its count.
      let isFirst = counted.insert(interface.place).inserted
      writer.appendStatistics(
        interface: number, at: summary.time,
        dropped: isFirst ? drops[interface.place]?.drops ?? 0 : 0,
        delivered: packets[number, default: 0])
    }
    try flush()
  }

  private func append(_ packet: Packet, of batch: DropBatch, _ names: any DropNames) {
    let form = Form(packet, batch.packets.storage.span.extracting(packet.bytes).raw)
    let interface = interface(packet.key, form.linkType, names)
    packets[interface, default: 0] += 1
    text.removeAll()
    appendComment(of: packet, names)
    let content = packet.bytes.dropFirst(form.start)
    let isCooked = form.linkType == .cooked
    writer.append(
      at: packet.time.wallTime(batch.clock), interface: interface,
      originalLength: UInt32(
        clamping: Int64(packet.originalLength) - Int64(form.start)
          + (isCooked ? Int64(PcapngWriter.cookedSize) : 0)),
      direction: packet.direction.asPcapng, comment: text
    ) { record in
      if isCooked {
        PcapngWriter.appendCookedHeader(ethertype: form.ethertype, to: &record)
      }
      record.append(contentsOf: batch.packets.storage.span.extracting(content).raw)
    }
  }

  /// What a packet's bytes are to a reader of the file.
  private struct Form {
    let linkType: PcapngWriter.LinkType
    /// Bytes at the beginning that are left out.
    let start: Int
    /// What a made-up header tells; 0 if the bytes are no network protocol's.
    let ethertype: UInt16

    init(_ packet: Packet, _ bytes: RawSpan) {
      let headers = PacketHeaders(packet, bytes)
      switch headers.start {
      case .ethernet:
        (linkType, start, ethertype) = (.ethernet, 0, 0)
      case .network(let type):
        let isIP = headers.networkOffset != nil && [0x0800, 0x86DD].contains(type)
        (linkType, start, ethertype) = (isIP ? .ip : .cooked, headers.networkOffset ?? 0, type)
      default:
        (linkType, start, ethertype) = (.cooked, 0, 0)
      }
    }
  }

  private func interface(
    _ key: DropKey, _ linkType: PcapngWriter.LinkType, _ names: any DropNames
  ) -> UInt32 {
    let interface = Interface(place: Place(key), linkType: linkType)
    if let known = interfaces[interface] { return known }
    let number = writer.addInterface(
      linkType, name: label(of: key, names),
      description: linkType == .ethernet ? nil : "packets without a link header")
    interfaces[interface] = number
    return number
  }

  /// "eth0@red"; "unknown" for a packet that no device is known of.
  private func label(of key: DropKey, _ names: any DropNames) -> String {
    let drop = names.drop(for: key)
    return (drop.device?.label ?? "unknown") + (drop.namespace.map { "@\($0.label)" } ?? "")
  }

  /// "NO_SOCKET at __udp4_lib_rcv+0x9a2; nginx[812] nginx.service www-data".
  private func appendComment(of packet: Packet, _ names: any DropNames) {
    if let known = comments[packet.key] {
      text.append(known.span)
    } else {
      let drop = names.drop(for: packet.key)
      let parts = [drop.reason?.label, drop.siteLabel.isEmpty ? nil : "at \(drop.siteLabel)"]
      let comment = parts.compactMap(\.self).joined(separator: " ")
      comments[packet.key] = Array(comment.utf8)
      text.append(comment)
    }
    guard let owner = packet.owner else { return }
    text.append("; ")
    text.append(names.owner(of: owner))
  }

  private func flush() throws(WriteError) {
    output.append(writer.bytes.span)
    writer.removeAll()
    try output.write(to: descriptor)
  }
}

extension Packet.Direction {
  /// As pcapng says it.
  fileprivate var asPcapng: PcapngWriter.Direction {
    switch self {
    case .receive: .inbound
    case .transmit: .outbound
    case .local, .unknown: .unknown
    }
  }
}
