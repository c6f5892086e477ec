import Bytes

extension BTF {
  /// `struct btf_header`, checked: its sections lie within the blob.
  struct Header {
    /// Where the types lie in the blob.
    let types: Range<Int>
    /// Where the strings lie in the blob.
    let strings: Range<Int>
    /// `struct btf_layout` for each kind, which newer kernels add; else empty.
    let layout: Range<Int>

    /// Reads and checks the header of a blob.
    init(_ bytes: Span<UInt8>) throws(BTFError) {
      var reader = ByteReader(bytes.raw)
      let first = try reader.word()
      switch UInt16(truncatingIfNeeded: first) {
      case 0xeb9f: break
      case 0x9feb: throw .foreignByteOrder
      default: throw .notBTF
      }
      let version = UInt8(truncatingIfNeeded: first >> 16)
      guard version == 1 else { throw .unsupportedVersion(version) }

      let length = Int(try reader.word())
      types = try reader.section(after: length, in: bytes.count)
      strings = try reader.section(after: length, in: bytes.count)
      // 24 bytes until the layout section was added at the header's end.
      layout = length >= 32 ? try reader.section(after: length, in: bytes.count) : 0..<0
    }
  }

  /// `struct btf_type`: what every type begins with.
  struct Record {
    /// The offset of its name among the strings; 0 if it has none.
    let name: UInt32
    /// BTF_KIND_*.
    let kind: UInt8
    /// The number of its members, constants or parameters.
    let length: Int
    /// Set for a signed enumeration, and for a structure with bit fields.
    let flag: Bool
    /// The size or the type referred to, depending on the kind.
    let sizeOrType: UInt32

    /// Reads the record at hand; what follows it remains to be read.
    @inline(__always)
    init(_ reader: inout ByteReader) throws(BTFError) {
      name = try reader.word()
      let info = try reader.word()
      // 7 and 24 bits since the layout section came, 5 and 16 before with zeros between.
      kind = UInt8(truncatingIfNeeded: info >> 24) & 0x7f
      length = Int(info & 0xff_ffff)
      flag = info >> 31 == 1
      sizeOrType = try reader.word()
    }
  }

  /// BTF_KIND_*, as far as this program has something to do with them.
  enum Kind {
    static let pointer: UInt8 = 2
    static let structure: UInt8 = 4
    static let union: UInt8 = 5
    static let enumeration: UInt8 = 6
    static let typedef: UInt8 = 8
    static let volatile: UInt8 = 9
    static let constant: UInt8 = 10
    static let restrict: UInt8 = 11
    static let functionPrototype: UInt8 = 13
    static let typeTag: UInt8 = 18
    static let enumeration64: UInt8 = 19

    /// The bytes that follow a record of a kind: some, and some for each of its elements.
    static func layout(of kind: UInt8) -> (fixed: Int, each: Int)? {
      switch kind {
      case pointer, 7, typedef, volatile, constant, restrict, 12, 16, typeTag: (0, 0)
      case 1, 14, 17: (4, 0)  // INT, VAR, DECL_TAG
      case 3: (12, 0)  // ARRAY
      case enumeration, functionPrototype: (0, 8)
      case structure, union, 15, enumeration64: (0, 12)  // 15: DATASEC
      default: nil
      }
    }
  }

  /// Where the types are, and which of them have names that somebody may ask for.
  struct Index {
    /// Where each type begins in the blob, by its number less the first one's.
    var offsets: [UInt32] = []
    /// The numbers of all ENUM and ENUM64.
    var enumerations: [UInt32] = []
    /// The numbers of all TYPEDEF.
    var typedefs: [UInt32] = []
    /// The numbers of all STRUCT and UNION.
    var structures: [UInt32] = []

    /// Walks all types of a blob.
    init(_ bytes: Span<UInt8>, header: Header, firstType: UInt32) throws(BTFError) {
      var reader = ByteReader(bytes.extracting(header.types).raw)
      offsets.reserveCapacity(header.types.count / 24)
      var type = firstType
      while !reader.isAtEnd {
        offsets.append(UInt32(truncatingIfNeeded: header.types.lowerBound + reader.position))
        let record = try Record(&reader)
        guard
          let layout = Kind.layout(of: record.kind)
            ?? Self.described(record.kind, by: bytes.extracting(header.layout))
        else { throw .unknownKind(record.kind, type: type) }
        try reader.pass(layout.fixed + layout.each * record.length)
        switch record.kind {
        case Kind.enumeration, Kind.enumeration64: enumerations.append(type)
        case Kind.typedef: typedefs.append(type)
        case Kind.structure, Kind.union: structures.append(type)
        default: break
        }
        type += 1
      }
    }

    /// The layout of a kind too new for this program, from the blob's own `struct btf_layout`.
    private static func described(
      _ kind: UInt8, by layouts: Span<UInt8>
    ) -> (fixed: Int, each: Int)? {
      let offset = Int(kind) * 4
      guard kind > 0, offset + 1 < layouts.count else { return nil }
      return (Int(layouts[offset]), Int(layouts[offset + 1]))
    }
  }
}

extension ByteReader {
  /// Reads an integer, the only one BTF is made of.
  @inline(__always)
  mutating func word() throws(BTFError) -> UInt32 {
    do throws(ByteReaderError) {
      return try read(UInt32.self, .host)
    } catch {
      throw .truncated(error)
    }
  }

  /// Passes over bytes of no interest.
  @inline(__always)
  mutating func pass(_ count: Int) throws(BTFError) {
    do throws(ByteReaderError) {
      try skip(count)
    } catch {
      throw .truncated(error)
    }
  }

  /// Reads a section's offset, counted from the header's end, and its length.
  fileprivate mutating func section(
    after header: Int, in size: Int
  ) throws(BTFError) -> Range<Int> {
    let start = header + Int(try word())
    let count = Int(try word())
    guard start + count <= size else {
      throw .truncated(.truncated(wanted: count, at: start, of: size))
    }
    return start..<start + count
  }
}
