/// What a source has to tell since it was last read; reused from reading to reading.
package struct DropBatch: Sendable {
  /// What each key gained; keys that gained nothing are absent.
  package var tallies: [Tally] = []
  /// Packets that were handed over.
  package var packets = PacketBatch()
  /// The names of devices that appeared for the first time.
  package var devices: [DeviceName] = []
  /// The names of reasons that appeared for the first time and that the kernel told as text.
  package var reasons: [ReasonName] = []
  /// The account since the start.
  package var loss = Loss()

  package init() {}

  /// Forgets everything but the account, keeps the memory.
  package mutating func removeAll() {
    tallies.removeAll(keepingCapacity: true)
    packets.removeAll()
    devices.removeAll(keepingCapacity: true)
    reasons.removeAll(keepingCapacity: true)
  }
}

/// A device's name as the source read it in the kernel, at its first drop.
///
/// Taken there because an index means something only inside its namespace, which user space may
/// not be able to enter and which may be gone by the time it asks.
package struct DeviceName: Equatable, Sendable {
  package var namespace: UInt32
  package var interfaceIndex: UInt32
  package var name: String

  package init(namespace: UInt32, interfaceIndex: UInt32, name: String) {
    self.namespace = namespace
    self.interfaceIndex = interfaceIndex
    self.name = name
  }
}
