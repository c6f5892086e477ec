import Bytes
import DropModel
import Testing

@testable import SourceLines

/// What is told where there are no lines.
struct DamageTests {
  private func finding(_ tree: KernelTree) -> String {
    let lines = SourceLines(
      DebugFileSearch(release: KernelTree.release, root: tree.root), server: nil)
    switch lines.findKernel() {
    case .found(let path): return "found \(path)"
    case .missing(let problem, let remedy):
      #expect(lines.frames(at: DropSite(address: 1, symbol: "udp_rcv", offset: 5)).isEmpty)
      #expect(lines.notes.isEmpty, "what was told once is not told again")
      return "\(problem). \(remedy)"
    }
  }

  @Test func `a file that is there is found`() throws {
    let tree = try KernelTree(compiler: "gcc")
    #expect(finding(tree) == "found \(tree.kernel)")
  }

  @Test func `a missing file is told with the package that brings it`() throws {
    let tree = try KernelTree(compiler: "gcc")
    let build = try #require(DebugFileSearch(release: "", root: tree.root).build(of: nil))
    try KernelTree.run(["rm", tree.kernel])
    #expect(
      finding(tree)
        == "no source lines of Linux 6.1.0-lab: there is no debug information. On Debian the package "
        + "linux-image-6.1.0-lab-dbg brings it, elsewhere DEBUGINFOD_URLS and debuginfod-find; the build "
        + "id is \(build)")
  }

  @Test func `a file of another build is refused`() throws {
    let tree = try KernelTree(compiler: "gcc")
    try KernelTree.run(["cp", tree.module, tree.kernel])
    let found = finding(tree)
    #expect(found.contains("\(tree.kernel) is of another build: its build id is "))
    #expect(found.contains("linux-image-6.1.0-lab-dbg"))
  }

  @Test func `a file without a build id is refused`() throws {
    let tree = try KernelTree(compiler: "gcc")
    try tree.inBuild(["objcopy", "--remove-section=.note.gnu.build-id", tree.kernel])
    #expect(finding(tree).contains("\(tree.kernel) has no build id, which must be "))
  }

  @Test func `a file without DWARF is told`() throws {
    let tree = try KernelTree(compiler: "gcc")
    try tree.inBuild(["strip", "--strip-debug", tree.kernel])
    #expect(finding(tree).contains("\(tree.kernel) tells no source lines: "))
  }

  @Test func `a file that is cut anywhere is told, and nothing is told of it`() throws {
    let tree = try KernelTree(compiler: "gcc")
    let whole = try [UInt8](contentsOfFile: tree.kernel)
    for length in stride(from: 0, to: whole.count - 1, by: whole.count / 40) {
      try tree.write(
        Array(whole[..<length]), to: "usr/lib/debug/boot/vmlinux-\(KernelTree.release)")
      #expect(finding(tree).contains(tree.kernel), "\(length) of \(whole.count) bytes")
    }
  }

  @Test func `without the kernel's build id no file is trusted`() throws {
    let tree = try KernelTree(compiler: "gcc")
    try KernelTree.run(["rm", "\(tree.root)/sys/kernel/notes"])
    #expect(finding(tree).contains("its build id cannot be read"))
  }

  @Test func `a module without debug information is a note, once`() throws {
    let tree = try KernelTree(compiler: "gcc")
    let lines = SourceLines(
      DebugFileSearch(release: KernelTree.release, root: tree.root), server: nil)
    for offset in 1..<UInt64(4) {
      let site = DropSite(address: offset, symbol: "other_rcv", offset: offset, module: "other")
      #expect(lines.frames(at: site).isEmpty)
    }
    #expect(lines.notes.count == 1)
    #expect(lines.notes.first?.hasPrefix("no source lines of the module other: ") == true)
  }

  @Test func `a function that the file does not have has no line`() throws {
    let tree = try KernelTree(compiler: "gcc")
    let lines = SourceLines(
      DebugFileSearch(release: KernelTree.release, root: tree.root), server: nil)
    #expect(lines.frames(at: DropSite(address: 9, symbol: "nothing", offset: 9)).isEmpty)
    // And one further into a function than it is long.
    let far = DropSite(address: 0xFFFF_FFFF_8100_9000, symbol: "udp_rcv", offset: 0x9000)
    #expect(lines.frames(at: far).isEmpty)
  }
}
