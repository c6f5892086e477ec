internal import Bytes
internal import Diagnosis
internal import DropModel
internal import DropSources
internal import Glibc
internal import KernelNames
internal import Runtime

/// Runs the watching of retransmissions until its time is up: reads, names, adds, shows.
struct RetransmissionWatch: ~Copyable {
  private let source: RetransmissionSource
  private let resolver: Resolver
  private var display: RetransmissionDisplay
  private let namespaces: [UInt32]
  private let filter: String
  private var batch = RetransmissionBatch()
  private var interval = RetransmissionVerdict()
  private var total = RetransmissionVerdict()
  private var told = 0
  private let host = HostWindow()

  /// `namespaces` are those that count as this machine; none for all.
  init(
    source: RetransmissionSource, types: BTF, display: consuming RetransmissionDisplay,
    namespaces: [UInt32], filter: String
  ) {
    self.source = source
    resolver = Resolver(types: types)
    self.display = display
    self.namespaces = namespaces
    self.filter = filter
  }

  /// Runs and returns the account; nothing is said any more once nobody reads.
  mutating func run(
    _ loop: borrowing EventLoop, interval length: Duration, duration: Duration?
  ) throws -> RetransmissionLoss {
    let start = MonotonicTime.now
    let end = duration.map { start.advanced(by: $0) }
    var next = start.advanced(by: length)
    var intervalStart = start
    do {
      host.begin()
      try display.begin(Session(of: source.description, filter: filter))
      running: while true {
        let deadline = end.map { min($0, next) } ?? next
        let peek = display.patience.map { min(deadline, MonotonicTime.now.advanced(by: $0)) }
        switch loop.wait(
          until: peek ?? deadline, packets: source.wakeDescriptor, output: STDOUT_FILENO)
        {
        case .signal, .outputClosed, .input: break running
        case .packets: try read()
        case .deadline:
          try read()
          let now = MonotonicTime.now
          if let end, now >= end { break running }
          guard now >= next else { continue }
          try report(intervalStart.duration(to: now))
          intervalStart = now
          next = max(next.advanced(by: length), now)
        }
      }
      try source.stop(into: &batch)
      try handOn()
      host.end()
      total.clues = try RetransmissionClue.all(
        host.changes(in: Set(namespaces)), knowledge: .embedded)
      try display.end(total, duration: start.duration(to: .now))
    } catch WriteError.brokenPipe {
      try source.stop(into: &batch)
      return batch.loss
    }
    return total.loss
  }

  private mutating func read() throws {
    try source.read(into: &batch)
    try handOn()
  }

  private mutating func report(_ duration: Duration) throws {
    resolver.refresh()
    let notes = Array(resolver.notes[told...])
    told = resolver.notes.count
    try display.show(interval, duration: duration, notes: notes)
    interval = RetransmissionVerdict()
  }

  /// Names what was read, adds it and shows it.
  private mutating func handOn() throws {
    resolver.learn(batch)
    for retransmission in batch.retransmissions {
      let (cause, route) = resolver.names(of: retransmission)
      interval.add(retransmission, cause: cause, route: route)
      total.add(retransmission, cause: cause, route: route)
      try display.take(retransmission, cause: cause, route: route, clock: batch.clock)
    }
    interval.loss = batch.loss
    total.loss = batch.loss
    batch.removeAll()
  }
}
