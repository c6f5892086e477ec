internal import ArgumentParser
internal import Bytes
internal import CLinux
internal import Diagnosis
internal import DropModel
internal import DropSources
internal import Export
internal import Glibc
internal import KernelNames
internal import Runtime

/// Runs a source until its time is up: reads it each interval, adds, names, ranks, shows.
struct Watcher {
  var live: LiveSource
  var ranking: Ranking
  /// What is asked for, as the user wrote it; empty for everything.
  var filter: String
  var interval: Duration
  /// How long to run; nil until a signal.
  var duration: Duration?
  /// How many reports to make; nil for no limit.
  var count: Int?
  /// How many packets are handed on before the run ends; nil for no limit.
  var packetCount: Int?
  /// How long packets may lie in the kernel before they are shown; nil for an interval.
  ///
  /// The kernel wakes us when many wait, for waking costs more than the packet.
  var packetPatience: Duration?
  /// Where the sink writes, to notice that nobody reads any more; nil if it is no stream.
  var output: Int32?
  /// What is to be done once the sink has begun; the run ends when the descriptor that it returns
  /// becomes readable.
  var starting: () throws -> Int32? = { nil }

  /// Runs and returns the account; the sink has had its last word, unless nobody listens.
  func run(_ loop: borrowing EventLoop, into sink: any Sink) throws -> Loss {
    let start = MonotonicTime.now
    var ledger = Ledger()
    var batch = DropBatch()
    var told = 0
    var intervalStart = start
    var reports = 0
    var handedOn = 0
    let end = duration.map { start.advanced(by: $0) }

    func handOn() throws {
      live.resolver.learn(batch)
      if let packetCount {
        batch.packets.packets.removeLast(
          max(0, handedOn + batch.packets.packets.count - packetCount))
      }
      handedOn += batch.packets.packets.count
      try sink.take(batch, names: live.resolver)
      batch.packets.removeAll()
    }

    func report(isLast: Bool) throws {
      let now = MonotonicTime.now
      let sourceNotes = batch.notes
      try handOn()
      ledger.add(batch)
      batch.removeAll()
      live.resolver.refresh()
      let rows = ranking.rows(of: ledger, includesIdle: sink.showsIdle) {
        live.resolver.drop(for: $0)
      }
      let notes = sourceNotes + live.resolver.notes[told...]
      told = live.resolver.notes.count
      try sink.show(
        Report(
          time: .now, interval: intervalStart.duration(to: now), rows: rows,
          drops: ledger.intervalDrops, loss: ledger.loss, isLast: isLast), notes: notes)
      ledger.startInterval()
      intervalStart = now
      reports += 1
    }

    do {
      try sink.begin(Session(of: live.description, filter: filter))
      let companion = try starting()
      var next = start.advanced(by: interval)
      running: while true {
        let deadline = end.map { min($0, next) } ?? next
        let peek = packetPatience.map { min(deadline, MonotonicTime.now.advanced(by: $0)) }
        switch loop.wait(
          until: peek ?? deadline, packets: live.source.wakeDescriptor, input: companion,
          output: output)
        {
        case .deadline where peek.map { $0 < deadline } ?? false, .packets:
          try live.source.readPackets(into: &batch)
          try handOn()
          if let packetCount, handedOn >= packetCount { break running }
        case .signal, .outputClosed, .input: break running
        case .deadline:
          if let end, deadline >= end { break running }
          if let count, reports + 1 >= count { break running }
          try live.source.read(into: &batch)
          try report(isLast: false)
          if let packetCount, handedOn >= packetCount { break running }
          // After a pause (a stopped process, a slow terminal) intervals are not made up for.
          next = max(next.advanced(by: interval), MonotonicTime.now)
        }
      }
      try live.source.stop(into: &batch)
      try report(isLast: true)
      try sink.end(summary(of: ledger, since: start))
    } catch WriteError.brokenPipe {
      try live.source.stop(into: &batch)
      ledger.add(batch)
    } catch WriteError.refused(let sentence) {
      try live.source.stop(into: &batch)
      ledger.add(batch)
      throw RefusedOutput(
        description: sentence, drops: ledger.total.drops, loss: ledger.loss)
    }
    return ledger.loss
  }

  private func summary(of ledger: Ledger, since start: MonotonicTime) -> Summary {
    let duration = start.duration(to: .now)
    let totals = Ranking(dimensions: ranking.dimensions, order: .total, limit: ranking.limit)
    return Summary(
      time: .now, duration: duration, drops: ledger.total.drops, sites: ledger.sites,
      loss: ledger.loss,
      totals: totals.rows(of: ledger, includesIdle: true) { live.resolver.drop(for: $0) },
      processorPercent: processorSeconds() / max(duration.seconds, 1e-9) * 100)
  }

  /// Processor time of this process so far, in user space and in the kernel: getrusage(2).
  private func processorSeconds() -> Double {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let times = [usage.ru_utime, usage.ru_stime]
    return times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
  }
}

/// A sink could not go on; the source has been stopped and its account is final.
struct RefusedOutput: Error, CustomStringConvertible {
  /// The sink's own sentence.
  let description: String
  /// All that was counted, also what the sink never got.
  let drops: UInt64
  let loss: Loss
}
