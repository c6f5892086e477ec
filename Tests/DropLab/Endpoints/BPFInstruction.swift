import CDropLab

/// The few instructions that the lab's programs need (RFC 9669), on 64-bit registers.
extension dwlab_instruction {
  /// `register = value`.
  static func set(_ register: UInt8, _ value: Int32) -> Self {
    Self(code: 0xB7, registers: register, offset: 0, immediate: value)
  }

  /// `register = source`.
  static func copy(_ register: UInt8, from source: UInt8) -> Self {
    Self(code: 0xBF, registers: register | source << 4, offset: 0, immediate: 0)
  }

  /// `register += value`.
  static func add(_ register: UInt8, _ value: Int32) -> Self {
    Self(code: 0x07, registers: register, offset: 0, immediate: value)
  }

  /// `register %= value`, unsigned.
  static func modulo(_ register: UInt8, _ value: Int32) -> Self {
    Self(code: 0x97, registers: register, offset: 0, immediate: value)
  }

  /// The low 16 bits in network order.
  static func bigEndian16(_ register: UInt8) -> Self {
    Self(code: 0xDC, registers: register, offset: 0, immediate: 16)
  }

  /// `register = *(u32 *)(source + offset)`.
  static func load32(_ register: UInt8, from source: UInt8, at offset: Int16) -> Self {
    Self(code: 0x61, registers: register | source << 4, offset: offset, immediate: 0)
  }

  /// `*(u32 *)(base + offset) = value`.
  static func store32(_ base: UInt8, at offset: Int16, _ value: Int32) -> Self {
    Self(code: 0x62, registers: base, offset: offset, immediate: value)
  }

  /// `*(u16 *)(base + offset) = source`.
  static func store16(_ base: UInt8, at offset: Int16, from source: UInt8) -> Self {
    Self(code: 0x6B, registers: base | source << 4, offset: offset, immediate: 0)
  }

  /// `*(u32 *)(base + offset) += source`, atomically.
  static func increment32(_ base: UInt8, at offset: Int16, by source: UInt8) -> Self {
    Self(code: 0xC3, registers: base | source << 4, offset: offset, immediate: 0)
  }

  /// `if (left > right) skip the next so many`.
  static func jumpIfGreater(_ left: UInt8, _ right: UInt8, over count: Int16) -> Self {
    Self(code: 0x2D, registers: left | right << 4, offset: count, immediate: 0)
  }

  /// `if (register == 0) skip the next so many`.
  static func jumpIfZero(_ register: UInt8, over count: Int16) -> Self {
    Self(code: 0x15, registers: register, offset: count, immediate: 0)
  }

  /// `register = the map behind a descriptor`; must be followed by `secondHalf`.
  static func map(_ register: UInt8, _ descriptor: Int32) -> Self {
    Self(code: 0x18, registers: register | 1 << 4, offset: 0, immediate: descriptor)
  }

  /// The second slot of a 64-bit load.
  static let secondHalf = Self(code: 0, registers: 0, offset: 0, immediate: 0)

  /// Calls a kernel function by number.
  static func call(_ function: Int32) -> Self {
    Self(code: 0x85, registers: 0, offset: 0, immediate: function)
  }

  /// Returns register 0.
  static let exit = Self(code: 0x95, registers: 0, offset: 0, immediate: 0)
}
