internal import Glibc
package import Netlink

/// The kernel's drop monitor while this process watches it: NET_DM (net/core/drop_monitor.c).
///
/// The monitor is one for the whole machine and nobody's: it is stopped and configured as it was on
/// every way out, by a process that stays behind if this one is killed (``StopGuard``). Used by one
/// thread.
package final class DropMonitorSession {
  /// What was asked for and granted: without hardware drops where the kernel knows none.
  package private(set) var options: DropMonitorOptions
  /// What has been lost so far.
  package private(set) var losses = Losses()
  /// What the user should know and numbers do not say; whoever tells it empties this.
  package var notes: [String] = []
  /// Whether somebody else has stopped it or taken it over meanwhile.
  package private(set) var hasBeenDisturbed = false
  /// Whether it is over, and the account final.
  package private(set) var isStopped = false

  private let events: KernelSocket
  private let control: DropMonitorControl
  /// What was found; nil if nothing has to be put back.
  private var found: DropMonitorOptions.Configuration?
  private var statisticsAtStart = DropMonitorStatistics()
  private var isMonitoring = false
  private var stopGuard: StopGuard?
  private var overruns: UInt64 = 0

  /// Alerts and packets that did not reach the reader.
  package struct Losses: Equatable, Sendable {
    /// Packets for which the kernel's queues had no room.
    package var tailDropped: UInt64
    /// Alerts for which the socket had no room.
    package var overrun: UInt64
    /// Alerts that came and could not be understood.
    package var unreadable: UInt64

    package init(tailDropped: UInt64 = 0, overrun: UInt64 = 0, unreadable: UInt64 = 0) {
      self.tailDropped = tailDropped
      self.overrun = overrun
      self.unreadable = unreadable
    }

    package var total: UInt64 { tailDropped + overrun + unreadable }
  }

  /// A summary, and the queued packets, are sent a second after the first drop (dm_delay).
  package static let lastBatch = Duration.milliseconds(1100)

  /// The netlink family, with the kernel's answer that told it.
  package var family: GenericFamily { control.family }
  /// Becomes readable when alerts wait.
  package var descriptor: Int32 { events.descriptor }

  /// Starts the monitor, or joins it (`.passive`); drops are reported from then on.
  package init(options: DropMonitorOptions) throws(SourceError) {
    self.options = options
    do throws(NetlinkError) {
      control = try DropMonitorControl()
      events = try KernelSocket(.generic)
    } catch {
      throw SourceError(error)
    }
    do throws(NetlinkError) {
      let group = try control.family.group(DropMonitorMessage.group)
      _ = events.enlargeReceiveBuffer(to: options.receiveBuffer)
      try events.join(group: group, named: "events of \(DropMonitorMessage.family)")
      if options.approach == .takeOver {
        // Whoever has it is told first, lest it stops ours when it ends.
        try? events.broadcast(TakeOverNotice.message(sequence: 0), group: group)
        try control.stopAll()
      }
      statisticsAtStart = try control.statistics()
      if options.approach != .passive { try start(group) }
    } catch {
      undo()
      if error.isBusy, let group = control.family.groups[DropMonitorMessage.group] {
        throw .failed(Listeners.current(group: group, except: events.port).sentence())
      }
      throw SourceError(error)
    }
  }

  deinit { undo() }

  /// Hands the datagrams that wait to `body`, so many at most; says whether there may be more.
  ///
  /// `body` throws `.malformed` for what it does not understand, which is counted as unreadable.
  @discardableResult
  package func receive(
    atMost limit: Int = 4096, _ body: (Datagram) throws(NetlinkError) -> Void
  ) throws(SourceError) -> Bool {
    for _ in 0..<limit {
      guard try receive(within: .zero, body) else { return false }
    }
    return true
  }

  /// Brings the account up to date.
  package func updateLosses() throws(SourceError) {
    losses.overrun = events.drops ?? overruns
    // Summaries have no queue.
    guard options.configuration.alertMode == .packet || options.approach == .passive else { return }
    do throws(NetlinkError) {
      losses.tailDropped = try control.statistics().since(statisticsAtStart)
    } catch {
      throw SourceError(error)
    }
  }

  /// Waits so long for what the kernel still holds, stops, hands over the rest and puts back what
  /// was found; does nothing the second time.
  package func stop(
    after wait: Duration = lastBatch, _ body: (Datagram) throws(NetlinkError) -> Void
  ) throws(SourceError) {
    guard !isStopped else { return }
    isStopped = true
    defer { undo() }
    let clock = ContinuousClock()
    let end = clock.now + wait
    // What is pending at STOP is thrown away by the kernel.
    while clock.now < end { _ = try receive(within: clock.now.duration(to: end), body) }
    if isMonitoring {
      isMonitoring = false
      do throws(NetlinkError) {
        try control.stop(software: options.software, hardware: options.hardware)
      } catch {
        if error.code == EAGAIN { hasBeenDisturbed = true }
        notes.append(
          error.code == EAGAIN
            ? "somebody else has stopped the kernel's drop monitor: drops since then are not counted"
            : "\(SourceError(error))")
      }
    }
    // Bounded, for a monitor that is somebody else's goes on: as many as the socket can hold.
    try receive(atMost: Int(options.receiveBuffer) / 256, body)
    try updateLosses()
  }

  /// Takes one datagram; false if none comes in time.
  private func receive(
    within time: Duration, _ body: (Datagram) throws(NetlinkError) -> Void
  ) throws(SourceError) -> Bool {
    defer { heed() }
    do throws(NetlinkError) {
      guard let datagram = try events.receive(within: time) else { return false }
      guard !datagram.isTruncated else {
        throw .malformed("it is longer than \(datagram.bytes.count) bytes")
      }
      try body(datagram)
    } catch {
      switch error {
      case .system(_, ENOBUFS): overruns += 1
      case .malformed: losses.unreadable += 1
      default: throw SourceError(error)
      }
    }
    return true
  }

  /// Leaves the monitor to whoever has taken it over.
  private func heed() {
    guard isMonitoring, let notice = TakeOverNotice(events.foreignDatagram) else { return }
    isMonitoring = false
    found = nil
    stopGuard = nil
    hasBeenDisturbed = true
    notes.append(
      "\(notice.sender) has taken the kernel's drop monitor over: drops meanwhile are not counted, "
        + "from here on this run listens along to what is asked for there")
  }
}

extension DropMonitorSession {
  /// Configures and starts it, once a former owner's guard has had the time to stop it.
  private func start(_ group: UInt32) throws(NetlinkError) {
    for _ in 0..<10 {
      do throws(NetlinkError) {
        return try start()
      } catch {
        undo()
        let isOwned = !Listeners.current(group: group, except: events.port).inodes.isEmpty
        guard error.isBusy, !isOwned else { throw error }
        usleep(20_000)
      }
    }
    try start()
  }

  /// Configures and starts it; what is to be undone is noted before each step.
  private func start() throws(NetlinkError) {
    let before = try control.configuration()
    if let socket = control.connection.socket as? KernelSocket {
      stopGuard = try StopGuard(socket: socket)
    }
    if before != options.configuration {
      stopGuard?.undo([control.configuring(before)])
      try control.configure(options.configuration)
      found = before
    }
    do throws(NetlinkError) {
      try switchOn()
    } catch {
      // A kernel without devlink knows no hardware drops.
      guard error.code == EOPNOTSUPP, options.software, options.hardware else { throw error }
      options.hardware = false
      try switchOn()
    }
  }

  private func switchOn() throws(NetlinkError) {
    stopGuard?.undo(
      [control.stopping(software: options.software, hardware: options.hardware)]
        + (found.map { [control.configuring($0)] } ?? []))
    try control.start(software: options.software, hardware: options.hardware)
    isMonitoring = true
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
}

extension NetlinkError {
  /// Whether the monitor is on already: EAGAIN to START, EBUSY to CONFIG.
  fileprivate var isBusy: Bool { code == EAGAIN || code == EBUSY }
}
