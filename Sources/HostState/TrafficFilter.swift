internal import Bytes
internal import HostCounters
package import Netlink

/// A filter of tc(8) on a device, with what its actions do: rtnetlink(7), `RTM_GETTFILTER`.
package struct TrafficFilter: Equatable, Sendable {
  /// Where a device asks its filters.
  package enum Direction: String, CaseIterable, Sendable {
    case ingress, egress
    /// To choose a class of the root queueing discipline.
    case root

    /// What the request calls it: TC_H_CLSACT with TC_H_MIN_INGRESS or TC_H_MIN_EGRESS of
    /// linux/pkt_sched.h, or nothing.
    fileprivate var parent: UInt32 {
      switch self {
      case .ingress: 0xFFFF_FFF2
      case .egress: 0xFFFF_FFF3
      case .root: 0
      }
    }
  }

  package var direction: Direction
  /// "flower", "u32", "bpf".
  package var kind: String
  /// Lower ones come first.
  package var preference: UInt16
  package var handle: UInt32
  /// The number of its chain; 0 for the one that packets come to first.
  package var chain: UInt32
  /// The name of its BPF program, which classic ones lack.
  package var program: String?
  /// Whether its BPF program decides by itself, without actions.
  package var isDirect: Bool
  package var actions: [TrafficAction]

  /// All of a device, of one direction, in the namespace that the connection is in; none if the device
  /// has no such place.
  package static func all(
    of device: UInt32, _ direction: Direction, over connection: NetlinkConnection
  ) throws(NetlinkError) -> [TrafficFilter] {
    // struct tcmsg in linux/rtnetlink.h.
    var payload = [UInt8](repeating: 0, count: 20)
    payload.replaceSubrange(4..<8, with: MessageWriter.bytes(of: device))
    payload.replaceSubrange(12..<16, with: MessageWriter.bytes(of: direction.parent))
    return try connection.dump(get, payload, operation: "list the filters of a device") {
      (message) throws(NetlinkError) in
      message.header.type == new ? try TrafficFilter(message, direction) : nil
    }
  }

  /// `RTM_NEWTFILTER` and `RTM_GETTFILTER` in linux/rtnetlink.h.
  package static let (new, get): (UInt16, UInt16) = (44, 46)

  /// TCA_* of linux/rtnetlink.h, and TCA_BPF_* of linux/pkt_cls.h.
  private enum Key {
    static let kind: UInt16 = 1
    static let options: UInt16 = 2
    static let chain: UInt16 = 11
    static let programName: UInt16 = 7
    static let programFlags: UInt16 = 8
  }

  /// Which of a kind's options holds its actions: linux/pkt_cls.h.
  private static let actionKeys: [String: UInt16] = [
    "basic": 3, "bpf": 1, "cgroup": 1, "flow": 9, "flower": 3, "fw": 4, "matchall": 2, "route": 6,
    "u32": 7,
  ]

  /// Reads a `struct tcmsg` and the attributes behind it.
  package init(_ message: borrowing Message, _ direction: Direction) throws(NetlinkError) {
    var reader = message.payload
    let info: UInt32
    do throws(ByteReaderError) {
      try reader.skip(8)
      handle = try reader.read(UInt32.self, .host)
      try reader.skip(4)
      info = try reader.read(UInt32.self, .host)
    } catch {
      throw .malformed("a filter: \(error)")
    }
    self.direction = direction
    preference = UInt16(info >> 16)
    (kind, chain, isDirect, actions) = ("", 0, false, [])
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      // The kind comes first: tcf_fill_node in net/sched/cls_api.c.
      case Key.kind: kind = attribute.text
      case Key.chain: chain = try attribute.integer()
      case Key.options: try read(attribute.nested)
      default: continue
      }
    }
  }

  private mutating func read(_ options: consuming AttributeReader) throws(NetlinkError) {
    while let option = try options.next() {
      if option.type == Self.actionKeys[kind] {
        actions = try TrafficAction.list(option.nested)
      } else if kind == "bpf", option.type == Key.programName {
        program = option.text
      } else if kind == "bpf", option.type == Key.programFlags {
        // TCA_BPF_FLAG_ACT_DIRECT.
        isDirect = try option.integer(UInt32.self) & 1 != 0
      }
    }
  }
}
