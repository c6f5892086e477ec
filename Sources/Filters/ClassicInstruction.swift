internal import CLibPcap

/// An instruction of classic BPF, as libpcap's compiler writes them (bpf(4), linux/filter.h).
package struct ClassicInstruction: Equatable, Sendable {
  /// Class, size or operation, mode or source.
  package var code: UInt16
  /// Instructions to pass over if a comparison holds.
  package var jumpIfTrue: UInt8
  /// The same if it does not.
  package var jumpIfFalse: UInt8
  /// A constant: an offset, an operand, the distance of a plain jump.
  package var operand: UInt32

  package init(
    _ code: UInt16, _ operand: UInt32 = 0, jumpIfTrue: UInt8 = 0, jumpIfFalse: UInt8 = 0
  ) {
    self.code = code
    self.jumpIfTrue = jumpIfTrue
    self.jumpIfFalse = jumpIfFalse
    self.operand = operand
  }
}

extension ClassicInstruction {
  init(_ instruction: clibpcap_instruction) {
    self.init(
      instruction.code, instruction.operand, jumpIfTrue: instruction.jump_if_true,
      jumpIfFalse: instruction.jump_if_false)
  }

  var libpcaps: clibpcap_instruction {
    clibpcap_instruction(
      code: code, jump_if_true: jumpIfTrue, jump_if_false: jumpIfFalse, operand: operand)
  }
}
