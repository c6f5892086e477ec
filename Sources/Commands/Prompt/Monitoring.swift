internal import Bytes
internal import Diagnosis
internal import DropModel
internal import DropSources
internal import Export
internal import Glibc
internal import KernelNames

/// One run of the prompt from `start` to `stop`: reads the source and shows alerts.
final class Monitoring {
  /// When `tick()` wants to be called next.
  private(set) var deadline: MonotonicTime

  private let settings: PromptSettings
  private let live: LiveSource
  private var ledger = Ledger()
  private var sourceNotes: [String] = []
  private var batch = DropBatch()
  private var text = TextBuffer()
  private var alerts: UInt64 = 0
  private var shownDrops: UInt64 = 0
  private var date = (second: Int64.min, text: "")

  /// Attaches; drops count from then on.
  init(_ settings: PromptSettings) throws(SourceError) {
    self.settings = settings
    live = try LiveSource(settings.request)
    deadline = MonotonicTime.now.advanced(by: Self.pace(settings.alertMode))
  }

  /// Becomes readable when packets wait in numbers.
  var wakeDescriptor: Int32? { live.source.wakeDescriptor }

  /// What could not be named and why, since `start`.
  var notes: [String] {
    live.description.refusals.map(\.sentence) + sourceNotes + live.resolver.notes
  }

  /// Whether as many alerts as asked for have been shown.
  var isAtLimit: Bool { settings.alertLimit > 0 && alerts >= settings.alertLimit }

  /// Shows what has come: to be called at each deadline.
  func tick() throws {
    live.resolver.refresh()
    switch settings.alertMode {
    case .summary:
      try live.source.read(into: &batch)
      try take()
      try showSites()
    case .packet:
      try showPackets()
    }
    // After a pause (a stopped process, a slow terminal) intervals are not made up for.
    deadline = max(deadline.advanced(by: Self.pace(settings.alertMode)), .now)
  }

  /// Shows the packets that wait.
  func showPackets() throws {
    try live.source.readPackets(into: &batch)
    try take()
  }

  /// The account so far.
  func statistics() throws -> Loss {
    try live.source.read(into: &batch)
    try take()
    return ledger.loss
  }

  /// Detaches, and shows all that has not been shown.
  func finish() throws {
    try live.source.stop(into: &batch)
    try take()
    if settings.alertMode == .summary { try showSites() }
  }

  /// Writes the exact account, once it is finished.
  func showAccount() throws(WriteError) {
    let hidden =
      (settings.alertMode == .summary ? ledger.total.drops : ledger.loss.delivered)
      - shownDrops
    if hidden > 0 {
      text.append("not shown, beyond the alert limit: ")
      text.append(grouped: hidden)
      text.append("\n")
    }
    text.append(account: ledger.loss)
    text.append("\n")
    try text.write(to: STDOUT_FILENO)
  }

  /// The account as it stands; detaches without a word if that has not been done.
  func loss() -> Loss {
    if (try? live.source.stop(into: &batch)) != nil { ledger.add(batch) }
    batch.removeAll()
    return ledger.loss
  }

  /// The original hands packets over at once, and sites each second.
  private static func pace(_ mode: AlertMode) -> Duration {
    switch mode {
    case .summary: .seconds(1)
    case .packet: .milliseconds(100)
    }
  }

  /// Adds the batch up and shows its packets.
  private func take() throws(WriteError) {
    ledger.add(batch)
    live.resolver.learn(batch)
    sourceNotes += batch.notes
    defer { batch.removeAll() }
    let (wall, now) = (WallTime.now, MonotonicTime.now)
    for packet in batch.packets.packets where !isAtLimit {
      let age = Int64(bitPattern: now.nanoseconds &- packet.time.nanoseconds)
      append(packet, at: WallTime(nanoseconds: wall.nanoseconds - age))
      alerts += 1
      shownDrops += 1
      if text.count > 32 << 10 { try text.write(to: STDOUT_FILENO) }
    }
    try text.write(to: STDOUT_FILENO)
  }

  private func append(_ packet: Packet, at time: WallTime) {
    let (second, nanoseconds) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    if date.second != second { date = (second, time.localDate) }
    text.append(
      classic: ClassicPacket(
        site: live.resolver.site(of: packet.key) ?? .unknown, ingressIndex: packet.ingressIndex,
        ingressName: packet.key.isHardware ? live.resolver.drop(for: packet.key).device?.name : nil,
        date: date.text, nanoseconds: nanoseconds, ethertype: packet.key.ethertype,
        originalLength: packet.originalLength, truncation: settings.truncation,
        reason: live.resolver.reason(packet.key.reason)?.name))
  }

  /// Shows a line for each site that dropped since the last time.
  private func showSites() throws(WriteError) {
    let rows = Ranking(dimensions: [.site]).rows(of: ledger, includesIdle: false) {
      Drop(site: live.resolver.site(of: $0))
    }
    for row in rows.rows where !isAtLimit {
      text.append(classic: row.drop.site ?? .unknown, drops: row.interval.drops)
      alerts += 1
      shownDrops += row.interval.drops
    }
    ledger.startInterval()
    try text.write(to: STDOUT_FILENO)
  }
}
