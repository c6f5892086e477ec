/// One pass over a classic program, from which no instruction can be reached but by those before it.
///
/// What cannot be reached is left out, since the kernel's verifier refuses it.
struct Translation {
  private let program: [ClassicInstruction]
  private let room: Int
  private var output: [KernelInstruction] = []
  /// Where each classic instruction begins in the output; nil if it cannot be reached.
  private var starts: [Int?]
  private var isReached: [Bool]
  /// Jumps whose target was not translated yet.
  private var jumps: [(at: Int, target: Target)] = []

  private enum Target {
    case instruction(Int)
    case mismatch
  }

  private typealias Register = KernelInstruction.Register
  private static let (accumulator, bytes, captured) = (Register.r0, Register.r1, Register.r2)
  private static let (length, index, address) = (Register.r3, Register.r4, Register.r5)

  init(_ program: [ClassicInstruction], room: Int) {
    self.program = program
    self.room = room
    starts = Array(repeating: nil, count: program.count)
    isReached = Array(repeating: false, count: program.count)
  }

  mutating func run() throws(KernelProgram.Refusal) -> [KernelInstruction] {
    output.append(.set(Self.accumulator, 0))
    output.append(.set(Self.index, 0))
    clearSlots()
    guard !program.isEmpty else { throw .noEnd }
    isReached[0] = true
    for position in program.indices where isReached[position] {
      starts[position] = output.count
      guard let operation = program[position].operation else {
        throw .unknown(program[position].code)
      }
      try translate(operation, at: position)
    }
    try land()
    return output
  }

  /// Slots read 0 until something is stored, and the verifier wants to see that.
  private mutating func clearSlots() {
    var used: Set<Int> = []
    for instruction in program {
      switch instruction.operation {
      case .set(.slot(let slot)), .setIndex(.slot(let slot)), .store(let slot),
        .storeIndex(let slot):
        used.insert(slot)
      default: continue
      }
    }
    for slot in used.sorted() { output.append(.clear(.stackEnd, at: Self.offset(slot))) }
  }

  private static func offset(_ slot: Int) -> Int16 { Int16(-4 * (slot + 1)) }

  private mutating func translate(
    _ operation: ClassicInstruction.Operation, at position: Int
  ) throws(KernelProgram.Refusal) {
    switch operation {
    case .load(let size, .absolute(let offset)):
      if offset >= 0xFFFF_F000 { throw .metadata }
      guard load(size, Self.accumulator, at: offset) else { return }
    case .load(let size, .indexed(let offset)):
      guard load(size, behindIndex: offset) else { return }
    case .setIndexToHeaderLength(let offset):
      guard load(.byte, Self.index, at: offset) else { return }
      output.append(.compute(.and, Self.index, 0xF))
      output.append(.compute(.shiftLeft, Self.index, 2))
    case .set(let value): set(Self.accumulator, value)
    case .setIndex(let value): set(Self.index, value)
    case .store(let slot):
      output.append(.store(Self.accumulator, to: .stackEnd, at: Self.offset(slot)))
    case .storeIndex(let slot):
      output.append(.store(Self.index, to: .stackEnd, at: Self.offset(slot)))
    case .compute(let arithmetic, let operand): compute(arithmetic, operand)
    case .negate: output.append(.negate(Self.accumulator))
    case .copyToIndex: output.append(.copy(Self.index, from: Self.accumulator))
    case .copyFromIndex: output.append(.copy(Self.accumulator, from: Self.index))
    case .jump(let distance):
      // Negative distances are the loops of protochain.
      guard distance < 1 << 31 else { throw .loop }
      return try go(on: .jump, to: position + 1 + Int(distance))
    case .branch(let comparison, let operand):
      let instruction = program[position]
      let (yes, no) = (Int(instruction.jumpIfTrue), Int(instruction.jumpIfFalse))
      if yes != no {
        let branch: KernelInstruction =
          switch operand {
          case .constant(let value): .branch(comparison, Self.accumulator, value)
          case .index: .branch(comparison, Self.accumulator, Self.index)
          }
        try go(on: branch, to: position + 1 + yes)
      }
      return try go(on: .jump, to: position + 1 + no)
    case .end(let value):
      if let value { output.append(.set(Self.accumulator, value)) }
      output.append(.exit)
      return
    }
    try reach(position + 1)
  }

  private mutating func set(_ register: Register, _ value: ClassicInstruction.Value) {
    switch value {
    case .constant(let number): output.append(.set(register, number))
    case .slot(let slot):
      output.append(.load(.word, register, from: .stackEnd, at: Self.offset(slot)))
    case .length: output.append(.copy(register, from: Self.length))
    }
  }

  private mutating func compute(
    _ arithmetic: ClassicInstruction.Arithmetic, _ operand: ClassicInstruction.Operand
  ) {
    let isShift = arithmetic == .shiftLeft || arithmetic == .shiftRight
    switch operand {
    case .constant(let value) where isShift && value > 31:
      output.append(.set(Self.accumulator, 0))
    case .constant(let value): output.append(.compute(arithmetic, Self.accumulator, value))
    case .index:
      switch arithmetic {
      case .divide, .modulo: mismatch(.branch(.equal, Self.index, 0))
      case .shiftLeft, .shiftRight:
        // Classic BPF shifts everything out where extended BPF would shift by X modulo 32.
        output.append(.copy(Self.address, from: Self.index))
        output.append(.compute(.shiftRight, Self.address, 5))
        var skip = KernelInstruction.branch(.equal, Self.address, 0)
        skip.offset = 1
        output.append(skip)
        output.append(.set(Self.accumulator, 0))
      default: break
      }
      output.append(.compute(arithmetic, Self.accumulator, Self.index))
    }
  }

  /// Loads from a fixed place; false if it lies beyond the room, and the rest cannot be reached.
  private mutating func load(
    _ size: ClassicInstruction.Size, _ register: Register, at offset: UInt32
  ) -> Bool {
    guard let end = self.end(of: size, at: offset) else {
      mismatch(.jump)
      return false
    }
    mismatch(.branchIfLess(Self.captured, than: Int32(end)))
    output.append(.load(size, register, from: Self.bytes, at: Int16(end - Int(size.rawValue))))
    convert(size, register)
    return true
  }

  /// Loads from a place behind X; false if it lies beyond the room whatever X is.
  private mutating func load(
    _ size: ClassicInstruction.Size, behindIndex offset: UInt32
  ) -> Bool {
    guard let end = self.end(of: size, at: offset) else {
      mismatch(.jump)
      return false
    }
    output.append(.copy(Self.address, from: Self.index))
    mismatch(.branchIfGreater(Self.address, than: Int32(room - end)))
    output.append(.compute(.add, Self.address, UInt32(end)))
    mismatch(.branch(.greater, Self.address, Self.captured))
    output.append(.advance(Self.address, by: Self.bytes))
    output.append(
      .load(size, Self.accumulator, from: Self.address, at: -Int16(size.rawValue)))
    convert(size, Self.accumulator)
    return true
  }

  /// The end of a load, nil if that lies beyond the room.
  private func end(of size: ClassicInstruction.Size, at offset: UInt32) -> Int? {
    let end = Int(offset) + Int(size.rawValue)
    return end <= room ? end : nil
  }

  private mutating func convert(_ size: ClassicInstruction.Size, _ register: Register) {
    if size != .byte {
      output.append(.fromNetworkOrder(register, bits: size == .half ? 16 : 32))
    }
  }
}

extension Translation {
  /// Jumps, or lets a branch jump, to where packets end that do not match.
  private mutating func mismatch(_ instruction: KernelInstruction) {
    jumps.append((output.count, .mismatch))
    output.append(instruction)
  }

  /// Marks an instruction as one that follows.
  private mutating func reach(_ position: Int) throws(KernelProgram.Refusal) {
    guard program.indices.contains(position) else { throw .noEnd }
    isReached[position] = true
  }

  /// Jumps, or lets a branch jump, to an instruction further on.
  private mutating func go(
    on instruction: KernelInstruction, to position: Int
  ) throws(KernelProgram.Refusal) {
    try reach(position)
    jumps.append((output.count, .instruction(position)))
    output.append(instruction)
  }

  /// Writes the distances of all jumps, and where those end that do not match.
  private mutating func land() throws(KernelProgram.Refusal) {
    let end = output.count
    if jumps.contains(where: { if case .mismatch = $0.target { true } else { false } }) {
      output.append(.set(Self.accumulator, 0))
      output.append(.exit)
    }
    for (position, target) in jumps {
      let destination: Int? =
        switch target {
        case .instruction(let number): starts[number]
        case .mismatch: end
        }
      guard let destination,
        let distance = Int16(exactly: destination - position - 1)
      else { throw .tooLong }
      output[position].offset = distance
    }
  }
}
