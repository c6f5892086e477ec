internal import Bytes
internal import Diagnosis
internal import DropModel
internal import Export
internal import Packets

/// Takes in all that a source or a recording tells, to judge it at the end.
final class Observer: Sink {
  let showsIdle = false

  private(set) var session: Session?
  private(set) var summary: Summary?
  private(set) var ledger = Ledger()
  /// What could not be named or read, a sentence each.
  private(set) var notes: [String] = []
  private var profiles: [DropKey: PacketProfile] = [:]
  /// Tells how far it is, where that takes longer than a moment.
  private let progress: (UInt64) -> Void

  private let begun: (Session) throws(WriteError) -> Void
  private let taken: () -> Void
  private let shown: () -> Void

  /// `begun` is called once the source is attached, `taken` when packets were looked for, `shown` at the
  /// end of each interval.
  init(
    begun: @escaping (Session) throws(WriteError) -> Void = { (_) throws(WriteError) in },
    taken: @escaping () -> Void = {}, shown: @escaping () -> Void = {},
    progress: @escaping (UInt64) -> Void = { _ in }
  ) {
    self.taken = taken
    self.shown = shown
    self.begun = begun
    self.progress = progress
  }

  func begin(_ session: Session) throws(WriteError) {
    self.session = session
    try begun(session)
  }

  func take(_ batch: DropBatch, names: any DropNames) {
    taken()
    for packet in batch.packets.packets {
      let bytes = batch.packets.storage.span.extracting(packet.bytes).raw
      let headers = PacketHeaders(packet, bytes)
      let owner =
        packet.owner.map(names.owner(of:))
        ?? ListenerQuestion(packet, headers).flatMap { names.listener($0) }
      profiles[packet.key, default: PacketProfile()].add(
        headers, state: packet.owner?.state, owner: owner, ingress: packet.ingressIndex)
    }
    guard !batch.tallies.isEmpty else { return }
    ledger.add(batch)
    progress(ledger.total.drops)
  }

  func show(_ report: Report, notes: [String]) throws(WriteError) {
    self.notes += notes
    shown()
  }

  func end(_ summary: Summary) { self.summary = summary }

  /// Everything that was told, each kind with what is known of it.
  ///
  /// `sight` adds what only the machine can tell.
  func kinds(
    naming name: (DropKey) -> Drop, seeing sight: (inout Circumstances) -> Void
  ) -> [(circumstances: Circumstances, entry: Ledger.Entry)] {
    let seconds = max(summary?.duration.seconds ?? 0, 1e-3)
    return ledger.entries.map { key, entry in
      var circumstances = Circumstances(drop: name(key))
      circumstances.profile = profiles[key] ?? PacketProfile()
      circumstances.rate = Double(entry.total.drops) / seconds
      sight(&circumstances)
      return (circumstances, entry)
    }
  }
}
