package import DropModel
internal import Glibc
internal import Netlink

/// The kernel's classic drop monitor over generic netlink: NET_DM (net/core/drop_monitor.c).
///
/// The monitor is one for the whole machine and nobody's: it is stopped and configured as it was on
/// every way out, by a process that stays behind if this one is killed (``StopGuard``).
package final class DropMonitorSource: DropSource {
  package var description: SourceDescription { Self.description(of: options) }

  private var options: DropMonitorOptions
  private let events: KernelSocket
  private let control: DropMonitorControl
  private var alerts: DropMonitorAlerts
  /// What was found; nil if nothing has to be put back.
  private var found: DropMonitorOptions.Configuration?
  private var statisticsAtStart = DropMonitorControl.Statistics()
  private var tailDropped: UInt64 = 0
  private var isMonitoring = false
  private var isStopped = false
  private var stopGuard: StopGuard?
  private var unreadable: UInt64 = 0
  private var told: Set<String> = []

  /// Starts the monitor, or joins it (`.passive`); drops are counted from then on.
  package init(options: DropMonitorOptions = DropMonitorOptions(), handsOver: Bool = false)
    throws(SourceError)
  {
    self.options = options
    do throws(NetlinkError) {
      let connection = NetlinkConnection(try KernelSocket(.generic))
      let family = try GenericFamily(named: DropMonitorMessage.family, over: connection)
      control = DropMonitorControl(family: family, connection: connection)
      alerts = DropMonitorAlerts(family: family.number, handsOver: handsOver)
      events = try KernelSocket(.generic)
    } catch {
      throw SourceError(error)
    }
    do throws(NetlinkError) {
      let group = try control.family.group(DropMonitorMessage.group)
      _ = events.enlargeReceiveBuffer(to: options.receiveBuffer)
      try events.join(group: group, named: "events of \(DropMonitorMessage.family)")
      if options.approach == .takeOver { stopForeign() }
      if options.approach != .passive { try start() }
      statisticsAtStart = try control.statistics()
    } catch {
      undo()
      if error.code == EAGAIN || error.code == EBUSY, let group = control.family.groups["events"] {
        throw .failed(Listeners.current(group: group, except: events.port).sentence())
      }
      throw SourceError(error)
    }
  }

  deinit { undo() }

  package var wakeDescriptor: Int32? { events.descriptor }

  package func readPackets(into batch: inout DropBatch) throws(SourceError) {
    // Bounded: a flood of alerts must not keep the reader from everything else.
    for _ in 0..<4096 {
      do throws(NetlinkError) {
        guard let datagram = try events.receive(within: .zero) else { return }
        if datagram.isTruncated { unreadable += 1 }
        try alerts.read(datagram.bytes, into: &batch)
      } catch {
        switch error {
        case .system(_, ENOBUFS): continue  // The socket counts what it lost.
        case .malformed: unreadable += 1
        default: throw SourceError(error)
        }
      }
    }
  }

  package func read(into batch: inout DropBatch) throws(SourceError) {
    try readPackets(into: &batch)
    alerts.pending.drain(into: &batch)
    if options.configuration.alertMode == .packet || options.approach == .passive, !isStopped {
      do throws(NetlinkError) {
        let now = try control.statistics()
        tailDropped =
          now.software &- statisticsAtStart.software + now.hardware &- statisticsAtStart.hardware
      } catch {
        throw SourceError(error)
      }
    }
    batch.loss = loss
    tell(&batch)
  }

  package func stop(into batch: inout DropBatch) throws(SourceError) {
    guard !isStopped else { return }
    // A summary is sent a second after its first drop; what is pending at STOP is thrown away.
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(1100)
    while clock.now < end {
      try readPackets(into: &batch)
      usleep(5000)
    }
    try read(into: &batch)
    isStopped = true
    if isMonitoring {
      do throws(NetlinkError) {
        try control.stop(software: options.software, hardware: options.hardware)
        isMonitoring = false
      } catch {
        isMonitoring = false
        batch.notes.append(
          error.code == EAGAIN
            ? "somebody else has stopped the kernel's drop monitor: drops since then are not counted"
            : "\(SourceError(error))")
      }
    }
    undo()
    try read(into: &batch)
  }

  /// Configures and starts it; what is to be undone is noted step by step.
  private func start() throws(NetlinkError) {
    let before = try control.configuration()
    if before != options.configuration {
      try control.configure(options.configuration)
      found = before
    }
    do throws(NetlinkError) {
      try control.start(software: options.software, hardware: options.hardware)
    } catch {
      // A kernel without devlink knows no hardware drops.
      guard error.code == EOPNOTSUPP, options.software, options.hardware else { throw error }
      options.hardware = false
      try control.start(software: true, hardware: false)
    }
    isMonitoring = true
    guard let socket = control.connection.socket as? KernelSocket else { return }
    stopGuard = try StopGuard(
      socket: socket,
      messages: [control.stopping(software: options.software, hardware: options.hardware)]
        + (found.map { [control.configuring($0)] } ?? []))
  }

  /// Stops what somebody else has started; that it was off is no error.
  private func stopForeign() {
    try? control.stop(software: true, hardware: false)
    try? control.stop(software: false, hardware: true)
  }

  /// Stops the monitor and puts its configuration back.
  ///
  /// Does nothing the second time.
  private func undo() {
    if isMonitoring {
      try? control.stop(software: options.software, hardware: options.hardware)
      isMonitoring = false
    }
    if let found { try? control.configure(found) }
    found = nil
    stopGuard = nil
  }

  private var loss: Loss {
    let missed = (events.drops ?? 0) + tailDropped + unreadable
    let tallied = alerts.pending.total
    var loss = Loss(seen: tallied, tallied: tallied, missed: missed)
    if alerts.handsOver {
      loss.delivered = alerts.packets
      loss.lost = missed
      loss.offered = alerts.packets + missed
    }
    return loss
  }

  /// Says once what numbers cannot.
  private func tell(_ batch: inout DropBatch) {
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
      if: options.configuration.alertMode == .summary && (events.drops ?? 0) > 0)
    note(
      "\(unreadable) alerts of the kernel could not be understood and count as missed",
      if: unreadable > 0 && isStopped)
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
