package import DropModel
internal import Filters
internal import Glibc
internal import Netlink

/// The kernel's classic drop monitor over generic netlink: NET_DM (net/core/drop_monitor.c).
package final class DropMonitorSource: DropSource {
  package var description: SourceDescription { Self.description(of: session.options) }

  private let session: DropMonitorSession
  private var alerts: DropMonitorAlerts
  private var told: Set<String> = []

  /// Starts the monitor, or joins it (`.passive`); drops are counted from then on.
  package init(options: DropMonitorOptions = DropMonitorOptions(), handsOver: Bool = false)
    throws(SourceError)
  {
    let filter = options.filter
    var options = options
    let needsPackets = !filter.criteria.isSubset(of: [.site])
    let isPassive = options.approach == .passive
    try filter.require(
      only: isPassive ? [.site] : [.expression, .reason, .site, .device],
      of: isPassive ? "netdm with --passive" : "netdm")
    let changesMode = needsPackets && options.configuration.alertMode == .summary
    if changesMode {
      options.configuration.alertMode = .packet
      options.configuration.queueLength = max(
        options.configuration.queueLength, DropMonitorOptions.packetQueue)
    }
    session = try DropMonitorSession(options: options)
    if changesMode {
      session.notes.append("NET_DM is in packet mode, for its summaries tell nothing but sites")
    }
    alerts = DropMonitorAlerts(
      family: session.family.number, handsOver: handsOver, filter: filter)
  }

  package var wakeDescriptor: Int32? { session.descriptor }

  package func readPackets(into batch: inout DropBatch) throws(SourceError) {
    // Bounded: a flood of alerts must not keep the reader from everything else.
    try session.receive { (datagram) throws(NetlinkError) in
      try alerts.read(datagram.bytes, into: &batch)
    }
  }

  package func read(into batch: inout DropBatch) throws(SourceError) {
    if !session.isStopped {
      try readPackets(into: &batch)
      try session.updateLosses()
    }
    alerts.pending.drain(into: &batch)
    batch.loss = loss
    tell(&batch)
  }

  package func stop(into batch: inout DropBatch) throws(SourceError) {
    guard !session.isStopped else { return }
    try session.stop { (datagram) throws(NetlinkError) in
      try alerts.read(datagram.bytes, into: &batch)
    }
    try read(into: &batch)
  }

  private var loss: Loss {
    let missed = session.losses.total
    let tallied = alerts.pending.total
    var loss = Loss(
      seen: tallied + alerts.filtered, tallied: tallied, filtered: alerts.filtered, missed: missed)
    loss.isInterrupted = session.hasBeenDisturbed
    if alerts.handsOver {
      loss.delivered = alerts.packets
      loss.lost = missed
      loss.offered = alerts.packets + missed
    }
    return loss
  }

  /// Says once what numbers cannot.
  private func tell(_ batch: inout DropBatch) {
    batch.notes.append(contentsOf: session.notes)
    session.notes = []
    func note(_ sentence: String, if isTrue: Bool) {
      if isTrue, told.insert(sentence).inserted { batch.notes.append(sentence) }
    }
    note(
      "more than 64 sites dropped on one CPU within a second: NET_DM may not have counted all",
      if: alerts.fullSummaries > 0)
    note(
      "a device's rx_dropped grows: its driver drops packets that no source sees (ip -s link)",
      if: alerts.receiveDropHints > 0)
    note(
      "summaries were lost: each missed one stands for up to 64 sites and any number of drops",
      if: session.options.configuration.alertMode == .summary && session.losses.overrun > 0)
    note(
      "\(session.losses.unreadable) alerts of the kernel could not be understood and count as missed",
      if: session.losses.unreadable > 0 && session.isStopped)
  }
}

extension DropMonitorSource {
  /// What it is and cannot see, as asked for.
  private static func description(of options: DropMonitorOptions) -> SourceDescription {
    let mode = options.configuration.alertMode == .summary ? "summary" : "packet"
    let origins = [options.software ? "software" : nil, options.hardware ? "hardware" : nil]
      .compactMap(\.self).joined(separator: "+")
    return SourceDescription(
      name: "netdm", mechanism: options.approach == .passive ? "passive" : "\(mode), \(origins)",
      blindSpots: blindSpots(of: options))
  }

  /// What it cannot see if it is asked so.
  package static func blindSpots(of options: DropMonitorOptions) -> [String] {
    var spots: [String]
    if options.approach == .passive {
      spots = ["whatever the monitor that is on was not asked for"]
    } else if options.configuration.alertMode == .summary {
      spots = [
        "reason, device, namespace, protocol and bytes: NET_DM's summary mode has only sites",
        "more than 64 sites per CPU and second",
      ]
    } else {
      spots = [
        "packets without a link-layer header (unix sockets, local output): not even counted",
        "the namespace, and the device of packets that did not arrive on one",
      ]
    }
    spots.append("its own packets cannot be told apart and are counted")
    if !options.hardware { spots.append("drops in network hardware, which were not asked for") }
    return spots
  }
}

extension SourceError {
  /// Turns what netlink says into what to do about it.
  init(_ error: NetlinkError) {
    self =
      switch error {
      case .noFamily(let name):
        .unsupported(
          """
          unable to find the \(name) family: this kernel has no drop_monitor \
          (CONFIG_NET_DROP_MONITOR), its module cannot be loaded (try modprobe drop_monitor), or \
          this is not the initial network namespace
          """)
      case _ where error.isPermission:
        .notPermitted(
          "\(error). Run as root, or grant CAP_NET_ADMIN and CAP_SYS_ADMIN, which NET_DM needs")
      default: .failed("\(error)")
      }
  }
}
