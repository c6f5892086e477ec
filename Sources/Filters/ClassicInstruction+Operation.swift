extension ClassicInstruction {
  /// What an instruction does; A is the accumulator, X the index register.
  enum Operation: Equatable {
    /// A = bytes of the packet in network order.
    case load(Size, Place)
    /// A = a value.
    case set(Value)
    /// X = a value.
    case setIndex(Value)
    /// X = 4 × the lower half of a byte of the packet: the length of an IPv4 header.
    case setIndexToHeaderLength(offset: UInt32)
    /// A slot of memory = A.
    case store(slot: Int)
    /// A slot of memory = X.
    case storeIndex(slot: Int)
    /// A = A and an operand.
    case compute(Arithmetic, Operand)
    /// A = -A.
    case negate
    /// On by so many.
    case jump(UInt32)
    /// On, by as many as the comparison of A with an operand says.
    case branch(Comparison, Operand)
    /// The end; anything but 0 is a match, and nil stands for A.
    case end(UInt32?)
    /// X = A.
    case copyToIndex
    /// A = X.
    case copyFromIndex
  }

  /// How many bytes are loaded.
  enum Size: UInt32 { case byte = 1, half = 2, word = 4 }

  /// Where they lie in the packet.
  enum Place: Equatable {
    case absolute(UInt32)
    /// So far behind X.
    case indexed(UInt32)
  }

  /// What a register can be set to.
  enum Value: Equatable {
    case constant(UInt32)
    case slot(Int)
    /// The packet's original length.
    case length
  }

  /// What A is compared or computed with.
  enum Operand: Equatable {
    case constant(UInt32)
    case index
  }

  /// An operation on unsigned 32-bit numbers; BPF_OP in classic and in extended BPF.
  enum Arithmetic: UInt8 {
    case add = 0x00
    case subtract = 0x10
    case multiply = 0x20
    case divide = 0x30
    case or = 0x40
    case and = 0x50
    case shiftLeft = 0x60
    case shiftRight = 0x70
    case modulo = 0x90
    case exclusiveOr = 0xA0
  }

  /// A comparison of unsigned 32-bit numbers; BPF_OP in both as well.
  enum Comparison: UInt8 {
    case equal = 0x10
    case greater = 0x20
    case greaterOrEqual = 0x30
    /// Some bits are set in both.
    case anyBit = 0x40
  }

  /// Slots of memory.
  static let slots = 16

  /// What it does; nil if it is none of those that libpcap's own interpreter knows (bpf_filter.c).
  var operation: Operation? {
    guard code <= 0xFF else { return nil }
    let high = UInt8(code & 0xF0)
    let source: Operand = code & 0x08 == 0 ? .constant(operand) : .index
    switch code & 0x07 {
    case 0x00: return load
    case 0x01: return loadIndex
    case 0x02 where code == 0x02: return slot.map(Operation.store)
    case 0x03 where code == 0x03: return slot.map(Operation.storeIndex)
    case 0x04:
      if code == 0x84 { return .negate }
      guard let arithmetic = Arithmetic(rawValue: high) else { return nil }
      let divides = arithmetic == .divide || arithmetic == .modulo
      return divides && source == .constant(0) ? nil : .compute(arithmetic, source)
    case 0x05:
      if code == 0x05 { return .jump(operand) }
      return Comparison(rawValue: high).map { .branch($0, source) }
    case 0x06:
      return code == 0x06 ? .end(operand) : code == 0x16 ? .end(nil) : nil
    case 0x07:
      return code == 0x07 ? .copyToIndex : code == 0x87 ? .copyFromIndex : nil
    default: return nil
    }
  }

  private var load: Operation? {
    switch code {
    case 0x00: .set(.constant(operand))
    case 0x20: .load(.word, .absolute(operand))
    case 0x28: .load(.half, .absolute(operand))
    case 0x30: .load(.byte, .absolute(operand))
    case 0x40: .load(.word, .indexed(operand))
    case 0x48: .load(.half, .indexed(operand))
    case 0x50: .load(.byte, .indexed(operand))
    case 0x60: slot.map { .set(.slot($0)) }
    case 0x80: .set(.length)
    default: nil
    }
  }

  private var loadIndex: Operation? {
    switch code {
    case 0x01: .setIndex(.constant(operand))
    case 0x61: slot.map { .setIndex(.slot($0)) }
    case 0x81: .setIndex(.length)
    case 0xB1: .setIndexToHeaderLength(offset: operand)
    default: nil
    }
  }

  private var slot: Int? { operand < Self.slots ? Int(operand) : nil }
}
