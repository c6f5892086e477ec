internal import Bytes
package import DropModel

extension PacketBatch {
  /// The kernel functions that a packet went through, innermost first, from the one that freed it.
  ///
  /// The frames below that are the watching itself: the tracepoint, and our own program. Empty if
  /// stacks were not asked for.
  package func stack(of packet: Packet, names: any DropNames) -> [DropSite] {
    var addresses: [UInt64] = []
    var reader = ByteReader(storage.span.extracting(packet.stack).raw)
    while let address = try? reader.read(UInt64.self, .host) { addresses.append(address) }
    // The tracepoint says where it was called from: who called the function that freed.
    if let site = addresses.firstIndex(of: packet.key.site) {
      return addresses[max(site - 1, 0)...].map { names.site(at: $0) }
    }
    let frames = addresses.map { names.site(at: $0) }
    return Array(frames.drop { $0.isOfTracing })
  }
}

extension DropSite {
  /// Whether it is a part of how BPF programs are run at a tracepoint: include/trace/bpf_probe.h.
  fileprivate var isOfTracing: Bool {
    guard let symbol else { return false }
    return module == "bpf"
      || ["bpf_prog_", "bpf_trace_run", "__bpf_trace_", "__traceiter_", "bpf_trampoline_"]
        .contains { symbol.hasPrefix($0) }
  }
}
