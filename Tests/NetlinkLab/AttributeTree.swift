package import Netlink

/// An attribute with everything in it, to compare what was decoded with what was encoded.
package indirect enum AttributeTree: Equatable, Sendable {
  case value(UInt16, [UInt8])
  case nested(UInt16, [AttributeTree])

  /// All attributes that a reader has to give; throws at the first that does not fit.
  ///
  /// A value that reads as attributes from its beginning to its end is taken for nested ones, down
  /// to `depth` levels: nothing else tells.
  package static func all(
    _ reader: consuming AttributeReader, depth: Int = 8
  ) throws(NetlinkError) -> [AttributeTree] {
    var trees: [AttributeTree] = []
    while let attribute = try reader.next() {
      if depth > 0, attribute.count > 0, let inner = try? all(attribute.nested, depth: depth - 1) {
        trees.append(.nested(attribute.type, inner))
      } else {
        trees.append(.value(attribute.type, Array(copying: attribute.bytes)))
      }
    }
    return trees
  }

  /// Writes it behind what is there.
  package func write(to writer: inout MessageWriter) {
    switch self {
    case .value(let type, let bytes): writer.attribute(type, bytes: bytes)
    case .nested(let type, let trees):
      writer.attribute(type, nested: { writer in for tree in trees { tree.write(to: &writer) } })
    }
  }
}
