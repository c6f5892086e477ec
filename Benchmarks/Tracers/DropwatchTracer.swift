internal import CLinux
internal import DropLab
internal import DropModel
internal import DropSources
internal import Glibc
internal import KernelNames
internal import Synchronization

/// Our own source, read on a thread of its own as `dropwatch watch` reads it: tallies once a
/// second, packets whenever the ring wakes its reader.
final class DropwatchTracer: Tracer {
  /// What has come of it, once detached.
  struct Outcome: Sendable {
    /// The final account.
    var loss = Loss()
    /// Drops by namespace inode.
    var drops: [UInt32: UInt64] = [:]
    /// Packets that arrived in user space.
    var packets = 0
    /// Processor time of the reading thread while attached, in seconds.
    var seconds = 0.0
  }

  /// What both threads know.
  private final class Shared: Sendable {
    let isAttached = Atomic<Bool>(false)
    let hasEnded = Atomic<Bool>(false)
    let mustStop = Atomic<Bool>(false)
    let outcome = Mutex(Outcome())
  }

  let name: String
  private let options: EBPFOptions
  private let types: BTF
  private var shared = Shared()
  private var thread: LabThread?

  /// Takes the name for the results, and the kernel's types as the source wants them.
  init(_ name: String, _ options: EBPFOptions, types: BTF) {
    self.name = name
    self.options = options
    self.types = types
  }

  func attach() throws {
    let shared = Shared()
    self.shared = shared
    let thread = try LabThread { [options, types] in
      defer { shared.hasEnded.store(true, ordering: .releasing) }
      try Self.watch(options, types, shared)
    }
    self.thread = thread
    while !shared.isAttached.load(ordering: .acquiring) {
      if shared.hasEnded.load(ordering: .acquiring) { try thread.join() }
      usleep(1000)
    }
  }

  func detach() throws -> UInt64? {
    let loss = try finish().loss
    return loss.tallied + loss.filtered
  }

  /// Detaches, and tells all that is known.
  func finish() throws -> Outcome {
    shared.mustStop.store(true, ordering: .releasing)
    try thread?.join()
    thread = nil
    return shared.outcome.withLock { $0 }
  }

  private static func watch(_ options: EBPFOptions, _ types: BTF, _ shared: Shared) throws {
    let source = try EBPFSource(options: options, types: types)
    var outcome = Outcome()
    var batch = DropBatch()
    func take() {
      for tally in batch.tallies {
        outcome.drops[tally.key.namespace, default: 0] += tally.counts.drops
      }
      outcome.packets += batch.packets.packets.count
      batch.removeAll()
    }
    let start = processorTime
    shared.isAttached.store(true, ordering: .releasing)
    var next = ContinuousClock.now + .seconds(1)
    while !shared.mustStop.load(ordering: .acquiring) {
      var request = pollfd(fd: source.wakeDescriptor ?? -1, events: Int16(POLLIN), revents: 0)
      if unsafe poll(&request, 1, 10) > 0 { try source.readPackets(into: &batch) }
      if .now >= next {
        try source.read(into: &batch)
        next = .now + .seconds(1)
      }
      take()
    }
    try source.stop(into: &batch)
    take()
    outcome.loss = batch.loss
    outcome.seconds = Double(processorTime - start) / 1e9
    shared.outcome.withLock { [outcome] in $0 = outcome }
  }
}
