import Bytes
import DropModel
import KernelNames

@testable import DropSources

/// What tests of the live source share: the kernel's types, read once, and its names.
enum LiveKernel {
  static let types: BTF? = {
    guard let bytes = try? [UInt8](contentsOfFile: "/sys/kernel/btf/vmlinux") else { return nil }
    return try? BTF(bytes)
  }()

  /// Whether drops have reasons here: from 5.17.
  static let givesReasons = (try? types?.enumeration(named: "skb_drop_reason")) ?? nil != nil

  /// What it offers; nil without BTF.
  static let offers: KernelOffers? = types.flatMap { try? KernelOffers($0) }

  /// A source on this kernel.
  static func source(_ configure: (inout EBPFOptions) -> Void = { _ in }) throws -> EBPFSource {
    var options = EBPFOptions()
    configure(&options)
    guard let types else { throw SourceError.unsupported("no BTF") }
    return try EBPFSource(options: options, types: types)
  }
}

extension DropBatch {
  /// Reads what is there, on top of what was read before.
  mutating func read(_ source: EBPFSource) throws {
    try source.read(into: &self)
  }

  /// All drops of the tallies.
  var drops: UInt64 { tallies.reduce(0) { $0 + $1.counts.drops } }

  /// Drops of the flood's ethertypes; other processes drop other things.
  var floodDrops: UInt64 {
    tallies.filter { $0.key.ethertype == 0x88B5 || $0.key.ethertype & 0xF000 == 0xA000 }
      .reduce(0) { $0 + $1.counts.drops }
  }
}
