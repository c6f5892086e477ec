package import DropModel
package import Packets

/// Who was a packet for that reached no socket: what decides who listens there.
package struct ListenerQuestion: Hashable, Sendable {
  package let transport: UInt8
  package let port: UInt16
  package let address: IPAddress
  package let namespace: UInt32

  /// nil for a packet that has a socket, or that was on its way out.
  package init?(_ packet: Packet, _ headers: PacketHeaders) {
    guard packet.owner == nil, packet.direction == .receive || packet.direction == .local,
      let port = headers.ports?.destination, let address = headers.ip?.destination
    else { return nil }
    transport = headers.transportNumber
    self.port = port
    self.address = address
    namespace = packet.key.namespace
  }
}

extension DropNames {
  /// Who listens there; nil if nobody does.
  package func listener(_ question: ListenerQuestion) -> Owner? {
    listener(
      transport: question.transport, port: question.port, address: question.address,
      namespace: question.namespace)
  }
}
