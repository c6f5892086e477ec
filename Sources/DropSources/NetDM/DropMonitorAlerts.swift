internal import Bytes
internal import DropModel
internal import Filters
internal import Netlink

/// Reads the alerts of the kernel's drop monitor into tallies and packets.
///
/// See net_dm_packet_report_fill, net_dm_hw_summary_report_fill and trace_drop_common in
/// net/core/drop_monitor.c (5.10 to 6.18).
struct DropMonitorAlerts {
  private typealias Key = DropMonitorMessage.Key

  /// The family's number: messages of others are not for us.
  let family: UInt16
  /// Whether packets are handed over besides being counted.
  let handsOver: Bool

  /// Which drops are asked for.
  let filter: DropFilter

  /// Drops that were read.
  var pending = PendingTallies()
  /// Drops that were read and not asked for.
  private(set) var filtered: UInt64 = 0
  /// Packets that were read.
  private(set) var packets: UInt64 = 0
  /// Summaries that had no room for a further site, if there was one.
  private(set) var fullSummaries: UInt64 = 0
  /// How often a device's `rx_dropped` had grown: the drop monitor tells it as a drop at no site.
  private(set) var receiveDropHints: UInt64 = 0
  private var reasons = ReasonNumbers()
  private var sites: Set<UInt64> = []
  private var ports: [UInt32: String] = [:]

  init(family: UInt16, handsOver: Bool, filter: DropFilter = DropFilter()) {
    self.family = family
    self.handsOver = handsOver
    self.filter = filter
  }

  /// Reads a datagram; what stands before a fault in it has been counted.
  mutating func read(_ datagram: [UInt8], into batch: inout DropBatch) throws(NetlinkError) {
    var messages = MessageReader(datagram.span.raw)
    while let message = try messages.next() {
      guard message.header.type == family else { continue }
      switch message.command {
      case DropMonitorMessage.Command.alert: try readSummary(message, &batch)
      case DropMonitorMessage.Command.packetAlert: try readPacket(message, &batch)
      default: continue
      }
    }
  }

  private mutating func readSummary(
    _ message: borrowing Message, _ batch: inout DropBatch
  ) throws(NetlinkError) {
    let now = MonotonicTime.now
    var attributes = try message.genericAttributes()
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.sites: try readSites(attribute.bytes, at: now)
      case Key.traps: try readTraps(attribute.nested, at: now, &batch)
      default: continue
      }
    }
  }

  /// `struct net_dm_alert_msg`: a number of sites, and for each its address and count.
  private mutating func readSites(
    _ bytes: RawSpan, at time: MonotonicTime
  ) throws(NetlinkError) {
    var reader = ByteReader(bytes)
    do throws(ByteReaderError) {
      let count = try reader.read(UInt32.self, .host)
      for _ in 0..<count {
        let address = try reader.read(UInt64.self, .host)
        let drops = UInt64(try reader.read(UInt32.self, .host))
        if address == 0 {
          receiveDropHints += drops
        } else if !filter.accepts(site: address) {
          filtered += drops
        } else {
          pending.add(
            Counts(drops: drops, segments: drops),
            of: DropKey(site: address, reason: DropKey.unknownReason), at: time)
        }
      }
      if count >= DropMonitorMessage.sitesPerSummary { fullSummaries += 1 }
    } catch {
      throw .malformed("a summary ends within a drop site")
    }
  }

  private mutating func readTraps(
    _ list: consuming AttributeReader, at time: MonotonicTime, _ batch: inout DropBatch
  ) throws(NetlinkError) {
    while let entry = try list.next() {
      var name: String?
      var count: UInt32 = 0
      var trap = entry.nested
      while let attribute = try trap.next() {
        switch attribute.type {
        case Key.trap: name = attribute.text
        case Key.trapCount: count = try attribute.integer()
        default: continue
        }
      }
      guard let name else { throw .malformed("a hardware drop without a trap") }
      let drops = UInt64(count)
      guard filter.accepts(site: 0), filter.accepts(reason: { $0 == .trap(name) }) else {
        filtered += drops
        continue
      }
      let reason = reasons.number(of: .trap(name, group: nil), in: &batch)
      pending.add(
        Counts(drops: drops, segments: drops), of: DropKey(site: 0, reason: reason), at: time)
    }
  }

  private mutating func readPacket(
    _ message: borrowing Message, _ batch: inout DropBatch
  ) throws(NetlinkError) {
    let bytesStart = batch.packets.storage.count
    var alert = PacketAlert()
    var matches = filter.expression == nil
    var attributes = try message.genericAttributes()
    while let attribute = try attributes.next() {
      if attribute.type == Key.payload {
        alert.read(payload: attribute.bytes)
        if let expression = filter.expression {
          let length = max(alert.originalLength, UInt32(attribute.bytes.byteCount))
          matches = expression.matches(
            attribute.bytes, originalLength: length, hasLinkHeader: true, ethertype: 0)
        }
        if handsOver { batch.packets.storage.append(contentsOf: attribute.bytes) }
      } else {
        try alert.read(attribute)
      }
    }
    guard matches, filter.accepts(alert) else {
      filtered += 1
      batch.packets.storage.removeSubrange(bytesStart...)
      return
    }
    var key = alert.key
    if alert.isHardware {
      key.reason = reasons.number(of: .trap(alert.trap ?? "?", group: alert.trapGroup), in: &batch)
    } else if let spelling = alert.reason {
      key.reason = reasons.number(of: .spelling(spelling), in: &batch)
    }
    if let symbol = alert.symbol, sites.insert(key.site).inserted {
      batch.symbols.append(SiteName(address: key.site, text: symbol))
    }
    if let name = alert.portName, ports[key.interfaceIndex] != name {
      ports[key.interfaceIndex] = name
      batch.devices.append(
        DeviceName(namespace: 0, interfaceIndex: key.interfaceIndex, name: name))
    }
    let time = alert.time
    packets += 1
    pending.add(
      Counts(drops: 1, bytes: UInt64(alert.originalLength), segments: 1), of: key, at: time)
    guard handsOver else { return }
    let bytes = bytesStart..<batch.packets.storage.count
    batch.packets.packets.append(
      Packet(
        time: time, key: key, length: alert.originalLength,
        originalLength: alert.originalLength, segments: 1, ingressIndex: key.interfaceIndex,
        owner: nil, hasLinkHeader: true, networkOffset: alert.networkOffset, transportOffset: nil,
        bytes: bytes, stack: bytes.upperBound..<bytes.upperBound))
  }
}

extension DropFilter {
  /// Whether a packet is asked for, whatever its bytes are.
  fileprivate func accepts(_ alert: PacketAlert) -> Bool {
    let hasReason = accepts { reason in
      if alert.isHardware { return reason == .trap(alert.trap ?? "?") }
      return alert.reason.map(reason.isSpelled) ?? false
    }
    return hasReason && accepts(site: alert.isHardware ? 0 : alert.key.site)
      && accepts(device: alert.portName, index: alert.key.interfaceIndex)
  }
}
