/// A change of what a machine is configured as: a link, an address, a route, a rule, a setting.
package struct StateChange: Equatable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case link, address, route, neighbour, nftables, qdisc, sysctl
  }

  package var kind: Kind
  /// One sentence without its full stop, in the words of ip(8), tc(8) and nft(8).
  package var text: String
  /// Where it was; nil for all of the machine.
  package var namespace: NetworkNamespace?
  /// It had not happened yet then.
  package var since: MonotonicTime
  /// It had happened by then: the kernel stamps no such event, so this is when it was read.
  package var time: MonotonicTime

  package init(
    _ kind: Kind, _ text: String, in namespace: NetworkNamespace? = nil, since: MonotonicTime,
    time: MonotonicTime
  ) {
    self.kind = kind
    self.text = text
    self.namespace = namespace
    self.since = since
    self.time = time
  }
}
