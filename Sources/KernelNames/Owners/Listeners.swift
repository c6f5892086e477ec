internal import DropModel
internal import Netlink

/// Who listens in one network namespace, and on which addresses it can be reached.
struct Listeners {
  private struct Port: Hashable {
    let transport: UInt8
    let number: UInt16
  }

  private var sockets: [Port: [ListeningSocket]] = [:]
  private var addresses: Set<IPAddress> = []

  init(sockets: [ListeningSocket], addresses: [[UInt8]]) {
    self.sockets = Dictionary(grouping: sockets) {
      Port(transport: $0.transport.rawValue, number: $0.port)
    }
    self.addresses = Set(addresses.compactMap { IPAddress($0) })
  }

  /// Asks the kernel; `namespace` is the namespace's file, nil for the one that we are in.
  init(namespace: String?) throws(NetlinkError) {
    let diagnosis = NetlinkConnection(try KernelSocket(.socketDiagnosis, in: namespace))
    var sockets: [ListeningSocket] = []
    for transport in ListeningSocket.Transport.allCases {
      for isIPv6 in [false, true] {
        sockets += try ListeningSocket.all(transport, isIPv6: isIPv6, over: diagnosis)
      }
    }
    let route = NetlinkConnection(try KernelSocket(.route, in: namespace))
    self.init(sockets: sockets, addresses: try LocalAddress.all(over: route))
  }

  /// The socket that a packet to this address and port was for; nil if none, or if the address is
  /// somebody else's.
  func socket(transport: UInt8, port: UInt16, address: IPAddress) -> ListeningSocket? {
    let candidates = sockets[Port(transport: transport, number: port)] ?? []
    guard !candidates.isEmpty, address.isLocalAnywhere || addresses.contains(address) else {
      return nil
    }
    // Who is bound to the address itself comes before who takes any.
    return candidates.first { $0.boundAddress == address }
      ?? candidates.first { $0.takesAny(isIPv6: address.isIPv6) }
  }
}

extension ListeningSocket {
  fileprivate var boundAddress: IPAddress? {
    IPAddress(isIPv6 ? address : Array(address.prefix(4)))?.unmapped
  }

  fileprivate func takesAny(isIPv6 wanted: Bool) -> Bool {
    guard address.allSatisfy({ $0 == 0 }) else { return false }
    return isIPv6 == wanted || isIPv6 && !isIPv6Only
  }
}
