/// One dropped packet as the kernel's numbers; its bytes and stack lie in the batch's storage.
package struct Packet: Sendable {
  /// When it was dropped, exact.
  package var time: MonotonicTime
  package var key: DropKey
  /// Its length at the drop, in bytes, without the headers that were stripped already.
  package var length: UInt32
  /// Its length from its outermost known header on: `bytes` are the first of these.
  package var originalLength: UInt32
  /// 1, or those that segmentation would have made.
  package var segments: UInt32
  /// The index of the device it arrived on (`skb_iif`); 0 if it did not arrive.
  package var ingressIndex: UInt32
  /// What is known of the socket; nil if there is none, or none with an owner.
  package var owner: SocketOwner?
  /// Whether `bytes` begin with a link-layer header.
  package var hasLinkHeader: Bool
  /// Where in `bytes` the network header starts; nil if it is not there.
  package var networkOffset: Int?
  /// Where in `bytes` the transport header starts; nil if it is not there.
  package var transportOffset: Int?
  /// The packet's first bytes: a range of `PacketBatch.storage`.
  package var bytes: Range<Int>
  /// Return addresses, 8 bytes each in the machine's order, innermost first: a range of
  /// `PacketBatch.storage`, empty if stacks were not asked for.
  package var stack: Range<Int>

  package init(
    time: MonotonicTime, key: DropKey, length: UInt32, originalLength: UInt32, segments: UInt32,
    ingressIndex: UInt32, owner: SocketOwner?, hasLinkHeader: Bool, networkOffset: Int?,
    transportOffset: Int?, bytes: Range<Int>, stack: Range<Int>
  ) {
    self.time = time
    self.key = key
    self.length = length
    self.originalLength = originalLength
    self.segments = segments
    self.ingressIndex = ingressIndex
    self.owner = owner
    self.hasLinkHeader = hasLinkHeader
    self.networkOffset = networkOffset
    self.transportOffset = transportOffset
    self.bytes = bytes
    self.stack = stack
  }
}

/// What the kernel knows of the socket that a dropped packet belongs to.
package struct SocketOwner: Equatable, Sendable {
  /// The uid of who made the socket.
  package var uid: UInt32
  /// The inode of its cgroup; 0 if unknown.
  package var cgroup: UInt64
  /// The inode of its file, as in /proc/PID/fd; 0 if no file holds it.
  package var inode: UInt64
  /// `SO_COOKIE`; 0 if nobody ever asked for it.
  package var cookie: UInt64
  /// The address family.
  package var family: UInt8
  /// The IP protocol number.
  package var transport: UInt8
  /// The TCP state; other protocols use it too.
  package var state: UInt8
  /// Whether it is the socket the packet was meant for, by the tracepoint's own word, and not
  /// merely the one that the packet points to.
  package var isReceiver: Bool

  package init(
    uid: UInt32, cgroup: UInt64, inode: UInt64, cookie: UInt64, family: UInt8, transport: UInt8,
    state: UInt8, isReceiver: Bool
  ) {
    self.uid = uid
    self.cgroup = cgroup
    self.inode = inode
    self.cookie = cookie
    self.family = family
    self.transport = transport
    self.state = state
    self.isReceiver = isReceiver
  }
}

/// Packets with their bytes in one reused storage: no allocation per packet.
package struct PacketBatch: Sendable {
  package var packets: [Packet] = []
  package var storage: [UInt8] = []

  package init() {}

  /// Forgets the packets, keeps the memory.
  package mutating func removeAll() {
    packets.removeAll(keepingCapacity: true)
    storage.removeAll(keepingCapacity: true)
  }
}

extension SocketOwner {
  /// What of a socket decides who owns it.
  package struct Identity: Hashable, Sendable {
    package var uid: UInt32
    package var cgroup: UInt64
    package var inode: UInt64

    package init(uid: UInt32, cgroup: UInt64, inode: UInt64) {
      self.uid = uid
      self.cgroup = cgroup
      self.inode = inode
    }
  }

  package var identity: Identity { Identity(uid: uid, cgroup: cgroup, inode: inode) }
}
