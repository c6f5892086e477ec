internal import Diagnosis
internal import DropModel
internal import DropSources
internal import KernelNames

/// What TCP sends again during a diagnosis, compared with the drops of its connections.
final class RetransmissionLog {
  /// Those that count as this machine; none for all.
  let namespaces: [UInt32]
  private let source: RetransmissionSource
  private let resolver: Resolver
  private var batch = RetransmissionBatch()
  private(set) var verdict = RetransmissionVerdict()

  init(namespaces: [UInt32], types: BTF) throws(SourceError) {
    self.namespaces = namespaces
    var options = RetransmissionOptions()
    options.namespaces = namespaces
    source = try RetransmissionSource(options: options, types: types)
    resolver = Resolver(types: types)
  }

  /// Reads what came since the last time.
  func read() throws(SourceError) {
    try source.read(into: &batch)
    add()
  }

  /// Ends; the verdict is then complete.
  func stop() throws(SourceError) {
    try source.stop(into: &batch)
    add()
  }

  private func add() {
    resolver.learn(batch)
    for retransmission in batch.retransmissions {
      let (cause, route) = resolver.names(of: retransmission)
      verdict.add(retransmission, cause: cause, route: route)
    }
    verdict.loss = batch.loss
    batch.removeAll()
  }
}
