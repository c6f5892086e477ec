/// What stands in braces in a command until the machine tells it: docs/knowledge.md.
package enum Placeholder: String, CaseIterable, Sendable {
  /// `ip` is nft's word for the packets' version of IP: "ip" or "ip6".
  case device, netns, ip, source, destination, sport, dport, process, pid, unit, qdisc, handle
  case family, table, chain, pref, nexthop, vni, mtu
}
