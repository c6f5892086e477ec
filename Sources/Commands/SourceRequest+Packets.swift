internal import DropSources

extension SourceRequest {
  /// Asks for packets besides counts, of whichever source it will be.
  mutating func askForPackets(
    _ packets: EBPFOptions.Packets, snapLength: UInt32, hasStack: Bool = false
  ) {
    ebpf.packets = packets
    ebpf.snapLength = snapLength
    ebpf.hasStack = hasStack
    ebpf.ringBytes = 16 << 20
    // NET_DM has packets only in this mode, and its own limit is what may wait.
    netdm.configuration.alertMode = .packet
    netdm.configuration.queueLength = DropMonitorOptions.packetQueue
    netdm.configuration.truncation = snapLength
    tracepoint.handsOver = true
  }
}
