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
  /// Queueing disciplines that dropped for the first time.
  package var qdiscs: [QdiscName] = []
  /// What the kernel itself calls sites, told at the first drop of each.
  package var symbols: [SiteName] = []
  /// What the user should know about the source's work, a sentence each.
  package var notes: [String] = []
  /// The account since the start.
  package var loss = Loss()
  /// What makes dates of its times: this machine's clocks, or those of a recording.
  package var clock = ClockOffset.now

  package init() {}

  /// Forgets everything but the account, keeps the memory, and looks at the clocks again.
  package mutating func removeAll() {
    tallies.removeAll(keepingCapacity: true)
    packets.removeAll()
    devices.removeAll(keepingCapacity: true)
    reasons.removeAll(keepingCapacity: true)
    qdiscs.removeAll(keepingCapacity: true)
    symbols.removeAll(keepingCapacity: true)
    notes.removeAll(keepingCapacity: true)
    clock = .now
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

/// What the kernel calls a site, for those who may not read its symbols.
package struct SiteName: Equatable, Sendable {
  package var address: UInt64
  /// In the kernel's own notation (`%pS`), perhaps cut off: `udp_rcv+0x49e/0xb20 [module]`.
  package var text: String

  package init(address: UInt64, text: String) {
    self.address = address
    self.text = text
  }
}
