internal import ArgumentParser
internal import DropSources

/// Which source is used and how: the options of every command that watches drops.
struct SourceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where drops are read: auto takes the first that this kernel offers, in this order.",
      valueName: "source"))
  var source = SourceChoice.auto

  @Option(
    help: ArgumentHelp(
      "What NET_DM reports: summary counts exactly but knows only sites; packet knows reasons.",
      valueName: "mode"))
  var alertMode = AlertMode.summary

  @Flag(help: "Stop a NET_DM monitor that somebody left on, and start anew.")
  var takeOver = false

  @Flag(help: "Listen along to a NET_DM monitor that is on, without touching it.")
  var passive = false

  func validate() throws {
    if takeOver, passive {
      throw ValidationError("--take-over stops the monitor, --passive leaves it: choose one.")
    }
    if takeOver || passive, ![.auto, .netdm].contains(source) {
      throw ValidationError("--take-over and --passive are for --source netdm.")
    }
  }

  /// The same, to be parsed again.
  var arguments: [String] {
    ["--source", source.rawValue, "--alert-mode", alertMode.rawValue]
      + (takeOver ? ["--take-over"] : []) + (passive ? ["--passive"] : [])
  }

  /// What the source is asked for.
  var request: SourceRequest {
    var request = SourceRequest()
    // Both are said of NET_DM, which auto would take only if all else fails.
    request.choice = takeOver || passive ? .netdm : source
    request.netdm.configuration.alertMode = alertMode.kernelMode
    if alertMode == .packet {
      request.netdm.configuration.queueLength = DropMonitorOptions.packetQueue
    }
    request.netdm.hardware = true
    request.netdm.approach = takeOver ? .takeOver : passive ? .passive : .considerate
    return request
  }
}

/// The argument of `--source`.
enum SourceChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, ebpf, netdm, tracepoint

  /// The sources to try, in this order.
  var order: [SourceName] {
    switch self {
    case .auto: SourceName.allCases
    case .ebpf: [.ebpf]
    case .netdm: [.netdm]
    case .tracepoint: [.tracepoint]
    }
  }
}

extension AlertMode: ExpressibleByArgument {
  /// As the kernel calls it.
  var kernelMode: DropMonitorOptions.AlertMode { self == .summary ? .summary : .packet }
}
