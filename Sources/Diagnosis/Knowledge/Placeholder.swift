/// What stands in braces in a command until the machine tells it: docs/knowledge.md.
package enum Placeholder: String, CaseIterable, Sendable {
  case device, netns, source, destination, sport, dport, process, pid, unit, qdisc, handle, family
  case table, chain, nexthop, vni, mtu
}
