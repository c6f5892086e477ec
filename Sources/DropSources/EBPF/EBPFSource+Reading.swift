internal import BPF
internal import CDropRecords
internal import DropModel

extension EBPFSource {
  /// The account, added up over all CPUs and programs.
  func readAccount() throws(BPFError) -> drop_account {
    let shares =
      try accounts.values(for: UInt32(DROP_ACCOUNT_SOFTWARE.rawValue), as: drop_account.self)
      + accounts.values(for: UInt32(DROP_ACCOUNT_HARDWARE.rawValue), as: drop_account.self)
    return shares.reduce(into: drop_account()) { sum, share in
      sum.seen += share.seen
      sum.overflowed += share.overflowed
      sum.filtered += share.filtered
      sum.excluded += share.excluded
      sum.offered += share.offered
      sum.delivered += share.delivered
      sum.limited += share.limited
      sum.lost += share.lost
    }
  }

  /// Adds the names of the devices that new keys brought.
  func nameDevices(of newKeys: [DropKey], in batch: inout DropBatch) throws(BPFError) {
    for key in newKeys where key.interfaceIndex != 0 {
      let index = drop_device_key(netns: key.namespace, interface: key.interfaceIndex)
      guard let name = try devices.values(for: index, as: drop_device_name.self).first
      else { continue }
      batch.devices.append(
        DeviceName(
          namespace: key.namespace, interfaceIndex: key.interfaceIndex, name: name.text))
    }
  }
}

extension drop_account {
  /// The account of everybody, given what has been read of the tallies and the kernel's misses.
  ///
  /// While drops go on, counters are read one after the other, so only what adds up by itself is
  /// independent. When all has come to rest (`isFinal`) the program's own counters are taken, and
  /// a difference would show.
  func loss(tallied: UInt64, missed: UInt64, isFinal: Bool) -> Loss {
    Loss(
      seen: isFinal ? seen : tallied + overflowed + filtered + excluded, tallied: tallied,
      overflowed: overflowed, filtered: filtered, excluded: excluded,
      offered: isFinal ? offered : delivered + limited + lost, delivered: delivered,
      limited: limited, lost: lost, missed: missed)
  }
}

extension drop_device_name {
  /// The name up to its end.
  var text: String { fieldText(name) }
}

/// A name in a field of C characters up to its end; bytes that are not UTF-8 are replaced.
func fieldText<Characters: BitwiseCopyable>(_ characters: Characters) -> String {
  unsafe withUnsafeBytes(of: characters) { bytes in
    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
