/// How far into a packet a program can look: an upper bound of every register and slot, carried
/// through the program once, since it only goes forwards.
struct FilterReach {
  /// Bytes from the packet's beginning; as far as it likes if nothing bounds an index.
  private(set) var bytes = 0

  /// The highest values there can be.
  private struct Bounds: Equatable {
    var accumulator: UInt32 = 0
    var index: UInt32 = 0
    var slots = [UInt32](repeating: 0, count: ClassicInstruction.slots)

    mutating func widen(to other: Bounds) {
      accumulator = max(accumulator, other.accumulator)
      index = max(index, other.index)
      for slot in slots.indices { slots[slot] = max(slots[slot], other.slots[slot]) }
    }
  }

  init(_ program: [ClassicInstruction]) {
    var known = [Bounds?](repeating: nil, count: program.count)
    if !program.isEmpty { known[0] = Bounds() }
    for (position, instruction) in program.enumerated() {
      guard var bounds = known[position], let operation = instruction.operation else { continue }
      follow(operation, &bounds)
      for next in Self.successors(of: instruction, operation, at: position)
      where next < program.count {
        if known[next] == nil { known[next] = bounds } else { known[next]?.widen(to: bounds) }
      }
    }
  }

  private static func successors(
    of instruction: ClassicInstruction, _ operation: ClassicInstruction.Operation, at position: Int
  ) -> [Int] {
    switch operation {
    case .end: []
    case .jump(let distance): [position + 1 + Int(distance)]
    case .branch:
      [position + 1 + Int(instruction.jumpIfTrue), position + 1 + Int(instruction.jumpIfFalse)]
    default: [position + 1]
    }
  }

  private mutating func follow(
    _ operation: ClassicInstruction.Operation, _ bounds: inout Bounds
  ) {
    switch operation {
    case .load(let size, let place):
      switch place {
      case .absolute(let offset): look(at: Int(offset), size)
      case .indexed(let offset): look(at: Int(offset) + Int(bounds.index), size)
      }
      bounds.accumulator =
        switch size {
        case .byte: 0xFF
        case .half: 0xFFFF
        case .word: .max
        }
    case .setIndexToHeaderLength(let offset):
      look(at: Int(offset), .byte)
      bounds.index = 60
    case .set(let value): bounds.accumulator = highest(value, bounds)
    case .setIndex(let value): bounds.index = highest(value, bounds)
    case .store(let slot): bounds.slots[slot] = bounds.accumulator
    case .storeIndex(let slot): bounds.slots[slot] = bounds.index
    case .compute(let arithmetic, let operand):
      bounds.accumulator = highest(arithmetic, operand, bounds)
    case .negate: bounds.accumulator = .max
    case .copyToIndex: bounds.index = bounds.accumulator
    case .copyFromIndex: bounds.accumulator = bounds.index
    case .jump, .branch, .end: break
    }
  }

  private mutating func look(at offset: Int, _ size: ClassicInstruction.Size) {
    bytes = max(bytes, offset + Int(size.rawValue))
  }

  private func highest(_ value: ClassicInstruction.Value, _ bounds: Bounds) -> UInt32 {
    switch value {
    case .constant(let number): number
    case .slot(let slot): bounds.slots[slot]
    case .length: .max
    }
  }

  private func highest(
    _ arithmetic: ClassicInstruction.Arithmetic, _ operand: ClassicInstruction.Operand,
    _ bounds: Bounds
  ) -> UInt32 {
    let (left, right) =
      switch operand {
      case .constant(let number): (bounds.accumulator, number)
      case .index: (bounds.accumulator, bounds.index)
      }
    // Of an operand in a register, as in a constant, only the highest value is known.
    let isExact = operand != .index
    switch arithmetic {
    case .add:
      let (sum, wraps) = left.addingReportingOverflow(right)
      return wraps ? .max : sum
    case .multiply:
      let (product, wraps) = left.multipliedReportingOverflow(by: right)
      return wraps ? .max : product
    case .and: return min(left, right)
    case .divide: return isExact && right > 0 ? left / right : left
    case .modulo: return left
    case .shiftRight: return isExact ? (right < 32 ? left >> right : 0) : left
    case .shiftLeft:
      guard isExact, right < 32, left.leadingZeroBitCount >= Int(right) else { return .max }
      return left << right
    case .subtract: return .max
    case .or, .exclusiveOr:
      // Every bit below the highest of either may be set.
      let bits = 32 - (left | right).leadingZeroBitCount
      return bits == 32 ? .max : 1 << UInt32(bits) - 1
    }
  }
}
