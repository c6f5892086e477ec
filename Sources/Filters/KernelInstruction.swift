/// An instruction of extended BPF, which the kernel runs (RFC 9669).
package struct KernelInstruction: Equatable, Sendable {
  /// One of the eleven registers.
  package enum Register: UInt8, Sendable {
    case r0, r1, r2, r3, r4, r5, r6, r7, r8, r9
    /// The end of this function's stack, which lies below it.
    case stackEnd
  }

  /// Class, operation or size, source or mode.
  package var code: UInt8
  package var destination = Register.r0
  package var source = Register.r0
  /// Of memory, or of a jump: instructions to pass over.
  package var offset: Int16 = 0
  package var immediate: Int32 = 0

  /// The eight bytes in which it is loaded, as a number in this machine's byte order.
  package var encoded: UInt64 {
    #if _endian(little)
      let registers = UInt64(destination.rawValue | source.rawValue << 4)
      return UInt64(code) | registers << 8 | UInt64(UInt16(bitPattern: offset)) << 16
        | UInt64(UInt32(bitPattern: immediate)) << 32
    #else
      let registers = UInt64(destination.rawValue << 4 | source.rawValue)
      return UInt64(code) << 56 | registers << 48 | UInt64(UInt16(bitPattern: offset)) << 32
        | UInt64(UInt32(bitPattern: immediate))
    #endif
  }
}

extension KernelInstruction {
  /// `destination = value`, 32 bits; the upper half becomes 0.
  static func set(_ destination: Register, _ value: UInt32) -> Self {
    Self(code: 0xB4, destination: destination, immediate: Int32(bitPattern: value))
  }

  /// `destination = source`, 32 bits; the upper half becomes 0.
  static func copy(_ destination: Register, from source: Register) -> Self {
    Self(code: 0xBC, destination: destination, source: source)
  }

  /// `destination = destination and value`, 32 bits, without sign.
  static func compute(
    _ arithmetic: ClassicInstruction.Arithmetic, _ destination: Register, _ value: UInt32
  ) -> Self {
    Self(
      code: 0x04 | arithmetic.rawValue, destination: destination,
      immediate: Int32(bitPattern: value))
  }

  /// `destination = destination and source`, 32 bits, without sign.
  static func compute(
    _ arithmetic: ClassicInstruction.Arithmetic, _ destination: Register, _ source: Register
  ) -> Self {
    Self(code: 0x0C | arithmetic.rawValue, destination: destination, source: source)
  }

  /// `destination = -destination`, 32 bits.
  static func negate(_ destination: Register) -> Self {
    Self(code: 0x84, destination: destination)
  }

  /// `destination += source`, 64 bits: a pointer and a number.
  static func advance(_ destination: Register, by source: Register) -> Self {
    Self(code: 0x0F, destination: destination, source: source)
  }

  /// The lower 16 or 32 bits from network order; the rest becomes 0.
  static func fromNetworkOrder(_ destination: Register, bits: Int32) -> Self {
    Self(code: 0xDC, destination: destination, immediate: bits)
  }

  /// `destination = *(source + offset)`, without sign.
  static func load(
    _ size: ClassicInstruction.Size, _ destination: Register, from source: Register,
    at offset: Int16
  ) -> Self {
    let code: UInt8 =
      switch size {
      case .word: 0x61
      case .half: 0x69
      case .byte: 0x71
      }
    return Self(code: code, destination: destination, source: source, offset: offset)
  }

  /// `*(u32 *)(destination + offset) = source`.
  static func store(_ source: Register, to destination: Register, at offset: Int16) -> Self {
    Self(code: 0x63, destination: destination, source: source, offset: offset)
  }

  /// `*(u32 *)(destination + offset) = 0`.
  static func clear(_ destination: Register, at offset: Int16) -> Self {
    Self(code: 0x62, destination: destination, offset: offset)
  }

  /// On by an offset.
  static let jump = Self(code: 0x05)

  /// On by an offset if the lower 32 bits compare so with a value.
  static func branch(
    _ comparison: ClassicInstruction.Comparison, _ register: Register, _ value: UInt32
  ) -> Self {
    Self(
      code: 0x06 | comparison.rawValue, destination: register,
      immediate: Int32(bitPattern: value))
  }

  /// The same with another register.
  static func branch(
    _ comparison: ClassicInstruction.Comparison, _ register: Register, _ other: Register
  ) -> Self {
    Self(code: 0x0E | comparison.rawValue, destination: register, source: other)
  }

  /// On by an offset if the lower 32 bits are less than a value.
  static func branchIfLess(_ register: Register, than value: Int32) -> Self {
    Self(code: 0xA6, destination: register, immediate: value)
  }

  /// On by an offset if all 64 bits are greater than a value below 2³¹.
  ///
  /// The verifier of older kernels learns the bounds of an index from this better than from the
  /// comparison of 32 bits.
  static func branchIfGreater(_ register: Register, than value: Int32) -> Self {
    Self(code: 0x25, destination: register, immediate: value)
  }

  /// Returns r0.
  static let exit = Self(code: 0x95)
}
