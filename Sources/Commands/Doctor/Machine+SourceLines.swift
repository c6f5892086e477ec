internal import SourceLines

extension Machine {
  /// Whether `--source-lines` can tell lines; no server is asked for it.
  func checkSourceLines() -> Check {
    let lines = SourceLines(DebugFileSearch(release: release), server: nil)
    switch lines.findKernel() {
    case .found(let path):
      return Check(name: "source lines", isGood: true, finding: path)
    case .missing(let problem, let remedy):
      if let server = DebugInfoServer.ofEnvironment, server.canBeAsked {
        return Check(
          name: "source lines", isGood: true,
          finding: "no file; --source-lines will ask \(server.urls)")
      }
      return Check(
        name: "source lines", isGood: false, finding: problem,
        consequence: "--source-lines shows files at most; nothing else needs it", remedy: remedy)
    }
  }
}
