import Bytes

/// The kernel's own description of its types: a raw BTF blob, as in /sys/kernel/btf.
///
/// One walk over the type section when it is made notes where each type is; names are compared in
/// place when somebody asks. Every reference within the blob is checked when it is followed, so
/// that a broken one throws and never traps.
///
/// Source: include/uapi/linux/btf.h, Documentation/bpf/btf.rst.
package struct BTF: Sendable {
  /// The whole blob.
  let bytes: [UInt8]
  /// Where the string section lies in it.
  let strings: Range<Int>
  /// The number of the first type; 0 is `void`, which no blob lists.
  let firstType: UInt32
  /// The offset by which types name the first string.
  let firstString: Int
  /// Where the types are.
  let index: Index
  /// The kernel's types, if these are a module's: its types and strings count on from there.
  var base: BTF? { bases.first }
  /// One or none; an array, because a struct cannot contain itself.
  private let bases: [BTF]

  /// The number of types in this blob, without those of its base.
  package var count: Int { index.offsets.count }

  /// Walks a blob; `base` is the vmlinux BTF if this is a module's (split BTF).
  package init(_ bytes: [UInt8], base: BTF? = nil) throws(BTFError) {
    let header = try Header(bytes.span)
    self.bytes = bytes
    bases = base.map { [$0] } ?? []
    strings = header.strings
    firstType = base.map { $0.firstType + UInt32($0.count) } ?? 1
    firstString = base.map { $0.firstString + $0.strings.count } ?? 0
    index = try Index(bytes.span, header: header, firstType: firstType)
  }
}
