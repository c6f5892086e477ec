internal import Bytes
internal import DropModel
internal import Netlink
internal import Packets

extension NamespaceState {
  /// RTM_NEWADDR and RTM_DELADDR; one that is there already is told again with a new lifetime.
  mutating func applyAddress(_ message: borrowing Message) throws(NetlinkError) -> Changes {
    guard let address = try InterfaceAddress(message) else { return [] }
    let subject = "address \(address.text) on \(name(address.device))"
    guard message.header.type == InterfaceAddress.new else {
      addresses[address.key] = nil
      return [(.address, "\(subject) removed")]
    }
    guard let old = addresses.updateValue(address, forKey: address.key) else {
      return [(.address, "\(subject) added")]
    }
    if address.isDuplicate, !old.isDuplicate {
      return [(.address, "\(subject) is not used: somebody else has it")]
    }
    return []
  }

  /// RTM_NEWNEIGH and RTM_DELNEIGH, without what neighbours go through every minute.
  ///
  /// Told are those that fail or come back, other hardware addresses, and what somebody sets or deletes.
  /// `failed` is the one that the message before let fail.
  mutating func applyNeighbour(
    _ message: borrowing Message, after failed: NeighbourKey?
  ) throws(NetlinkError) -> Changes {
    guard let neighbour = try Neighbour(message) else { return [] }
    let subject = "neighbour \(neighbour.addressText) on \(name(neighbour.device))"
    let (hasFailed, permanent) = ("FAILED", "PERMANENT")
    guard message.header.type == Neighbour.new else {
      let old = neighbours.removeValue(forKey: neighbour.key)?.state ?? hasFailed
      if failed == neighbour.key { return [(.neighbour, "\(subject) removed")] }
      // The kernel forgets what is of no use any more.
      return old == hasFailed || old == "STALE"
        ? [] : [(.neighbour, "\(subject) removed, was \(old)")]
    }
    if neighbour.state == hasFailed { self.failed = neighbour.key }
    let old = neighbours.updateValue(neighbour, forKey: neighbour.key)
    guard let old else {
      guard neighbour.state == hasFailed || neighbour.state == permanent else { return [] }
      return [(.neighbour, "\(subject): new, \(neighbour.state)")]
    }
    var changes: Changes = []
    let told = [hasFailed, "INCOMPLETE", permanent]
    if neighbour.state != old.state, told.contains(neighbour.state) || told.contains(old.state) {
      changes.append((.neighbour, "\(subject): \(old.state) → \(neighbour.state)"))
    }
    let (before, now) = (old.hardwareAddress, neighbour.hardwareAddress)
    if before != now, !before.isEmpty, !now.isEmpty {
      changes.append(
        (.neighbour, "\(subject): lladdr \(before.hardwareText) → \(now.hardwareText)"))
    }
    return changes
  }
}

extension InterfaceAddress {
  var key: NamespaceState.AddressKey {
    NamespaceState.AddressKey(device: device, address: address, prefixLength: prefixLength)
  }

  /// IFA_F_DADFAILED.
  fileprivate var isDuplicate: Bool { flags & 0x08 != 0 }
}

extension Neighbour {
  var key: NamespaceState.NeighbourKey {
    NamespaceState.NeighbourKey(device: device, address: address)
  }

  fileprivate var addressText: String {
    var text = TextBuffer(capacity: 48)
    text.append(address)
    return text.text
  }
}
