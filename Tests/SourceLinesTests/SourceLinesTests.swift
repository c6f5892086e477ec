import DropModel
import Testing

@testable import SourceLines

/// What addr2line(1) of binutils says, for every instruction.
struct SourceLinesTests {
  /// How far the kernel runs from where it was linked: KASLR moves by 2 MB.
  static let slide: UInt64 = 37 << 21

  @Test(arguments: KernelTree.compilers)
  func `every instruction of a kernel has the lines that addr2line tells`(
    compiler: String
  ) throws {
    let tree = try KernelTree(compiler: compiler)
    let lines = SourceLines(
      DebugFileSearch(release: KernelTree.release, root: tree.root), server: nil)
    let instructions = try Instruction.all(of: tree.kernel)
    #expect(instructions.count > 40)
    // Of the two functions called so neither is known before another has been looked up: 2 MB decide.
    #expect(Set(instructions.map(\.function)).contains("discard"))
    let known = try expected(tree.kernel, instructions, in: tree)
    for (instruction, expected) in zip(instructions, known) {
      let frames = lines.frames(at: instruction.site(movedBy: Self.slide, module: nil))
      #expect(frames.map { "\($0.function) \($0.path)" } == expected, "\(instruction)")
    }
    #expect(known.contains { $0.count == 3 }, "kfree_skb in udp_csum in udp_rcv")
    #expect(lines.notes.isEmpty)
  }

  @Test(arguments: KernelTree.compilers)
  func `every instruction of a module has the lines that addr2line tells`(
    compiler: String
  ) throws {
    let tree = try KernelTree(compiler: compiler)
    let lines = SourceLines(
      DebugFileSearch(release: KernelTree.release, root: tree.root), server: nil)
    let instructions = try Instruction.all(of: tree.module)
    let known = try expected(tree.module, instructions, in: tree)
    #expect(known.contains(["kfree_skb include/linux/skbuff.h:6", "lab_rcv net/ipv4/lab.c:6"]))
    for (instruction, expected) in zip(instructions, known) {
      let frames = lines.frames(
        at: instruction.site(movedBy: 0xffff_ffff_c012_3000, module: "lab_net"))
      #expect(frames.map { "\($0.function) \($0.path)" } == expected, "\(instruction)")
    }
    #expect(lines.notes.isEmpty)
  }

  @Test func `the line of a site is the call's, in the function's own file`() throws {
    let tree = try KernelTree(compiler: "gcc")
    let lines = SourceLines(
      DebugFileSearch(release: KernelTree.release, root: tree.root), server: nil)
    // The instruction behind a call is where the site is; it belongs to the next line.
    let instructions = try Instruction.all(of: tree.kernel)
    let call = try #require(
      instructions.firstIndex { $0.function == "udp_rcv" && $0.text.contains("call") })
    let site = instructions[call + 1].site(movedBy: 0, module: nil, isReturn: true)
    let names = SourceLineNames(Fixed(site: site), lines) { _, _ in nil }
    let named = names.site(at: site.address)
    #expect(named.file == "net/ipv4/udp.c")
    let own = try #require(named.frames.first { !$0.isInHeader })
    #expect(named.line == own.line)
    #expect([6, 21, 22].contains(named.line))
  }

  /// What addr2line says of instructions, files within the tree.
  private func expected(
    _ path: String, _ instructions: [Instruction], in tree: KernelTree
  ) throws -> [[String]] {
    var all: [[String]] = []
    let section = path.hasSuffix(".ko") ? ["-j", ".text"] : []
    let text = try KernelTree.run(
      ["addr2line", "-a", "-i", "-f", "-e", path] + section
        + instructions.map { String($0.address, radix: 16) })
    var function: Substring?
    for line in text.split(separator: "\n") {
      if line.hasPrefix("0x") {
        all.append([])
      } else if let name = function {
        let place = line.prefix { $0 != " " }.replacing("\(tree.root)/build/", with: "")
          .replacing("./", with: "").replacing(":?", with: "")
        all[all.count - 1].append("\(name) \(place)")
        function = nil
      } else {
        function = line
      }
    }
    try #require(all.count == instructions.count)
    return all
  }
}

/// An instruction of a file, as objdump(1) lists it.
struct Instruction: CustomStringConvertible {
  let address: UInt64
  let function: String
  let offset: UInt64
  let text: Substring

  var description: String { "\(function)+0x\(String(offset, radix: 16)): \(text)" }

  static func all(of path: String) throws -> [Instruction] {
    var instructions: [Instruction] = []
    var function: (name: Substring, start: UInt64)?
    let text = try KernelTree.run(["objdump", "-d", "--no-show-raw-insn", "-j", ".text", path])
    for line in text.split(separator: "\n") {
      if line.hasSuffix(">:"), let start = UInt64(line.prefix { $0 != " " }, radix: 16) {
        function = (line.split { "<>".contains($0) }[1], start)
      } else if line.hasPrefix("  ") || line.hasPrefix("ffff"), let function,
        let colon = line.firstIndex(of: ":"),
        let address = UInt64(line[..<colon].filter { $0 != " " }, radix: 16)
      {
        let text = line[line.index(after: colon)...]
        // What fills the space between functions belongs to none of them.
        guard !text.contains("nop"), !text.contains("int3"), !text.contains("xchg   %ax,%ax") else {
          continue
        }
        instructions.append(
          Instruction(
            address: address, function: String(function.name), offset: address - function.start,
            text: text))
      }
    }
    return instructions
  }

  /// The place as a site of a running kernel: the byte behind it, for a site is where a call returns to,
  /// unless it is that already.
  func site(movedBy slide: UInt64, module: String?, isReturn: Bool = false) -> DropSite {
    let behind: UInt64 = isReturn ? 0 : 1
    return DropSite(
      address: address &+ slide &+ behind, symbol: function, offset: offset + behind, module: module
    )
  }
}

/// Names that know one site.
final class Fixed: DropNames {
  let notes: [String] = []
  private let site: DropSite

  init(site: DropSite) { self.site = site }

  func learn(_ batch: DropBatch) {}
  func refresh() {}
  func drop(for key: DropKey) -> Drop { Drop(site: site) }
  func site(of key: DropKey) -> DropSite? { site }
  func site(at address: UInt64) -> DropSite { site }
  func reason(_ number: UInt32) -> DropReason? { nil }
  func owner(of socket: SocketOwner) -> Owner { Owner(uid: 0) }
}
