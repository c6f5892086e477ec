internal import Bytes
package import DropModel
internal import Glibc
package import Netlink

extension Route {
  /// What the kernel decides for one packet.
  package enum Decision: Equatable, Sendable {
    /// It takes this route, whose ``Route/kind`` may still say that it goes nowhere.
    case route(Route)
    /// It goes nowhere: an errno, such as ENETUNREACH.
    case refused(Int32)
  }

  /// Asks where a packet would go now.
  ///
  /// `device` is the index of the device that it came in by; without one, it is a packet of this
  /// machine's own, and `source` must be one of its addresses or nil. Rules that look at marks, ports or
  /// protocols are asked as if the packet had none.
  package static func lookup(
    to destination: IPAddress, from source: IPAddress? = nil, by device: UInt32? = nil,
    over connection: NetlinkConnection
  ) throws(NetlinkError) -> Decision {
    // struct rtmsg in linux/rtnetlink.h; RTM_F_LOOKUP_TABLE asks for the table that decided.
    let (bits, lookupTable): (UInt8, UInt32) = (destination.isIPv6 ? 128 : 32, 0x1000)
    let header: [UInt8] = [
      UInt8(destination.isIPv6 ? AF_INET6 : AF_INET), bits, source == nil ? 0 : bits, 0, 0, 0, 0, 0,
    ]
    var request = MessageWriter(
      type: get, flags: MessageHeader.Flag.request | MessageHeader.Flag.acknowledge,
      sequence: connection.nextSequence(),
      payload: header + MessageWriter.bytes(of: lookupTable))
    request.attribute(Key.destination, bytes: destination.bytes)
    if let source { request.attribute(Key.origin, bytes: source.bytes) }
    if let device { request.attribute(Key.inputInterface, device) }
    var route: Route?
    do throws(NetlinkError) {
      try connection.request(request, operation: "look up a route") {
        (message) throws(NetlinkError) in
        if message.header.type == new { route = try Route(message) }
      }
    } catch {
      guard case .refused(_, let code, _) = error, code != EPERM else { throw error }
      return .refused(code)
    }
    guard let route else { throw .noAnswer(operation: "look up a route") }
    return .route(route)
  }
}
