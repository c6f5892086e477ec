internal import Bytes
internal import CLinux
package import DropModel
internal import Filters
internal import Glibc
internal import KernelNames

/// The tracepoint skb:kfree_skb through perf_event_open(2), for kernels that offer neither BPF nor
/// the drop monitor: a record for each drop, in a ring for each CPU.
package final class TracepointSource: DropSource {
  package let description: SourceDescription

  private let options: TracepointOptions
  private let record: DropRecord
  private let rings: [PerfRing]
  private let wake: Int32
  private var pending = PendingTallies()
  private var filtered: UInt64 = 0
  private var bytes: [UInt8] = []
  /// What the rings had no room for, as far as they have said so.
  private var lost: UInt64 = 0
  private var isStopped = false

  /// Reads a file, given its absolute path.
  typealias FileReader = (String) throws(FileError) -> [UInt8]

  /// Attaches; drops are counted from then on.
  package convenience init(
    options: TracepointOptions = TracepointOptions()
  ) throws(SourceError) {
    try self.init(options: options) { path throws(FileError) in
      try [UInt8](contentsOfFile: path)
    }
  }

  /// The same; `read` stands for the file system in tests.
  init(options: TracepointOptions, reading read: FileReader) throws(SourceError) {
    self.options = options
    try options.filter.require(only: [.reason, .site], of: "the tracepoint")
    let format = try Self.format(read)
    record = try DropRecord(format)
    let asksForReason = options.reason != nil || options.filter.criteria.contains(.reason)
    if asksForReason, !record.hasReason {
      throw .unsupported("this kernel's drops have no reason to filter by (they came with 5.17)")
    }
    rings = try Self.open(format.id, options, Self.processors(read))
    wake = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard wake >= 0 else { throw .failed("cannot wait for drops: epoll_create1 failed") }
    for ring in rings {
      var event = unsafe epoll_event()
      unsafe event.events = EPOLLIN.rawValue
      unsafe epoll_ctl(wake, EPOLL_CTL_ADD, ring.descriptor, &event)
    }
    description = SourceDescription(
      name: "tracepoint", mechanism: "perf",
      blindSpots: [
        "device, namespace, transport protocol and bytes of a drop",
        "drops in network hardware, and packets that are consumed instead of dropped",
        "its own packets cannot be told apart and are counted",
      ] + (record.hasReason ? [] : ["reasons: this kernel has none (they came with 5.17)"]))
    do throws(PerfError) {
      for ring in rings { try ring.setEnabled(true) }
    } catch {
      throw SourceError(error)
    }
  }

  deinit { close(wake) }

  package var wakeDescriptor: Int32? { wake }

  package func readPackets(into batch: inout DropBatch) throws(SourceError) {
    for ring in rings {
      // Bounded: a ring that fills as fast as it is read must not keep the others waiting.
      for _ in 0..<4 where ring.take(into: &bytes) {
        defer { bytes.removeAll(keepingCapacity: true) }
        do throws(ByteReaderError) {
          try count(bytes, into: &batch)
        } catch {
          throw .failed("cannot understand the kernel's perf records: \(error)")
        }
      }
    }
  }

  package func read(into batch: inout DropBatch) throws(SourceError) {
    try readPackets(into: &batch)
    pending.drain(into: &batch)
    let tallied = pending.total
    // The kernel counts hits whether or not there is room; a record may still be on its way.
    let hits = rings.reduce(0) { $0 + $1.hits }
    let seen = tallied + filtered
    let missed = isStopped ? max(hits, seen) - seen : lost
    batch.loss = Loss(seen: seen, tallied: tallied, filtered: filtered, missed: missed)
    if options.handsOver {
      batch.loss.delivered = tallied
      batch.loss.lost = missed
      batch.loss.offered = tallied + missed
    }
  }

  package func stop(into batch: inout DropBatch) throws(SourceError) {
    do throws(PerfError) {
      for ring in rings { try ring.setEnabled(false) }
    } catch {
      throw SourceError(error)
    }
    // What was being written when the event went off is complete after a grace period.
    if clinux_membarrier_global() != 0 { usleep(50_000) }
    isStopped = true
    try read(into: &batch)
  }

  /// Counts the records in `bytes`.
  private func count(_ bytes: [UInt8], into batch: inout DropBatch) throws(ByteReaderError) {
    var records = PerfRecords(bytes.span.raw)
    while let next = try records.next() {
      switch next.kind {
      case .sample(let nanoseconds):
        let key = try record.key(next.sample)
        guard options.filter.accepts(key) else {
          filtered += 1
          continue
        }
        let time = MonotonicTime(nanoseconds: nanoseconds)
        pending.add(Counts(drops: 1, segments: 1), of: key, at: time)
        if options.handsOver { batch.packets.append(key, at: time) }
      case .lost(let count): lost += count
      case .other: continue
      }
    }
  }
}

extension DropFilter {
  /// Whether a drop is asked for, of which only reason and site are known.
  fileprivate func accepts(_ key: DropKey) -> Bool {
    accepts(site: key.site) && accepts { $0.isNumbered(key.reason) }
  }
}

extension PacketBatch {
  /// Appends a packet of which nothing but its key is known.
  fileprivate mutating func append(_ key: DropKey, at time: MonotonicTime) {
    let none = storage.count..<storage.count
    packets.append(
      Packet(
        time: time, key: key, length: 0, originalLength: 0, segments: 1, ingressIndex: 0,
        owner: nil, hasLinkHeader: false, networkOffset: nil, transportOffset: nil, bytes: none,
        stack: none))
  }
}
