import Glibc
import Testing

@testable import SourceLines

/// Servers that a script called debuginfod-find stands for.
@Suite(.serialized)
struct DebugInfoServerTests {
  /// The kernel's finding with a script in place of the program, and what was told meanwhile.
  private func finding(_ script: String?) throws -> (finding: String, told: [String]) {
    let tree = try KernelTree(compiler: "gcc")
    try KernelTree.run(["mv", tree.kernel, "\(tree.root)/fetched"])
    try KernelTree.run(["mkdir", "\(tree.root)/bin"])
    if let script {
      try tree.write(
        "#!/bin/sh\nroot=\(tree.root)\n\(script)\n", to: "bin/debuginfod-find")
      try KernelTree.run(["chmod", "+x", "\(tree.root)/bin/debuginfod-find"])
    }
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
    unsafe setenv("PATH", "\(tree.root)/bin:/usr/bin:/bin", 1)
    defer { unsafe setenv("PATH", path, 1) }
    var told: [String] = []
    let lines = SourceLines(
      DebugFileSearch(release: KernelTree.release, root: tree.root),
      server: DebugInfoServer(urls: "https://debug.example")
    ) { told.append($0) }
    switch lines.findKernel() {
    case .found(let path): return (path.replacing(tree.root, with: ""), told)
    case .missing(let problem, _): return (problem, told)
    }
  }

  @Test func `the file that a server sends is taken`() throws {
    let script = "test \"$1\" = debuginfo && test ${#2} = 40 && echo $root/fetched"
    let (finding, told) = try finding(script)
    #expect(finding == "/fetched")
    #expect(told.isEmpty)
  }

  @Test func `what takes more than two seconds is told`() throws {
    let (finding, told) = try finding("sleep 2.5; echo $root/fetched")
    #expect(finding == "/fetched")
    #expect(
      told == ["fetching debug information of Linux 6.1.0-lab from https://debug.example"])
  }

  @Test func `a server that does not have it is told`() throws {
    let (finding, _) = try finding("echo Server query failed >&2; exit 1")
    #expect(finding.contains("https://debug.example does not have the build "))
  }

  @Test func `a file of another build is refused, whoever sent it`() throws {
    let (finding, _) = try finding("echo /bin/true")
    #expect(finding.contains("/bin/true is of another build"))
  }

  @Test(
    .enabled(
      if: (try? KernelTree.run(["which", "debuginfod-find"])) == nil, "debuginfod is installed"))
  func `a missing program is told`() throws {
    #expect(try finding(nil).finding.contains("there is no debuginfod-find (package debuginfod)"))
  }

  @Test func `a server that does not answer in time is given up`() throws {
    let tree = try KernelTree(compiler: "gcc")
    try KernelTree.run(["mkdir", "\(tree.root)/bin"])
    try tree.write("#!/bin/sh\nexec sleep 30\n", to: "bin/debuginfod-find")
    try KernelTree.run(["chmod", "+x", "\(tree.root)/bin/debuginfod-find"])
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
    unsafe setenv("PATH", "\(tree.root)/bin:/usr/bin:/bin", 1)
    defer { unsafe setenv("PATH", path, 1) }
    let build = try #require(BuildID(bytes: [1, 2, 3]))
    let answer = DebugInfoServer(urls: "https://debug.example")
      .file(of: build, patience: .seconds(1)) {}
    #expect(throws: DebugInfoFailure.self) { try answer.get() }
  }
}
