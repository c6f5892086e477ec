import CDropLab
import Glibc

/// The fastest generator: live XDP frames that a two-instruction program passes up the stack.
///
/// `BPF_PROG_TEST_RUN` with `BPF_F_TEST_XDP_LIVE_FRAMES` (Linux 5.18) turns each frame into an skb
/// received on a device of the lab, with no sender and no driver in the way.
package struct XDPFlood {
  /// What is injected, and the counter that tells independently how much of it was dropped.
  package struct Load: Sendable {
    /// The frame, from the Ethernet header on.
    package let frame: [UInt8]
    /// The drop reason that each frame meets.
    package let reason: String
    /// Where the kernel counts these drops by itself.
    package let counter: KernelCounter

    /// Describes a frame of the caller's own.
    package init(_ frame: [UInt8], reason: String, counter: KernelCounter) {
      self.frame = frame
      self.reason = reason
      self.counter = counter
    }
  }

  /// How many frames the kernel builds at a time; 64 is also its own default, 256 its limit.
  package let batch: UInt32

  private let lab: Lab
  private let namespace: LabNamespace
  private let device: String
  private let program: BPFProgram

  /// Prepares the flood of a device; `vb` of a lab's pair will do.
  ///
  /// With `ethertypes` above 1 the frames get 0xA000 and on in turn, whatever a load says: so many
  /// distinct keys in one injection, and exactly `count / ethertypes` frames of each.
  package init(
    _ lab: Lab, _ namespace: LabNamespace, device: String = "vb", batch: UInt32 = 64,
    ethertypes: UInt16 = 1
  ) throws {
    guard (1...4096).contains(ethertypes) else {
      throw LabError("a flood has 1 to 4096 ethertypes")
    }
    self.lab = lab
    self.namespace = namespace
    self.device = device
    self.batch = batch
    // XDP_PASS is 2.
    program =
      ethertypes == 1
      ? try BPFProgram(lab, .xdp, returning: 2)
      : try BPFProgram(stampingEthertypes: ethertypes, from: 0xA000, lab)
  }

  /// Makes one drop per frame, `count` in all, and returns when the last one has happened.
  ///
  /// The calling thread does all the work, so it is also the processor that the drops happen on.
  package func run(_ load: Load, count: Int) throws -> Flood {
    let before = try load.counter.read(in: namespace)
    let clock = ContinuousClock()
    let start = clock.now
    try namespace.inside {
      let index = UInt32(
        try checked(unsafe dwlab_interface_index(device), "find the device \(device)"))
      var rest = count
      // A million frames are about a third of a second: a signal is never kept waiting longer.
      while rest > 0 {
        let part = min(rest, 1_000_000)
        var nanoseconds: UInt32 = 0
        try checked(
          unsafe dwlab_xdp_live(
            program.descriptor.number, index, load.frame, UInt32(load.frame.count), UInt32(part),
            min(batch, UInt32(part)), &nanoseconds),
          "inject \(part) frames into \(device)")
        rest -= part
      }
    }
    let elapsed = clock.now - start
    let counted = try load.counter.read(in: namespace) - before
    return Flood(requested: count, counted: counted, segments: count, elapsed: elapsed)
  }

  /// Runs several loads in turn, `slice` frames each, until each has had `count`.
  ///
  /// Every slice is an injection of its own, which costs some 20 ms besides its frames.
  package func run(_ loads: [Load], count: Int, slice: Int) throws -> [Flood] {
    var floods = [Flood](repeating: .none, count: loads.count)
    var done = 0
    while done < count {
      let part = min(max(1, slice), count - done)
      for (index, load) in loads.enumerated() {
        floods[index] = floods[index] + (try run(load, count: part))
      }
      done += part
    }
    return floods
  }
}

extension XDPFlood {
  /// Whether this kernel has live frames, for tests that need them; older ones do not know the flag.
  package static let isAvailable: Bool = {
    do {
      let lab = try Lab()
      defer { lab.close() }
      let (_, b) = try lab.pair()
      _ = try XDPFlood(lab, b).run(.unknownEthertype(), count: 1)
    } catch {
      return !"\(error)".hasSuffix("Invalid argument")
    }
    return true
  }()
}

extension XDPFlood.Load {
  /// Frames of a protocol that nothing handles: the shortest way from device to drop.
  package static func unknownEthertype(_ type: UInt16 = 0x88B5, device: String = "vb") -> Self {
    Self(
      EthernetFrame([UInt8](repeating: 0, count: 46), ethertype: type).bytes,
      reason: "UNHANDLED_PROTO", counter: .receiveDrops(device: device))
  }

  /// UDP datagrams with a wrong checksum; from changes per `flow`, so that flows differ too.
  package static func badUDPChecksum(flow: UInt16 = 0) -> Self {
    let datagram = UDPDatagram {
      $0.claimedChecksum = 0xDEAD
      $0.sourcePort = 20_000 &+ flow
    }
    return Self(
      datagram.frame, reason: "UDP_CSUM", counter: .protocolField("Udp", "InCsumErrors"))
  }

  /// TCP segments with a wrong checksum over IPv6.
  package static func badTCP6Checksum(flow: UInt16 = 0) -> Self {
    let segment = TCPSegment(.syn, from: .a6, to: .b6) {
      $0.claimedChecksum = 0xDEAD
      $0.sourcePort = 20_000 &+ flow
    }
    return Self(
      segment.frame, reason: "TCP_CSUM", counter: .protocolField("Tcp", "InCsumErrors"))
  }
}
