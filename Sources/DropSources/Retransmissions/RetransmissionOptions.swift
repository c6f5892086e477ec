internal import CDropRecords

/// What the watching of retransmissions is asked for; fixed when it attaches.
package struct RetransmissionOptions: Equatable, Sendable {
  /// Inodes of the network namespaces that count as this machine, at most 8; empty for all.
  ///
  /// Drops elsewhere are then not known, as if a switch had made them.
  package var namespaces: [UInt32] = []
  /// How many flows with drops are remembered; the least used go first.
  ///
  /// The kernel takes 1 KiB for each.
  package var flows: UInt32 = 4096
  /// Bytes of the ring buffer, a power of two and whole pages.
  package var ringBytes: UInt32 = 1 << 20
  package var attachment = EBPFOptions.Attachment.automatic

  package init() {}

  /// How many namespaces can be named.
  package static let mostNamespaces = Int(RETRANSMISSION_NAMESPACES)

  /// The constants of the programs.
  func settings(_ offers: RetransmissionOffers) -> retransmission_settings {
    var settings = retransmission_settings()
    settings.argument_count = UInt32(offers.dropArguments)
    settings.retransmit_arguments = UInt32(offers.retransmissionArguments)
    settings.wake_bytes = ringBytes / 4
    settings.namespace_count = UInt32(namespaces.count)
    settings.reason_count = UInt32(offers.receiverReasons.count)
    unsafe withUnsafeMutableBytes(of: &settings.namespaces) { field in
      unsafe field.copyBytes(
        from: namespaces.prefix(Self.mostNamespaces).withUnsafeBytes { unsafe Array($0) })
    }
    unsafe withUnsafeMutableBytes(of: &settings.reasons) { field in
      unsafe field.copyBytes(
        from: offers.receiverReasons.withUnsafeBytes { unsafe Array($0) })
    }
    return settings
  }
}
