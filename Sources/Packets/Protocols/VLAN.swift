internal import Bytes

/// A tag of IEEE 802.1Q, which says what virtual network a frame belongs to.
package struct VLANTag: Equatable, Sendable, BitwiseCopyable {
  /// The tag's own ethertype: 0x8100, or 0x88a8 for a provider's (802.1ad).
  package var ethertype: UInt16
  /// Priority, drop-eligible mark and identifier as one number: 3, 1 and 12 bits.
  package var control: UInt16

  /// The network, 0 to 4095; 0 means that the tag only has a priority.
  package var identifier: UInt16 { control & 0xFFF }
  /// 0 to 7.
  package var priority: UInt8 { UInt8(control >> 13) }

  /// Whether an ethertype announces a tag.
  @inline(__always)
  static func isTag(_ ethertype: UInt16) -> Bool { ethertype == 0x8100 || ethertype == 0x88A8 }
}

/// The tags of a frame: none, one or two; a third one is left undecoded.
package struct VLANTags: Equatable, Sendable, BitwiseCopyable {
  /// The first of the frame.
  package private(set) var outer: VLANTag?
  /// The second.
  package private(set) var inner: VLANTag?

  /// Reads tags as long as `ethertype` announces one, and leaves there what follows them.
  @inline(__always)
  mutating func read(
    _ reader: inout ByteReader, _ ethertype: inout UInt16
  ) throws(ByteReaderError) {
    while VLANTag.isTag(ethertype), inner == nil {
      let control: UInt16 = try reader.read(.big)
      let tag = VLANTag(ethertype: ethertype, control: control)
      if outer == nil { outer = tag } else { inner = tag }
      ethertype = try reader.read(.big)
    }
  }
}

extension TextBuffer {
  /// Appends "vlan 100 " for each tag; an identifier is all that matters where packets get lost.
  mutating func append(_ tags: VLANTags) {
    guard let outer = tags.outer else { return }
    append("vlan ")
    append(decimal: outer.identifier)
    append(" ")
    guard let inner = tags.inner else { return }
    append("vlan ")
    append(decimal: inner.identifier)
    append(" ")
  }
}
