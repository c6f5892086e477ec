package import DropModel

/// What is known of dropped packets that are alike, to ask rules about them.
package struct FirewallPacket: Sendable {
  /// Where the drops were: on no device yet, as what this machine sends, or on one.
  package enum Place: Equatable, Sendable {
    case unknown
    case beforeDevice
    case device(String)
  }

  /// How many of those that were seen.
  package var count: Int
  /// As drops name it: "ipv4"; nil if unknown.
  package var networkProtocol: String?
  /// As drops name it: "udp"; nil if unknown.
  package var transport: String?
  package var source: IPAddress?
  package var destination: IPAddress?
  /// 0 if unknown.
  package var sourcePort: UInt16 = 0
  package var destinationPort: UInt16 = 0
  package var place = Place.unknown
  /// Whether its addresses are this namespace's own; nil if unknown, and for those of many.
  package var isSourceLocal: Bool?
  package var isDestinationLocal: Bool?

  package init(count: Int) { self.count = count }
}

extension Finding {
  /// The flows of its packets, most first, ``FirewallPacket`` each; at least one that says what all
  /// kinds have in common.
  package func firewallPackets(isLocal: (IPAddress) -> Bool?) -> [FirewallPacket] {
    func common<Value: Hashable>(_ value: (Drop) -> Value) -> Value? {
      let values = Set(kinds.map { value($0.drop) })
      return values.count == 1 ? values.first : nil
    }
    var packet = FirewallPacket(count: 0)
    packet.networkProtocol = common(\.networkProtocol) ?? nil
    packet.transport = common(\.transport) ?? nil
    if let device = common(\.device) {
      packet.place = device.map { $0.name.map { .device($0) } ?? .unknown } ?? .beforeDevice
    }
    guard profile.flowCount > 0 else { return [packet] }
    return profile.flows.sorted { $0.value > $1.value }.prefix(Self.mostFlows).map { flow, count in
      var packet = packet
      packet.count = count
      packet.networkProtocol = flow.destination.isIPv6 ? "ipv6" : "ipv4"
      packet.transport = ProtocolNames.transport(flow.transport) ?? packet.transport
      (packet.source, packet.destination) = (flow.source, flow.destination)
      (packet.sourcePort, packet.destinationPort) = (flow.sourcePort, flow.destinationPort)
      packet.isSourceLocal = isLocal(flow.source)
      packet.isDestinationLocal = isLocal(flow.destination)
      return packet
    }
  }

  /// More would not tell more, and each passes all rules.
  private static let mostFlows = 16
}
