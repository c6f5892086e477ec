import DropModel
import Testing

@testable import Export

/// Stacks without the frames of the watching itself.
struct KernelStackTests {
  /// Names the addresses 1, 2, 3, … as given.
  private final class Names: DropNames {
    let symbols: [String]
    init(_ symbols: [String]) { self.symbols = symbols }
    let notes: [String] = []
    func learn(_ batch: DropBatch) {}
    func refresh() {}
    func drop(for key: DropKey) -> Drop { Drop() }
    func site(of key: DropKey) -> DropSite? { nil }
    func reason(_ number: UInt32) -> DropReason? { nil }
    func owner(of socket: SocketOwner) -> Owner { Owner(uid: 0) }
    func site(at address: UInt64) -> DropSite {
      let symbol = symbols[Int(address) - 1]
      return DropSite(
        address: address, symbol: symbol, module: symbol.hasPrefix("bpf_prog") ? "bpf" : nil)
    }
  }

  private func stack(_ symbols: [String], site: UInt64, cut: Int = 0) -> [String?] {
    var batch = PacketBatch()
    for address in 1...UInt64(symbols.count) {
      batch.storage += (0..<8).map { UInt8(truncatingIfNeeded: address >> (8 * $0)) }
    }
    let packet = Packet(
      time: MonotonicTime(nanoseconds: 0), key: DropKey(site: site), length: 0, originalLength: 0,
      segments: 1, ingressIndex: 0, owner: nil, hasLinkHeader: false, networkOffset: nil,
      transportOffset: nil, bytes: 0..<0, stack: 0..<batch.storage.count - cut)
    return batch.stack(of: packet, names: Names(symbols)).map(\.symbol)
  }

  private let watched = [
    "bpf_prog_0123_typed_packets", "bpf_trace_run4", "kfree_skb_reason", "tcp_v4_rcv", "ip_rcv",
  ]

  @Test func `it begins with the function that freed the packet`() {
    #expect(stack(watched, site: 4) == ["kfree_skb_reason", "tcp_v4_rcv", "ip_rcv"])
  }

  @Test func `a site that is not among them leaves out what is known to be of the watching`() {
    #expect(stack(watched, site: 99) == ["kfree_skb_reason", "tcp_v4_rcv", "ip_rcv"])
  }

  @Test func `nothing but tracing leaves nothing`() {
    #expect(stack(["bpf_prog_0", "__traceiter_kfree_skb"], site: 99) == [])
  }

  @Test func `a stack cut in the middle of an address has one less`() {
    #expect(stack(watched, site: 4, cut: 3) == ["kfree_skb_reason", "tcp_v4_rcv"])
  }
}
