/// One kind of drop that a provocation causes, and exactly how often.
///
/// A nil says that the matter cannot be known at the drop site, or has no meaning there.
package struct Expectation: Sendable {
  /// The reason's name without prefix: `NO_SOCKET`.
  package let reason: String
  /// How many events.
  package let count: Int
  /// How many packets on the wire the events stand for: more than `count` for segmented skbs.
  package var segments: Int
  /// Symbols at which it may be seen; compilers inline differently, so there may be several.
  package let sites: Set<String>
  /// In whose namespace.
  package let role: LabRole?
  /// On which device.
  package let device: String?
  /// The dropped packet's network protocol as a tool would print it: `ipv4`, `0x88b5`.
  package let ethertype: String?
  /// Its transport: `udp`, `tcp`, `icmp`, `icmpv6`.
  package let transport: String?

  /// Expects `count` drops of IPv4 packets on `vb` in namespace b unless said otherwise.
  package init(
    _ reason: String, _ count: Int, at sites: Set<String>, in role: LabRole? = .b,
    on device: String? = "vb", _ ethertype: String? = "ipv4", _ transport: String? = "udp"
  ) {
    self.reason = reason
    self.count = count
    segments = count
    self.sites = sites
    self.role = role
    self.device = device
    self.ethertype = ethertype
    self.transport = transport
  }

  /// The same, each event carrying several segments.
  package func carrying(segments: Int) -> Expectation {
    var expectation = self
    expectation.segments = count * segments
    return expectation
  }
}
