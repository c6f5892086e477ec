internal import Bytes
package import DropModel
internal import Glibc
internal import HostCounters
package import Netlink

/// A key that two ends share for IPsec: an entry of `ip xfrm state`, `XFRM_MSG_GETSA`.
package struct SecurityAssociation: Equatable, Sendable {
  package var source: IPAddress
  package var destination: IPAddress
  /// What packets bear to be told whose they are.
  package var parameterIndex: UInt32
  /// "esp", "ah", or the number of another IP protocol.
  package var transformation: String
  package var mode: String
  /// What ties it to templates.
  package var request: UInt32
  package var failures: Failures

  /// Packets that were dropped for it: `struct xfrm_stats`.
  package struct Failures: Equatable, Sendable {
    package var replayWindow: UInt32
    package var replay: UInt32
    package var integrity: UInt32
  }

  /// All of the namespace that the connection, of ``KernelSocket/Network/transformation``, is in.
  package static func all(
    over connection: NetlinkConnection
  ) throws(NetlinkError) -> [SecurityAssociation] {
    // struct xfrm_usersa_id in linux/xfrm.h.
    try connection.dump(
      get, [UInt8](repeating: 0, count: 24), operation: "list the IPsec states"
    ) { (message) throws(NetlinkError) in
      message.header.type == new ? try SecurityAssociation(message) : nil
    }
  }

  /// `XFRM_MSG_NEWSA` and `XFRM_MSG_GETSA` in linux/xfrm.h.
  private static let (new, get): (UInt16, UInt16) = (16, 18)

  /// Reads a `struct xfrm_usersa_info`; its attributes, with the keys, are left where they are.
  package init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    do throws(ByteReaderError) {
      // The selector.
      try reader.skip(56)
      var target = try reader.readReader(16)
      parameterIndex = try reader.read(UInt32.self, .big)
      transformation = Self.transformation(try reader.read(UInt8.self))
      try reader.skip(3)
      var origin = try reader.readReader(16)
      // Limits of 64 bytes, and what they limit, of 32.
      try reader.skip(96)
      failures = Failures(
        replayWindow: try reader.read(UInt32.self, .host),
        replay: try reader.read(UInt32.self, .host),
        integrity: try reader.read(UInt32.self, .host))
      // A sequence number.
      try reader.skip(4)
      request = try reader.read(UInt32.self, .host)
      let isIPv6 = try reader.read(UInt16.self, .host) == UInt16(AF_INET6)
      mode = Self.mode(try reader.read(UInt8.self))
      destination = try target.readAddress(isIPv6)
      source = try origin.readAddress(isIPv6)
    } catch {
      throw .malformed("an IPsec state: \(error)")
    }
  }

  /// IPPROTO_ESP, IPPROTO_AH and IPPROTO_COMP.
  static func transformation(_ number: UInt8) -> String {
    switch number {
    case 50: "esp"
    case 51: "ah"
    case 108: "comp"
    default: "protocol \(number)"
    }
  }

  /// XFRM_MODE_* of linux/xfrm.h.
  static func mode(_ number: UInt8) -> String {
    let modes = ["transport", "tunnel", "ro", "in_trigger", "beet", "iptfs"]
    return modes.indices.contains(Int(number)) ? modes[Int(number)] : "mode \(number)"
  }
}
