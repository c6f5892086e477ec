internal import ArgumentParser
internal import Bytes
internal import Diagnosis
internal import DropModel
internal import Recording
internal import Runtime
internal import SourceLines

/// Whether sites are shown with their place in the kernel's source: the option of every command that shows
/// sites.
struct SourceLineOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Show where in the kernel's source a site is: udp.c:2145.",
      discussion: "Needs the kernel's debug information; dropwatch doctor says if it is at hand."))
  var sourceLines = false

  /// What is put around the kernel's names: source lines, if they were asked for.
  ///
  /// The debug information is looked for now, and a server may take minutes: to be called before signals
  /// are kept back. Where there is none a sentence says so, and files are told where the function is known.
  func naming() -> (any DropNames) -> any DropNames {
    guard sourceLines else { return { $0 } }
    let release = Machine.current.release
    let lines = SourceLines(DebugFileSearch(release: release)) { printError($0) }
    switch lines.findKernel() {
    case .found: return { Self.names($0, lines, on: release) }
    case .missing(let problem, let remedy):
      printError("\(problem). \(remedy)")
      return { Self.names($0, nil, on: release) }
    }
  }

  /// The same for a recording, which must have been made on the running kernel.
  func adding(to names: RecordedNames, of run: RecordedRun, in file: String) -> any DropNames {
    guard sourceLines else { return names }
    let machine = Machine.current
    let types = (try? machine.read("/sys/kernel/btf/vmlinux")).map(RecordingContext.digest)
    guard run.session.kernel == machine.release,
      run.context.typesDigest == nil || run.context.typesDigest == types
    else {
      printError(
        "no source lines of \(file): it was recorded on "
          + (run.session.kernel == machine.release
            ? "another build of Linux \(machine.release)" : "Linux \(run.session.kernel)")
          + ", and this is Linux \(machine.release). Run report where that kernel runs")
      return Self.names(names, nil, on: run.session.kernel)
    }
    return naming()(names)
  }

  private static func names(
    _ names: any DropNames, _ lines: SourceLines?, on kernel: String
  ) -> any DropNames {
    let release = KernelRelease(kernel)
    return SourceLineNames(names, lines) { function, reason in
      Knowledge.embedded.file(of: function, reason: reason?.label, on: release)
    }
  }
}
