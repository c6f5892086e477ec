import Bytes

extension BTF {
  /// An enumeration of the kernel's.
  package struct Enumeration: Equatable, Sendable {
    /// One of its constants.
    package struct Constant: Equatable, Sendable {
      /// As in the kernel's source.
      package let name: String
      /// Its value; one above `Int64.max` of an unsigned 64-bit enumeration is negative here.
      package let value: Int64

      /// A constant with its value.
      package init(_ name: String, _ value: Int64) {
        self.name = name
        self.value = value
      }
    }

    /// Its tag, empty for an anonymous one.
    package let name: String
    /// In the order of their definition.
    package let constants: [Constant]
  }

  /// A member of a structure or union.
  package struct Member: Equatable, Sendable {
    /// Its distance from the structure's beginning, in bits.
    package let bitOffset: Int
    /// Its width in bits if it is a bit field, else nil.
    package let bitWidth: Int?
  }

  /// The first enumeration of this blob with that tag, nil if there is none.
  package func enumeration(named name: String) throws(BTFError) -> Enumeration? {
    for type in index.enumerations {
      let (record, _) = try record(of: type)
      if try isString(at: record.name, name) { return try enumeration(type) }
    }
    return nil
  }

  /// All enumerations of this blob whose tag fits, in order; its base is not searched.
  package func enumerations(
    where fits: (String) -> Bool
  ) throws(BTFError) -> [Enumeration] {
    var found: [Enumeration] = []
    for type in index.enumerations {
      let (record, _) = try record(of: type)
      if record.name != 0, fits(try string(at: record.name)) {
        found.append(try enumeration(type))
      }
    }
    return found
  }

  /// The number of parameters of the function that a typedef stands for or points to; nil if there
  /// is no such typedef, or it is no function's.
  ///
  /// `btf_trace_kfree_skb` is the type of that tracepoint's probes: its first parameter is always
  /// the probe's own `void *__data`, the rest are the tracepoint's (include/linux/tracepoint.h).
  package func parameterCount(ofTypedef name: String) throws(BTFError) -> Int? {
    for typedef in index.typedefs {
      let (record, _) = try record(of: typedef)
      guard try isString(at: record.name, name) else { continue }
      let function = try target(of: typedef, through: Kind.pointer)
      guard function != 0 else { return nil }
      let (target, _) = try self.record(of: function)
      return target.kind == Kind.functionPrototype ? target.length : nil
    }
    return nil
  }

  /// Whether this blob defines a structure or union with that tag.
  package func hasStructure(named name: String) throws(BTFError) -> Bool {
    try structure(named: name) != nil
  }

  /// A member of a structure or union, found also within its anonymous members; nil if there is no
  /// such structure or member.
  package func member(_ name: String, ofStructure structure: String) throws(BTFError) -> Member? {
    guard let type = try self.structure(named: structure) else { return nil }
    return try member(name, of: type, depth: 0)
  }

  private func structure(named name: String) throws(BTFError) -> UInt32? {
    for type in index.structures {
      let (record, _) = try record(of: type)
      if try isString(at: record.name, name) { return type }
    }
    return nil
  }

  private func enumeration(_ type: UInt32) throws(BTFError) -> Enumeration {
    let (record, offset) = try record(of: type)
    var reader = try reader(at: offset)
    var constants: [Enumeration.Constant] = []
    constants.reserveCapacity(record.length)
    for _ in 0..<record.length {
      let name = try reader.word()
      let low = try reader.word()
      let value: Int64
      if record.kind == Kind.enumeration64 {
        value = Int64(bitPattern: UInt64(try reader.word()) << 32 | UInt64(low))
      } else {
        value = record.flag ? Int64(Int32(bitPattern: low)) : Int64(low)
      }
      constants.append(.init(try string(at: name), value))
    }
    return Enumeration(name: try string(at: record.name), constants: constants)
  }

  /// The type behind typedefs, qualifiers and, if that is asked for, pointers.
  private func target(of type: UInt32, through pointer: UInt8?) throws(BTFError) -> UInt32 {
    var target = type
    // The kernel follows 32 itself (MAX_RESOLVE_DEPTH in kernel/bpf/btf.c).
    for _ in 0...32 {
      guard target != 0 else { return 0 }
      let (record, _) = try record(of: target)
      switch record.kind {
      case Kind.typedef, Kind.volatile, Kind.constant, Kind.restrict, Kind.typeTag, pointer:
        target = record.sizeOrType
      default:
        return target
      }
    }
    throw .cycle(type: type)
  }

  private func member(_ name: String, of type: UInt32, depth: Int) throws(BTFError) -> Member? {
    guard depth <= 32 else { throw .cycle(type: type) }
    guard type >= firstType else { return try base?.member(name, of: type, depth: depth) }
    let (record, offset) = try record(of: type)
    guard record.kind == Kind.structure || record.kind == Kind.union else { return nil }
    var reader = try reader(at: offset)
    for _ in 0..<record.length {
      let memberName = try reader.word()
      let memberType = try reader.word()
      let place = try reader.word()
      // With the flag set, the upper 8 bits are a bit field's width.
      let bitOffset = Int(record.flag ? place & 0xff_ffff : place)
      if memberName != 0 {
        guard try isString(at: memberName, name) else { continue }
        let width = record.flag ? Int(place >> 24) : 0
        return Member(bitOffset: bitOffset, bitWidth: width == 0 ? nil : width)
      }
      let inner = try target(of: memberType, through: nil)
      if inner != 0, let found = try member(name, of: inner, depth: depth + 1) {
        return Member(bitOffset: bitOffset + found.bitOffset, bitWidth: found.bitWidth)
      }
    }
    return nil
  }
}
