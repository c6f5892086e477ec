import Bytes
import FilterLab
import NetlinkLab
import Testing

@testable import Filters

/// The translation, run by an interpreter that faults wherever the kernel's verifier would refuse.
struct KernelProgramTests {
  typealias Code = ClassicInstruction

  /// A program for one class of instructions, and what it returns for the packet 00 01 02 … 3f, of
  /// which 64 bytes of 100 were captured.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let program: [ClassicInstruction]
    let result: UInt32
    /// Whether libpcap's interpreter defines it.
    let isDefined: Bool

    init(
      _ description: String, _ program: [ClassicInstruction], _ result: UInt32,
      isDefined: Bool = true
    ) {
      self.isDefined = isDefined
      testDescription = description
      self.program = program
      self.result = result
    }
  }

  static let cases: [Case] = [
    Case("a word", [Code(0x20, 4), Code(0x16)], 0x0405_0607),
    Case("a half", [Code(0x28, 5), Code(0x16)], 0x0506),
    Case("a byte", [Code(0x30, 63), Code(0x16)], 63),
    Case("a byte behind the end", [Code(0x30, 64), Code(0x06, 1)], 0),
    Case("a half across the end", [Code(0x28, 63), Code(0x06, 1)], 0),
    Case("a word beyond every packet", [Code(0x20, 0x7FFF_FFFF), Code(0x06, 1)], 0),
    Case("a word behind X", [Code(0x01, 8), Code(0x40, 2), Code(0x16)], 0x0A0B_0C0D),
    Case("a half behind X", [Code(0x01, 8), Code(0x48, 2), Code(0x16)], 0x0A0B),
    Case("a byte behind X", [Code(0x01, 8), Code(0x50, 2), Code(0x16)], 10),
    Case("a byte behind X and the end", [Code(0x01, 60), Code(0x50, 4), Code(0x06, 1)], 0),
    Case("a byte behind a huge X", [Code(0x01, .max), Code(0x50, 1), Code(0x06, 1)], 0),
    Case("a byte behind X and far away", [Code(0x50, 5000), Code(0x06, 1)], 0),
    Case("a header's length", [Code(0xB1, 0x1F), Code(0x87), Code(0x16)], 60),
    Case("a header's length behind the end", [Code(0xB1, 64), Code(0x06, 1)], 0),
    Case("the packet's length in A", [Code(0x80), Code(0x16)], 100),
    Case("the packet's length in X", [Code(0x81), Code(0x87), Code(0x16)], 100),
    Case("a constant", [Code(0x00, .max), Code(0x16)], .max),
    Case("memory", [Code(0x00, 7), Code(0x02, 15), Code(0x61, 15), Code(0x87), Code(0x16)], 7),
    Case("memory by X", [Code(0x01, 9), Code(0x03, 0), Code(0x60, 0), Code(0x16)], 9),
    Case("memory never written", [Code(0x60, 3), Code(0x16)], 0, isDefined: false),
    Case("registers at first", [Code(0x0C), Code(0x16)], 0),
    Case("+", [Code(0x00, .max), Code(0x04, 3), Code(0x16)], 2),
    Case("-", [Code(0x00, 1), Code(0x14, 3), Code(0x16)], .max - 1),
    Case("*", [Code(0x00, 1 << 31), Code(0x24, 3), Code(0x16)], 1 << 31),
    Case("/", [Code(0x00, .max), Code(0x34, 2), Code(0x16)], .max / 2),
    Case("|", [Code(0x00, 5), Code(0x44, 10), Code(0x16)], 15),
    Case("&", [Code(0x00, 0xFF), Code(0x54, 0x3C), Code(0x16)], 0x3C),
    Case("<<", [Code(0x00, 3), Code(0x64, 31), Code(0x16)], 1 << 31),
    Case(">>", [Code(0x00, .max), Code(0x74, 31), Code(0x16)], 1),
    Case("<< 32", [Code(0x00, 3), Code(0x64, 32), Code(0x16)], 0, isDefined: false),
    Case("%", [Code(0x00, 17), Code(0x94, 5), Code(0x16)], 2),
    Case("^", [Code(0x00, 0xF0), Code(0xA4, 0xFF), Code(0x16)], 0x0F),
    Case("negation", [Code(0x00, 1), Code(0x84), Code(0x16)], .max),
    Case("+ X", [Code(0x00, 4), Code(0x01, 5), Code(0x0C), Code(0x16)], 9),
    Case("- X", [Code(0x00, 4), Code(0x01, 5), Code(0x1C), Code(0x16)], .max),
    Case("* X", [Code(0x00, 4), Code(0x01, 5), Code(0x2C), Code(0x16)], 20),
    Case("/ X", [Code(0x00, 41), Code(0x01, 5), Code(0x3C), Code(0x16)], 8),
    Case("/ 0", [Code(0x00, 41), Code(0x3C), Code(0x06, 1)], 0),
    Case("% X", [Code(0x00, 41), Code(0x01, 6), Code(0x9C), Code(0x16)], 5),
    Case("% 0", [Code(0x00, 41), Code(0x9C), Code(0x06, 1)], 0),
    Case("<< X", [Code(0x00, 4), Code(0x01, 5), Code(0x6C), Code(0x16)], 128),
    Case("<< X of 32", [Code(0x00, 4), Code(0x01, 32), Code(0x6C), Code(0x16)], 0),
    Case(">> X", [Code(0x00, 64), Code(0x01, 5), Code(0x7C), Code(0x16)], 2),
    Case(">> X of 33", [Code(0x00, .max), Code(0x01, 33), Code(0x7C), Code(0x16)], 0),
    Case("a copy to X", [Code(0x00, 6), Code(0x07), Code(0x00), Code(0x87), Code(0x16)], 6),
    Case("a jump", [Code(0x05, 1), Code(0x06, 1), Code(0x06, 2)], 2),
    Case("=", branch(0x15, 7, 7), 1),
    Case("= not", branch(0x15, 8, 7), 2),
    Case(">", branch(0x25, .max, 7), 1),
    Case("> not", branch(0x25, 7, 7), 2),
    Case(">=", branch(0x35, 7, 7), 1),
    Case("any bit", branch(0x45, 6, 3), 1),
    Case("any bit not", branch(0x45, 4, 3), 2),
    Case("= X", branch(0x1D, 7, 7), 1),
    Case("> X", branch(0x2D, 6, 7), 2),
    Case(">= X", branch(0x3D, 7, 7), 1),
    Case("any bit of X", branch(0x4D, 1, 3), 1),
    Case("both ways the same", [Code(0x15, 0), Code(0x06, 4)], 4),
    Case("what nobody reaches", [Code(0x06, 5), Code(0xFFFF), Code(0x05, .max)], 5),
  ]

  private static func branch(_ code: UInt16, _ left: UInt32, _ right: UInt32)
    -> [ClassicInstruction]
  {
    [
      Code(0x00, left), Code(0x01, right),
      ClassicInstruction(code, right, jumpIfTrue: 0, jumpIfFalse: 1), Code(0x06, 1), Code(0x06, 2),
    ]
  }

  @Test(arguments: cases)
  func `an instruction does in the kernel what it does in libpcap`(_ one: Case) throws {
    let packet = [UInt8](0..<64)
    let program = try KernelProgram(one.program, room: 1600)
    var kernel = KernelInterpreter(
      program.instructions, room: 1600, bytes: packet, length: 100)
    #expect(try kernel.run() == one.result)
    guard one.isDefined else { return }
    let matches = PacketFilter(program: one.program).matches(
      packet.span.raw, originalLength: 100, hasLinkHeader: true, ethertype: 0)
    #expect(matches == (one.result != 0))
  }

  @Test func `what the kernel cannot run is refused in a sentence`() throws {
    let protochain = try #require(try PacketFilter("ip6 protochain 17"))
    let error = #expect(throws: FilterError.self) { try protochain.kernelProgram(room: 1600) }
    #expect(
      error?.description
        == "the filter 'ip6 protochain 17' cannot run in the kernel: it loops, as 'protochain' does"
    )
    for (program, refusal) in [
      ([], KernelProgram.Refusal.noEnd),
      ([Code(0x00)], .noEnd),
      ([Code(0x05, 5), Code(0x06)], .noEnd),
      ([Code(0x00), Code(0x05, .max - 1), Code(0x06)], .loop),
      ([Code(0x28, 0xFFFF_F000), Code(0x06)], .metadata),
      ([Code(0x34, 0), Code(0x06)], .unknown(0x34)),
      ([Code(0x60, 16), Code(0x06)], .unknown(0x60)),
      ([Code(0x0E), Code(0x06)], .unknown(0x0E)),
      ([Code(0x138), Code(0x06)], .unknown(0x138)),
      ([ClassicInstruction](repeating: Code(0x40), count: 20_000) + [Code(0x06)], .tooLong),
    ] {
      #expect(throws: refusal) { try KernelProgram(program, room: 1600) }
    }
  }

  @Test(arguments: [
    ("udp dst port 9", 78), ("ip", 14), ("len > 100", 0), ("ip6 and udp port 53", 58),
    ("ip[8] < 5", 23), ("tcp[((tcp[12:1] & 0xf0) >> 2):4] == 0x47455420", 138),
    ("ip[ip[2:2] - 1] = 0x78", 1600),
  ])
  func `a program looks no further into a packet than it must`(
    expression: String, reach: Int
  ) throws {
    let filter = try #require(try PacketFilter(expression))
    #expect(try filter.kernelProgram(room: 1600).reach == reach)
  }

  @Test func `expressions agree with libpcap on random packets`() throws {
    var generator = SeededGenerator(seed: 7)
    let packets = (0..<100).map { _ in RandomPacket(using: &generator) }
    for expression in Expressions.all(200, using: &generator) {
      let filter = try #require(try PacketFilter(expression))
      let program = try filter.kernelProgram(room: 1600)
      for packet in packets {
        var kernel = KernelInterpreter(
          program.instructions, room: 1600, bytes: packet.bytes, length: UInt32(packet.length))
        let matches = filter.matches(
          packet.bytes.span.raw, originalLength: UInt32(packet.length), hasLinkHeader: true,
          ethertype: 0)
        #expect(try (kernel.run() != 0) == matches, "\(expression) on \(packet.bytes)")
        // Within its reach it sees all that matters.
        var short = KernelInterpreter(
          program.instructions, room: 1600, bytes: Array(packet.bytes.prefix(program.reach)),
          length: UInt32(packet.length))
        #expect(try (short.run() != 0) == matches, "\(expression) on \(packet.bytes)")
      }
    }
  }
}
