internal import Diagnosis
internal import DropModel
internal import Export
internal import Filters
internal import Recording

/// Plays a recording into a sink, as ``Watcher`` does with what happens now.
struct Replay {
  let file: RecordingFile
  /// What part of it; nil for all.
  let range: Range<WallTime>?
  /// The time between reports; nil for one.
  let step: Duration?
  let ranking: Ranking
  /// What is asked for, as the user wrote it.
  var request = FilterRequest()
  /// Whether the sink gets packets, and what they are.
  var showsPackets = false
  /// Whether the sink's last word is a report of everything, and one alone need not be shown before.
  var endsInTotals = false

  /// What is put around the recording's names.
  var showing: (RecordedNames) -> any DropNames = { $0 }

  /// Begins, reports and ends; the sink has had its last word.
  func run(into sink: any Sink) throws {
    let recorded = RecordedNames(file)
    let names = showing(recorded)
    let filter = try NameFilter(request, among: request == FilterRequest() ? [] : recorded.drops)
    let readsPackets = showsPackets || filter.needsPackets
    let source = RecordingSource(
      file, range: range, advancingBy: step, handsOver: readsPackets)
    var selection = Selection(filter, names: recorded)
    var ledger = Ledger()
    var batch = DropBatch()
    var told = 0
    var time = file.run.ended ?? file.run.began

    func handOn() throws {
      if showsPackets { try sink.take(batch, names: names) }
      batch.packets.removeAll()
    }

    func notes(_ sourceNotes: [String]) -> [String] {
      defer { told = file.notes.count }
      return sourceNotes + file.notes[told...]
    }

    var session = file.run.session
    if !filter.isEmpty {
      session.filter = [session.filter, filter.text].compactMap(\.self).joined(separator: "; ")
    }
    try sink.begin(session)
    while let next = source.next {
      while readsPackets {
        try source.readPackets(into: &batch)
        if batch.packets.packets.isEmpty { break }
        selection.select(packetsOf: &batch)
        try handOn()
      }
      try source.read(into: &batch)
      let tallied = batch.loss.tallied
      selection.select(packetsOf: &batch)
      selection.select(talliesOf: &batch)
      try handOn()
      if source.isAtEnd, let note = selection.note(tallied) { batch.notes.append(note) }
      ledger.add(batch)
      time = next.ended
      let isShown = step != nil || !endsInTotals
      try sink.show(
        Report(
          time: time, interval: next.duration,
          rows: isShown
            ? ranking.rows(of: ledger, includesIdle: false, naming: names.drop) : Rows(rows: []),
          drops: isShown ? ledger.intervalDrops : 0, loss: ledger.loss, isLast: source.isAtEnd),
        notes: notes(batch.notes))
      batch.removeAll()
      ledger.startInterval()
    }
    if told < file.notes.count {
      // Nothing was read, or the last reading found damage.
      try sink.show(
        Report(
          time: time, interval: .zero, rows: Rows(rows: []), drops: 0, loss: ledger.loss,
          isLast: true), notes: notes([]))
    }
    let totals = Ranking(dimensions: ranking.dimensions, order: .total, limit: ranking.limit)
    try sink.end(
      Summary(
        time: time, duration: source.duration, drops: ledger.total.drops, sites: ledger.sites,
        loss: ledger.loss,
        totals: totals.rows(of: ledger, includesIdle: true, naming: names.drop),
        processorPercent: nil))
  }
}
