/// Datagrams from a socket in namespace a to a closed port of b, one system call each.
///
/// Slower than `XDPFlood` by an order of magnitude, but with a sender, its context and its route.
package struct UDPFlood {
  private let receiver: LabNamespace
  private let client: LabSocket
  private let isIPv6: Bool

  /// Prepares the flood over a lab's pair, which must have IPv6 if asked for.
  package init(_ lab: Lab, ipv6: Bool = false) throws {
    guard let sender = lab.namespace(.a), let receiver = lab.namespace(.b) else {
      throw LabError("a UDP flood wants a lab with a pair")
    }
    self.receiver = receiver
    isIPv6 = ipv6
    client = try LabSocket(lab, sender, .udp, ipv6: ipv6).bind(ipv6 ? .a6 : .a, 40_000)
  }

  /// Sends `count` datagrams, each one NO_SOCKET drop in b, counted by NoPorts.
  package func run(count: Int, size: Int = 32) throws -> Flood {
    let counter: KernelCounter =
      isIPv6 ? .protocol6Field("Udp6NoPorts") : .protocolField("Udp", "NoPorts")
    let before = try counter.read(in: receiver)
    let clock = ContinuousClock()
    let start = clock.now
    try client.send(to: isIPv6 ? .b6 : .b, 9_000, size: size, count: count)
    let elapsed = clock.now - start
    let counted = try counter.read(in: receiver) - before
    return Flood(requested: count, counted: counted, segments: count, elapsed: elapsed)
  }
}
