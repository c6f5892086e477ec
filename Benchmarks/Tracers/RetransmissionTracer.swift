internal import DropModel
internal import DropSources
internal import KernelNames

/// The watching of retransmissions, which looks at every drop for those of TCP.
final class RetransmissionTracer: Tracer {
  let name: String
  private let types: BTF
  private var source: RetransmissionSource?

  /// Takes the name for the results, and the kernel's types as the source wants them.
  init(_ name: String, types: BTF) {
    self.name = name
    self.types = types
  }

  func attach() throws { source = try RetransmissionSource(types: types) }

  /// What is not TCP is not counted, so that it cannot tell how many drops it saw.
  func detach() throws -> UInt64? {
    var batch = RetransmissionBatch()
    try source?.stop(into: &batch)
    source = nil
    return nil
  }
}
