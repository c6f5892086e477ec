internal import DropModel
internal import DropSources
internal import KernelNames

/// Whether each source works here, in the order in which `--source auto` tries them.
struct SourceChecks {
  /// The kernel's BTF; nil if there is none.
  let types: BTF?

  var all: [Check] { SourceName.allCases.map(check) }

  /// Attaches and detaches for real, except NET_DM, which is one for the whole machine.
  private func check(_ name: SourceName) -> Check {
    let start = MonotonicTime.now
    do throws(SourceError) {
      switch name {
      case .ebpf:
        guard let types else { throw .unsupported("no BTF") }
        return attached(name, try EBPFSource(types: types).description, since: start)
      case .netdm:
        return available(name, try DropMonitorProbe())
      case .tracepoint:
        return attached(name, try TracepointSource().description, since: start)
      }
    } catch {
      return Check(
        name: "source \(name.rawValue)", isGood: false, finding: "cannot be used",
        consequence: error.description)
    }
  }

  private func attached(
    _ name: SourceName, _ description: SourceDescription, since start: MonotonicTime
  ) -> Check {
    let milliseconds = Int(start.duration(to: .now).seconds * 1000)
    return Check(
      name: "source \(name.rawValue)", isGood: true,
      finding: "attached as \(description.mechanism) in \(milliseconds) ms",
      blindSpots: description.blindSpots)
  }

  private func available(_ name: SourceName, _ probe: DropMonitorProbe) -> Check {
    let configuration = probe.configuration
    // As `watch` asks for it.
    var options = DropMonitorOptions()
    options.hardware = true
    let mode = configuration.alertMode == .summary ? "summary" : "packet"
    let listeners =
      probe.listeners.isEmpty
      ? "nobody listens" : probe.listeners.joined(separator: ", ") + " listens"
    return Check(
      name: "source \(name.rawValue)", isGood: true,
      finding: "NET_DM is family \(probe.family): \(mode) mode, queue of "
        + "\(configuration.queueLength), \(listeners)",
      blindSpots: DropMonitorSource.blindSpots(of: options))
  }
}
