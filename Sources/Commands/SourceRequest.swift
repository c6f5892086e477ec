internal import DropSources
internal import Filters

/// What a source is asked for, whichever it turns out to be.
struct SourceRequest: Equatable {
  var choice = SourceChoice.auto
  var ebpf = EBPFOptions()
  var netdm = DropMonitorOptions()
  var tracepoint = TracepointOptions()

  /// Which drops are asked for, of every source.
  var filter: DropFilter {
    get { ebpf.filter }
    set {
      ebpf.filter = newValue
      netdm.filter = newValue
      tracepoint.filter = newValue
    }
  }

  /// Whether packets are asked for besides counts.
  var handsOver: Bool { ebpf.packets != .none }
}
