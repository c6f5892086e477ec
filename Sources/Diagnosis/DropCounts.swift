package import DropModel

/// How many drops of each kind there were in each of many intervals: what two recordings are compared
/// by.
package struct DropCounts: Sendable {
  /// One kind's drops over all intervals.
  package struct Sample: Sendable {
    /// A drop of that kind as it was told.
    package var drop: Drop
    package fileprivate(set) var drops: UInt64 = 0
    fileprivate var squares = 0.0
    fileprivate var running: UInt64 = 0

    fileprivate init(_ drop: Drop) { self.drop = drop }
  }

  package private(set) var samples: [Drop: Sample] = [:]
  package private(set) var duration = Duration.zero
  package private(set) var intervals = 0

  package init() {}

  /// All drops of all kinds.
  package var total: UInt64 { samples.values.reduce(0) { $0 &+ $1.drops } }

  /// Adds drops of the running interval to their kind.
  ///
  /// `kind` is what makes drops of different recordings the same: ``DropModel/Drop/kind(_:isSameKernel:)``.
  package mutating func add(_ drops: UInt64, of drop: Drop, kind: Drop) {
    samples[kind, default: Sample(drop)].running &+= drops
  }

  /// Ends the running interval, which was so long.
  package mutating func endInterval(after duration: Duration) {
    for index in samples.values.indices where samples.values[index].running > 0 {
      let running = samples.values[index].running
      samples.values[index].drops &+= running
      samples.values[index].squares += Double(running) * Double(running)
      samples.values[index].running = 0
    }
    self.duration += duration
    intervals += 1
  }

  /// How much more a kind's drops vary from interval to interval than independent ones would: variance
  /// over mean, 1 at least.
  ///
  /// Of fewer than five intervals it cannot be told, and is 1.
  func dispersion(of kind: Drop) -> Double {
    guard let sample = samples[kind], intervals >= 5, sample.drops > 0 else { return 1 }
    let count = Double(intervals)
    let mean = Double(sample.drops) / count
    let variance = (sample.squares - mean * mean * count) / (count - 1)
    return max(1, variance / mean)
  }
}

extension Drop {
  /// What a drop has in common with the same one in another recording: names instead of numbers that
  /// differ from boot to boot.
  ///
  /// An offset in a function is the same only on the same kernel.
  package func kind(_ dimensions: Set<Dimension>, isSameKernel: Bool) -> Drop {
    var kind = keeping(dimensions)
    if let site = kind.site, site.trap == nil, site.symbol != nil {
      kind.site = DropSite(
        address: 0, symbol: site.symbol, offset: isSameKernel ? site.offset : 0,
        module: site.module)
    }
    if let name = kind.device?.name { kind.device = Device(index: 0, name: name) }
    if let name = kind.namespace?.name {
      // A namespace may be called after a process in it: "nginx[812]".
      kind.namespace = NetworkNamespace(
        inode: 0, name: name.hasSuffix("]") ? String(name.prefix { $0 != "[" }) : name)
    }
    return kind
  }
}
