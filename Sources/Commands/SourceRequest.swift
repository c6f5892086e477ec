internal import DropSources

/// What a source is asked for, whichever it turns out to be.
struct SourceRequest: Equatable {
  var choice = SourceChoice.auto
  var ebpf = EBPFOptions()
  var netdm = DropMonitorOptions()
  var tracepoint = TracepointOptions()

  /// Packets that may wait on each CPU when all are asked for: the kernel's own 1,000 are gone
  /// within a millisecond of a flood.
  static let packetQueue: UInt32 = 16_384

  /// Whether packets are asked for besides counts.
  var handsOver: Bool { ebpf.packets != .none }
}
