package import Filters

/// What the kernel would do with a translated program, instruction by instruction (RFC 9669).
///
/// It knows what ``KernelProgram`` writes and nothing else. Whatever the kernel's verifier refuses
/// is a fault here: bytes outside the packet's room, stack that was not written, jumps backwards.
package struct KernelInterpreter {
  /// What a program must not do.
  package enum Fault: Error, Equatable {
    case unknownInstruction(UInt8)
    case access(Int64)
    case unwrittenStack(Int)
    case jump(Int)
  }

  private static let packet: UInt64 = 1 << 40
  private static let stackEnd: UInt64 = 1 << 41

  private let program: [KernelInstruction]
  private var registers = [UInt64](repeating: 0, count: 11)
  private var stack: [Int: UInt32] = [:]
  private var bytes: [UInt8]

  /// `bytes` are what was captured of a packet; behind them lies rubbish, up to the room.
  package init(_ program: [KernelInstruction], room: Int, bytes: [UInt8], length: UInt32) {
    self.program = program
    self.bytes = bytes + [UInt8](repeating: 0xA5, count: room - bytes.count)
    registers[1] = Self.packet
    registers[2] = UInt64(bytes.count)
    registers[3] = UInt64(length)
    registers[10] = Self.stackEnd
  }

  /// What it returns.
  package mutating func run() throws(Fault) -> UInt32 {
    var position = 0
    while program.indices.contains(position) {
      let instruction = program[position]
      position += 1
      if instruction.code == 0x95 { return UInt32(truncatingIfNeeded: registers[0]) }
      if try step(instruction) {
        guard instruction.offset >= 0 else { throw .jump(position - 1) }
        position += Int(instruction.offset)
      }
    }
    throw .jump(position)
  }

  /// Carries one out, and says whether it jumps.
  private mutating func step(_ instruction: KernelInstruction) throws(Fault) -> Bool {
    let target = Int(instruction.destination.rawValue)
    let source = Int(instruction.source.rawValue)
    let usesRegister = instruction.code & 0x08 != 0
    let operand =
      usesRegister ? registers[source] : UInt64(bitPattern: Int64(instruction.immediate))
    switch instruction.code & 0x07 {
    case 0x01: registers[target] = try load(instruction, from: registers[source])
    case 0x02, 0x03:
      let isRegister = instruction.code & 0x07 == 0x03
      let value = isRegister ? UInt32(truncatingIfNeeded: registers[source]) : 0
      let slot =
        Int(Int64(bitPattern: registers[target] &- Self.stackEnd)) + Int(instruction.offset)
      guard (-512..<0).contains(slot), slot % 4 == 0 else { throw .access(Int64(slot)) }
      stack[slot] = value
    case 0x04:
      let left = UInt32(truncatingIfNeeded: registers[target])
      registers[target] = UInt64(
        try compute(instruction, left, UInt32(truncatingIfNeeded: operand)))
    case 0x05:
      guard instruction.code != 0x05 else { return true }
      guard instruction.code == 0x25 else { throw .unknownInstruction(instruction.code) }
      return registers[target] > operand
    case 0x06:
      let (left, right) = (
        UInt32(truncatingIfNeeded: registers[target]), UInt32(truncatingIfNeeded: operand)
      )
      switch instruction.code & 0xF0 {
      case 0x10: return left == right
      case 0x20: return left > right
      case 0x30: return left >= right
      case 0x40: return left & right != 0
      case 0xA0: return left < right
      default: throw .unknownInstruction(instruction.code)
      }
    case 0x07 where instruction.code == 0x0F: registers[target] &+= operand
    default: throw .unknownInstruction(instruction.code)
    }
    return false
  }

  private func load(
    _ instruction: KernelInstruction, from base: UInt64
  ) throws(Fault) -> UInt64 {
    let offset = Int(instruction.offset)
    if base == Self.stackEnd {
      guard let value = stack[offset] else { throw .unwrittenStack(offset) }
      return UInt64(value)
    }
    let size: Int
    switch instruction.code {
    case 0x61: size = 4
    case 0x69: size = 2
    case 0x71: size = 1
    default: throw .unknownInstruction(instruction.code)
    }
    let start = Int64(bitPattern: base &- Self.packet) + Int64(offset)
    guard start >= 0, start + Int64(size) <= bytes.count else { throw .access(start) }
    return (0..<size).reduce(0) { $0 | UInt64(bytes[Int(start) + $1]) << (8 * UInt64($1)) }
  }

  private func compute(
    _ instruction: KernelInstruction, _ left: UInt32, _ right: UInt32
  ) throws(Fault) -> UInt32 {
    switch instruction.code & 0xF0 {
    case 0x00: return left &+ right
    case 0x10: return left &- right
    case 0x20: return left &* right
    case 0x30: return right == 0 ? 0 : left / right
    case 0x40: return left | right
    case 0x50: return left & right
    case 0x60: return left << (right & 31)
    case 0x70: return left >> (right & 31)
    case 0x80: return 0 &- left
    case 0x90: return right == 0 ? left : left % right
    case 0xA0: return left ^ right
    case 0xB0: return right
    case 0xD0:
      guard instruction.code == 0xDC else { throw .unknownInstruction(instruction.code) }
      return instruction.immediate == 16
        ? UInt32(UInt16(truncatingIfNeeded: left).byteSwapped) : left.byteSwapped
    default: throw .unknownInstruction(instruction.code)
    }
  }
}
