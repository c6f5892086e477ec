internal import Bytes
internal import DropModel
internal import HostCounters
internal import Netlink
internal import Packets

extension NamespaceState {
  /// RTM_NEWLINK and RTM_DELLINK; those about ports of bridges (AF_BRIDGE) tell nothing new.
  mutating func applyLink(_ message: borrowing Message) throws(NetlinkError) -> Changes {
    guard message.addressFamily == 0 else { return [] }
    let link = try Link(message)
    guard message.header.type == Link.new else {
      links[link.index] = nil
      addresses = addresses.filter { $0.key.device != link.index }
      neighbours = neighbours.filter { $0.key.device != link.index }
      qdiscs = qdiscs.filter { $0.device != link.index }
      return [(.link, "link \(link.name) removed")]
    }
    guard let old = links.updateValue(link, forKey: link.index) else {
      return [(.link, "link \(link.name) added, \(link.isUp ? "up" : "down")")]
    }
    return differences(of: link, from: old).map { (.link, "link \(link.name) \($0)") }
  }

  /// What is another than before, but for counters.
  private func differences(of link: Link, from old: Link) -> [String] {
    var texts: [String] = []
    if link.name != old.name { texts.append("renamed, was \(old.name)") }
    if link.isUp != old.isUp {
      texts.append(link.isUp ? "set up" : "set down")
    } else if link.isUp, link.hasCarrier != old.hasCarrier {
      texts.append(link.hasCarrier ? "came up (carrier)" : "went down (no carrier)")
    }
    if link.mtu != old.mtu { texts.append("MTU \(old.mtu) → \(link.mtu)") }
    if link.address != old.address {
      texts.append("address \(old.address.hardwareText) → \(link.address.hardwareText)")
    }
    if link.master != old.master {
      if let master = old.master { texts.append("left \(name(master))") }
      if let master = link.master { texts.append("joined \(name(master))") }
    }
    if link.queueLength != old.queueLength, let length = link.queueLength {
      texts.append("txqueuelen \(old.queueLength ?? 0) → \(length)")
    }
    if link.isPromiscuous != old.isPromiscuous {
      texts.append("promiscuous \(link.isPromiscuous ? "on" : "off")")
    }
    return texts
  }
}

extension Link {
  /// IFF_PROMISC: it takes what is for others as well.
  fileprivate var isPromiscuous: Bool { flags & 0x100 != 0 }
}

extension [UInt8] {
  /// A hardware address as ip(8) writes it; "none" if it is empty.
  var hardwareText: String {
    guard count == 6 else {
      return isEmpty ? "none" : map { String($0, radix: 16) }.joined(separator: ":")
    }
    var text = TextBuffer(capacity: 17)
    text.append(HardwareAddress(reduce(0) { $0 << 8 | UInt64($1) }))
    return text.text
  }
}
