internal import Bytes
internal import FilterLab
@testable internal import Filters

/// A classic BPF program, as somebody might have compiled it, and a packet: what we make of the
/// program for the kernel does what libpcap does with it.
enum FilterInput {
  private static let room = 1600

  /// A number of instructions, these, and the packet.
  static func translate(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes.span.raw)
    guard let program = try? program(&reader) else { return }
    let packet = Array([UInt8](reader.rest).prefix(room))
    guard let translated = try? KernelProgram(program, room: room) else { return }
    check(translated.instructions)
    expect((0...room).contains(translated.reach), "it looks no further than there is room")
    let verdict = run(translated, packet)
    expect(
      run(translated, Array(packet.prefix(translated.reach))) == verdict,
      "what lies beyond its reach does not matter")
    guard program.allSatisfy(isDefined) else { return }
    let matches = PacketFilter(program: program).matches(
      packet.span.raw, originalLength: 2000, hasLinkHeader: true, ethertype: 0)
    expect(matches == (verdict != 0), "kernel and libpcap agree")
  }

  private static func program(
    _ reader: inout ByteReader
  ) throws(ByteReaderError) -> [ClassicInstruction] {
    var program: [ClassicInstruction] = []
    for _ in 0..<(try reader.read(UInt8.self)) {
      let code = try reader.read(UInt16.self)
      let (yes, no) = (try reader.read(UInt8.self), try reader.read(UInt8.self))
      let operand = try reader.read(UInt32.self)
      program.append(ClassicInstruction(code, operand, jumpIfTrue: yes, jumpIfFalse: no))
    }
    return program
  }

  /// What the verifier looks at first.
  private static func check(_ instructions: [KernelInstruction]) {
    expect(instructions.last?.code == 0x95, "it ends with an exit")
    for (position, instruction) in instructions.enumerated() {
      let kind = instruction.code & 0x07
      guard kind == 0x05 || kind == 0x06, instruction.code != 0x95 else { continue }
      let target = position + 1 + Int(instruction.offset)
      expect(instruction.offset >= 0 && target < instructions.count, "jumps go on and stay inside")
    }
  }

  private static func run(_ program: KernelProgram, _ packet: [UInt8]) -> UInt32 {
    var kernel = KernelInterpreter(
      program.instructions, room: room, bytes: packet, length: 2000)
    do throws(KernelInterpreter.Fault) {
      return try kernel.run()
    } catch {
      end("not true: the kernel takes it: \(error)")
    }
  }

  /// Whether libpcap's interpreter defines what an instruction does: not what memory holds at first,
  /// and not shifts by more than there are bits.
  private static func isDefined(_ instruction: ClassicInstruction) -> Bool {
    switch instruction.operation {
    case .set(.slot), .setIndex(.slot): false
    case .compute(.shiftLeft, .constant(let bits)), .compute(.shiftRight, .constant(let bits)):
      bits < 32
    default: true
    }
  }

  /// A few programs of libpcap with a packet each.
  static var seeds: [[UInt8]] {
    ["udp dst port 9", "tcp[((tcp[12:1] & 0xf0) >> 2):4] == 0x47455420", "ip[4:2] % ip[8] = 3"]
      .compactMap { expression in
        guard let filter = try? PacketFilter(expression) else { return nil }
        var bytes = [UInt8(filter.program.count)]
        for instruction in filter.program {
          for byte in UInt32(0)..<2 {
            bytes.append(UInt8(truncatingIfNeeded: instruction.code >> (8 * UInt16(byte))))
          }
          bytes += [instruction.jumpIfTrue, instruction.jumpIfFalse]
          for byte in UInt32(0)..<4 {
            bytes.append(UInt8(truncatingIfNeeded: instruction.operand >> (8 * byte)))
          }
        }
        let ethernet = [UInt8](repeating: 2, count: 12) + [8, 0]
        let header: [UInt8] = [0x45, 0, 0, 60, 0, 7, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        return bytes + ethernet + header + [0, 53, 0, 9] + [UInt8](repeating: 0x50, count: 36)
      }
  }
}
