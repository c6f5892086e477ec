/// When a rule decides, or a drop moves a counter: all that is given must hold; of a list, any.
package struct Condition: Equatable, Sendable {
  /// What kind of device a packet was on.
  package enum DeviceKind: String, CaseIterable, Sendable {
    case loopback, veth, bridge, bond, tunnel, tun, macvlan, vlan, wireless, physical
    /// There is no device, or none is known.
    case none
  }

  /// What kind of address a packet went to or came from.
  package enum AddressKind: String, CaseIterable, Sendable {
    case unicast, multicast, broadcast, loopback, unspecified
  }

  package enum TCPFlag: String, CaseIterable, Sendable { case SYN, ACK, RST, FIN, PSH }

  package enum Payload: String, CaseIterable, Sendable { case none, some }

  // Told of every drop that is counted.
  package var sites: [String] = []
  package var protocols: [String] = []
  package var transports: [String] = []
  package var devices: [DeviceKind] = []

  // Told of packets that were seen whole: what holds for most of them.
  package var destinations: [AddressKind] = []
  package var sources: [AddressKind] = []
  package var flags: [TCPFlag] = []
  package var payload: Payload?
  package var ports: [UInt16] = []
  /// States of the packet's socket, in ss(8)'s words and capitals.
  package var socketStates: [String] = []
  package var flowsAbove: Int?
  package var repeatsAbove: Int?
  package var portsAbove: Int?

  /// Drops per second.
  package var rateBelow: Double?
  package var rateAbove: Double?

  /// Counters that move in the same time, by kind.
  package var counters: [String] = []
  /// Values that sysctls have.
  package var sysctls: [String: String] = [:]

  package init() {}

  /// Whether it can be told of every drop, without packets and the machine's state.
  package var isOfKey: Bool {
    var key = Condition()
    (key.sites, key.protocols) = (sites, protocols)
    (key.transports, key.devices) = (transports, devices)
    return self == key
  }
}
