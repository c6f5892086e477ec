/// Puts together a BTF blob for tests, type by type; see include/uapi/linux/btf.h.
struct BTFBuilder {
  /// The strings of the base, if this is a module's blob.
  var firstString = 0
  var firstType: UInt32 = 1
  private(set) var types: [UInt8] = []
  private(set) var strings: [UInt8] = []
  private(set) var count: UInt32 = 0
  /// The layout section of newer kernels, if there is to be one.
  var layout: [UInt8] = []

  init(onTopOf base: BTFBuilder? = nil) {
    if let base {
      firstString = base.firstString + base.strings.count
      firstType = base.firstType + base.count
    } else {
      strings = [0]
    }
  }

  static func bytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }

  mutating func string(_ text: String) -> UInt32 {
    guard !text.isEmpty else { return 0 }
    defer { strings += Array(text.utf8) + [0] }
    return UInt32(firstString + strings.count)
  }

  /// Adds a type and returns its number.
  @discardableResult
  mutating func add(
    _ name: String = "", kind: UInt32, length: Int = 0, flag: Bool = false, _ sizeOrType: UInt32,
    _ rest: [UInt32] = []
  ) -> UInt32 {
    let info = kind << 24 | UInt32(length) | (flag ? 1 << 31 : 0)
    types += Self.bytes([string(name), info, sizeOrType] + rest)
    defer { count += 1 }
    return firstType + count
  }

  @discardableResult
  mutating func addEnumeration(
    _ name: String, _ constants: [(String, UInt32)], isSigned: Bool = false
  ) -> UInt32 {
    let rest = constants.flatMap { [string($0.0), $0.1] }
    return add(name, kind: 6, length: constants.count, flag: isSigned, 4, rest)
  }

  @discardableResult
  mutating func addEnumeration64(_ name: String, _ constants: [(String, UInt64)]) -> UInt32 {
    let rest = constants.flatMap {
      [string($0.0), UInt32(truncatingIfNeeded: $0.1), UInt32(truncatingIfNeeded: $0.1 >> 32)]
    }
    return add(name, kind: 19, length: constants.count, 8, rest)
  }

  /// A function prototype with as many parameters of type `void *`.
  mutating func addPrototype(parameters: Int) -> UInt32 {
    add(
      kind: 13, length: parameters, 0, Array(repeating: 0, count: parameters * 2))
  }

  var blob: [UInt8] {
    let header: UInt32 = layout.isEmpty ? 24 : 32
    var words: [UInt32] = [
      0x0001_eb9f, header, 0, UInt32(types.count), UInt32(types.count), UInt32(strings.count),
    ]
    if !layout.isEmpty {
      words += [UInt32(types.count + strings.count), UInt32(layout.count)]
    }
    return Self.bytes(words) + types + strings + layout
  }
}
