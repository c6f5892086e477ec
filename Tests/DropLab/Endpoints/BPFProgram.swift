import CDropLab

/// A BPF program of a few hand-written instructions, loaded by the bare system call.
package struct BPFProgram {
  /// Where such a program runs (`enum bpf_prog_type`, `enum bpf_attach_type` in linux/bpf.h).
  package enum Hook: Sendable {
    /// A filter of a socket or a TAP device.
    case socketFilter
    /// Before the stack, on a device.
    case xdp
    /// At a device's ingress, by tcx.
    case tcIngress
    /// At a device's egress, by tcx.
    case tcEgress
    /// What enters sockets of a control group.
    case cgroupIngress
    /// What leaves sockets of a control group.
    case cgroupEgress

    var types: (program: UInt32, attach: UInt32) {
      switch self {
      case .socketFilter: (1, 0)
      case .xdp: (6, 37)
      case .tcIngress: (3, 46)
      case .tcEgress: (3, 47)
      case .cgroupIngress: (8, 0)
      case .cgroupEgress: (8, 1)
      }
    }
  }

  /// The loaded program.
  package let descriptor: Descriptor
  private let hook: Hook

  /// Loads "return `verdict`", the whole program being two instructions.
  package init(_ lab: Lab, _ hook: Hook, returning verdict: Int32) throws {
    try self.init(lab, hook, [.set(0, verdict), .exit])
  }

  /// Loads an XDP program that redirects to an interface index that nobody has.
  package init(redirectingNowhere lab: Lab) throws {
    // Helper 23 is bpf_redirect; the index is looked up only when the frame is to leave.
    try self.init(lab, .xdp, [.set(1, 0x7FFF_FFF0), .set(2, 0), .call(23), .exit])
  }

  /// Loads an XDP program that writes ethertypes into the frames in turn and passes them.
  ///
  /// The n-th frame gets `first + n % count`: so many frames of each, in one injection.
  package init(stampingEthertypes count: UInt16, from first: UInt16, _ lab: Lab) throws {
    // BPF_MAP_TYPE_ARRAY is 2; its one element is n, and a flood runs on one processor at a time.
    let map = lab.keep(try Descriptor(dwlab_bpf_map(2, 1), "make a BPF map"))
    try self.init(
      lab, .xdp,
      [
        .copy(6, from: 1),
        // xdp_md: data at 0, data_end at 4; the verifier wants the Ethernet header proved.
        .load32(7, from: 6, at: 0),
        .load32(2, from: 6, at: 4),
        .copy(3, from: 7),
        .add(3, 14),
        .jumpIfGreater(3, 2, over: 14),
        .store32(10, at: -4, 0),
        .map(1, map.number),
        .secondHalf,
        .copy(2, from: 10),
        .add(2, -4),
        .call(1),
        .jumpIfZero(0, over: 7),
        .load32(1, from: 0, at: 0),
        .set(2, 1),
        .increment32(0, at: 0, by: 2),
        .modulo(1, Int32(count)),
        .add(1, Int32(first)),
        .bigEndian16(1),
        .store16(7, at: 12, from: 1),
        // XDP_PASS is 2.
        .set(0, 2),
        .exit,
      ])
  }

  private init(_ lab: Lab, _ hook: Hook, _ instructions: [dwlab_instruction]) throws {
    self.hook = hook
    var log = [CChar](repeating: 0, count: 4096)
    let number = unsafe dwlab_bpf_load(
      hook.types.program, hook.types.attach, instructions, UInt32(instructions.count), "dwlab",
      &log, UInt32(log.count))
    let words = String(
      decoding: log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    descriptor = lab.keep(try Descriptor(number, "load a BPF program: \(words)"))
  }

  /// Attaches it to a device of the namespace until the end of the lab.
  package func attach(
    _ lab: Lab, _ namespace: LabNamespace, _ device: String, generic: Bool = false
  ) throws {
    try namespace.inside {
      let index = try checked(
        unsafe dwlab_interface_index(device), "find the device \(device)")
      // XDP_FLAGS_SKB_MODE is 2, XDP_FLAGS_DRV_MODE is 4.
      let flags: UInt32 = if case .xdp = hook { generic ? 2 : 4 } else { 0 }
      try link(lab, UInt32(index), flags)
    }
  }

  /// Attaches it to a control group until the end of the lab.
  package func attach(_ lab: Lab, _ group: ControlGroup) throws {
    try link(lab, UInt32(group.directory.number), 0)
  }

  private func link(_ lab: Lab, _ target: UInt32, _ flags: UInt32) throws {
    lab.keep(
      try Descriptor(
        dwlab_bpf_link(descriptor.number, target, hook.types.attach, flags),
        "attach a BPF program"))
  }
}
