/// What carries a packet inside a packet, or hides one.
package enum Tunnel: Equatable, Sendable, BitwiseCopyable {
  /// IP in IP: protocol 4 (RFC 2003) or 41 (RFC 4213).
  case ipip
  /// The key is nil if it has none.
  case gre(key: UInt32?)
  /// The network's identifier has 24 bits.
  case vxlan(network: UInt32)
  /// The network's identifier has 24 bits.
  case geneve(network: UInt32)
  /// The first entry of the label stack, whole.
  case mpls(MPLSEntry)
  /// Encrypted, so nothing of what is in it is known.
  case esp(index: UInt32, sequence: UInt32)
  /// Encrypted, so nothing of what is in it is known.
  case wireGuard(WireGuardMessage)

  /// In lower case: "vxlan".
  package var name: StaticString {
    switch self {
    case .ipip: "ipip"
    case .gre: "gre"
    case .vxlan: "vxlan"
    case .geneve: "geneve"
    case .mpls: "mpls"
    case .esp: "esp"
    case .wireGuard: "wireguard"
    }
  }

  /// What tells tunnels between the same ends apart: network identifier, key, label or security
  /// parameters index; nil if there is none.
  package var identifier: UInt32? {
    switch self {
    case .ipip, .wireGuard: nil
    case .gre(let key): key
    case .vxlan(let network), .geneve(let network): network
    case .mpls(let entry): entry.label
    case .esp(let index, _): index
    }
  }
}
