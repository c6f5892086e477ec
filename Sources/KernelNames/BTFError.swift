package import Bytes

/// Why type information could not be read: the blob is not what include/uapi/linux/btf.h says.
package enum BTFError: Error, Equatable, Sendable {
  /// It does not begin with BTF's magic number.
  case notBTF
  /// It was made on a machine with the other byte order.
  case foreignByteOrder
  /// Its version is not the one this program knows.
  case unsupportedVersion(UInt8)
  /// Its header, a section or a type reaches beyond its end.
  case truncated(ByteReaderError)
  /// A type is of a kind this program does not know and the blob does not describe.
  case unknownKind(UInt8, type: UInt32)
  /// A name lies outside the strings.
  case stringOutOfRange(UInt32)
  /// A type refers to one that does not exist.
  case typeOutOfRange(UInt32)
  /// A type is defined by itself.
  case cycle(type: UInt32)
}

extension BTFError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notBTF: "not BTF: the magic number is missing"
    case .foreignByteOrder: "cannot read BTF: it is of a machine with the other byte order"
    case .unsupportedVersion(let version): "cannot read BTF: version \(version) is unknown"
    case .truncated(let error): "cannot read BTF: \(error)"
    case .unknownKind(let kind, let type):
      "cannot read BTF: type \(type) is of unknown kind \(kind). A newer dropwatch may know it"
    case .stringOutOfRange(let offset): "broken BTF: no string at offset \(offset)"
    case .typeOutOfRange(let type): "broken BTF: type \(type) does not exist"
    case .cycle(let type): "broken BTF: type \(type) is defined by itself"
    }
  }
}
